"""Walk 3, second half: the archivist opens a case with its text, events, signed records and verdicts (station 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from tillid.archive.scope import version_to_index
from tillid.consents.events import Event, broken_links
from tillid.documents.model import Document, Version
from tillid.forms.definition import FormDefinition
from tillid.forms.readers import ARCHIVE
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts, Identity
from tillid.signatures.timestamp_xades import with_timestamp
from tillid.signatures.verdict import Verdict
from tillid.usecases.facts import archive_request, require
from tillid.usecases.fill import definition_of
from tillid.usecases.open_copy import OpenedCopy, open_copy
from tillid.usecases.ports import House
from tillid.usecases.read_text import ReadCopy, copy_text
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD, SEALED, TIMESTAMP
from tillid.usecases.search_archive import stated_purpose
from tillid.usecases.sign_personally import expected_of
from tillid.usecases.writing import note

VerifyRecord = Callable[[bytes, datetime], Verdict]


class RecordShown(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger event with its sealed record and what verification says now; ``verdict`` is ``None`` without a record,
    ``personal`` (the person's own signature beside it, R-103) without one."""

    event: Event
    record: bytes | None
    verdict: Verdict | None
    personal: Verdict | None = None


class ArchivedCase(msgspec.Struct, frozen=True, kw_only=True):
    """``version``: the one that is the archive's (design 22: never a newer one that nobody has consented to);
    ``text``: what its copy says, to read; ``chain_broken``: ids of events whose link does not hold."""

    document: Document
    definition: FormDefinition
    facts: Facts
    version: Version
    text: ReadCopy
    events: tuple[Event, ...]
    records: tuple[RecordShown, ...]
    chain_broken: tuple[str, ...]


def open_archived(
    house: House, who: Identity, document_id: str, purpose: str, verify: VerifyRecord, language: str = "da"
) -> ArchivedCase:
    """The case with its events, its signed records and what verification says of each; logged first (R-71).

    Raises ``PurposeMissing``, and ``NotFound`` for what is not the archive's or another controller's (R-05)."""
    stated = stated_purpose(purpose)
    document, facts = require(house, who, "read_archived", document_id)
    note(house, who, "open_archived", document, stated)
    version = _version(house, document, facts)
    definition = definition_of(house, version)
    events = house.ledger.of_document(document_id)
    return ArchivedCase(
        document=document,
        definition=definition,
        facts=facts,
        version=version,
        text=copy_text(house, document, version, ARCHIVE, language),
        events=tuple(events),
        records=tuple(_shown(house, event, verify) for event in events if event.kind in SEALED),
        chain_broken=tuple(broken_links(events)),
    )


def open_archived_copy(house: House, who: Identity, document_id: str, purpose: str) -> OpenedCopy:
    """The archive's PDF of the archive's version; logged with the purpose before the bytes leave."""
    stated = stated_purpose(purpose)
    document, facts = require(house, who, "read_archived", document_id)
    number = _version(house, document, facts).number
    return open_copy(house, who, document_id, "read_archived", number, purpose=stated)


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


def _version(house: House, document: Document, facts: Facts) -> Version:
    found = archive_request(house, house.ledger.of_document(document.id), facts.custody)
    verdict, asked = (found[1], found[0].document.version) if found else (None, None)
    number = version_to_index(document, verdict, asked)
    version = house.documents.version(document.id, number) if number else None
    if version is None:
        raise NotFound("no version of the archive's")
    return version


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
        personal = house.personal.verdict(signature, expected, house.moment, attached.get(PERSONAL_STAMP))
    return RecordShown(event=event, record=record, verdict=verify(whole, house.moment), personal=personal)
