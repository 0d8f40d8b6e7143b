"""What changed between two frozen texts, field by field in words, for one reader (issue 5, part 6; ADR 0030). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from tillid.documents.model import Reader
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.differences import Difference
from tillid.forms.showing import projection
from tillid.forms.upcasts import move_along

Kind = Literal["added", "removed", "changed"]


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One question whose answer is new, gone or another. ``difference``: both answers as stretches in reading order."""

    field_id: str
    label: str
    kind: Kind
    difference: Difference


class SectionChanges(msgspec.Struct, frozen=True, kw_only=True):
    """The changed questions of a section, in the order of the form."""

    title: str
    fields: tuple[FieldChange, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """``unchanged``: how many answered questions are the same in both."""

    sections: tuple[SectionChanges, ...]
    unchanged: int

    @property
    def same(self) -> bool:
        return not self.sections


def compare(
    way: Sequence[FormDefinition],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    reader: Reader,
    language: str = "da",
    variant: str | None = None,
) -> Comparison:
    """``before`` and ``after`` are answers to the first and the last form of ``way`` (the versions between them too).

    Only what ``reader`` may see *in each* counts: an answer that was kept from the reader then is not shown as an old
    answer now. Where the forms differ, the old answers are moved as a draft would be, so that a question that was only
    renamed is not told as one gone and one new. Raises ``TillidError`` if there is no way between the forms.
    """
    new = way[-1]
    old_answers = projection(way[0], before, reader)
    if len(way) > 1:
        old_answers = projection(new, move_along(old_answers, way, variant=variant).answers, reader)
    new_answers = projection(new, after, reader)
    made, unchanged = [], 0
    for section in new.sections:
        fields = []
        for field in section.fields:
            if field.id not in old_answers and field.id not in new_answers:
                continue
            found = _changed(field, old_answers.get(field.id), new_answers.get(field.id), new, language)
            if found is None:
                unchanged += 1
            else:
                fields.append(found)
        if fields:
            made.append(SectionChanges(title=section.title, fields=tuple(fields)))
    return Comparison(sections=tuple(made), unchanged=unchanged)


def _changed(field: Field, old: Any, new: Any, definition: FormDefinition, language: str) -> FieldChange | None:
    if old == new:
        return None
    difference = field_type(field.type).diff(old, new, field, definition, language)
    if difference.same:  # other data, the same words for people: a new row mark, an id
        return None
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    return FieldChange(field_id=field.id, label=field.label, kind=kind, difference=difference)
