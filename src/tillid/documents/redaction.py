"""A copy from which answers are left out: not covered but never put in, on the pages and in the data inside alike. Pure.

The copy is rendered from what is left (ADR 0058), so there is nothing under a black bar. Where an answer was, the page says that one was left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from tillid.documents.model import Document
from tillid.documents.rendering import (
    FILES_TITLE,
    RenderField,
    RenderJob,
    RenderSection,
    answer_line,
    embedded_data,
    files_by_digest,
    sections,
)
from tillid.forms.definition import FormDefinition

LEFT_OUT = "Udeladt"
SUBTITLE = "Udleveret efter anmodning om indsigt"
LEAST_REPEATED = 4  # characters; shorter answers (»ja«) stand in many places and tell nothing


def marked(whole: tuple[RenderSection, ...], left_out: Collection[str]) -> tuple[RenderSection, ...]:
    """``whole`` with a mark in the place of every field in ``left_out``, its files taken out of the list of files too."""
    kept = [
        msgspec.structs.replace(section, fields=tuple(_marked(one, left_out) for one in section.fields))
        for section in whole
        if section.id or section.title != FILES_TITLE
    ]
    return (*kept, *files_by_digest(kept))


def _marked(field: RenderField, left_out: Collection[str]) -> RenderField:
    if field.field_id not in left_out:
        return field
    return RenderField(label=field.label, kind="text", text=LEFT_OUT, field_id=field.field_id)


def redacted(
    job: RenderJob, definition: FormDefinition, seen: Mapping[str, Any], left_out: Collection[str], document: Document
) -> RenderJob:
    """``job`` as it is handed out: without the answers of ``left_out``. ``seen``: the answers that ``job`` was made of."""
    whole = sections(definition, dict(seen), job.language)
    gone = {answer_line(one) for part in whole for one in part.fields if one.field_id in left_out}
    left = {name: value for name, value in seen.items() if name not in left_out}
    return msgspec.structs.replace(
        job,
        reader="insight",
        subtitle=SUBTITLE,
        sections=marked(whole, left_out),
        header=tuple((label, text) for label, text in job.header if text not in gone),
        data=embedded_data(definition, left, reader="insight", document=document, moment=job.moment),
    )


def repeated(whole: tuple[RenderSection, ...], left_out: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Field that is given → labels of fields left out whose whole answer stands in it word for word: what one hand takes out, the
    other would give."""
    every = [one for part in whole for one in part.fields if one.field_id]
    gone = [(one.label, _plain(one)) for one in every if one.field_id in left_out]
    gone = [(label, text) for label, text in gone if len(text) >= LEAST_REPEATED]
    found = {}
    for one in every:
        if one.field_id not in left_out:
            text = _plain(one)
            if labels := tuple(label for label, words in gone if words in text):
                found[one.field_id] = labels
    return found


def _plain(field: RenderField) -> str:
    cells = " ".join(cell for row in field.rows for cell in row)
    return " ".join(f"{answer_line(field)} {cells}".casefold().split())
