"""From one reader's projection of the answers to a job for the renderer: plain data, no input or output.

Whatever goes into a job, the reader may see (design 16): the sections hold the projection alone, and so do the embedded
data. Title, subtitle, header and footer come from the caller and must obey the same rule. The state is never printed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from tillid.documents.model import Document, Reader
from tillid.documents.one_page import on_one_page
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.differences import checksum_words, told_apart
from tillid.forms.showing import projection
from tillid.kernel.canonical import canonical_json
from tillid.kernel.clock import instant

# Whose copy it is, as its last line says.
COPIES: dict[Reader, str] = {
    "author": "Medarbejdernes eksemplar",
    "team": "Medarbejdernes eksemplar",
    "parent": "Forældrenes eksemplar",
    "receiver": "Modtagerens eksemplar",
    "authority": "Myndighedens eksemplar",
    "notifier": "Underretterens eksemplar",
    "archive": "Arkivets eksemplar",
    "insight": "Udleveret efter indsigt",
    "kept": "Det modtagende arkivs eksemplar",
}


FILES_TITLE, FILES_LABEL = "Vedlagte filer", "Filernes navne og kontrolsummer (SHA-256)"


class AttachedFile(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded file that an answer names. ``place``: its number in the answer, from 1; ``called``: its name, and what tells
    it from another file of that name in the answer."""

    place: int
    name: str
    called: str
    sha256: str
    media_type: str


class Stretch(msgspec.Struct, frozen=True):
    """A piece of a text that is the same in two versions, or in the newer (``added``) or older (``removed``) alone."""

    kind: Literal["same", "added", "removed"]
    text: str


class RenderField(msgspec.Struct, frozen=True, kw_only=True):
    """One answered question as it is printed. ``files``: what can be opened beside it on a page; a PDF names them only.
    ``changes``: both answers line by line, where two versions are compared (``documents/change_job.py``)."""

    label: str
    kind: Literal["text", "list", "table"]
    text: str = ""
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    field_id: str = ""
    files: tuple[AttachedFile, ...] = ()
    changes: tuple[tuple[Stretch, ...], ...] = ()


class RenderSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section with at least one field."""

    title: str
    fields: tuple[RenderField, ...]
    id: str = ""


class RenderJob(msgspec.Struct, frozen=True, kw_only=True):
    """All a renderer needs for one copy. ``data``: the canonical JSON that is embedded as ``data_name``.

    ``moment`` becomes the PDF's dates and ``document_id`` part of its ids: the same job always gives the same bytes.
    ``field_ids``: every content field of the form, answered or not, so that a template may ask for one by its name; they
    are not printed. ``template``: the municipality's own template (its docx), empty = the program's;
    ``layout``: the name of a template of the program that is no form's own.
    """

    form_id: str
    version: int
    title: str
    document_number: str
    document_id: str
    reader: Reader
    municipality: str
    moment: datetime
    sections: tuple[RenderSection, ...]
    data: bytes
    data_name: str = "answers.json"
    subtitle: str = ""
    language: str = "da"
    header: tuple[tuple[str, str], ...] = ()
    footer_lines: tuple[str, ...] = ()
    field_ids: tuple[str, ...] = ()
    template: bytes = b""
    layout: str = ""


class RenderedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A finished PDF/A-3 and what a ``Copy`` keeps of it."""

    pdf: bytes
    sha256: str
    pages: int
    template_digest: str


def build_job(
    definition: FormDefinition,
    answers: dict[str, Any],
    *,
    reader: Reader,
    document: Document,
    municipality: str,
    moment: datetime,
    subtitle: str = "",
    header: tuple[tuple[str, str], ...] = (),
    footer_lines: tuple[str, ...] = (),
    language: str = "da",
) -> RenderJob:
    """The job for ``reader``'s copy of ``answers``: only what that reader may see, in the definition's order.

    Empty fields and sections are left out; so is what is derived and what belongs to later phases (design 11), for the
    projection has neither. For a receiver's copy ``answers`` are the released items alone.
    """
    seen = projection(definition, answers, reader)
    return RenderJob(
        form_id=definition.id,
        version=definition.version,
        title=definition.title,
        subtitle=subtitle,
        document_number=document.number,
        document_id=document.id,
        reader=reader,
        municipality=municipality,
        moment=moment,
        language=language,
        header=tuple((label, text) for label, text in header if text),
        sections=on_one_page(definition.id, sections(definition, seen, language)),
        field_ids=tuple(field.id for field in definition.fields if field.phase == "content"),
        footer_lines=footer_lines,
        data=embedded_data(definition, seen, reader=reader, document=document, moment=moment),
    )


def sections(definition: FormDefinition, seen: dict[str, Any], language: str) -> tuple[RenderSection, ...]:
    """The sections that have answers in ``seen``, and after them what is attached."""
    made = []
    for section in definition.sections:
        fields = tuple(
            printed
            for field in section.fields
            if field.id in seen and (printed := _printed(field, seen[field.id], definition, language))
        )
        if fields:
            made.append(RenderSection(id=section.id, title=section.title, fields=fields))
    return (*made, *files_by_digest(made))


def files_by_digest(made: list[RenderSection]) -> tuple[RenderSection, ...]:
    """What is attached, last: each file by the digest that the consent binds (R-11), so that the paper can be held against it."""
    found = dict.fromkeys(
        f"{file.name}: {file.sha256}" for section in made for field in section.fields for file in field.files
    )
    listed = RenderField(label=FILES_LABEL, kind="list", items=tuple(found))
    return (RenderSection(title=FILES_TITLE, fields=(listed,)),) if found else ()


def answer_line(field: RenderField) -> str:
    """The answer as one line: a list's items parted by semicolons, unless they are sentences."""
    if field.kind == "text":
        return field.text
    return (" " if all(item.endswith((".", "?", "!")) for item in field.items) else "; ").join(field.items)


def unsaid(header: tuple[tuple[str, str], ...], sections: tuple[RenderSection, ...]) -> tuple[tuple[str, str], ...]:
    """The facts of the head without those that an answer says too; a figure is no such answer."""
    sought = {text for _label, text in header if not text.isdigit()}
    said = {
        line for section in sections for one in section.fields if one.field_id and (line := answer_line(one)) in sought
    }
    return tuple((label, text) for label, text in header if text and text not in said)


def embedded_data(
    definition: FormDefinition, seen: dict[str, Any], *, reader: Reader, document: Document, moment: datetime
) -> bytes:
    """RFC 8785 JSON of the reader's answers and of what they answer; the associated file of the copy. It says no more than
    the pages do: what they show masked is masked here too (R-111)."""
    fields = ((definition.fields_by_id[name], value) for name, value in seen.items())
    shown = {field.id: field_type(field.type).in_copy(value, field) for field, value in fields}
    return canonical_json(
        {
            "document": {
                **about(document, definition),
                "definition_digest": definition.digest,
                "made_at": instant(moment),
            },
            "reader": reader,
            "answers": shown,
        }
    )


def about(document: Document, definition: FormDefinition) -> dict[str, str | int]:
    """What the file inside a PDF says of its document, whatever else it holds."""
    return {"id": document.id, "number": document.number, "form": definition.id, "version": definition.version}


def attached_files(value: Any, language: str = "da") -> tuple[AttachedFile, ...]:
    """The uploaded files in an answer: a file, a list with files, or a value with a file among its parts."""
    if not isinstance(value, dict | list | tuple):
        return ()
    entries = value if isinstance(value, list | tuple) else [value]
    if isinstance(value, dict) and "sha256" not in value:
        entries = list(value.values())
    found = [
        (place, one.get("name") or one.get("title") or "", one)
        for place, one in enumerate(entries, start=1)
        if isinstance(one, dict) and all(isinstance(one.get(key), str) for key in _FILE)
    ]
    called, _ = told_apart([(name, checksum_words(one["sha256"], language)) for _, name, one in found], [])
    return tuple(
        AttachedFile(place=place, name=name, called=words, **{key: one[key] for key in _FILE})
        for (place, name, one), words in zip(found, called, strict=True)
    )


_FILE = ("sha256", "media_type")


def _printed(field: Field, value: Any, definition: FormDefinition, language: str) -> RenderField | None:
    made = _printed_answer(field, value, definition, language)
    return msgspec.structs.replace(made, field_id=field.id, files=attached_files(value, language)) if made else None


def _printed_answer(field: Field, value: Any, definition: FormDefinition, language: str) -> RenderField | None:
    shown = field_type(field.type).format(value, field, definition, language)
    if isinstance(shown, str):
        return RenderField(label=field.label, kind="text", text=shown) if shown.strip() else None
    if shown and isinstance(shown[0], (list, tuple)):
        columns = tuple(column["label"] for column in field.settings["columns"] if not column.get("hidden"))
        return RenderField(label=field.label, kind="table", columns=columns, rows=tuple(tuple(row) for row in shown))
    items = tuple(item for item in shown if item)
    return RenderField(label=field.label, kind="list", items=items) if items else None
