"""Boxes over a page of an attached file, as they are posted and shown: the cells that are typed, and those chosen before (R-72)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from tillid.documents.boxes import MOST, Box, boxes_in, cells_of
from tillid.web.numbers import whole

CELLS, CHOSEN, PAGE, TURN = "felter", "felt", "side", "vis_side"
_BOX = re.compile(r"([1-9][0-9]{0,2})\.([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})\Z")


class ChosenBox(msgspec.Struct, frozen=True, kw_only=True):
    """``value``: what is posted; ``cells``: what it is called."""

    value: str
    page: int
    cells: str


def chosen(request: Request) -> tuple[Box, ...]:
    """The boxes that are still ticked. Raises ``HTTPNotFound`` for what no page offers."""
    posted = request.POST.getall(CHOSEN)
    found = [_BOX.match(one) for one in posted[:MOST]]
    if len(posted) > MOST or not all(found):
        raise HTTPNotFound()
    return tuple(
        Box(page=int(m[1]), left=int(m[2]), top=int(m[3]), right=int(m[4]), bottom=int(m[5])) for m in found if m
    )


def typed(request: Request) -> tuple[Box, ...]:
    """The boxes whose cells were typed for the page that was shown. Raises ``CellsWrong``."""
    return boxes_in(page_shown(request), request.POST.get(CELLS, "")[:2000])


def page_shown(request: Request) -> int:
    """The page that the form belongs to."""
    return whole(request.POST.get(PAGE, "1"), 3) or 1


def page_wanted(request: Request) -> int:
    """The page to be shown now."""
    return whole(request.POST.get(TURN, ""), 3) or page_shown(request)


def boxes_shown(boxes: Iterable[Box]) -> tuple[ChosenBox, ...]:
    """For the page, in order."""
    return tuple(
        ChosenBox(value=".".join(map(str, msgspec.structs.astuple(one))), page=one.page, cells=cells_of(one))
        for one in sorted(boxes)
    )


def inlined(png: bytes) -> str:
    """A picture within the page: it has no address of its own that could be kept or guessed."""
    return "data:image/png;base64," + b64encode(png).decode()
