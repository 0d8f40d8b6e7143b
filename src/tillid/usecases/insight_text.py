"""The text of an item of a case of insight: whole, as it would be given, and where what is left out stands all the same (R-72).

What was decided belongs to the very text that was collected: another text is refused, for places in it would be places in other words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tillid.archive.insight import TEXTS, InsightCase, Item
from tillid.documents.boxes import Box
from tillid.documents.model import Document, Version
from tillid.documents.passages import Passage, Texts, texts_of, without
from tillid.documents.redaction import Gone, gone_words, marked, repeated
from tillid.documents.rendering import RenderSection, sections
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound
from tillid.usecases.insight_sources import TextChanged, source_of
from tillid.usecases.ports import House


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """What is not given: whole answers of a document and places in others, or boxes over a file."""

    fields: frozenset[str] = frozenset()
    passages: tuple[Passage, ...] = ()
    boxes: tuple[Box, ...] = ()


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of a document as they are kept. ``texts``: what can be left out in part."""

    document: Document
    version: Version | None
    definition: FormDefinition
    seen: dict[str, Any]
    texts: Texts


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """Another text of the same document, in which words that are left out here are given, and its place on the page."""

    place: int
    item: Item


def whole_of(house: House, item: Item) -> Whole:
    """The document that ``item`` is, or has to do with. Raises ``NotFound`` when it is no more, ``TextChanged`` when it is another
    text than the one collected."""
    found = source_of(house, item)
    if item.kind in TEXTS and found.digest != item.digest:
        raise TextChanged(item.kind)
    definition, seen = found.definition, found.seen
    return Whole(
        document=found.document,
        version=found.version,
        definition=definition,
        seen=seen,
        texts=texts_of(definition, seen),
    )


def left_out_of(case: InsightCase, item: Item) -> LeftOut:
    """What is left out of a document: what was decided, and the answers whose files are held back."""
    decided = case.decisions.get(item.id)
    held = held_fields(case, item)
    if decided is None or decided.choice != "redact":
        return LeftOut(fields=held)
    return LeftOut(fields=frozenset(decided.fields) | held, passages=decided.passages, boxes=decided.boxes)


def held_fields(case: InsightCase, item: Item) -> frozenset[str]:
    """The answers of a document whose files are held back: the names of files stand in the answers too."""
    held = (one for one in case.items if one.kind == "file" and one.field and case.choice_of(one) == "hold")
    return frozenset(one.field for one in held if one.document_id == item.document_id)


def given_of(whole: Whole, out: LeftOut) -> tuple[RenderSection, ...]:
    """The text as it would be handed out."""
    rest = without(whole.definition, whole.seen, out.passages)
    return marked(sections(whole.definition, rest, "da"), out.fields)


def gone_of(whole: Whole, out: LeftOut) -> tuple[Gone, ...]:
    """The words that are left out, to look for them elsewhere."""
    return gone_words(whole.definition, whole.seen, out.fields, out.passages)


def standing_elsewhere(house: House, case: InsightCase, item: Item, gone: tuple[Gone, ...]) -> tuple[Elsewhere, ...]:
    """Other texts of the same document that are given and in which words that are ``gone`` stand."""
    found = []
    for place, other, whole in _others(house, case, item):
        out = left_out_of(case, other)
        if case.choice_of(other) != "hold" and repeated(given_of(whole, out), out.fields, gone):
            found.append(Elsewhere(place=place, item=other))
    return tuple(found)


def gone_elsewhere(house: House, case: InsightCase, item: Item) -> tuple[Gone, ...]:
    """What was decided to be left out of other texts of the same document."""
    redacted = ((other, whole) for _, other, whole in _others(house, case, item) if case.choice_of(other) == "redact")
    return tuple(dict.fromkeys(gone for other, whole in redacted for gone in gone_of(whole, left_out_of(case, other))))


def _others(house: House, case: InsightCase, item: Item) -> Iterator[tuple[int, Item, Whole]]:
    for place, other in enumerate(case.items, 1):
        if other.document_id == item.document_id and other.kind in TEXTS and other.id != item.id:
            try:
                yield place, other, whole_of(house, other)
            except (NotFound, TextChanged):
                continue
