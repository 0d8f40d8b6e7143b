"""One case of insight: where it stands, what was found, and the steps that are taken on it (R-72)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.insight import InsightCase, Item
from tillid.archive.insight_days import forgotten_on
from tillid.archive.keeping import Placed
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.forget_insight import hold_insight, holds_of, let_insight_go
from tillid.usecases.insight_case import InsightIncomplete, refuse_insight, require_case, working_on
from tillid.usecases.insight_collect import collect_insight
from tillid.usecases.insight_item import Undecided, end_review, reopen_review
from tillid.usecases.insight_package import DONE, Making, making_of, order_package
from tillid.usecases.insight_prolong import TooLate, can_prolong, last_day, prolong_insight
from tillid.usecases.intake_told import answer_stands, asks_intake
from tillid.usecases.ports import House
from tillid.web import insight_words as said
from tillid.web.archive_words import EVENT, name_of
from tillid.web.clicks import accept, issue
from tillid.web.days import day_of
from tillid.web.errors import answered, message_of
from tillid.web.reading import same_again
from tillid.web.render import page

ACT = json_digest({"act": "insight"})
STATES = ("open", "collected", "reviewed", "handed_out", "refused")
TYPED = ("bestemmelse", "hvorfor", "set", "frist", "aarsag", "besked", "grund", "hold")
# What of an ``InsightIncomplete`` stands where on the page.
AT_PART = {"provision": "bestemmelse", "reason": "hvorfor", "until": "frist", "prolong_reason": "aarsag", "told": "besked",
           "hold": "grund"}  # fmt: skip


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    """``intake``: of what the municipality's intake answers for no more than whether it has (ADR 0068), ``None`` where it is not asked;
    ``making``: how far the package is, once the review is over; ``titles``: document id → number and title; ``until``: the last day
    it can be prolonged to, ``None`` when it is too late; ``forgotten_on``: the day a closed case has had its period, ``holds``: what
    keeps it beyond that."""

    case: InsightCase
    child: Child
    intake: bool | None
    making: Making | None
    titles: dict[str, tuple[str, str]]
    until: date | None = None
    forgotten_on: date | None = None
    holds: tuple[Placed, ...] = ()


def case(request: Request) -> Response:
    """Where the case stands, everything that was found, and the next step."""

    def build(found: CasePage) -> Response:
        return _case_page(request, found, {}, issue(request, found.case.id, ACT))

    return same_again(request, lambda house, who: _seen(house, who, _case_id(request)), build)


def act(request: Request) -> Response:
    """``trin`` says which step."""
    step = _STEPS.get(request.POST.get("trin", ""))
    if step is None:
        raise HTTPNotFound()
    found = _seen(request.house, request.person, _case_id(request))
    request.admitted = True
    typed = {
        "trin": request.POST["trin"],
        **{one: request.POST.get(one, "") for one in TYPED},
    }
    event_id = accept(request, found.case.id, ACT, typed)
    try:
        step(request, found.case, typed, event_id)
    except (InsightIncomplete, Undecided, TooLate) as error:
        place = AT_PART.get(getattr(error, "part", ""), "")
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


def _prolong(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    prolong_insight(request.house, request.person, found.id, day_of(typed["frist"]), typed["aarsag"], typed["besked"],
                    event_id=event_id)  # fmt: skip


def _hold(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    hold_insight(request.house, request.person, found.id, typed["grund"], event_id=event_id)


def _let_go(request: Request, found: InsightCase, typed: dict[str, str], event_id: str) -> None:
    let_insight_go(request.house, request.person, found.id, typed["hold"], event_id=event_id)


_STEPS: dict[str, Callable[[Request, InsightCase, dict[str, str], str], None]] = {
    "saml": _collect,
    "afslut": _end,
    "genaabn": _reopen,
    "lav": _order,
    "afvis": _refuse,
    "forlaeng": _prolong,
    "hold": _hold,
    "slip": _let_go,
}


def _seen(house: House, who: Identity, case_id: str) -> CasePage:
    found = working_on(house, who, case_id, "see_insight", *STATES)
    _, of = require_case(house, who, case_id)
    titles = {}
    for one in dict.fromkeys(item.document_id for item in found.items if item.document_id):
        document = house.documents.get(one)
        titles[one] = (document.number, _title(house, document.definition)) if document else ("", "")
    making = making_of(house, who, found) if found.state in DONE else None
    closed, today = found.closed_at, local_day(house.moment)
    return CasePage(
        case=found,
        child=of,
        intake=answer_stands(house, who, found) if asks_intake(house, who, of.id) else None,
        making=making,
        titles=titles,
        until=last_day(found) if can_prolong(found, today) else None,
        forgotten_on=forgotten_on(local_day(closed)) if closed else None,
        holds=holds_of(house, case_id),
    )


def _title(house: House, ref: Any) -> str:
    try:
        return house.definitions.of(ref).title
    except TillidError:
        return ref.form_id


def _case_page(request: Request, found: CasePage, typed: dict[str, str], nonce: str, problems: list = ()) -> Response:
    return page(request, "insight_case.html", found=found, case=found.case, making=found.making, waits=found.intake is False, said=said, nonce=nonce,
                problems=problems, typed={"trin": "", **dict.fromkeys(TYPED, ""), **typed},
                held=said.reasons_of, about=lambda item: about(request, item),
                name_of=lambda person: name_of(request.house, person))  # fmt: skip


def about(request: Request, item: Item) -> tuple[str, str]:
    """For the officer: what a sealed record says or which text of a draft it is, to be translated, and whose it or a list of messages
    is."""
    if part := said.part_of(item):
        return part, ""
    if item.kind == "notices":
        return "", name_of(request.house, item.of)
    of_event = item.kind == "record" or item.kind == "file" and not item.field
    event = request.house.ledger.event(item.of) if of_event else None
    if event is None:
        return "", ""
    return EVENT.get(event.kind, event.kind), name_of(request.house, event.payload.get("holder_id") or event.actor)


def _case_id(request: Request) -> str:
    return request.matchdict["case_id"]
