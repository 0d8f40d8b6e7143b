"""Cases of insight: the list, a child's cases, and one case with what was found (R-72). For the data protection officer alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.insight import ASKERS, BASES, InsightCase, Item
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.insight_case import (
    Asked,
    InsightChild,
    InsightIncomplete,
    begin_insight,
    insight_child,
    insight_list,
    refuse_insight,
    require_case,
    working_on,
)
from tillid.usecases.insight_collect import collect_insight
from tillid.usecases.insight_item import Undecided, end_review, reopen_review
from tillid.usecases.insight_package import DONE, Making, making_of, order_package
from tillid.usecases.ports import House
from tillid.web import insight_words as said
from tillid.web.archive_words import EVENT, name_of
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.reading import same_again
from tillid.web.render import page

ASKING = ("spoerger", "navn", "holder", "identitet", "grundlag", "dag")
AT_PART = {"name": "navn", "holder_id": "holder", "identity": "identitet", "asked_on": "dag", "how": "maade"}
STATES = ("open", "collected", "reviewed", "handed_out", "refused")


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    """``making``: how far the package is, once the review is over; ``titles``: document id → number and title."""

    case: InsightCase
    child: Child
    making: Making | None
    titles: dict[str, tuple[str, str]]


def overview(request: Request) -> Response:
    """Cases by the day they must be answered, and the children of the own controller."""
    return same_again(request, insight_list, lambda found: page(request, "insight_list.html", found=found, said=said))


def child(request: Request) -> Response:
    """One child's cases, and the form for a new one."""
    child_id = request.matchdict["child_id"]
    return same_again(
        request,
        lambda house, who: insight_child(house, who, child_id),
        lambda found: _child_page(request, found, {}, issue(request, child_id, _BEGIN)),
    )


def begin(request: Request) -> Response:
    """Register who asks, on which basis and when."""
    child_id = request.matchdict["child_id"]
    found = insight_child(request.house, request.person, child_id)
    request.admitted = True
    typed = {name: request.POST.get(name, "") for name in ASKING}
    if typed["spoerger"] not in ASKERS or typed["grundlag"] not in BASES:
        raise HTTPNotFound()
    event_id = accept(request, child_id, _BEGIN, typed)
    asked = Asked(asker=typed["spoerger"], name=typed["navn"], holder_id=typed["holder"], identity=typed["identitet"],
                  basis=typed["grundlag"], asked_on=_day(typed["dag"]))  # fmt: skip
    try:
        case_id = begin_insight(request.house, request.person, child_id, asked, event_id=event_id)
    except InsightIncomplete as error:
        problems = [(AT_PART[error.part], message_of(request, error))]
        return answered(_child_page(request, found, typed, request.POST["nonce"], problems), 422)
    return HTTPSeeOther(location=request.route_path("insight_case", case_id=case_id))


def case(request: Request) -> Response:
    """Where the case stands, everything that was found, and the next step."""

    def build(found: CasePage) -> Response:
        return _case_page(request, found, {}, issue(request, found.case.id, ACT))

    return same_again(request, lambda house, who: _seen(house, who, _case_id(request)), build)


def progress(request: Request) -> Response:
    """How far the package is (htmx asks until it is made)."""

    def gather(house: House, who: Identity) -> tuple[InsightCase, Making]:
        found, _child = require_case(house, who, _case_id(request))
        if found.state not in DONE:
            raise NotFound("no package yet")
        return found, making_of(house, who, found)

    return same_again(
        request, gather, lambda both: page(request, "insight_progress.html", case=both[0], making=both[1])
    )


def act(request: Request) -> Response:
    """``trin`` says which step."""
    step = _STEPS.get(request.POST.get("trin", ""))
    if step is None:
        raise HTTPNotFound()
    found = _seen(request.house, request.person, _case_id(request))
    request.admitted = True
    typed = {
        "trin": request.POST["trin"],
        **{one: request.POST.get(one, "") for one in ("bestemmelse", "hvorfor", "set")},
    }
    event_id = accept(request, found.case.id, ACT, typed)
    try:
        step(request, found.case, typed, event_id)
    except (InsightIncomplete, Undecided) as error:
        place = {"provision": "bestemmelse", "reason": "hvorfor"}.get(getattr(error, "part", ""), "")
        problems = [(place, message_of(request, error))]
        return answered(_case_page(request, found, typed, request.POST["nonce"], problems), 422)
    return HTTPSeeOther(location=request.route_path("insight_case", case_id=found.case.id))


def _collect(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    collect_insight(request.house, request.person, found.id, event_id=event_id)


def _end(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    end_review(request.house, request.person, found.id, typed["set"], event_id=event_id)
    order_package(request.house, request.person, found.id)


def _reopen(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    reopen_review(request.house, request.person, found.id, event_id=event_id)


def _order(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    order_package(request.house, request.person, found.id)


def _refuse(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    refuse_insight(request.house, request.person, found.id, typed["bestemmelse"], typed["hvorfor"], event_id=event_id)


_STEPS: dict[str, Callable[[Request, InsightCase, dict[str, str], str], None]] = {
    "saml": _collect,
    "afslut": _end,
    "genaabn": _reopen,
    "lav": _order,
    "afvis": _refuse,
}


def _seen(house: House, who: Identity, case_id: str) -> CasePage:
    found = working_on(house, who, case_id, "see_insight", *STATES)
    _, of = require_case(house, who, case_id)
    titles = {}
    for one in dict.fromkeys(item.document_id for item in found.items if item.document_id):
        document = house.documents.get(one)
        titles[one] = (document.number, _title(house, document.definition)) if document else ("", "")
    making = making_of(house, who, found) if found.state in DONE else None
    return CasePage(case=found, child=of, making=making, titles=titles)


def _title(house: House, ref: Any) -> str:
    try:
        return house.definitions.of(ref).title
    except TillidError:
        return ref.form_id


def _child_page(
    request: Request, found: InsightChild, typed: dict[str, str], nonce: str, problems: list = ()
) -> Response:
    return page(request, "insight_child.html", found=found, said=said, nonce=nonce, problems=problems,
                typed={**dict.fromkeys(ASKING, ""), **typed})  # fmt: skip


def _case_page(request: Request, found: CasePage, typed: dict[str, str], nonce: str, problems: list = ()) -> Response:
    return page(request, "insight_case.html", found=found, case=found.case, making=found.making, said=said, nonce=nonce,
                problems=problems, typed={"trin": "", "bestemmelse": "", "hvorfor": "", **typed},
                held=_held, about=lambda item: about(request, item),
                name_of=lambda person: name_of(request.house, person))  # fmt: skip


def about(request: Request, item: Item) -> tuple[str, str]:
    """For the officer: what a sealed record says, to be translated, and whose it or a list of messages is."""
    if item.kind == "notices":
        return "", name_of(request.house, item.of)
    event = request.house.ledger.event(item.of) if item.kind == "record" else None
    if event is None:
        return "", ""
    return EVENT.get(event.kind, event.kind), name_of(request.house, event.payload.get("holder_id") or event.actor)


def _held(item: Item) -> list[str]:
    """Each reason once, in words."""
    return [said.HELD[one] for one in dict.fromkeys(flag.held for flag in item.flags)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_BEGIN = json_digest({"act": "begin_insight"})
ACT = json_digest({"act": "insight"})


def _case_id(request: Request) -> str:
    return request.matchdict["case_id"]
