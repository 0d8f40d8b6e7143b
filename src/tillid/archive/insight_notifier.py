"""Which answers of an underretning tell who notified: name, place of work, telephone, and what is asked about the notifier (R-54, R-72).

A text that is given must be read by a person all the same; this finds what must not be given without being chosen. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from tillid.archive.insight_names import said_in, words_of
from tillid.documents.rendering import RenderField, RenderSection, answer_line
from tillid.forms.definition import FormDefinition

SECTION = "underretter"  # all that is asked about the notifier, whatever a municipality adds to it
LEAST_NAME, LEAST_PLACE = 3, 4  # letters
# What a place is called says nothing of which it is.
COMMON = frozenset(
    """børnehave børnehaven børnehus børnehuset dagpleje dagplejen dagtilbud dagtilbuddet forvaltning forvaltningen integrerede
    institution institutionen kommune kommunes kommunen område områdets skole skolen sundhedspleje sundhedsplejen vuggestue vuggestuen
    børn unge afdeling afdelingen""".split()
)


class Notifier(msgspec.Struct, frozen=True, kw_only=True):
    """What tells who it is: ``words`` in small letters, ``phones`` as eight digits."""

    words: frozenset[str]
    phones: frozenset[str]


def notifier_of(names: Iterable[str], places: Iterable[str], phones: Iterable[str]) -> Notifier:
    """Each part of a name counts: a text says »Sofie« and »på Stjernehuset«. In ``phones`` may stand other text."""
    words = {word for name in names for word in words_of(name) if len(word) >= LEAST_NAME}
    words |= {word for place in places for word in words_of(place) if len(word) >= LEAST_PLACE} - COMMON
    digits = (number for text in phones for number in _numbers(text))
    return Notifier(words=frozenset(words), phones=frozenset(digits))


def tells(text: str, notifier: Notifier) -> bool:
    """Whether ``text`` names the notifier, the place of work or its telephone."""
    return bool(said_in(text) & notifier.words or set(_numbers(text)) & notifier.phones)


def telling(definition: FormDefinition, shown: Iterable[RenderSection], notifier: Notifier) -> frozenset[str]:
    """The fields in ``shown``, as they stand there, that tell who notified."""
    asked = {field.id for section in definition.sections if section.id == SECTION for field in section.fields}
    fields = (field for section in shown for field in section.fields if field.field_id)
    return frozenset(one.field_id for one in fields if one.field_id in asked or tells(_said(one), notifier))


def _said(field: RenderField) -> str:
    return " ".join((answer_line(field), *(cell for row in field.rows for cell in row)))


def _numbers(text: str) -> list[str]:
    """Every eight digits that may be a telephone number, however it is spaced and whatever number stands right before or behind."""
    rows = ("".join(re.findall(r"\d", one)) for one in re.findall(r"(?:\d[ \u00a0./-]?){8,}", text))
    return [row[at : at + 8] for row in rows for at in range(len(row) - 7)]
