"""Boxes burned into a stored file, and its pages to look at, each in a process of its own (ADR 0028, 0058)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tillid.adapters.boxed.outside import NoAnswer, ask
from tillid.documents.boxes import COLUMNS, ROWS, Box
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.ports_parts import PageLook


class NotBurned(TillidError):
    code = "upload.not-burned"
    text = "Filen kan ikke gives med dækkede felter: Den har mere end {pages} sider, eller den er for tung. Hold den tilbage, eller giv det hele."


class BurnLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes and seconds; ``cpu`` beyond what starting the process and ``page_cpu`` for each page took, ``pixels`` of one page."""

    memory: int = 768 << 20
    cpu: float = 4
    page_cpu: float = 1
    wall: int = 120
    pixels: int = 12_000_000
    pages: int = 60


class _Order(BurnLimits, frozen=True, kw_only=True):
    """What the process is told. ``look``: one page to look at, 0 = the whole file."""

    boxes: tuple[tuple[int, int, int, int, int], ...]
    look: int = 0
    width: int = 900
    columns: int = COLUMNS
    rows: int = ROWS


def look_at(data: bytes, page: int, boxes: Iterable[Box], limits: BurnLimits | None = None) -> PageLook:
    """One page, and how many there are. Raises ``NotFound`` for a page that is not there, ``NotBurned``."""
    head, found = _asked(data, boxes, limits or BurnLimits(), look=page)
    return PageLook(cells=found[: head["cells"]], given=found[head["cells"] :], pages=head["pages"])


def burned(data: bytes, boxes: Iterable[Box], limits: BurnLimits | None = None) -> bytes:
    """The file without what is under ``boxes``, of the same kind; the same for the same. Raises ``NotFound``, ``NotBurned``."""
    return _asked(data, boxes, limits or BurnLimits())[1]


def _asked(data: bytes, boxes: Iterable[Box], limits: BurnLimits, look: int = 0) -> tuple[dict[str, Any], bytes]:
    sides = tuple((one.page, one.left, one.top, one.right, one.bottom) for one in boxes)
    order = _Order(**msgspec.structs.asdict(limits), boxes=sides, look=look)
    try:
        head, found = ask("tillid.adapters.boxed.burning", data, order, seconds=limits.wall)
    except NoAnswer as none:
        raise NotBurned(none.detail, pages=limits.pages) from None
    if head.get("reason") == "page":
        raise NotFound("no such page")
    if head.get("reason"):
        raise NotBurned(head["reason"], pages=limits.pages)
    return head, found
