"""What changed between two versions as a job for the renderer: the page of the changes on paper (ADR 0035). Pure.

It holds one reader's comparison, which was made of that reader's projections, and nothing else (design 16).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from tillid.documents.comparing import Comparison, FieldChange
from tillid.documents.model import Document, Reader
from tillid.documents.rendering import RenderField, RenderJob, RenderSection, Stretch, about
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import canonical_json

LAYOUT = "aendringer"
KINDS = {
    "added": "ny tekst",
    "removed": "fjernet",
    "changed": "ændret",
    "spaced": "kun mellemrum eller linjeskift er ændret",
    "asked": "spørgsmålet er ændret, svaret er det samme",
}


def change_job(
    definition: FormDefinition,
    comparison: Comparison,
    *,
    before: int,
    after: int,
    reader: Reader,
    document: Document,
    municipality: str,
    moment: datetime,
    header: tuple[tuple[str, str], ...] = (),
) -> RenderJob:
    """The job for ``reader``'s PDF of ``comparison`` between the versions ``before`` and ``after``; ``definition`` is the form
    of the later one, ``moment`` when that was frozen: the same two versions give the same bytes."""
    return RenderJob(
        form_id=definition.id,
        version=definition.version,
        title=definition.title,
        subtitle=f"Hvad er ændret fra udgave {before} til udgave {after}",
        document_number=document.number,
        document_id=document.id,
        reader=reader,
        municipality=municipality,
        moment=moment,
        header=tuple((label, text) for label, text in header if text),
        sections=tuple(
            RenderSection(title=section.title, fields=tuple(_field(one) for one in section.fields))
            for section in comparison.sections
        )
        or (_SAME,),
        data=_data(definition, comparison, before, after, reader, document),
        data_name="changes.json",
        layout=LAYOUT,
    )


_SAME = RenderSection(
    title="Ingen ændringer",
    fields=(
        RenderField(
            label="De to udgaver",
            kind="text",
            changes=((Stretch("same", "Der er ingen forskel på det, du kan læse i de to udgaver."),),),
        ),
    ),
)


def _field(one: FieldChange) -> RenderField:
    """The label says what kind of change it is: read aloud and in a list of contents it is told too."""
    lines = ([Stretch(change.kind, change.text) for change in line if change.text] for line in one.difference.lines)
    changes = tuple(tuple(_trimmed(line)) for line in lines if line)
    if one.was:
        changes = ((Stretch("same", f"Spørgsmålet lød før: »{one.was}«."),), *changes)
    return RenderField(label=f"{one.label} ({KINDS[one.kind]})", kind="text", field_id=one.field_id, changes=changes)


def _trimmed(line: list[Stretch]) -> Iterator[Stretch]:
    """White space at the ends of what was added or removed stands outside of it: ``[fjernet: ord]`` and not ``[fjernet:
    ord ]``. What is nothing but white space is told by nobody's words, so it is shown as it is now."""
    for one in line:
        if one.kind == "same":
            yield one
            continue
        core = one.text.strip()
        if not core:
            if one.kind == "added":
                yield Stretch("same", one.text)
            continue
        start = one.text.index(core)
        parts = (("same", one.text[:start]), (one.kind, core), ("same", one.text[start + len(core) :]))
        yield from (Stretch(kind, text) for kind, text in parts if text)


def _data(
    definition: FormDefinition, comparison: Comparison, before: int, after: int, reader: Reader, document: Document
) -> bytes:
    """RFC 8785 JSON of the same: the associated file of the PDF."""
    fields = [one for section in comparison.sections for one in section.fields]
    return canonical_json(
        {
            "document": about(document, definition),
            "reader": reader,
            "before": before,
            "after": after,
            "unchanged": comparison.unchanged,
            "changes": [
                {
                    "field": one.field_id,
                    "kind": one.kind,
                    **({"asked_before": one.was} if one.was else {}),
                    "stretches": msgspec.to_builtins(one.difference.changes),
                }
                for one in fields
            ],
        }
    )
