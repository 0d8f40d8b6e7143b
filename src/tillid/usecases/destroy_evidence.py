"""The evidence of a destroyed document's consents goes when its own period is over, unless it is held (R-90).

It was decided by the two who destroyed the document, who were told the day. Until then it proves what was allowed. Held and lifted
as a document is, by the archivists of the controller of the place that had it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from tillid.archive.keeping import KINDS, LIFTED, PLACED, Hold, HoldKind, Keeping, Lifted, keeping_of
from tillid.archive.retention import due_day, happened_to
from tillid.archive.retention_rules import our_rules
from tillid.archive.tombstone import Tombstone
from tillid.consents.events import Event, scans_in
from tillid.documents.model import Document
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.keep_document import HOLD, SEE, stated
from tillid.usecases.keepers import knows_of
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.writing import already, note, note_of_system, record_event

STEP = "forget_evidence"


class Ref(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to write an event about."""

    id: str
    child_id: str


class KeptEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """``keeping``: its holds are those of the evidence now; ``events``: about the keeping alone."""

    stone: Tombstone
    keeping: Keeping
    events: tuple[Event, ...]


def evidence_due(document: Document, events: list[Event]) -> date | None:
    """The day on which the period of the document's consents is over; ``None`` if nothing was ever asked or decided."""
    return due_day(our_rules().of_kind("evidence"), happened_to(document, events))


def remember_evidence(house: House, stone: Tombstone) -> None:
    """Have it forgotten when its day comes; at once where nobody was ever asked, for then there is nothing left to prove."""
    if stone.evidence_due is None:
        house.ledger.forget(stone.id, KINDS)
    elif stone.evidence_gone is None:
        moment = max(house.moment, end_of(stone.evidence_due - timedelta(days=1)))
        house.outbox.add(STEP, {"document": stone.id, "event": stone.event}, moment)


def forget_evidence(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Events give way to their digests, records and scans go; the log and the series stay whole. Nothing while it is held: who
    lifts the hold has it remembered anew."""
    with open_house() as house:
        stone = house.documents.tombstone(entry.ids["document"])
        if stone is None or stone.evidence_gone is not None:
            return
        events = house.ledger.of_document(stone.id)
        if keeping_of(events).holds:
            return
        note_of_system(house, STEP, _ref(events), stone.event)
        house.ledger.forget(stone.id, KINDS)
        scans = frozenset(one for event in events for one in scans_in(event.payload))
        for digest in scans - scans_among(house, scans):
            if not house.documents.mentions(digest):
                house.blobs.remove(digest)
        house.documents.keep_tombstone(msgspec.structs.replace(stone, evidence_gone=house.moment))


def scans_among(house: House, digests: Iterable[str]) -> frozenset[str]:
    """Those of ``digests`` that an event names as the scan of an answer on paper: one sheet, or a whole pile scanned into one file, may be
    the proof of several answers."""
    return frozenset(one for one in digests if house.ledger.names_scan(one))


def kept_evidence(house: House, who: Identity, document_id: str) -> KeptEvidence:
    """The tombstone and what holds its evidence, logged; ``NotFound`` for everybody but the controller's archivists (R-05)."""
    stone, events = _required(house, who, document_id)
    note(house, who, SEE, _ref(events))
    found = tuple(event for event in events if event.kind in KINDS)
    return KeptEvidence(stone=stone, keeping=keeping_of(events), events=found)


def hold_evidence(
    house: House, who: Identity, document_id: str, kind: HoldKind, reason: str, *, event_id: str
) -> Event:
    """It stays as long as it is held. Raises ``ReasonWrong``, ``NotFound``."""
    _, events = _required(house, who, document_id)
    if done := already(house, document_id, event_id):
        return done
    payload = Hold(kind=kind, reason=stated(reason))
    note(house, who, HOLD, _ref(events))
    return record_event(house, _ref(events), PLACED, who.person_id, payload, event_id=event_id)


def lift_evidence_hold(
    house: House, who: Identity, document_id: str, hold_id: str, reason: str, *, event_id: str
) -> Event:
    """Raises ``ReasonWrong``; ``NotFound`` also when it does not stand."""
    stone, events = _required(house, who, document_id)
    if done := already(house, document_id, event_id):
        return done
    if all(one.id != hold_id for one in keeping_of(events).holds):
        raise NotFound("no such hold")
    payload = Lifted(hold=hold_id, reason=stated(reason))
    note(house, who, HOLD, _ref(events))
    event = record_event(house, _ref(events), LIFTED, who.person_id, payload, event_id=event_id)
    remember_evidence(house, stone)
    return event


def _required(house: House, who: Identity, document_id: str) -> tuple[Tombstone, list[Event]]:
    stone = house.documents.tombstone(document_id)
    if stone is None or not knows_of(house, who, stone):
        raise NotFound("no tombstone of the archivist's")
    return stone, house.ledger.of_document(document_id)


def _ref(events: list[Event]) -> Ref:
    return Ref(id=events[0].document_id, child_id=events[0].child_id)
