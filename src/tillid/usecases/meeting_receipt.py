"""A person's own evidence of an answer about a meeting: the sealed record, and the ``.zip`` that is judged without us (D12, ADR 0039).

The person alone gets it, as long as the question may be seen: after a withdrawal too. What is in it: ``fetch_receipt.py``.
"""

from __future__ import annotations

from tillid.consents.events import Event
from tillid.consents.meeting import KINDS, MeetingQuestion
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.answer_meeting import ANSWER, WITHDRAW, asked_person
from tillid.usecases.fetch_receipt import ACTION, ReceiptParts, beside_of, receipt_parts, zip_of
from tillid.usecases.ports import House
from tillid.usecases.seal_record import RECORD
from tillid.usecases.writing import note


def own_meeting_events(
    house: House, who: Identity, question: MeetingQuestion
) -> tuple[tuple[Event, ReceiptParts], ...]:
    """``who``'s own answer and withdrawals with how far the evidence of each is; for a page that has asked who it is for."""
    own = question.series.get(who.person_id)
    events = (one for one in house.ledger.of_request(question.id) if one.series_id == own and one.kind in KINDS)
    return tuple((one, receipt_parts(house, one)) for one in events)


def meeting_record(house: House, who: Identity, question_id: str, event_id: str) -> bytes:
    """The sealed XML of ``who``'s own event, logged. Raises ``NotFound`` for anybody else's, and while it is not sealed."""
    event = _own_event(house, who, question_id, event_id)
    record = house.ledger.attachments(event.id).get(RECORD)
    if record is None:
        raise NotFound("no record yet")
    return record


def meeting_receipt(house: House, who: Identity, question_id: str, event_id: str) -> bytes:
    """The ``.zip``, packed of what there is now, logged before the bytes leave. Raises ``NotFound``, ``ReceiptNotYet``."""
    event = _own_event(house, who, question_id, event_id)
    kinds = house.ledger.attachments(event.id)
    beside = beside_of(kinds, house.evidence.record_of if house.evidence is not None else None)
    return zip_of(kinds, house.event_log.proof(event.digest), beside)


def _own_event(house: House, who: Identity, question_id: str, event_id: str) -> Event:
    document, _, question, events = asked_person(house, who, (ANSWER, WITHDRAW), question_id)
    own = question.series[who.person_id]
    event = next((one for one in events if one.id == event_id and one.series_id == own and one.kind in KINDS), None)
    if event is None:
        raise NotFound("no such own event")
    note(house, who, ACTION, document)
    return event
