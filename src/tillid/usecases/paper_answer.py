"""An answer on paper: for a parent without MitID, or who wants it so (R-106). One employee enters what the sheet says and
scans it; another compares both and confirms. Only then is it an answer, sealed as any other and marked as given on paper.

A withdrawal never goes this way: one employee records it at once (``withdraw_consent.record_withdrawal``, R-16).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from tillid.consents.events import Event
from tillid.consents.model import ConsentText, Given, PaperEvidence
from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import require
from tillid.usecases.give_consent import Receipt
from tillid.usecases.paper_questions import (
    Question,
    Sheet,
    answered,
    is_open,
    question_named,
    questions,
    register_answer,
    require_answerable,
    require_full,
    sheet_of,
    sheet_words,
)
from tillid.usecases.ports import House
from tillid.usecases.whose_consent import may_answer
from tillid.usecases.writing import note, record_event, sender_people, tell

OPERATION = "record_paper"


class NotByTheSame(TillidError):
    """Two employees stand for what was read from a sheet (R-106)."""

    code = "paper.same-person"
    text = "Du har selv indtastet svaret. En anden medarbejder skal sammenligne det med papiret og bekræfte."


class WrongDay(TillidError):
    code = "paper.day"
    text = "Datoen på papiret skal ligge mellem {first} og i dag."


class EntryWaits(TillidError):
    code = "paper.waits"
    text = "Der er allerede indtastet et svar på papir fra denne forælder. En kollega skal bekræfte eller afvise det først."


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``paper_entered``: what one employee read from the sheet. It is no answer yet."""

    holder_id: str
    holder_name: str
    answers: dict[str, bool]
    oral: bool
    text: ConsentText
    signed_on: date
    scan_sha256: str
    scan_type: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that a second employee has to compare. ``mine``: entered by who looks."""

    id: str
    entry: Entry
    entered_by: str
    mine: bool


class PaperPage(msgspec.Struct, frozen=True, kw_only=True):
    """``open``: person → name, of those who can answer on paper; ``texts``: the words on each one's sheet; ``question`` and ``sheet``: a
    share's or a meeting's."""

    document: Document
    question: Question
    sheet: Sheet
    open: dict[str, str]
    texts: dict[str, ConsentText]
    waiting: tuple[Waiting, ...]


def paper_page(house: House, who: Identity, document_id: str) -> PaperPage:
    """Whose answer is missing, and what waits for a second employee; about the newest question. ``NotFound`` for others."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, "paper_page", document)
    events = house.ledger.of_document(document_id)
    question = questions(events)[-1]
    waiting = _waiting(question, events)
    live = is_open(house, document, facts, question, events)
    taken = answered(question, events).keys() | {entry.holder_id for _, entry in waiting}
    people = may_answer(house, question, facts.custody) if live else {}
    missing = {person: name for person, name in people.items() if person not in taken}
    return PaperPage(
        document=document,
        question=question,
        sheet=sheet_of(question),
        open=missing,
        texts={person: sheet_words(question, name) for person, name in missing.items()},
        waiting=tuple(
            Waiting(id=event.id, entry=entry, entered_by=event.actor, mine=event.actor == who.person_id)
            for event, entry in waiting
        ),
    )


def enter_paper(
    house: House, who: Identity, document_id: str, request_id: str, holder_id: str, answers: Mapping[str, bool], *,
    oral: bool | None, signed_on: date, scan: tuple[str, str], event_id: str,
) -> None:  # fmt: skip
    """The first employee: keep what the sheet says, for the second to compare. ``scan``: SHA-256 and media type of the
    clean file in the blob store. The same click twice is one entry. Raises ``Unanswered``, ``WrongDay``, ``EntryWaits``,
    and what ``require_live`` raises."""
    document, facts = require(house, who, OPERATION, document_id)
    if house.ledger.event(event_id) is not None:
        return
    events = house.ledger.of_document(document_id)
    question = question_named(events, request_id)
    name = _name(house, question, facts, holder_id)
    note(house, who, "enter_paper", document)
    require_answerable(house, document, facts, question, events, holder_id)
    require_full(question, answers, oral)
    if any(entry.holder_id == holder_id for _, entry in _waiting(question, events)):
        raise EntryWaits("one entry waits")
    first, today = local_day(question.created_at), local_day(house.moment)
    if not first <= signed_on <= today:
        raise WrongDay(signed_on.isoformat(), first=first.strftime("%d.%m.%Y"))
    said = {row.id: bool(answers[row.id]) for row in sheet_of(question).rows}
    entry = Entry(
        holder_id=holder_id,
        holder_name=name,
        answers=said,
        oral=bool(oral) and any(said.values()),
        text=sheet_words(question, name),
        signed_on=signed_on,
        scan_sha256=scan[0],
        scan_type=scan[1],
    )
    event = record_event(
        house, document, "paper_entered", who.person_id, entry, request_id=question.id, event_id=event_id
    )
    others = [one for one in sender_people(house, document) if one != who.person_id]
    tell(house, others, "paper_waits", event.id, document=document.id)


def confirm_paper(house: House, who: Identity, document_id: str, entry_id: str, *, event_id: str) -> Receipt:
    """The second employee has held the sheet against the entry: now it is the holder's answer. Raises ``NotByTheSame``,
    ``Conflict`` when the question is not the question any more, ``NotSealed``."""
    document, facts = require(house, who, OPERATION, document_id)
    if (done := house.ledger.event(event_id)) is not None and done.document_id == document_id:
        return Receipt(event_id=done.id, kind=done.kind, sealed=True)
    question, events, entered, entry = _entry(house, document_id, entry_id)
    _name(house, question, facts, entry.holder_id)
    note(house, who, "confirm_paper", document)
    if entered.actor == who.person_id:
        raise NotByTheSame("one employee")
    require_answerable(house, document, facts, question, events, entry.holder_id)
    evidence = PaperEvidence(
        scan_sha256=entry.scan_sha256,
        signed_on=entry.signed_on,
        entered_by=entered.actor,
        confirmed_by=who.person_id,
    )
    given = Given(
        holder_id=entry.holder_id,
        holder_name=entry.holder_name,
        answers=entry.answers,
        oral=entry.oral,
        text=entry.text,
        paper=evidence,
    )
    receipt = register_answer(house, document, question, events, given, actor=who.person_id, event_id=event_id)
    tell(house, [entry.holder_id], "paper_registered", receipt.event_id, request=question.id)
    return receipt


def reject_paper(house: House, who: Identity, document_id: str, entry_id: str) -> None:
    """The entry is not what the sheet says, or was made by mistake: it goes, also by who made it. Nothing was answered."""
    document, _ = require(house, who, OPERATION, document_id)
    question, _, entered, _ = _entry(house, document_id, entry_id)
    note(house, who, "reject_paper", document)
    record_event(house, document, "paper_rejected", who.person_id, {"entry": entered.id}, request_id=question.id)


def paper_scan(house: House, who: Identity, document_id: str, entry_id: str) -> tuple[bytes, str]:
    """The scanned sheet of an entry that waits, and its media type."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, "paper_scan", document)
    _, _, _, entry = _entry(house, document_id, entry_id)
    data = house.blobs.get(entry.scan_sha256)
    if data is None:
        raise NotFound("no scan")
    return data, entry.scan_type


def paper_waits(house: House, document_id: str) -> bool:
    """Whether an entry waits that could still become a yes; for the page of a call that takes one back, which has asked."""
    events = house.ledger.of_document(document_id)
    return any(_waiting(question, events) for question in questions(events)[-1:])


def _name(house: House, question: Question, facts: Facts, holder_id: str) -> str:
    """The name of a present holder, or of the child that decides itself, in the register's spelling; nobody else gives a consent (P8,
    R-33, R-41)."""
    name = may_answer(house, question, facts.custody).get(holder_id)
    if name is None:
        raise NotFound("nobody who may answer now")
    return name


def _entry(house: House, document_id: str, entry_id: str) -> tuple[Question, list[Event], Event, Entry]:
    event = house.ledger.event(entry_id)
    if event is None or event.kind != "paper_entered" or event.document_id != document_id:
        raise NotFound("no such entry")
    events = house.ledger.of_document(document_id)
    question = question_named(events, event.request_id or "")
    if entry_id not in {one.id for one, _ in _waiting(question, events)}:
        raise NotFound("it waits no longer")
    return question, events, event, msgspec.convert(event.payload, Entry)


def _waiting(question: Question, events: list[Event]) -> list[tuple[Event, Entry]]:
    """Entries about ``question`` that nobody has confirmed or rejected."""
    rejected = {event.payload["entry"] for event in events if event.kind == "paper_rejected"}
    done = answered(question, events)
    entries = [
        (event, msgspec.convert(event.payload, Entry))
        for event in events
        if event.kind == "paper_entered" and event.request_id == question.id and event.id not in rejected
    ]
    return [(event, entry) for event, entry in entries if entry.holder_id not in done]
