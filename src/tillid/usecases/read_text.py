"""Reading on the page, without a PDF: the text of a draft or a version, as one reader may see it (design 16)."""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.consents.model import ConsentRequest
from tillid.consents.remarks import Remarks, remarks_of
from tillid.documents.model import Document, Reader, Version
from tillid.documents.rendering import COPIES, RenderField, RenderSection, sections, unsaid
from tillid.forms.answers import projection
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound
from tillid.kernel.once import Once
from tillid.process.access import Identity
from tillid.usecases.copy_job import Head, head_of
from tillid.usecases.facts import require
from tillid.usecases.fill import DraftView, definition_of, open_draft
from tillid.usecases.given import parents_numbers
from tillid.usecases.open_copy import READER, Operation
from tillid.usecases.ports import House
from tillid.usecases.writing import note


class ReadText(msgspec.Struct, frozen=True, kw_only=True):
    """The text that is still being written; ``sections`` hold what is answered."""

    document: Document
    sections: tuple[RenderSection, ...]


class ReadCopy(msgspec.Struct, frozen=True, kw_only=True):
    """One reader's copy of a frozen version, to read on a page: of the same version, projection and facts as its PDF.
    ``title`` and ``form_version``: of its form; ``head``: the facts above the answers; ``kind``: whose copy it is;
    ``remarks``: what stands beside the text; ``pages``: how many the PDF has, 0 while it is not made."""

    document: Document
    version: int
    agreed: bool
    title: str
    form_version: int
    head: Head
    kind: str
    sections: tuple[RenderSection, ...]
    remarks: Remarks
    pages: int


_FROZEN: Once[tuple[RenderSection, ...]] = Once(256)


def frozen_sections(
    definition: FormDefinition, version: Version, answers: dict[str, Any], reader: Reader, language: str, part: str = ""
) -> tuple[RenderSection, ...]:
    """The printed sections of a frozen version as ``reader`` sees them; made once, since neither text nor form changes.
    ``part``: which part of the version ``answers`` are (the key of a release), empty for all of it."""
    key = (definition.digest, version.document_id, version.answers_digest, reader, language, part)
    return _FROZEN.get(key, lambda: sections(definition, projection(definition, answers, reader), language))


def read_version(
    house: House, who: Identity, document_id: str, operation: Operation, language: str, number: int | None = None
) -> ReadCopy:
    """Version ``number`` (default: the newest) as ``operation``'s reader sees it; an attempt row is written first."""
    document, _ = require(house, who, operation, document_id)
    note(house, who, operation, document)
    if operation == "read_parent_copy":
        number = parents_numbers(house, document, number)[0]
    version = house.documents.version(document_id, number or document.versions)
    if version is None:
        raise NotFound("no such version")
    return copy_text(house, document, version, READER[operation], language)


def copy_text(house: House, document: Document, version: Version, reader: Reader, language: str) -> ReadCopy:
    """What ``reader``'s copy of ``version`` says, for who was asked and logged already."""
    definition, made = definition_of(house, version), version.copies.get(reader)
    shown = frozen_sections(definition, version, version.answers, reader, language)
    return ReadCopy(
        document=document,
        version=version.number,
        agreed=version.agreed,
        title=definition.title,
        form_version=definition.version,
        head=unsaid(head_of(house, document, version), shown),
        kind=COPIES[reader],
        sections=shown,
        remarks=remarks_of(house.ledger.of_document(document.id)),
        pages=made.pages if made else 0,
    )


def read_draft(house: House, who: Identity, document_id: str, language: str) -> tuple[DraftView, ReadText]:
    """The text both sides are writing, whole, with the view that knows its digest ("enig tekst")."""
    view = open_draft(house, who, document_id)
    definition = definition_of(house, view.document)
    answers = {field: value for field, value in view.draft.answers.items() if value is not None}
    seen = projection(definition, answers, "parent" if view.side == "parent" else "team")
    return view, ReadText(document=view.document, sections=sections(definition, seen, language))


def item_fields(house: House, request: ConsentRequest, language: str) -> dict[str, tuple[RenderField, ...]]:
    """Item id → what stands in it, word for word, in the version that is asked about; for the holders' consent page."""
    document = house.documents.get(request.document.document_id)
    version = house.documents.version(request.document.document_id, request.document.version)
    if document is None or version is None:
        raise NotFound("version missing")
    definition = definition_of(house, version)
    seen = projection(definition, version.answers, "parent")
    found = {}
    for item in request.items:
        own = {field: seen[field] for field in item.field_ids if field in seen}
        found[item.id] = tuple(field for section in sections(definition, own, language) for field in section.fields)
    return found


class SpokenWords(msgspec.Struct, frozen=True, kw_only=True):
    """A field that ``writer`` wrote for a parent in a talk; ``section_id`` is where the parent can correct it."""

    section_id: str
    field: RenderField
    writer: str


def words_for_holder(house: House, who: Identity, view: DraftView, language: str) -> tuple[SpokenWords, ...]:
    """The words in ``view`` that wait for ``who``'s confirmation, in the order of the form."""
    definition = definition_of(house, view.document)
    found = []
    for field in definition.fields:
        own = (one for one in view.draft.written_for.get(field.id, ()) if one.with_holder == who.person_id)
        written = next((one for one in own if one.confirmed_at is None), None)
        if written is None:
            continue
        value = view.draft.answers.get(field.id)
        shown = sections(definition, {field.id: value}, language) if value is not None else ()
        printed = shown[0].fields[0] if shown else RenderField(label=field.label, kind="text")
        writer = house.people.staff(written.by)
        found.append(SpokenWords(section_id=field.section, field=printed, writer=writer.name if writer else ""))
    return tuple(found)
