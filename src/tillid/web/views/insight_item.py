"""One thing of a case of insight: read whole, left out in part, seen as it will be given, and decided (R-72)."""

from __future__ import annotations

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.insight import CHOICES, REDACTABLE
from tillid.documents.boxes import COLUMNS, ROWS, CellsWrong, possible
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


def look(request: Request) -> Response:
    """The item with what points at it, and how it would be handed out."""

    def build(found: ItemPage) -> Response:
        return _page(request, found, {}, issue(request, found.item.id, ACT))

    return same_again(request, lambda house, who: see_item(house, who, *_which(request)), build)


def decide(request: Request) -> Response:
    """``trin``: ``se`` shows how it would be handed out, ``gem`` decides; ``vis_side`` turns to another page of a file."""
    step, choice = request.POST.get("trin", "se" if TURN in request.POST else ""), request.POST.get("valg", "")
    if step not in ("se", "gem") or choice not in CHOICES:
        raise HTTPNotFound()
    left_out = LeftOut(
        fields=frozenset(request.POST.getall("udelad")), passages=tuple(ticked(request)), boxes=chosen(request)
    )
    found = see_item(request.house, request.person, *_which(request), choice, left_out, page_wanted(request))
    request.admitted = True
    typed = {"bestemmelse": request.POST.get("bestemmelse", ""), "hvorfor": request.POST.get("hvorfor", "")}
    more, problems = _typed_out(request, found, left_out)
    if more != left_out:
        left_out, found = more, seen_without(request.house, found, more)
    if problems:
        typed[CELLS] = request.POST.get(CELLS, "")
        return answered(_page(request, found, typed, request.POST.get("nonce", ""), problems), 422)
    if step == "se":
        # Nothing is decided: 200, and the same page with the same one-time value.
        return _page(request, found, typed, request.POST.get("nonce", ""), seen=True)
    event_id = accept(request, found.item.id, ACT, [choice, msgspec.to_builtins(left_out, order="sorted"), typed])
    try:
        decide_item(request.house, request.person, *_which(request), choice, left_out=left_out,
                    provision=typed["bestemmelse"], reason=typed["hvorfor"], event_id=event_id)  # fmt: skip
    except (InsightIncomplete, NothingLeftOut, BothChosen) as error:
        place = {"provision": "bestemmelse", "reason": "hvorfor"}.get(getattr(error, "part", ""), "valg-redact")
        problems = [(place, message_of(request, error))]
        return answered(_page(request, found, typed, request.POST["nonce"], problems), 422)
    return HTTPSeeOther(location=request.route_path("insight_case", case_id=found.case.id) + f"#post-{found.place}")


def _typed_out(request: Request, found: ItemPage, left_out: LeftOut) -> tuple[LeftOut, list[tuple[str, str]]]:
    """What is left out with the words and cells that were typed, and what is wrong with those."""
    more, missing = searched(request, found.texts)
    problems = [(one, message_of(request, WordsNotThere(one))) for one in missing]
    try:
        boxes = possible((*left_out.boxes, *typed_boxes(request)))
    except CellsWrong as error:
        boxes, problems = left_out.boxes, [(CELLS, message_of(request, error))]
    return msgspec.structs.replace(left_out, passages=(*left_out.passages, *more), boxes=boxes), problems


def file(request: Request) -> Response:
    """The attached file, or the sealed record, to look at before it is decided about."""
    opened = item_file(request.house, request.person, *_which(request))
    request.admitted = True
    require_case(*looked_anew(request), request.matchdict["case_id"])
    policy = PDF_POLICY if opened.media_type == "application/pdf" else XML_POLICY
    return file_response(
        opened.data, opened.media_type, opened.file_name, policy, download=opened.media_type == "application/xml"
    )


def _page(
    request: Request, found: ItemPage, typed: dict[str, str], nonce: str, problems: list = (), *, seen: bool = False
) -> Response:
    decided = found.case.decisions.get(found.item.id)
    known = (
        {"bestemmelse": decided.provision, "hvorfor": decided.reason} if decided else {"bestemmelse": "", "hvorfor": ""}
    )
    flags: dict[str, list[str]] = {}
    for flag in found.item.flags:
        flags.setdefault(flag.field, []).append(said.HELD[flag.held])
    return page(request, "insight_item.html", found=found, about=about(request, found.item), case=found.case, item=found.item, said=said, nonce=nonce, flags=flags,
                typed={**known, **typed}, problems=problems, seen=seen, what=WHAT.get(found.item.kind, {}), roles=ROLE,
                redactable=found.item.kind in REDACTABLE, choices=choices_of(found.texts, found.left_out.passages),
                words=WORDS, boxes=boxes_shown(found.left_out.boxes), inlined=inlined, cells=(COLUMNS, ROWS))  # fmt: skip


def _which(request: Request) -> tuple[str, int]:
    return request.matchdict["case_id"], int(request.matchdict["place"])
