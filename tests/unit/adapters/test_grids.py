"""The columns of a printed table: as wide as what is in them, and no word is broken for another column's sake."""

from __future__ import annotations

from tillid.adapters.docx.grids import AROUND, LETTER, MOST, _shared

TOTAL = 10_000


def widths(*rows):
    made = list(map(int, _shared([list(row) for row in rows], TOTAL)))
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


def test_words_without_end_share_what_there_is():
    assert widths(("A", "B"), ("x" * 5000, "y" * 5000)) == [5000, 5000]
    assert all(width > 0 for width in widths(*[["x" * 40] * 20] * 2))
