"""One document as rows and files of the feed for a Danish archive version (AVID; R-84, R-85, ADR 0056). Pure: contents in, rows out.

It is a feed and no archive version: documents are the files that we have (PDF/A, XML), not TIFF, and the archive's own number, media
and archive index are for whoever makes the version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from tillid.archive.avid_tables import ANSWER, ATTACHED, CHILD, CODE, DOCUMENT, EVENT, FIELD, FORM, PROOF, UNIT
from tillid.archive.keeping import keeping_of
from tillid.archive.package import Contents
from tillid.archive.package_mets import PackageFile
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import canonical_json, sha256
from tillid.kernel.clock import instant

Value = str | int | bool | None
Row = tuple[Value, ...]
_PLACE = re.compile(r"records/([^/]+)/(.+)\Z")
_BESIDE = "attachments/"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The place that a document comes from."""

    id: str
    name: str
    kind: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """The child that a document is about, as the register has it now."""

    id: str
    name: str
    born: date


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """``child``: ``None`` for a document about no child."""

    contents: Contents
    definition: FormDefinition
    unit: Place
    child: Person | None
    agreed: bool
    corrected: bool
    answers: dict[str, Any]


class Numbers:
    """Ids of files, one after the other, and which shared rows (places, children, forms) are written already."""

    def __init__(self) -> None:
        self.last = 0
        self._seen: set[tuple[str, str]] = set()

    def next(self) -> int:
        """A new file's id."""
        self.last += 1
        return self.last

    def first(self, table: str, key: str) -> bool:
        """Whether the row was not asked for before."""
        known = (table, key) in self._seen
        self._seen.add((table, key))
        return not known


class FileOf(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the feed: ``id``: its number in docIndex; ``name``: what it is called in the package."""

    id: int
    name: str
    data: bytes
    media_type: str


Piece = tuple[str, Row] | FileOf


def definition_bytes(definition: FormDefinition) -> bytes:
    """The form as it was compiled, of which ``skema_id`` is the SHA-256."""
    return canonical_json(msgspec.to_builtins(definition))


def pieces(entry: Entry, numbers: Numbers) -> Iterator[Piece]:
    """Its rows and files; a row never comes before what it points at."""
    contents, unit, child = entry.contents, entry.unit, entry.child
    owner = contents.controller
    form_id = sha256(definition_bytes(entry.definition))
    if numbers.first(UNIT, unit.id):
        yield UNIT, (unit.id, unit.name, unit.kind, owner.name, owner.cvr or None)
    if child is not None and numbers.first(CHILD, child.id):
        yield CHILD, (child.id, child.name, child.born.isoformat())
    if numbers.first(FORM, form_id):
        yield from _form(entry.definition, form_id)
    (pdf,) = contents.pdfa
    held = numbers.next()
    yield FileOf(id=held, name=f"{contents.number}.pdf", data=pdf.data, media_type=pdf.media_type)
    filed = contents.filed
    yield DOCUMENT, (
        contents.document_id, contents.number, contents.title, form_id, child.id if child else None, unit.id,
        contents.version, entry.agreed, entry.corrected, instant(contents.frozen_at), filed.subject or None if filed else None,
        filed.facet or None if filed else None, filed.decided if filed else None, keeping_of(contents.events).mark, held,
    )  # fmt: skip
    yield from _answers(entry, form_id)
    for event in contents.events:
        yield EVENT, (
            event.id, contents.document_id, event.series_id, event.sequence, event.kind, instant(event.at),
            event.actor or None, event.digest, event.previous, event.json().decode(),
        )  # fmt: skip
    for file in contents.data:
        yield from _proof(file, numbers)
        if file.path.startswith(_BESIDE):
            yield from _attached(file, contents.document_id, numbers)


def _form(definition: FormDefinition, form_id: str) -> Iterator[Piece]:
    yield FORM, (form_id, definition.id, definition.version, definition.title)
    for section in definition.sections:
        for field in section.fields:
            yield FIELD, (form_id, field.id, field.label, field.type, section.title, field.settings.get("code_list"))
    for listed in definition.code_lists:
        for choice in listed.choices:
            yield CODE, (form_id, listed.id, choice.code, choice.label)


def _answers(entry: Entry, form_id: str) -> Iterator[Piece]:
    number = 0
    for field, answer in entry.answers.items():
        for part, value in parts(answer):
            number += 1
            yield ANSWER, (entry.contents.document_id, number, form_id, field, part or None, value)


def parts(answer: Any, path: str = "") -> Iterator[tuple[str, str | None]]:
    """An answer's parts, each with the way to it: names, and numbers from 1; a simple answer is one part without a way."""
    if isinstance(answer, dict):
        for name, value in sorted(answer.items()):
            yield from parts(value, f"{path}.{name}" if path else name)
    elif isinstance(answer, list | tuple):
        for number, value in enumerate(answer, start=1):
            yield from parts(value, f"{path}.{number}" if path else str(number))
    elif isinstance(answer, bool):
        yield path, "true" if answer else "false"
    else:
        yield path, None if answer is None else str(answer)


def _proof(file: PackageFile, numbers: Numbers) -> Iterator[Piece]:
    """What lies by a signed record, all of it (R-85)."""
    if (found := _PLACE.match(file.path)) is None:
        return
    event_id, name = found.groups()
    held = numbers.next()
    yield FileOf(id=held, name=name.rsplit("/", 1)[-1], data=file.data, media_type=file.media_type)
    yield PROOF, (held, event_id, name, file.media_type, sha256(file.data))


def _attached(file: PackageFile, document_id: str, numbers: Numbers) -> Iterator[Piece]:
    held, name = numbers.next(), file.path.removeprefix(_BESIDE)
    yield FileOf(id=held, name=name, data=file.data, media_type=file.media_type)
    yield ATTACHED, (held, document_id, name, file.media_type, sha256(file.data))
