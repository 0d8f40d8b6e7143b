"""Forms that fit one A4 page (T21) do so however their texts are broken into lines.

A page is measured with every box full of ordinary sentences. A box holds as many letters in a list, a line for each thing, and would
take several times the room. Where all lines together are more than the page has, the texts that gain most are printed as one stretch,
an upright stroke where a line ended, or a dot where each was a word. What was written is unchanged in the answers, on the screen and in the embedded file.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from tillid.documents.rendering import RenderField, RenderSection

# The forms, and how many lines all answers in words may take together beside the fullest lists and tables (measured, ADR 0088).
LINES = {"trivselsskema": 28, "trivselsvurdering": 22, "samtykkeerklaering": 15}
LETTERS = 85  # a line holds at the least, in ordinary words
# Letters of a line on average, its end among them, below which the stroke is set without spaces, which would take as much room as
# the words; and below which it is a dot, which takes no more than the space between words does. LibreOffice breaks no line after
# a dot by itself, so that a place where it may stands behind it, without width.
SHORT, WORD = 20, 10
DOT = "\u00b7\u200b"
ENDS = re.compile(r"\s*\n\s*")


def on_one_page(form_id: str, sections: tuple[RenderSection, ...]) -> tuple[RenderSection, ...]:
    """``sections`` as they are printed of a form that fits one page; of any other as they are."""
    if form_id not in LINES:
        return sections
    texts = [field for section in sections for field in section.fields if "\n" in field.text]
    over = sum(_lines(field.text) for section in sections for field in section.fields) - LINES[form_id]
    stretched: dict[str, RenderField] = {}
    for field in sorted(texts, key=_gain, reverse=True):
        if over <= 0:
            break
        stretched[field.field_id] = msgspec.structs.replace(field, text=_stretch(field.text))
        over -= _gain(field)
    return tuple(
        msgspec.structs.replace(one, fields=tuple(stretched.get(field.field_id, field) for field in one.fields))
        for one in sections
    )


def _gain(field: RenderField) -> int:
    return _lines(field.text) - _lines(_stretch(field.text))


def _lines(text: str) -> int:
    return sum(max(1, math.ceil(len(line) / LETTERS)) for line in text.split("\n")) if text else 0


def _stretch(text: str) -> str:
    lines = ENDS.split(text.strip())
    average = len(text) / len(lines)
    return (" | " if average >= SHORT else "|" if average >= WORD else DOT).join(lines)
