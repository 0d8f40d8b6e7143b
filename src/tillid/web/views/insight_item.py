"""One thing of a case of insight: read whole, left out in part, seen as it will be given, and decided (R-72)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.insight import CHOICES, REDACTABLE, Choice
from tillid.documents.boxes import COLUMNS, ROWS, CellsWrong, possible
from tillid.process.access import Identity
from tillid.usecases.insight_case import InsightIncomplete, require_case
from tillid.usecases.insight_item import (
    BothChosen,
    ItemPage,
    NothingLeftOut,
    decide_item,
    item_file,
    see_item,
    seen_without,
)
from tillid.usecases.insight_text import LeftOut
from tillid.usecases.open_attachment import Attachment
from tillid.usecases.ports import House
from tillid.web import insight_words as said
from tillid.web.archive_words import ACTION, EVENT
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.insight_boxes import CELLS, TURN, boxes_shown, chosen, inlined, page_wanted
from tillid.web.insight_boxes import typed as typed_boxes
from tillid.web.insight_passages import WORDS, WordsNotThere, choices_of, searched, ticked
from tillid.web.reading import PDF_POLICY, XML_POLICY, file_response, looked_anew, same_again
from tillid.web.render import page
from tillid.web.views.insight_case import ACT, about
from tillid.web.views.parent import NOTICES
from tillid.web.words import NOTICE, ROLE

# A code is told in other words as an event, as an action of the log and as a notice.
WHAT = {"consents": EVENT, "log": ACTION, "notices": NOTICE | NOTICES}


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """Whose pages they are: the officer's, or the intake's of what it alone reads. ``see``, ``decide``, ``file``, ``asked``: the use
    cases, the last before a file leaves; ``typed``: what is typed with a decision, by the part of it and of an error;
    ``route``: what the names of the routes begin with."""

    see: Callable[..., ItemPage]
    decide: Callable[[Request, Choice, LeftOut, dict[str, str], str], None]
    file: Callable[[House, Identity, str, int], Attachment]
    asked: Callable[[House, Identity, str], object]
    template: str
    route: str
    typed: dict[str, str]
    kinds: dict[str, str]
    held: dict[str, str]


def _decide(request: Request, choice: Choice, left_out: LeftOut, typed: dict[str, str], event_id: str) -> None:
    decide_item(request.house, request.person, *which(request), choice, left_out=left_out,
                provision=typed["bestemmelse"], reason=typed["hvorfor"], event_id=event_id)  # fmt: skip


OFFICER = Side(see=see_item, decide=_decide, file=item_file, asked=require_case, template="insight_item.html", route="insight",
               typed={"provision": "bestemmelse", "reason": "hvorfor"}, kinds=said.KIND, held=said.HELD)  # fmt: skip


def look(request: Request) -> Response:
    """The item with what points at it, and how it would be handed out."""
    return looked_at(request, OFFICER)


def decide(request: Request) -> Response:
    """``trin``: ``se`` shows how it would be handed out, ``gem`` decides; ``vis_side`` turns to another page of a file."""
    return decided_about(request, OFFICER)


def file(request: Request) -> Response:
    """The attached file, or the sealed record, to look at before it is decided about."""
    return file_opened(request, OFFICER)


def looked_at(request: Request, side: Side) -> Response:
    """``look`` on the pages of ``side``."""

    def build(found: ItemPage) -> Response:
        return _page(request, side, found, {}, issue(request, found.item.id, ACT))

    return same_again(request, lambda house, who: side.see(house, who, *which(request)), build)


def decided_about(request: Request, side: Side) -> Response:
    """``decide`` on the pages of ``side``."""
    step, choice = request.POST.get("trin", "se" if TURN in request.POST else ""), request.POST.get("valg", "")
    if step not in ("se", "gem") or choice not in CHOICES:
        raise HTTPNotFound()
    left_out = LeftOut(
        fields=frozenset(request.POST.getall("udelad")), passages=tuple(ticked(request)), boxes=chosen(request)
    )
    found = side.see(request.house, request.person, *which(request), choice, left_out, page_wanted(request))
    request.admitted = True
    typed = {name: request.POST.get(name, "") for name in side.typed.values()}
    more, problems = _typed_out(request, found, left_out)
    if more != left_out:
        left_out, found = more, seen_without(request.house, found, more)
    if problems:
        typed[CELLS] = request.POST.get(CELLS, "")
        return answered(_page(request, side, found, typed, request.POST.get("nonce", ""), problems), 422)
    if step == "se":
        # Nothing is decided: 200, and the same page with the same one-time value.
        return _page(request, side, found, typed, request.POST.get("nonce", ""), seen=True)
    event_id = accept(request, found.item.id, ACT, [choice, msgspec.to_builtins(left_out, order="sorted"), typed])
    try:
        side.decide(request, choice, left_out, typed, event_id)
    except (InsightIncomplete, NothingLeftOut, BothChosen) as error:
        place = side.typed.get(getattr(error, "part", ""), "valg-redact")
        problems = [(place, message_of(request, error))]
        return answered(_page(request, side, found, typed, request.POST["nonce"], problems), 422)
    return HTTPSeeOther(location=_case_at(request, side) + f"#post-{found.place}")


def _typed_out(request: Request, found: ItemPage, left_out: LeftOut) -> tuple[LeftOut, list[tuple[str, str]]]:
    """What is left out with the words and cells that were typed, and what is wrong with those."""
    more, missing = searched(request, found.texts)
    problems = [(one, message_of(request, WordsNotThere(one))) for one in missing]
    try:
        boxes = possible((*left_out.boxes, *typed_boxes(request)))
    except CellsWrong as error:
        boxes, problems = left_out.boxes, [(CELLS if found.file else "", message_of(request, error))]
    return msgspec.structs.replace(left_out, passages=(*left_out.passages, *more), boxes=boxes), problems


def file_opened(request: Request, side: Side) -> Response:
    """``file`` on the pages of ``side``."""
    opened = side.file(request.house, request.person, *which(request))
    request.admitted = True
    side.asked(*looked_anew(request), request.matchdict["case_id"])
    policy = PDF_POLICY if opened.media_type == "application/pdf" else XML_POLICY
    return file_response(
        opened.data, opened.media_type, opened.file_name, policy, download=opened.media_type == "application/xml"
    )


def _page(
    request: Request,
    side: Side,
    found: ItemPage,
    typed: dict[str, str],
    nonce: str,
    problems: list = (),
    *,
    seen: bool = False,
) -> Response:
    decided = found.case.decisions.get(found.item.id)
    known = {name: getattr(decided, part) if decided else "" for part, name in side.typed.items()}
    flags: dict[str, list[str]] = {}
    for flag in found.item.flags:
        flags.setdefault(flag.field, []).append(side.held[flag.held])
    return page(request, side.template, found=found, kind=side.kinds[found.item.kind], about=about(request, found.item), case=found.case, item=found.item, said=said, nonce=nonce, flags=flags,
                typed={**known, **typed}, problems=problems, seen=seen, what=WHAT.get(found.item.kind, {}), roles=ROLE,
                redactable=found.item.kind in REDACTABLE, choices=choices_of(found.texts, found.left_out.passages),
                words=WORDS, boxes=boxes_shown(found.left_out.boxes), inlined=inlined, cells=(COLUMNS, ROWS),
                case_at=_case_at(request, side), item_at=lambda place: _item_at(request, side, "item", place),
                file_at=_item_at(request, side, "file", found.place) if found.item.kind in ("file", "record") else "")  # fmt: skip


def _case_at(request: Request, side: Side) -> str:
    return request.route_path(f"{side.route}_case", case_id=request.matchdict["case_id"])


def _item_at(request: Request, side: Side, what: str, place: int) -> str:
    return request.route_path(f"{side.route}_{what}", case_id=request.matchdict["case_id"], place=place)


def which(request: Request) -> tuple[str, int]:
    """The case and the number of the item that the address names."""
    return request.matchdict["case_id"], int(request.matchdict["place"])
