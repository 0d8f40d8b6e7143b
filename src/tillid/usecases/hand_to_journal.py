"""After a commit: an entry of the journal goes to the municipality's own system, whole and once (U23, R-80, ADR 0078).

As the journal's reader it gets what the receiver of an underretning reads, and of a wellbeing form what its own place does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tillid.archive.journal import HANDED, Handed, Journalled, handed
from tillid.archive.journal_exchange import Attachment, Entry, FormOf, Named, packed
from tillid.consents.events import Event
from tillid.consents.remarks import remarks_of
from tillid.documents.model import Document, Reader, Version
from tillid.documents.rendering import RenderJob, attached_files
from tillid.forms.showing import projection
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import Unavailable
from tillid.process.access import is_notification
from tillid.usecases.add_revision import PDF, SUFFIX
from tillid.usecases.copy_job import copy_job
from tillid.usecases.fill import definition_of
from tillid.usecases.made_for_person import place_of
from tillid.usecases.package_document import filed_of
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.ports_journal import JournalSystem
from tillid.usecases.writing import SYSTEM, audit_row, record_event

STEP, ACTION = "hand_to_journal", "hand_to_journal"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is still to be handed over."""

    document: Document
    version: Version
    event: Event
    journal: JournalSystem


def let_hand_over(house: House, document: Document, event: Event) -> None:
    """Remember it, where the municipality's system is joined."""
    if house.journal is not None:
        house.outbox.add(STEP, {"document": document.id, "event": event.id}, house.moment)


def hand_to_journal(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Render what the journal gets, log that it goes, hand it over, remember that in the ledger; nothing if that is done, or the document
    destroyed. Raises ``Unavailable`` while the folder is away or taken out of the settings, and while the use is restricted."""
    files: dict[str, bytes] = {}
    with open_house() as house:
        wanted = _wanted(house, entry)
        if wanted is None:
            return
        begun = wanted.journal.handed(wanted.event.id) is not None
        if not begun:
            reader = reader_of_journal(wanted.document)
            job, said = copy_job(house, wanted.document, wanted.version, reader), _entry(house, wanted)
            beside, renderer = list(_attached(house, wanted, reader)), house.renderer
    if not begun:
        files = packed(said, (*_printed(renderer.render(job).pdf, job), *beside))
    with open_house() as house:
        wanted = _wanted(house, entry)
        if wanted is None:
            return
        _log(house, wanted, entry)
        digest = wanted.journal.hand_over(wanted.event.id, files)
        record_event(house, wanted.document, HANDED, SYSTEM.person_id, Handed(entry=wanted.event.id, digest=digest))


def reader_of_journal(document: Document) -> Reader:
    """As whom the journal reads it: never as its author, whose own notes stay here."""
    return "authority" if is_notification(document) else "team"


def _wanted(house: House, entry: OutboxEntry) -> Wanted | None:
    document, event = house.documents.get(entry.ids["document"]), house.ledger.event(entry.ids["event"])
    if document is None or event is None:
        return None
    events = house.ledger.of_document(document.id)
    if handed(events, event.id) is not None:
        return None
    if house.journal is None:
        raise Unavailable("no journal system is joined", code="journal.off")
    version = house.documents.version(document.id, msgspec.convert(event.payload, Journalled).version)
    if version is None:
        return None
    if remarks_of(events).restrictions and house.journal.handed(event.id) is None:
        raise Unavailable("its use is restricted", code="journal.restricted")  # later, when it is lifted
    return Wanted(document=document, version=version, event=event, journal=house.journal)


def _log(house: House, wanted: Wanted, entry: OutboxEntry) -> None:
    """One row for one entry, before anything leaves, however often a killed process begins again."""
    row = audit_row(house, SYSTEM, ACTION, wanted.document.id, wanted.document.child_id, ACTION)
    row = msgspec.structs.replace(row, id=place_of(entry.key), role=SYSTEM.person_id)
    if all(one.id != row.id for one in house.audit.of_child(row.child_id)):
        house.audit.write(row)


def _entry(house: House, wanted: Wanted) -> Entry:
    document, version, said = wanted.document, wanted.version, msgspec.convert(wanted.event.payload, Journalled)
    definition, settings = definition_of(house, version), house.settings
    # An underretning's child is an id that no register knows: whom it is about its own answers say.
    child = house.people.child(document.child_id) if document.child_id else None
    return Entry(
        entry=wanted.event.id,
        number=document.number,
        version=version.number,
        date=said.date,
        theme=said.theme,
        form=FormOf(id=definition.id, version=definition.version, title=definition.title),
        municipality=Named(id=settings.cvr, name=settings.municipality),
        sender=_unit(house, document.unit_id) or Named(id=document.unit_id, name=""),
        receiver=_unit(house, document.receiver_unit_id),
        child=Named(id=child.id, name=child.name) if child is not None else None,
        kle=filed_of(house, document, house.ledger.of_document(document.id)),
    )


def _unit(house: House, unit_id: str | None) -> Named | None:
    found = house.people.unit(unit_id) if unit_id else None
    return Named(id=found.id, name=found.name) if found is not None else None


def _printed(pdf: bytes, job: RenderJob) -> tuple[Attachment, Attachment]:
    return (
        Attachment(name="document.pdf", media_type=PDF, data=pdf),
        Attachment(name="data.json", media_type="application/json", data=job.data),
    )


def _attached(house: House, wanted: Wanted, reader: Reader) -> Iterator[Attachment]:
    """The files that the answers name, each once, by number."""
    answers: dict[str, Any] = projection(definition_of(house, wanted.version), wanted.version.answers, reader)
    named = {file.sha256: file for answer in answers.values() for file in attached_files(answer)}
    for place, file in enumerate(named.values(), start=1):
        data = house.blobs.get(file.sha256)
        if data is None or sha256(data) != file.sha256:
            raise Unavailable("a file is missing or damaged", code="journal.file-damaged")
        name = f"attachment-{place:02}.{SUFFIX.get(file.media_type, 'bin')}"
        yield Attachment(name=name, media_type=file.media_type, data=data)
