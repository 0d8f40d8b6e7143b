"""Walk 3, second half: the archivist opens a case with its text, events, signed records and verdicts (station 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from tillid.consents.events import Event, broken_links
from tillid.documents.model import Document, Version
from tillid.forms.definition import FormDefinition
from tillid.forms.readers import ARCHIVE
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts, Identity
from tillid.signatures.timestamp_xades import with_timestamp
from tillid.signatures.verdict import Verdict
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.archived_history import History, history_of
from tillid.usecases.archived_versions import ArchivedVersion, archive_version, archived_versions
from tillid.usecases.facts import require
from tillid.usecases.fill import definition_of
from tillid.usecases.freeze_record import best_proven
from tillid.usecases.keep_document import Kept, kept
from tillid.usecases.ports import House
from tillid.usecases.read_text import ReadCopy, copy_text
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD, SEALED, TIMESTAMP
from tillid.usecases.sign_personally import expected_of
from tillid.usecases.writing import note

VerifyRecord = Callable[[bytes, datetime], Verdict]


class RecordShown(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger event with its sealed record and what verification says now; ``verdict`` is ``None`` without a record,
    ``personal`` (the person's own signature beside it, R-103) without one. ``stamped``: an independent timestamp lies beside
    it; ``evidence``: what its renewed evidence proves, ``None`` before it has any (ADR 0041)."""

    event: Event
    record: bytes | None
    verdict: Verdict | None
    personal: Verdict | None = None
    stamped: bool = False
    evidence: Verdict | None = None


class ArchivedCase(msgspec.Struct, frozen=True, kw_only=True):
    """``version``: the one that is the archive's (design 22: never a newer one that nobody has consented to); ``text``: what its
    copy says, to read; ``chain_broken``: ids of events whose link does not hold; ``kept``: how long, and what holds it."""

    document: Document
    definition: FormDefinition
    facts: Facts
    version: Version
    versions: tuple[ArchivedVersion, ...]
    text: ReadCopy
    events: tuple[Event, ...]
    records: tuple[RecordShown, ...]
    chain_broken: tuple[str, ...]
    history: History
    kept: Kept


def open_archived(
    house: House, who: Identity, document_id: str, purpose: str, verify: VerifyRecord, language: str = "da"
) -> ArchivedCase:
    """The case with its events, its signed records and what verification says of each; logged first (R-71).

    Raises ``PurposeMissing``, and ``NotFound`` for what is not the archive's or another controller's (R-05)."""
    stated = stated_purpose(purpose)
    document, facts = require(house, who, "read_archived", document_id)
    note(house, who, "open_archived", document, stated)
    version = archive_version(house, document, facts)
    events = house.ledger.of_document(document_id)
    return ArchivedCase(
        document=document,
        definition=definition_of(house, version),
        facts=facts,
        version=version,
        versions=archived_versions(house, document, facts),
        text=copy_text(house, document, version, ARCHIVE, language),
        events=tuple(events),
        records=tuple(_shown(house, event, verify) for event in events if event.kind in SEALED),
        chain_broken=tuple(broken_links(events)),
        history=history_of(house, document),
        kept=kept(house, document, facts),
    )


def open_archived_record(house: House, who: Identity, document_id: str, event_id: str, purpose: str) -> bytes:
    """The signed XML of one event of the case; logged with the purpose before the bytes leave."""
    stated = stated_purpose(purpose)
    document, _ = require(house, who, "read_archived", document_id)
    if all(event.id != event_id for event in house.ledger.of_document(document_id)):
        raise NotFound("event of another document")
    record = house.ledger.attachments(event_id).get(RECORD)
    if record is None:
        raise NotFound("no record")
    note(house, who, "export_record", document, stated)
    return record


def _shown(house: House, event: Event, verify: VerifyRecord) -> RecordShown:
    attached = house.ledger.attachments(event.id)
    record, token = attached.get(RECORD), attached.get(TIMESTAMP)
    if record is None:
        return RecordShown(event=event, record=None, verdict=None)
    # With its timestamp: without it nothing is proven of a seal that ran out or was revoked since.
    whole = record if token is None else with_timestamp(record, token)
    signature, personal = attached.get(PERSONAL), None
    if signature is not None and house.personal is not None:
        expected = expected_of(event, record)
        proof = _proof(house, attached, own=True)
        # As of the moment that the renewed evidence proves, where it holds (ADR 0079).
        at = parse_instant(proof.details["proven_at"]) if proof is not None and proof.passed else house.moment
        personal = house.personal.verdict(signature, expected, at, attached.get(PERSONAL_STAMP))
    return RecordShown(
        event=event,
        record=record,
        verdict=verify(whole, house.moment),
        personal=personal,
        stamped=token is not None,
        evidence=_proof(house, attached),
    )


def _proof(house: House, attached: Mapping[str, bytes], *, own: bool = False) -> Verdict | None:
    """What the renewed evidence of the record, or of its holder's ``own`` signature, proves."""
    keeper = house.evidence
    if keeper is None:
        return None
    found = best_proven(attached, lambda frozen: keeper.judged(frozen, house.moment), own=own)
    return found[1] if found is not None else None
