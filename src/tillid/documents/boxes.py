"""Boxes over a picture or a page of an attached file: where something is burned away. Pure (ADR 0058).

A page is divided into cells, A1 to T30, so that a box can be named with a keyboard, read aloud and written in a letter. It is kept in
thousandths of the page, whatever its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from tillid.kernel.errors import TillidError

COLUMNS, ROWS, WHOLE = 20, 30, 1000
LETTERS = "ABCDEFGHIJKLMNOPQRST"
MOST = 200
_CELLS = re.compile(r"([A-T])\s*([0-9]{1,2})(?:\s*[-–:]\s*([A-T])\s*([0-9]{1,2}))?\Z", re.IGNORECASE)
_PARTED = re.compile(r"[,;\n]+|\s+og\s+")


class CellsWrong(TillidError):
    code = "insight.cells"
    text = "Skriv felter som B3-D5 eller F10, med komma imellem. Felterne går fra A1 til T30."


class Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """``page``: from 1; the sides in thousandths of the page from its upper left corner."""

    page: int
    left: int
    top: int
    right: int
    bottom: int


def boxes_in(page: int, typed: str) -> tuple[Box, ...]:
    """The boxes that were typed for a page, ``B3-D5, F10``. Raises ``CellsWrong``."""
    found = []
    for part in (one.strip() for one in _PARTED.split(typed) if one.strip()):
        cells = _CELLS.match(part)
        if cells is None or any(number and not 1 <= int(number) <= ROWS for number in (cells[2], cells[4])):
            raise CellsWrong("cells")
        columns = sorted(LETTERS.index(one.upper()) for one in (cells[1], cells[3] or cells[1]))
        rows = sorted(int(one) for one in (cells[2], cells[4] or cells[2]))
        found.append(
            Box(
                page=page,
                left=columns[0] * WHOLE // COLUMNS,
                top=(rows[0] - 1) * WHOLE // ROWS,
                right=(columns[1] + 1) * WHOLE // COLUMNS,
                bottom=-(-rows[1] * WHOLE // ROWS),
            )
        )
    return tuple(found)


def cells_of(box: Box) -> str:
    """The cells it lies over, the inverse of ``boxes_in`` for what was typed."""
    first = f"{LETTERS[box.left * COLUMNS // WHOLE]}{-(-box.top * ROWS // WHOLE) + 1}"
    last = f"{LETTERS[-(-box.right * COLUMNS // WHOLE) - 1]}{box.bottom * ROWS // WHOLE}"
    return first if first == last else f"{first}-{last}"


def possible(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Each once and in order. Raises ``CellsWrong`` for what no page could show, or too many."""
    found = tuple(sorted(set(boxes)))
    if len(found) > MOST or any(
        not (one.page >= 1 and 0 <= one.left < one.right <= WHOLE and 0 <= one.top < one.bottom <= WHOLE)
        for one in found
    ):
        raise CellsWrong("boxes")
    return found
