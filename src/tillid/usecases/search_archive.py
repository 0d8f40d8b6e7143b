"""Walk 3: the archivist finds, is shown only what design 22 allows, and opens with records and verdicts (station 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from tillid.archive.query import SearchHit, SearchQuery, SearchResult
from tillid.consents.events import Event, broken_links
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Facts, Identity
from tillid.signatures.verdict import Verdict
from tillid.usecases.facts import allowed, facts_of, require
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.seal_record import RECORD
from tillid.usecases.writing import note

MIN_PURPOSE = 10
VerifyRecord = Callable[[bytes, datetime], Verdict]


class PurposeMissing(TillidError):
    code = "search.purpose-missing"
    text = "Skriv kort, hvad du skal bruge søgningen til (mindst {count} tegn). Formålet bliver gemt i loggen."


class RecordShown(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger event with its signed record and what verification says now; ``verdict`` is ``None`` without a record."""

    event: Event
    record: bytes | None
    verdict: Verdict | None


class ArchivedCase(msgspec.Struct, frozen=True, kw_only=True):
    """``chain_broken``: ids of events whose link does not hold."""

    document: Document
    facts: Facts
    events: tuple[Event, ...]
    records: tuple[RecordShown, ...]
    chain_broken: tuple[str, ...]


def units_of_archivist(house: House, who: Identity) -> tuple[str, ...]:
    """The units of the archivist's own data controller (R-05): below the assignment and of the same controller."""
    organigram = house.people.organigram()
    found: set[str] = set()
    for one in who.assignments:
        if one.role != "archivist" or one.unit_id not in organigram.units:
            continue
        controller = organigram.units[one.unit_id].controller.id
        found |= {u for u in organigram.below(one.unit_id) if organigram.units[u].controller.id == controller}
    return tuple(sorted(found))


def search_archive(house: House, who: Identity, query: SearchQuery, purpose: str) -> SearchResult:
    """1. is there a purpose and a scope? 2. log 3. ask the back end, minus what changed and is not indexed yet
    4. ask the ledger again about every hit. Raises ``PurposeMissing``; ``NotFound`` for everybody but archivists."""
    units = units_of_archivist(house, who)
    if not units:
        raise NotFound("not an archivist")
    if len(purpose.strip()) < MIN_PURPOSE:
        raise PurposeMissing("too short", count=MIN_PURPOSE)
    house.audit.write(
        AuditRow(
            id=new_id(),
            phase="attempt",
            at=house.moment,
            request_id=house.request_id,
            person_id=who.person_id,
            role="archivist",
            action="search",
            object_id="",
            child_id="",
            purpose=purpose.strip(),
        )
    )
    scoped = msgspec.structs.replace(query, allowed_units=units, exclude=house.exclusions.all())
    result = house.search.search(scoped)
    shown = tuple(hit for hit in result.hits if _still_shown(house, who, hit))
    if len(shown) == len(result.hits):
        return result
    hidden = {hit.document_id for hit in result.hits} - {hit.document_id for hit in shown}
    again = house.search.search(msgspec.structs.replace(scoped, exclude=scoped.exclude | hidden))
    return msgspec.structs.replace(again, hits=tuple(hit for hit in again.hits if _still_shown(house, who, hit)))


def _still_shown(house: House, who: Identity, hit: SearchHit) -> bool:
    """The index may lag or lie; the ledger and the register decide (decision 5)."""
    document = house.documents.get(hit.document_id)
    return document is not None and allowed(house, who, "read_archived", facts_of(house, document))


def open_archived(house: House, who: Identity, document_id: str, purpose: str, verify: VerifyRecord) -> ArchivedCase:
    """The case with its events, its signed records and what verification says of each; logged first (R-71)."""
    if len(purpose.strip()) < MIN_PURPOSE:
        raise PurposeMissing("too short", count=MIN_PURPOSE)
    document, facts = require(house, who, "read_archived", document_id)
    note(house, who, "open_archived", document, purpose.strip())
    events = house.ledger.of_document(document_id)
    records = []
    for event in events:
        if event.kind in ("consent_given", "consent_refused", "consent_withdrawn"):
            record = house.ledger.attachments(event.id).get(RECORD)
            verdict = verify(record, house.moment) if record else None
            records.append(RecordShown(event=event, record=record, verdict=verdict))
    return ArchivedCase(
        document=document,
        facts=facts,
        events=tuple(events),
        records=tuple(records),
        chain_broken=tuple(broken_links(events)),
    )
