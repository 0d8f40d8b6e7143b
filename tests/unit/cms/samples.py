"""Small values for the tests of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tillid.archive.tombstone import Tombstone
from tillid.consents.custody import Custody, Holder
from tillid.consents.events import Event, next_event
from tillid.documents.model import Copy, DefinitionRef, Document, Draft, DraftField, Version
from tillid.kernel.canonical import json_digest
from tillid.kernel.ids import new_id
from tillid.process.organisation import Child

KEY = bytes(range(32))
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DEFINITION = DefinitionRef(form_id="overgangsbeskrivelse", version=3, digest="0" * 64)


def document(**fields) -> Document:
    defaults = {
        "id": new_id(),
        "number": f"TD-{new_id()[:6].upper()}",
        "child_id": new_id(),
        "unit_id": new_id(),
        "definition": DEFINITION,
        "variant": "boernehave",
        "state": "draft",
        "created_at": NOW,
        "author": new_id(),
    }
    return Document(**(defaults | fields))


def draft(document: Document, text: str = "Ida tør mere nu") -> Draft:
    field = DraftField(value=text, revision=1, by=document.author, side="professional", at=NOW)
    return Draft(document_id=document.id, fields={"styrker": field})


def version(document: Document, number: int = 1, **fields) -> Version:
    answers = {"styrker": "Ida tør mere nu"}
    defaults = {
        "document_id": document.id,
        "number": number,
        "agreed": False,
        "definition": DEFINITION,
        "answers": answers,
        "answers_digest": json_digest(answers),
        "frozen_at": NOW,
        "frozen_by": document.author,
    }
    return Version(**(defaults | fields))


def copy(sha256: str = "a" * 64) -> Copy:
    return Copy(reader="parent", sha256=sha256, size=10, pages=1, template_digest="b" * 64, made_at=NOW)


def tombstone(document: Document, **fields) -> Tombstone:
    defaults = {name: getattr(document, name) for name in ("id", "number", "unit_id", "created_at")}
    defaults |= {
        "form_id": document.definition.form_id,
        "form_version": document.definition.version,
        "destroyed_at": NOW,
    }
    defaults |= dict.fromkeys(
        ("subject", "facet", "basis", "rule", "rules", "archived", "ordered_by", "confirmed_by"), ""
    )
    defaults |= {"digests": (), "copies": (), "mark": "kasseres", "event": new_id()}
    return Tombstone(**(defaults | fields))


def event(series: list[Event], document: Document, series_id: str, **fields) -> Event:
    defaults = {"id": new_id(), "kind": "document_created", "at": NOW, "actor": document.author}
    return next_event(
        series, series_id=series_id, child_id=document.child_id, document_id=document.id, **(defaults | fields)
    )


def child(**fields) -> Child:
    defaults = {
        "id": new_id(),
        "name": "Ida Test",
        "birth_date": date(2021, 5, 1),
        "unit_id": new_id(),
        "group": "Solstrålen",
        "variant": "boernehave",
    }
    return Child(**(defaults | fields))


def custody(child_id: str, *holder_ids: str, **fields) -> Custody:
    holders = tuple(
        Holder(
            person_id=id, name="En Forælder", relation="parent", resident=True, since=datetime(2021, 5, 1, tzinfo=UTC)
        )
        for id in holder_ids
    )
    return Custody(child_id=child_id, holders=holders, shared_residence=False, checked_at=NOW, **fields)
