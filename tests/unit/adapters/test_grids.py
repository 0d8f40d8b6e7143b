"""The columns of a printed table: as wide as what is in them, and no word is broken for another column's sake."""

from __future__ import annotations

from lxml import etree

from tillid.adapters.docx.grids import AROUND, LETTER, MOST, W, _shared, fit_grid, fit_text

TOTAL = 10_000


def widths(*rows, small=False):
    made = list(map(int, _shared([list(row) for row in rows], TOTAL, small)))
    assert sum(made) <= TOTAL
    return made


def test_short_columns_leave_room_to_long_ones_and_equal_ones_are_equal():
    short, long = widths(("Svar", "Hvad"), ("Ja", "x " * 60))
    assert long > 4 * short
    assert len(set(widths(("Hvad", "Hvem"), ("Ja", "Nej")))) == 1


def test_what_is_much_longer_gets_more_but_not_all():
    forty, eighty, longest = widths(("A", "B", "C"), ("x " * 20, "x " * 40, "x " * 5000))
    assert forty < eighty < longest < TOTAL * MOST / (MOST + 40)


def test_no_word_of_a_name_or_of_a_cell_is_broken():
    rows = (
        ("Dokument", "Følsomme oplysninger", "Hvor"),
        ("x " * 300, "Ja", "Morgensamling i hallen"),
        ("x " * 300, "Ja", "Ude"),
    )
    _, sensitive, where = widths(*rows)
    assert sensitive >= len("oplysninger") * LETTER + AROUND and where >= len("Morgensamling") * LETTER + AROUND


def test_a_telephone_number_stands_in_one_line():
    _, phone = widths(("Hvad", "Telefon"), ("x " * 300, "22 33 44 55"))
    assert phone >= len("22 33 44 55") * LETTER + AROUND


def test_in_a_table_that_is_set_small_all_of_a_text_counts():
    """It is full of text: as many lines in each column, or the longest makes the row."""
    head, texts = ("Hvad", "Hvem", "Fra", "Tegn"), ("x " * 100, "x " * 40, "x " * 20, "x " * 75)
    usual, small = widths(head, texts), widths(head, texts, small=True)
    lines = [[len(text) / width for text, width in zip(texts, made, strict=True)] for made in (usual, small)]
    assert max(lines[1]) < max(lines[0]) and small[0] > usual[0] and small[2] < usual[2]
    answer, text = widths(("Må gives videre", "Afsnit"), ("Ja", "x " * 60), small=True)
    assert answer < text / 3, "a short answer stays narrow"
    assert widths(("A", "B"), ("x " * 500, "x " * 50), small=True)[1] > TOTAL / 4, "nor does one take all"


def test_a_table_is_set_small_by_the_style_of_its_head():
    def one(style):
        def cell(text):
            styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
            return f'<w:tc><w:tcPr><w:tcW w:w="9" w:type="dxa"/></w:tcPr><w:p>{styled}<w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'

        rows = "".join(f"<w:tr>{cell(a)}{cell(b)}</w:tr>" for a, b in (("Hvad", "Hvem"), ("x " * 100, "x " * 20)))
        grid = '<w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid>'
        return f'<w:document xmlns:w="{W[1:-1]}"><w:tbl>{grid}{rows}</w:tbl></w:document>'

    found = {}
    for style in ("TableHead", "TableHeadTight"):
        root = etree.fromstring(one(style))
        fit_grid(root[0])
        texts, parsed = etree.fromstring(fit_text(one(style))), root
        assert etree.tostring(texts, method="c14n") == etree.tostring(parsed, method="c14n")
        found[style] = [column.get(f"{W}w") for column in root.iter(f"{W}gridCol")]
    assert found["TableHead"] != found["TableHeadTight"]


def test_words_without_end_share_what_there_is():
    assert widths(("A", "B"), ("x" * 5000, "y" * 5000)) == [5000, 5000]
    assert all(width > 0 for width in widths(*[["x" * 40] * 20] * 2))
