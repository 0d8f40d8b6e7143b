"""``pictures``: a PDF's bytes in, its pages as PNG pictures out, for where a page is to be seen and no PDF can be shown.

Drawn by PDFium in a process of its own that has limited its memory and processor time. Takes the pages from the page alone:
nothing that is embedded in the file, no link and no metadata comes along in a picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tillid.adapters.boxed.outside import NoAnswer, ask
from tillid.adapters.pdf.refusals import BadPdf

WIDTH = 900  # an A4 page that can be read on a screen
MOST_PAGES = 60


class PictureLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes and seconds; ``cpu`` beyond what starting the process and ``page_cpu`` for each page took, ``pixels`` of one."""

    memory: int = 512 << 20
    cpu: float = 2
    page_cpu: float = 0.5
    wall: int = 30
    pixels: int = 12_000_000


class _Order(PictureLimits, frozen=True, kw_only=True):
    """What the process is told: the limits and what to draw."""

    width: int
    pages: tuple[int, ...]
    most: int


def pictures(
    pdf: bytes, *, width: int = WIDTH, pages: Sequence[int] = (), limits: PictureLimits | None = None
) -> list[bytes]:
    """PNG pictures of ``pages`` (from 1; empty = all, at most ``MOST_PAGES``), ``width`` pixels wide, in the order asked for.

    The same PDF gives the same bytes. Raises ``BadPdf``: it cannot be read, has no such page, or is too heavy to draw."""
    if not 50 <= width <= 3000:
        raise ValueError("width")
    limits = limits or PictureLimits()
    order = _Order(**msgspec.structs.asdict(limits), width=width, pages=tuple(pages), most=MOST_PAGES)
    try:
        head, data = ask("tillid.adapters.boxed.pdf_pages", pdf, order, seconds=limits.wall)
    except NoAnswer as none:
        raise BadPdf("heavy" if none.heavy else "broken", none.detail) from None
    if head.get("reason"):
        raise BadPdf(head["reason"], head["detail"])
    drawn, at = [], 0
    for size in head["sizes"]:
        drawn.append(data[at : at + size])
        at += size
    return drawn
