"""Columns as many and as wide as what is in them: for tables whose cells came from ``{%tc for %}``.

``fit_grid`` does it to a parsed table. ``fit_text`` does the same to the text of a part that ``plain`` has shown to be spelt so
that text is enough (``proof``): parsing and writing every table anew took more than all the rest of filling a template.
"""

from __future__ import annotations

import re

from lxml import etree

from tillid.adapters.docx.sandbox import TemplateError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NARROW, WIDE = 12, 34  # characters a table column counts for at least and, of each, in full; of what is longer a third
MOST = 120  # and so many at most
LETTER, AROUND, WORD = (
    100,
    230,
    20,
)  # a bold letter, and what stands around a word, in twentieths of a point; letters of a word that count
# A table that is set small (its head is in a style of that name) is full of text: there all of it counts up to so many letters, and
# a little more, since a narrow column fills its lines worse. Its letters are of 8 points and, below the head, not bold.
SMALL, EACH, MOST_SMALL, SMALL_LETTER = "Tight", 30, 300, 90
MAX_COLUMNS = 63  # as in Word; LibreOffice falls over thousands
USUAL_TOTAL = 9000  # of a grid that does not say how wide it is
ROW, CELL, TAG, TEXT, ENTITY = (
    re.compile(text) for text in (r"<w:tr(?=[ >])", r"<w:tc(?=[ >])", "<[^<>]*>", ">([^<]+)", "&[^;]*;")
)
NUMBER = re.compile(r"(?<=\d) (?=\d\d)")
GRID_WIDTH = re.compile(r'<w:gridCol(?= )[^<>]* w:w="(\d+)"', re.ASCII)
STYLE = re.compile(r'<w:pStyle(?= )[^<>]* w:val="([^"<>]*)"', re.ASCII)
CELL_WIDTH = re.compile(r'<w:tcW(?= )[^<>]* w:w="[^"<>]*"')


def fit_grid(table: etree._Element) -> None:
    """Give the table as many grid columns as its rows have cells.

    The width is shared by what the columns hold: the longest text of each, within bounds, so that "Ja" leaves room; no word of
    usual length is broken for it.
    Raises ``TemplateError`` for more columns than Word takes.
    """
    grid = table.find(f"{W}tblGrid")
    rows = [row.findall(f"{W}tc") for row in table.findall(f"{W}tr")]
    even = _even([len(cells) for cells in rows])
    if grid is None or not even or table.find(f".//{W}gridSpan") is not None:
        return
    total = sum(int(column.get(f"{W}w", 0)) for column in grid)
    style = rows[0][0].find(f".//{W}pStyle")
    small = style is not None and style.get(f"{W}val", "").endswith(SMALL)
    widths = _shared([["".join(cell.itertext()) for cell in cells] for cells in rows], total, small)
    grid[:] = [etree.Element(f"{W}gridCol", {f"{W}w": width}) for width in widths]
    for cells in rows:
        for cell, width in zip(cells, widths, strict=True):
            if (wanted := cell.find(f"{W}tcPr/{W}tcW")) is not None:
                wanted.set(f"{W}w", width)


def fit_text(text: str) -> str:
    """``fit_grid`` for every table in the text of a part. Raises as it does."""
    before, *tables = text.split("<w:tbl>")
    made = [before]
    for one in tables:
        table, end, after = one.partition("</w:tbl>")
        made += ("<w:tbl>", _fitted(table), end, after)
    return "".join(made)


def plain(root: etree._Element, source: str, transparent: str) -> bool:
    """Whether ``fit_text`` may be used for whatever is made of ``source``, parsed as ``root``; elements named ``transparent`` stand
    around what comes several times or not at all."""
    every = [element for element in root.iter(etree.Element) if element.tag != transparent]
    tables = [element for element in every if element.tag == f"{W}tbl"]
    if any((element.prefix == "w") != element.tag.startswith(W) for element in every):
        return False
    names = [element.tag for element in every]
    spelt = (("tbl", re.compile("<w:tbl>")), ("tr", ROW), ("tc", CELL), ("tcW", CELL_WIDTH), ("gridCol", GRID_WIDTH))
    return (
        ">" not in TAG.sub("", source)
        and all(names.count(f"{W}{name}") == len(how.findall(source)) for name, how in spelt)
        and all(_plain_table(table, transparent) for table in tables)
    )


def _plain_table(table: etree._Element, transparent: str) -> bool:
    """Every row stands in the table itself and every cell in its row, one grid before them, one width in a cell at most."""
    rows = _children(table, transparent)
    cells = [cell for row in rows if row.tag == f"{W}tr" for cell in _children(row, transparent)]
    held = [element.tag for element in table.iterdescendants()]
    grids = table.findall(f"{W}tblGrid")
    return (
        not {f"{W}tbl", f"{W}gridSpan"} & set(held)
        and held.count(f"{W}tc") == sum(cell.tag == f"{W}tc" for cell in cells)
        and held.count(f"{W}tr") == sum(row.tag == f"{W}tr" for row in rows)
        and held.count(f"{W}tblGrid") == len(grids) == 1
        and {row.tag for row in rows[: rows.index(grids[0])]} <= {f"{W}tblPr"}
        and len(grids[0]) > 0
        and all(column.tag == f"{W}gridCol" for column in grids[0].iterdescendants())
        and held.count(f"{W}tcW") == sum(_width_of(cell) for cell in cells)
    )


def _width_of(cell: etree._Element) -> bool:
    return len(cell) > 0 and cell[0].tag == f"{W}tcPr" and len(cell[0].findall(f"{W}tcW")) == 1


def _children(element: etree._Element, transparent: str) -> list[etree._Element]:
    found: list[etree._Element] = []
    for child in element:
        found += _children(child, transparent) if child.tag == transparent else [child]
    return found


def _fitted(table: str) -> str:
    head, *lines = ROW.split(table)
    rows = [CELL.split(line) for line in lines]
    if not _even([len(row) - 1 for row in rows]):
        return table
    start, end = head.index("<w:tblGrid>") + 11, head.index("</w:tblGrid>")
    total = sum(int(width) for width in GRID_WIDTH.findall(head, start, end))
    style = STYLE.search(rows[0][1])
    small = style is not None and style[1].endswith(SMALL)
    widths = _shared([[_text(cell) for cell in row[1:]] for row in rows], total, small)
    columns = "".join([f'<w:gridCol w:w="{width}"/>' for width in widths])
    made = [head[:start], columns, head[end:]]
    for before, *cells in rows:
        made += ("<w:tr", before)
        for cell, width in zip(cells, widths, strict=True):
            made += ("<w:tc", _widened(cell, width))
    return "".join(made)


def _text(cell: str) -> str:
    """The text of a cell, each entity as one letter."""
    text = "".join(TEXT.findall(cell, 0, cell.index("</w:tc>")))
    return ENTITY.sub("x", text) if "&" in text else text


def _widened(cell: str, width: str) -> str:
    found = cell.find("<w:tcW ")
    if found < 0:
        return cell
    start = cell.index(' w:w="', found) + 6
    return cell[:start] + width + cell[cell.index('"', start) :]


def _even(counts: list[int]) -> bool:
    if max(counts, default=0) > MAX_COLUMNS:
        raise TemplateError(f"a table of more than {MAX_COLUMNS} columns")
    return len(set(counts)) == 1 and counts[0] > 0


def _shared(rows: list[list[str]], total: int, small: bool = False) -> list[str]:
    """The width of each column, by the longest text in it, and by its longest word; ``small``: as ``SMALL`` says."""
    total, columns = total or USUAL_TOTAL, list(zip(*rows, strict=True))
    longest = [max(map(len, column)) for column in columns]
    shares = [(_small_share if small else _share)(most) for most in longest]
    widths = [total * share // sum(shares) for share in shares]
    letter = SMALL_LETTER if small else LETTER
    floors = [min(_word(column) * letter + AROUND, total // len(columns)) for column in columns]
    low = {place for place, (width, floor) in enumerate(zip(widths, floors, strict=True)) if width < floor}
    rest = total - sum(floors[place] for place in low)
    left = sum(share for place, share in enumerate(shares) if place not in low)
    return [str(floors[place] if place in low else rest * share // left) for place, share in enumerate(shares)]


def _share(longest: int) -> int:
    return min(max(NARROW, min(longest, WIDE)) + max(0, longest - WIDE) // 2, MOST)


def _small_share(longest: int) -> int:
    return max(NARROW, min(longest, MOST_SMALL)) + min(longest * 3 // 4, EACH)


def _word(column: tuple[str, ...]) -> int:
    """The letters of the longest word; a telephone number is one."""
    words = NUMBER.sub("x", "\n".join(column)).split()
    return min(max(map(len, words), default=0), WORD)
