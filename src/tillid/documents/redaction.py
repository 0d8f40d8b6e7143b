"""A copy from which answers are left out: not covered but never put in, on the pages and in the data inside alike. Pure.

The copy is rendered from what is left (ADR 0058), so there is nothing under a black bar. Where an answer was, the page says that one was left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from tillid.documents.model import Document
from tillid.documents.passages import Passage, texts_of, without, words_of
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
    job: RenderJob,
    definition: FormDefinition,
    seen: Mapping[str, Any],
    left_out: Collection[str],
    document: Document,
    passages: Collection[Passage] = (),
) -> RenderJob:
    """``job`` as it is handed out: without the answers of ``left_out`` and without ``passages``. ``seen``: the answers that ``job``
    was made of."""
    whole = sections(definition, dict(seen), job.language)
    touched = {*left_out, *(one.field for one in passages)}
    gone = {_bare(answer_line(one)) for part in whole for one in part.fields if one.field_id in touched}
    gone |= {_bare(words) for _, words in words_of(texts_of(definition, seen), passages)}
    rest = without(definition, seen, passages)
    left = {name: value for name, value in rest.items() if name not in left_out}
    return msgspec.structs.replace(
        job,
        reader="insight",
        subtitle=SUBTITLE,
        sections=marked(sections(definition, rest, job.language), left_out),
        header=tuple((label, text) for label, text in job.header if _bare(text) not in gone),
        data=embedded_data(definition, left, reader="insight", document=document, moment=job.moment),
    )


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """Words that are left out somewhere. ``label``: of the question; ``words``: to compare with, never to be kept."""

    label: str
    words: str


def gone_words(
    definition: FormDefinition, seen: Mapping[str, Any], left_out: Collection[str], passages: Collection[Passage]
) -> tuple[Gone, ...]:
    """What is left out of ``seen``; without what is so short that it stands in many places and tells nothing."""
    every = [one for part in sections(definition, dict(seen), "da") for one in part.fields if one.field_id]
    labels = {one.field_id: one.label for one in every}
    found = [Gone(label=one.label, words=_plain(one)) for one in every if one.field_id in left_out]
    for field, words in words_of(texts_of(definition, seen), passages):
        found.append(Gone(label=labels.get(field, ""), words=plain(words)))
    return tuple(one for one in found if len(one.words) >= LEAST_REPEATED)


def repeated(
    given: tuple[RenderSection, ...], left_out: Collection[str], gone: Collection[Gone]
) -> dict[str, tuple[str, ...]]:
    """Field that is ``given`` → labels of what is in ``gone`` and stands in it all the same, word for word: what one hand takes out,
    the other would give."""
    found = {}
    for one in (field for part in given for field in part.fields):
        if one.field_id and one.field_id not in left_out:
            text = _plain(one)
            if labels := dict.fromkeys(each.label for each in gone if each.words in text):
                found[one.field_id] = tuple(labels)
    return found


def plain(words: str) -> str:
    """For comparing: one case, one blank between words."""
    return " ".join(words.casefold().split())


def _bare(words: str) -> str:
    return plain(words).strip(" .,;:!?…")


def _plain(field: RenderField) -> str:
    cells = " ".join(cell for row in field.rows for cell in row)
    return plain(f"{answer_line(field)} {cells}")
