"""An answer on paper: for a parent without MitID, or who wants it so (R-106). One employee enters what the sheet says and
scans it; another compares both and confirms. Only then is it an answer, sealed as any other and marked as given on paper.

A withdrawal never goes this way: one employee records it at once (``withdraw_consent.record_withdrawal``, R-16).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from tillid.consents.effective import answers_of
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest, ConsentText, Given, PaperEvidence
from tillid.consents.statement import words_for
from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import closed_to_answers, request_of, requests_of, require
from tillid.usecases.give_consent import Receipt, register, require_answered, require_live
from tillid.usecases.ports import House
from tillid.usecases.writing import note, record_event, sender_people, tell

OPERATION = "record_paper"
LANGUAGE = "da"  # of the printed sheet


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
    """``open``: holder → name, of those who can answer on paper; ``texts``: the words on each one's sheet."""

    document: Document
    request: ConsentRequest
    open: dict[str, str]
    texts: dict[str, ConsentText]
    waiting: tuple[Waiting, ...]


def paper_page(house: House, who: Identity, document_id: str) -> PaperPage:
    """Whose answer is missing, and what waits for a second employee; about the newest question. ``NotFound`` for others."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, "paper_page", document)
    events = house.ledger.of_document(document_id)
    request = requests_of(events)[-1]
    waiting = _waiting(request, events)
    live = closed_to_answers(request, events, house.moment) is None
    taken = answers_of(request, events).keys() | {entry.holder_id for _, entry in waiting}
    holders = facts.custody.current(house.moment) if facts.custody is not None and live else ()
    missing = {h.person_id: h.name for h in holders if h.person_id in request.series and h.person_id not in taken}
    return PaperPage(
        document=document,
        request=request,
        open=missing,
        texts={holder: words_for(request, name, LANGUAGE) for holder, name in missing.items()},
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
    request, events = request_of(house, document_id, request_id)
    name = _holder(house, facts, holder_id)
    note(house, who, "enter_paper", document)
    require_live(house, holder_id, document, request, events)
    require_answered(request, answers, oral)
    if any(entry.holder_id == holder_id for _, entry in _waiting(request, events)):
        raise EntryWaits("one entry waits")
    first, today = local_day(request.created_at), local_day(house.moment)
    if not first <= signed_on <= today:
        raise WrongDay(signed_on.isoformat(), first=first.strftime("%d.%m.%Y"))
    said = {item.id: bool(answers[item.id]) for item in request.items}
    entry = Entry(
        holder_id=holder_id,
        holder_name=name,
        answers=said,
        oral=bool(oral) and any(said.values()),
        text=words_for(request, name, LANGUAGE),
        signed_on=signed_on,
        scan_sha256=scan[0],
        scan_type=scan[1],
    )
    event = record_event(
        house, document, "paper_entered", who.person_id, entry, request_id=request.id, event_id=event_id
    )
    others = [one for one in sender_people(house, document) if one != who.person_id]
    tell(house, others, "paper_waits", event.id, document=document.id)


def confirm_paper(house: House, who: Identity, document_id: str, entry_id: str, *, event_id: str) -> Receipt:
    """The second employee has held the sheet against the entry: now it is the holder's answer. Raises ``NotByTheSame``,
    ``Conflict`` when the question is not the question any more, ``NotSealed``."""
    document, facts = require(house, who, OPERATION, document_id)
    if (done := house.ledger.event(event_id)) is not None and done.document_id == document_id:
        return Receipt(event_id=done.id, kind=done.kind, sealed=True)
    request, events, entered, entry = _entry(house, document_id, entry_id)
    _holder(house, facts, entry.holder_id)
    note(house, who, "confirm_paper", document)
    if entered.actor == who.person_id:
        raise NotByTheSame("one employee")
    require_live(house, entry.holder_id, document, request, events)
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
    receipt = register(house, document, request, events, given, actor=who.person_id, event_id=event_id)
    tell(house, [entry.holder_id], "paper_registered", receipt.event_id, request=request.id)
    return receipt


def reject_paper(house: House, who: Identity, document_id: str, entry_id: str) -> None:
    """The entry is not what the sheet says, or was made by mistake: it goes, also by who made it. Nothing was answered."""
    document, _ = require(house, who, OPERATION, document_id)
    request, _, entered, _ = _entry(house, document_id, entry_id)
    note(house, who, "reject_paper", document)
    record_event(house, document, "paper_rejected", who.person_id, {"entry": entered.id}, request_id=request.id)


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
    return any(_waiting(request, events) for request in requests_of(events)[-1:])


def _holder(house: House, facts: Facts, holder_id: str) -> str:
    """The name of a present holder, in the register's spelling; nobody else gives a consent (P8, R-33)."""
    holder = facts.custody.holder(holder_id, house.moment) if facts.custody is not None else None
    if holder is None:
        raise NotFound("no present holder")
    return holder.name


def _entry(house: House, document_id: str, entry_id: str) -> tuple[ConsentRequest, list[Event], Event, Entry]:
    event = house.ledger.event(entry_id)
    if event is None or event.kind != "paper_entered" or event.document_id != document_id:
        raise NotFound("no such entry")
    request, events = request_of(house, document_id, event.request_id or "")
    if entry_id not in {one.id for one, _ in _waiting(request, events)}:
        raise NotFound("it waits no longer")
    return request, events, event, msgspec.convert(event.payload, Entry)


def _waiting(request: ConsentRequest, events: list[Event]) -> list[tuple[Event, Entry]]:
    """Entries about ``request`` that nobody has confirmed or rejected."""
    rejected = {event.payload["entry"] for event in events if event.kind == "paper_rejected"}
    answered = answers_of(request, events)
    entries = [
        (event, msgspec.convert(event.payload, Entry))
        for event in events
        if event.kind == "paper_entered" and event.request_id == request.id and event.id not in rejected
    ]
    return [(event, entry) for event, entry in entries if entry.holder_id not in answered]
