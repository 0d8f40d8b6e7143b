"""The consent to a meeting: the sender's side asks and sees whom the parents agreed to; a parent answers and takes back (D12).

A parent's page is the same before and after: the question with its rows, then the own answer with one button that takes all of it back and
a box for each who takes part (R-16: no more steps than to say yes).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.usecases.answer_meeting import (
    ANSWER,
    RECORD_WITHDRAWAL,
    WITHDRAW,
    OwnMeeting,
    answer_meeting,
    own_meeting,
    record_meeting_withdrawal,
    withdraw_meeting,
)
from tillid.usecases.ask_meeting import OPERATION, MeetingDay, MeetingPage, ask_meeting, meeting_page
from tillid.usecases.facts import document_of_request
from tillid.usecases.give_consent import Unanswered
from tillid.usecases.own_consent import own_answers
from tillid.usecases.ports import House
from tillid.web.archive_words import name_of
from tillid.web.clicks import accept, issue, posted_count, shown_language
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import reading
from tillid.web.render import language_of, page
from tillid.web.views.withdraw import CHOOSE, not_registered

METHODS = {"telefon": "phone", "personligt": "in_person"}
YES_NO = {"ja": True, "nej": False}
SAID = {
    "meeting_given": _("Du svarede"),
    "meeting_refused": _("Du sagde nej"),
    "meeting_withdrawn": _("Du trak tilbage"),
}
REASONS = {
    "effective": _("Ja, forældrene har sagt ja"),
    "no-to-participant": _("Nej, ikke alle har sagt ja til denne person"),
    "not-named": _("Nej, forældrene er ikke spurgt om denne person"),
    "waiting": _("Nej, ikke alle har svaret endnu"),
    "refused": _("Nej, en forælder har sagt nej til mødet"),
    "withdrawn": _("Nej, en forælder har trukket sit ja tilbage"),
    "changed": _("Nej, formålet eller deltagerne er ændret. Spørg forældrene igen"),
    "expired": _("Nej, samtykket er udløbet"),
    "restored": _("Nej, Tillid er hentet tilbage fra en sikkerhedskopi. Spørg forældrene"),
    "custody-unknown": _("Nej, vi kan ikke slå forældremyndigheden op lige nu"),
    "no-holder": _("Nej, ingen har forældremyndigheden efter registret"),
    "child-fifteen": _("Nej, barnet er fyldt 15 år og bestemmer selv"),
    "child-not-of-age": _("Nej, barnet er ikke fyldt 15 år, så det er forældrene, der skal spørges"),
    "asked-again": _("Nej, forældrene er spurgt igen"),
}


def staff_page(request: Request) -> Response:
    """What would be asked, and whom the parents have agreed to."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        return _staff(request, meeting_page(house, request.person, document_id))

    return reading(request, (OPERATION, RECORD_WITHDRAWAL), document_id, build)


def staff_act(request: Request) -> Response:
    """``trin``: ``spoerg`` or ``tilbage`` (a parent said so by phone or in person)."""
    step = request.POST.get("trin", "")
    if step == "tilbage":
        request.when_failed = lambda error: not_registered(request, error)
    found = meeting_page(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    document_id = found.document.id
    if step == "tilbage":
        method, holder = METHODS.get(request.POST.get("metode", "")), request.POST.get("hvem", "")
        if method is None or found.question is None or holder not in found.question.series:
            raise HTTPNotFound()
        items = sorted(set(request.POST.getall("del")))
        event_id = accept(request, document_id, _telling(found), [step, holder, *items])
        record_meeting_withdrawal(
            request.house, request.person, found.question.id, holder, items, method=method, event_id=event_id
        )  # type: ignore[arg-type]
        return HTTPSeeOther(location=request.route_path("meeting_consent", document_id=document_id) + "?gjort=tilbage")
    if step != "spoerg" or found.plan is None:
        raise HTTPNotFound()
    typed = request.POST.get("til", "")
    event_id = accept(request, document_id, _asking(found), [step, typed])
    try:
        day = date.fromisoformat(typed)
        ask_meeting(request.house, request.person, document_id, day, seen=found.plan.digest, event_id=event_id)
    except (ValueError, MeetingDay) as error:
        told = message_of(request, error if isinstance(error, MeetingDay) else MeetingDay("no day", last=""))
        return answered(_staff(request, found, typed=typed, problem=told), 422)
    return HTTPSeeOther(location=request.route_path("meeting_consent", document_id=document_id) + "?gjort=spurgt")


def _staff(request: Request, found: MeetingPage, *, typed: str = "", problem: str = "") -> Response:
    return page(
        request,
        "meeting_ask.html",
        found=found,
        reasons=REASONS,
        holders=[
            (one, name_of(request.house, one), [(row, found.question.plan.participant(row)) for row in left])
            for one, left in found.can_withdraw.items()
        ],
        day=typed or found.day.isoformat(),
        open=not found.asked,
        done=request.GET.get("gjort", ""),
        nonce=issue(request, found.document.id, _asking(found)),
        telling=issue(request, found.document.id, _telling(found)),
        problems=[("til", problem)] if problem else [],
    )


def _asking(found: MeetingPage) -> str:
    """What a click that asks is bound to: the plan that was shown."""
    return json_digest({"plan": found.plan.digest if found.plan else "", "act": OPERATION})


def _telling(found: MeetingPage) -> str:
    """What a click that takes back is bound to: the question there was."""
    return json_digest({"question": found.question.id if found.question else "", "act": RECORD_WITHDRAWAL})


def question(request: Request) -> Response:
    """The question, or the own answer with what takes it back."""
    meeting_id = request.matchdict["meeting_id"]

    def build(house: House) -> Response:
        return _own(request, own_meeting(house, request.person, meeting_id, language_of(request)), {})

    return reading(request, (ANSWER, WITHDRAW), document_of_request(request.house, meeting_id), build)


def act(request: Request) -> Response:
    """``trin``: ``svar``, ``alt`` (all of it taken back) or ``dele`` (what is ticked)."""
    language, step = shown_language(request), request.POST.get("trin", "")
    if step in ("alt", "dele"):
        request.when_failed = lambda error: not_registered(request, error)
    found = own_meeting(request.house, request.person, request.matchdict["meeting_id"], language)
    request.admitted = True
    if step == "svar":
        posted = {row: request.POST.get(f"svar.{row}", "") for row in found.question.plan.rows}
        said = {row: YES_NO[word] for row, word in posted.items() if word in YES_NO}
        try:
            event_id = accept(request, found.question.id, _digest(found, language, posted_count(request, "set")), said)
            answer_meeting(request.house, request.person, found.question.id, said, language=language, event_id=event_id)
        except Unanswered as error:
            return answered(_own(request, found, said, missing=error.items), 422)
        return _back(request, "svaret")
    items = sorted(set(request.POST.getall("del"))) if step == "dele" else []
    if step not in ("alt", "dele"):
        raise HTTPNotFound()
    if step == "dele" and not items:
        return answered(_own(request, found, {}, problem=translate(CHOOSE, language_of(request))), 422)
    event_id = accept(
        request, found.question.id, _digest(found, language, posted_count(request, "set")), [step, *items]
    )
    withdraw_meeting(request.house, request.person, found.question.id, items, language=language, event_id=event_id)
    return _back(request, "tilbage")


def _own(
    request: Request, found: OwnMeeting, said: dict[str, bool], *, missing: tuple[str, ...] = (), problem: str = ""
) -> Response:
    language = language_of(request)
    plan, seen = found.question.plan, len(found.mine.yes) if found.mine is not None else 0
    rows: list[dict[str, Any]] = [
        {
            "id": f"svar-{number}",
            "row": row,
            "who": plan.participant(row),
            "said": said.get(row),
            "missing": row in missing,
        }
        for number, row in enumerate(plan.rows, start=1)
    ]
    tell = translate(_("Svar ja eller nej: {title}"), language)
    purpose = translate(_("Mødets formål"), language)
    problems = [
        (one["id"], tell.format(title=one["who"].name if one["who"] else purpose)) for one in rows if one["missing"]
    ]
    return page(
        request,
        "meeting.html",
        found=found,
        rows=rows,
        done=request.GET.get("gjort", ""),
        nonce=issue(request, found.question.id, _digest(found, found.text.language, seen)),
        seen=seen,
        own=own_answers(request.house, request.person, found.question),
        words=SAID,
        problems=problems + ([("dele", problem)] if problem else []),
    )


def _digest(found: OwnMeeting, language: str, seen: int) -> str:
    """What a click is bound to: the question, its words, and how many rows the own yes still had when the page was shown."""
    return json_digest({"question": found.question.id, "language": language, "seen": seen})


def _back(request: Request, done: str) -> Response:
    path = request.route_path("meeting", meeting_id=request.matchdict["meeting_id"])
    return HTTPSeeOther(location=f"{path}?gjort={done}")
