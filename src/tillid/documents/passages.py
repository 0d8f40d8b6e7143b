"""A part of an answer that is left out: told by its place in the answer, never by its words. Pure (ADR 0058).

A place means something only in the very answers it was chosen in; whoever keeps one keeps it with their digest. Nothing but own
words (``FieldType.free_text``) can be left out in part: of a choice, a day or a list of people the whole answer goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import msgspec

from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.kernel.errors import NotFound

MARK = "[Udeladt]"
Texts = Mapping[str, tuple[tuple[str, str], ...]]  # field → (where in the answer, the words)
Span = tuple[int, int]

# After a sentence's end: blanks and no small letter or digit, so that »f.eks. is« and »kl. 8« are not cut.
_SENTENCE = re.compile(r"(?<=[.!?…])[\"»”')\]]*[ \t]+(?![a-zæøå0-9])")
_LINE = re.compile(r"[^\n]+")


class Passage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """``text``: the number of the text in the answer, from 0; ``start``, ``end``: characters of it, the last not included."""

    field: str
    text: int
    start: int
    end: int


def texts_of(definition: FormDefinition, seen: Mapping[str, Any]) -> Texts:
    """What can be left out in part, in the order of the form."""
    found = {}
    for field in definition.fields:
        if field.id in seen and (texts := field_type(field.type).free_text(seen[field.id], field)):
            found[field.id] = tuple(texts)
    return found


def pieces(text: str) -> tuple[tuple[Span, ...], ...]:
    """The sentences of each paragraph (line) of ``text``, without the blanks around them."""
    return tuple(found for line in _LINE.finditer(text) if (found := tuple(_sentences(text, *line.span()))))


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for cut in (*_SENTENCE.finditer(text, start, end), None):
        stop = cut.end() if cut else end
        words = text[start:stop]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        start = stop


def places_of(texts: Texts, field: str, words: str) -> tuple[Passage, ...]:
    """Everywhere in one answer where ``words`` stand, whatever the case and the blanks; a word that they begin is taken whole
    (»Ole« takes »Oles« along, not »skole«)."""
    parts = [re.escape(one) for one in words.split()]
    if not parts:
        return ()
    wanted = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"\w*", re.IGNORECASE)
    return tuple(
        Passage(field=field, text=number, start=one.start(), end=one.end())
        for number, (_, text) in enumerate(texts.get(field, ()))
        for one in wanted.finditer(text)
    )


def joined(passages: Iterable[Passage], texts: Texts) -> tuple[Passage, ...]:
    """``passages`` in the order of the form, those that touch made one. Raises ``NotFound`` for a place that is not there."""
    order = {field: at for at, field in enumerate(texts)}
    for one in passages:
        if one.field not in order or not 0 <= one.text < len(texts[one.field]):
            raise NotFound("no such text")
        if not 0 <= one.start < one.end <= len(texts[one.field][one.text][1]):
            raise NotFound("no such place in the text")
    found: list[Passage] = []
    for one in sorted(passages, key=lambda p: (order[p.field], p.text, p.start, p.end)):
        last = found[-1] if found else None
        if last and (last.field, last.text) == (one.field, one.text) and _touch(texts, last, one):
            found[-1] = msgspec.structs.replace(last, end=max(last.end, one.end))
        else:
            found.append(one)
    return tuple(found)


def _touch(texts: Texts, first: Passage, second: Passage) -> bool:
    between = texts[first.field][first.text][1][first.end : second.start]
    return not between.strip(" \t")


def words_of(texts: Texts, passages: Iterable[Passage]) -> list[tuple[str, str]]:
    """Field and the words that each passage takes out; for showing and comparing, never to be kept."""
    return [(one.field, texts[one.field][one.text][1][one.start : one.end]) for one in passages]


def without(definition: FormDefinition, seen: Mapping[str, Any], passages: Iterable[Passage]) -> dict[str, Any]:
    """``seen`` with a mark in the place of each passage (as ``joined`` gives them)."""
    left, spans = dict(seen), {}
    for one in passages:
        spans.setdefault(one.field, {}).setdefault(one.text, []).append((one.start, one.end))
    for name, of_field in spans.items():
        field, numbers = definition.field(name), count()
        left[name] = field_type(field.type).reworded(
            seen[name],
            field,
            lambda text, of=of_field, numbers=numbers: _cut(text, of.get(next(numbers), ())),
        )
    return left


def _cut(text: str, spans: Iterable[Span]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + MARK + text[end:]
    return text
