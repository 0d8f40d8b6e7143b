"""A holder answers about a meeting, and takes a yes back: row by row, effective with the click (D12; R-12, R-16, R-17, R-32).

An answer and its sealed record commit together; a withdrawal waits for no key, log or register, and is sealed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from tillid.consents.effective import HolderAnswer, Verdict, answers_of
from tillid.consents.events import Event
from tillid.consents.login import require_assured
from tillid.consents.meeting import KINDS, MeetingQuestion, is_refusal, questions_of
from tillid.consents.meeting_record import build_meeting_record
from tillid.consents.meeting_words import words_of_withdrawal, words_to
from tillid.consents.model import ConsentText, Given, Withdrawn
from tillid.documents.model import Document
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts, Identity
from tillid.usecases.ask_meeting import judge_now
from tillid.usecases.facts import Conflict, document_of_request, require
from tillid.usecases.give_consent import AlreadyAnswered, Receipt, Unanswered, same_click, sealed_with_the_click
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.seal_record import attach_sealed, role_of
from tillid.usecases.withdraw_consent import NothingToWithdraw
from tillid.usecases.writing import note, note_if_possible, note_later_if_needed, record_event, sender_people, tell

ANSWER, WITHDRAW, RECORD_WITHDRAWAL = "answer_meeting", "withdraw_meeting", "record_meeting_withdrawal"
STEP = "seal_meeting"
GIVEN, REFUSED, WITHDRAWN = KINDS
Method = Literal["phone", "in_person"]


class OwnMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """What one holder sees: never the other's answer (design 24). ``mine``: the own answer with what is left of it; ``live``: whether
    it can be answered now; ``effect``: the words before a withdrawal."""

    question: MeetingQuestion
    text: ConsentText
    effect: ConsentText
    mine: HolderAnswer | None
    said: dict[str, bool]
    live: bool
    closed: str


def own_meeting(house: House, who: Identity, question_id: str, language: str) -> OwnMeeting:
    """The question and the own answer; ``NotFound`` for everybody who was not asked."""
    document, facts, question, events = asked_person(house, who, (ANSWER, WITHDRAW), question_id)
    note_if_possible(house, who, "meeting_question", document)
    mine = answers_of(question, events, KINDS).get(who.person_id)
    answered = (e for e in events if mine is not None and e.id == mine.event_id)
    closed = closed_to_meeting(house, document, facts, question, events)
    return OwnMeeting(
        question=question,
        text=words_to(question, who.name, language),
        effect=words_of_withdrawal(question, language),
        mine=mine,
        said=next((dict(e.payload["answers"]) for e in answered), {}),
        live=mine is None and not closed,
        closed=closed,
    )


class MeetingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One question to a holder on the front page. ``state``: ``ask``, ``closed``, ``refused``, ``withdrawn`` or ``yes``: of the own answer alone."""

    question: MeetingQuestion
    state: Literal["ask", "closed", "refused", "withdrawn", "yes"]


def own_meetings(house: House, who: Identity, document: Document, facts: Facts) -> list[MeetingLine]:
    """The questions about ``document``'s meeting that ``who`` was asked and may still see, newest first."""
    events = house.ledger.of_document(document.id)
    found: list[MeetingLine] = []
    for question in reversed(questions_of(events)):
        if who.person_id in question.series:
            mine = answers_of(question, events, KINDS).get(who.person_id)
            closed = closed_to_meeting(house, document, facts, question, events)
            state = "closed" if closed else "ask"
            if mine is not None:
                state = "refused" if mine.refused else "yes" if mine.yes else "withdrawn"
            found.append(MeetingLine(question=question, state=state))  # type: ignore[arg-type]
    return found


def answer_meeting(
    house: House, who: Identity, question_id: str, answers: Mapping[str, bool], *, language: str, event_id: str
) -> Receipt:
    """Register ``who``'s answer to the purpose and to each who takes part. The same click (``event_id``) twice is one answer. A no to the
    purpose is a refusal. Raises ``Unanswered``, ``AlreadyAnswered``, ``Conflict``, ``NotAssured``, ``NotSealed`` (then nothing is registered)."""
    login = require_assured(who.login)
    document, facts, question, events = asked_person(house, who, ANSWER, question_id)
    if (done := same_click(house, who, question.id, event_id)) is not None:
        return done
    require_open(house, document, facts, question, events, who.person_id)
    require_rows(question, answers)
    note(house, who, ANSWER, document)
    given = Given(
        holder_id=who.person_id,
        holder_name=who.name,
        answers={row: bool(answers[row]) for row in question.plan.rows},
        oral=False,
        text=words_to(question, who.name, language),
        login=login,
    )
    return register_meeting(house, document, question, given, actor=who.person_id, event_id=event_id)


def register_meeting(
    house: House, document: Document, question: MeetingQuestion, given: Given, *, actor: str, event_id: str
) -> Receipt:
    """Event and sealed record of ``given`` in one transaction; the caller has asked and checked. Raises ``NotSealed``."""
    kind = REFUSED if is_refusal(given.answers) else GIVEN
    event = record_event(
        house, document, kind, actor, given, series_id=question.series[given.holder_id], request_id=question.id,
        event_id=event_id,
    )  # fmt: skip
    with sealed_with_the_click():
        _attach(house, event, question)
    tell(house, sender_people(house, document), "meeting_answered", event.id, document=document.id)
    return Receipt(event_id=event.id, kind=event.kind, sealed=True)


def require_open(
    house: House, document: Document, facts: Facts, question: MeetingQuestion, events: list[Event], person: str
) -> None:
    """Raises unless ``person`` was asked, has not answered, and the question is still the question."""
    if person not in question.series:
        raise NotFound("not asked")
    if person in answers_of(question, events, KINDS):
        raise AlreadyAnswered("second answer")
    if closed := closed_to_meeting(house, document, facts, question, events):
        raise Conflict(closed, code="meeting.closed", text="Mødet, deltagerne eller fristen er ændret, siden du blev spurgt. Dit "
                       "svar er ikke registreret. Du får besked, hvis vi spørger igen.")  # fmt: skip


def require_rows(question: MeetingQuestion, answers: Mapping[str, bool]) -> None:
    """Raises ``Unanswered`` for the rows that have neither yes nor no (R-12)."""
    if missing := tuple(row for row in question.plan.rows if row not in answers):
        raise Unanswered(missing)
    if set(answers) - set(question.plan.rows):
        raise NotFound("unknown row")


def withdraw_meeting(
    house: House, who: Identity, question_id: str, items: Iterable[str] = (), *, language: str, event_id: str
) -> Receipt:
    """``who`` takes back the own yes to ``items`` (none named = everything), at once and without a reason; also while the register is
    silent. Raises ``NotFound`` for others, ``NothingToWithdraw``, ``NotAssured``."""
    require_assured(who.login)
    document, _, question, events = asked_person(house, who, WITHDRAW, question_id)
    return _withdraw(house, who, document, question, events, who.person_id, tuple(items), "portal", language, event_id)


def record_meeting_withdrawal(
    house: House,
    who: Identity,
    question_id: str,
    holder_id: str,
    items: Iterable[str] = (),
    *,
    method: Method,
    event_id: str,
) -> Receipt:
    """One employee records at once what a holder said by phone or in person (R-16)."""
    document, _ = require(house, who, RECORD_WITHDRAWAL, document_of_request(house, question_id))
    question, events = _question_of(house, document.id, question_id)
    return _withdraw(house, who, document, question, events, holder_id, tuple(items), method, "da", event_id)


def _withdraw(house: House, who: Identity, document: Document, question: MeetingQuestion, events: list[Event], holder: str,
              items: tuple[str, ...], method: Literal["portal", "phone", "in_person"], language: str, event_id: str) -> Receipt:  # fmt: skip
    if (done := same_click(house, who, question.id, event_id)) is not None:
        return done
    answer = answers_of(question, events, KINDS).get(holder)
    if set(items) - set(question.plan.rows):
        raise NotFound("no such row")
    left = tuple(one for one in items if answer is not None and one in answer.yes)
    if answer is None or not answer.yes or items and not left:  # never let an empty rest mean "everything"
        raise NothingToWithdraw("nothing said yes to")
    everything = question.plan.rows[0] in left or set(left) >= answer.yes  # without its purpose nothing is left of it
    given = next(event for event in events if event.id == answer.event_id)
    taken = Withdrawn(
        holder_id=holder,
        holder_name=given.payload["holder_name"],
        items=() if everything else left,
        given_event=given.id,
        given_digest=given.digest,
        text=words_of_withdrawal(question, language),
        method=method,
        login=who.login if method == "portal" else None,
        recorded_by=None if method == "portal" else who.person_id,
    )
    event = record_event(
        house, document, WITHDRAWN, who.person_id, taken, series_id=question.series[holder], request_id=question.id,
        event_id=event_id,
    )  # fmt: skip
    note_later_if_needed(house, who, WITHDRAW, document, event.id)
    house.outbox.add(STEP, {"event": event.id}, house.moment)
    tell(house, sender_people(house, document), WITHDRAWN, event.id, document=document.id)
    return Receipt(event_id=event.id, kind=event.kind, sealed=False)


def seal_meeting(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The sealed record of a withdrawal that took effect at the click; once, however often this runs. Raises ``Unavailable`` while the
    key is away."""
    with open_house() as house:
        event = house.ledger.event(entry.ids["event"])
        if event is not None:
            question, _ = _question_of(house, event.document_id, event.request_id or "")
            _attach(house, event, question)


def _attach(house: House, event: Event, question: MeetingQuestion) -> None:
    attach_sealed(
        house, event, lambda system: build_meeting_record(event, question, role=role_of(house, event), system=system)
    )


def asked_person(
    house: House, who: Identity, operation: str | tuple[str, ...], question_id: str
) -> tuple[Document, Facts, MeetingQuestion, list[Event]]:
    """The document, its facts and events with the question, for ``who`` was asked it; ``NotFound`` for everybody else."""
    document, facts = require(house, who, operation, document_of_request(house, question_id))
    question, events = _question_of(house, document.id, question_id)
    if who.person_id not in question.series:
        raise NotFound("not asked")
    return document, facts, question, events


def _question_of(house: House, document_id: str, question_id: str) -> tuple[MeetingQuestion, list[Event]]:
    events = house.ledger.of_document(document_id)
    question = next((one for one in questions_of(events) if one.id == question_id), None)
    if question is None:
        raise NotFound("no such question")
    return question, events


def closed_to_meeting(
    house: House, document: Document, facts: Facts, question: MeetingQuestion, events: list[Event]
) -> str:
    """Why nobody can answer any more, empty while one can; never because of what another holder said (design 24)."""
    without_answers = [event for event in events if event.kind not in KINDS]
    verdict: Verdict = judge_now(house, document, question, without_answers, facts.custody)
    if house.moment >= end_of(question.valid_to):
        return "expired"
    return "" if verdict.reason == "waiting" else verdict.reason
