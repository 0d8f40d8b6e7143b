"""What changed between two frozen texts, field by field in words, for one reader (issue 5, part 6; ADR 0030). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from tillid.documents.model import Reader
from tillid.forms.definition import Field, FormDefinition, Section
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.base import flat_text
from tillid.forms.fieldtypes.differences import Change, Difference, whole_difference, word_difference
from tillid.forms.showing import projection
from tillid.forms.upcasts import move_along

Kind = Literal["added", "removed", "changed", "spaced", "asked"]
GONE = "Spørgsmål, som den nye version af skemaet ikke har"


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One question whose answer is new, gone or another; ``spaced``: but for spaces and ends of lines the same; ``asked``: the
    answer is the same, the question another. ``difference``: both answers as stretches in reading order; ``was``: how the
    question read before, where it reads otherwise now."""

    field_id: str
    label: str
    kind: Kind
    difference: Difference
    was: str = ""


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


class _Before(msgspec.Struct, frozen=True, kw_only=True):
    """The old answers as answers to the newest form; ``asked``: its fields with the one old question each answers, and what
    was answered there; ``gone``: what has no place in it."""

    answers: Mapping[str, Any]
    asked: Mapping[str, tuple[Field, Any]] = {}
    gone: tuple[FieldChange, ...] = ()


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
    renamed is not told as one gone and one new, but by both its names; what the reader has no more is gone, and told last.
    Raises ``TillidError`` if there is no way between the forms.
    """
    old = _moved(way, before, reader, variant, language)
    new_answers = projection(way[-1], after, reader)
    made, unchanged = [], 0
    for section in way[-1].sections:
        answered = list(_answered(section, way, old, new_answers, language))
        fields = tuple(one for one in answered if one is not None)
        unchanged += len(answered) - len(fields)
        if fields:
            made.append(SectionChanges(title=section.title, fields=fields))
    if old.gone:
        made.append(SectionChanges(title=GONE, fields=old.gone))
    return Comparison(sections=tuple(made), unchanged=unchanged)


def reads_the_same(
    way: Sequence[FormDefinition],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reader: Reader,
    variant: str | None,
) -> bool:
    """Whether ``compare`` would find no change. It is asked at each look at a page, and goes no further than the first."""
    old, new_answers = _moved(way, before, reader, variant, "da"), projection(way[-1], after, reader)
    answered = (_answered(section, way, old, new_answers, "da") for section in way[-1].sections)
    return not old.gone and all(one is None for some in answered for one in some)


def _answered(
    section: Section, way: Sequence[FormDefinition], old: _Before, new_answers: Mapping[str, Any], language: str
) -> Iterator[FieldChange | None]:
    """What changed of each question that has an answer before or after."""
    for field in section.fields:
        if field.id not in old.answers and field.id not in new_answers:
            continue
        found = _changed(field, old.answers.get(field.id), new_answers.get(field.id), way[-1], language)
        if field.id in old.asked and field.id in new_answers:
            asked, answer = old.asked[field.id]
            was = asked.label if asked.label != field.label else ""
            found = found or _told_otherwise(
                field, new_answers[field.id], way[-1], asked, answer, way[0], was, language
            )
            found = found and msgspec.structs.replace(found, was=was)
        yield found


def _moved(
    way: Sequence[FormDefinition], before: Mapping[str, Any], reader: Reader, variant: str | None, language: str
) -> _Before:
    seen = projection(way[0], before, reader)
    if len(way) < 2:
        return _Before(answers=seen)
    moved = move_along(seen, way, variant=variant)
    # Whether a question is shown may hang on an answer that is kept from the reader: that is asked of all of them.
    shown = projection(way[-1], move_along(before, way, variant=variant).answers, reader)
    first = way[0].fields_by_id
    homes = {name: [one for one in moved.origins.get(name, ()) if one in seen] for name in moved.answers}
    kept = {one for name in shown for one in homes.get(name, ())}
    hidden = [one for name in moved.answers if name not in shown for one in homes[name] if one not in kept]
    left = [(one.field, one.label, word_difference(one.text, "")) for one in moved.left_over]
    left += [
        (one, first[one].label, field_type(first[one].type).diff(seen[one], None, first[one], way[0], language))
        for one in dict.fromkeys(hidden)
    ]
    return _Before(
        answers={name: value for name, value in moved.answers.items() if name in shown},
        asked={name: (first[ones[0]], seen[ones[0]]) for name, ones in homes.items() if len(ones) == 1},
        gone=tuple(FieldChange(field_id=i, label=label, kind="removed", difference=d) for i, label, d in left),
    )


def _changed(field: Field, old: Any, new: Any, definition: FormDefinition, language: str) -> FieldChange | None:
    if old == new:
        return None
    difference = field_type(field.type).diff(old, new, field, definition, language)
    if difference.same:  # other data, the same words for people: a new row mark
        return None
    changed: Kind = "spaced" if difference.blank else "changed"
    kind: Kind = "added" if old is None else "removed" if new is None else changed
    return FieldChange(field_id=field.id, label=field.label, kind=kind, difference=difference)


def _told_otherwise(
    field: Field,
    value: Any,
    definition: FormDefinition,
    asked: Field,
    answer: Any,
    form: FormDefinition,
    was: str,
    language: str,
) -> FieldChange | None:
    """The same answer in other words, since the form has other words for what is chosen, or to another question."""
    words = flat_text(field_type(field.type).format(value, field, definition, language))
    before = flat_text(field_type(asked.type).format(answer, asked, form, language))
    if field.type == asked.type and before != words:
        difference = whole_difference(before, words)
        return FieldChange(field_id=field.id, label=field.label, kind="changed", difference=difference)
    same = Difference(shape="words", changes=(Change("same", words),))
    return FieldChange(field_id=field.id, label=field.label, kind="asked", difference=same) if was else None
