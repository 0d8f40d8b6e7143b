"""The intake's part of cases of insight: which wait, what is found, and the answer (R-53, R-54, R-72, ADR 0068)."""

from __future__ import annotations

from collections.abc import Callable

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import TillidError
from tillid.usecases.insight_item import Undecided
from tillid.usecases.intake_case import IntakeCase, NewSince, answer_case, intake_case, intake_cases, reopen_answer
from tillid.usecases.intake_find import NoSuchNumber
from tillid.usecases.intake_list import add_notification, look_for_notifications
from tillid.usecases.ports import House
from tillid.web import insight_words as said
from tillid.web import intake_words as own
from tillid.web.archive_words import name_of
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.reading import same_again
from tillid.web.render import page
from tillid.web.views.insight_case import ACT

TYPED = ("set", "nummer")


def overview(request: Request) -> Response:
    """The cases that wait for an answer, and those that have one."""
    return same_again(
        request, intake_cases, lambda found: page(request, "intake_cases.html", found=found, said=said, own=own)
    )


def case(request: Request) -> Response:
    """Who asks, what is found, and the next step."""
    case_id = request.matchdict["case_id"]

    def build(found: IntakeCase) -> Response:
        return _page(request, found, issue(request, case_id, ACT))

    return same_again(request, lambda house, who: intake_case(house, who, case_id), build)


def act(request: Request) -> Response:
    """``trin`` says which step."""
    step, case_id = _STEPS.get(request.POST.get("trin", "")), request.matchdict["case_id"]
    if step is None:
        raise HTTPNotFound()
    found = intake_case(request.house, request.person, case_id)
    request.admitted = True
    typed = {name: request.POST.get(name, "") for name in ("trin", *TYPED)}
    event_id = accept(request, case_id, ACT, typed)
    try:
        step(request, case_id, typed, event_id)
    except (NoSuchNumber, Undecided, NewSince) as error:
        return answered(_page(request, found, request.POST["nonce"], error, typed["nummer"]), 422)
    return HTTPSeeOther(location=request.route_path("intake_insight_case", case_id=case_id))


def _look(request: Request, case_id: str, typed: dict[str, str], event_id: str) -> None:
    look_for_notifications(request.house, request.person, case_id, event_id=event_id)


def _add(request: Request, case_id: str, typed: dict[str, str], event_id: str) -> None:
    add_notification(request.house, request.person, case_id, typed["nummer"], event_id=event_id)


def _answer(request: Request, case_id: str, typed: dict[str, str], event_id: str) -> None:
    answer_case(request.house, request.person, case_id, typed["set"], event_id=event_id)


def _reopen(request: Request, case_id: str, typed: dict[str, str], event_id: str) -> None:
    reopen_answer(request.house, request.person, case_id, event_id=event_id)


_STEPS: dict[str, Callable[[Request, str, dict[str, str], str], None]] = {
    "led": _look,
    "tilfoej": _add,
    "svar": _answer,
    "genaabn": _reopen,
}


def _page(
    request: Request, found: IntakeCase, nonce: str, error: TillidError | None = None, number: str = ""
) -> Response:
    problems = [("nummer" if isinstance(error, NoSuchNumber) else "", message_of(request, error))] if error else []
    return page(request, "intake_case.html", found=found, case=found.case, answer=found.answer, said=said, own=own,
                nonce=nonce, problems=problems, number=number, numbers=_numbers(request.house, found),
                held=lambda item: said.reasons_of(item, own.HELD), name_of=lambda person: name_of(request.house, person))  # fmt: skip


def _numbers(house: House, found: IntakeCase) -> dict[str, str]:
    """By document; empty for one that was destroyed after the case was closed."""
    ids = {item.document_id for item in found.answer.items}
    return {one: document.number if (document := house.documents.get(one)) else "" for one in ids}
