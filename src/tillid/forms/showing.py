"""Which fields are shown, required and readable, for given answers, facts and reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tillid.forms.computing import computed_value
from tillid.forms.conditions import evaluate
from tillid.forms.definition import Field, FormDefinition, Section, Text
from tillid.forms.fieldtypes import field_type
from tillid.forms.readers import may_fill, may_see


class Showing:
    """The conditions of one definition over one set of answers and facts. A hidden field counts as not answered; a computed
    one has what its expression gives, and what is stored for it only while that is not known."""

    def __init__(self, definition: FormDefinition, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        self._definition = definition
        self._fields = definition.fields_by_id
        self._answers = answers
        self._facts = facts
        self._shown: dict[str, bool | None] = {}
        self._computed: dict[str, Any] = {}
        found = answers.get("variant", facts.get("variant")) if "variant" in self._fields else facts.get("variant")
        self.variant = found if found in [variant.id for variant in definition.variants] else None

    def answer(self, field_id: str) -> Any:
        """The answer that counts in conditions: ``None`` if there is none or the field is certainly hidden."""
        field = self._fields[field_id]
        value = self._answers.get(field_id)
        if field.computed is not None:
            if field_id not in self._computed:
                # The static check has refused cycles and long chains, so this recursion ends.
                self._computed[field_id] = computed_value(self._definition, field, self.answer, self._facts)
            value = self._computed[field_id] if self._computed[field_id] is not None else value
        if value is None or field_type(field.type).is_empty(value):
            return None
        return value if self.shown(field) is not False else None

    def shown(self, field: Field) -> bool | None:
        """Whether the field is there for those who fill it; ``None`` = not known, for a fact is not available."""
        if field.shown_if is None:
            return True
        if field.id not in self._shown:
            # The static check has refused cycles, so this recursion ends.
            self._shown[field.id] = evaluate(field.shown_if, self.answer, self._facts)
        return self._shown[field.id]

    def required(self, field: Field) -> bool:
        """Whether the field must be answered; not when that hangs on something unknown or the field is hidden."""
        if field.required in ("yes", "no"):
            return field.required == "yes" and self.shown(field) is not False
        return evaluate(field.required, self.answer, self._facts) is True and self.shown(field) is not False

    def holds(self, condition: Mapping[str, Any] | None) -> bool:
        """Whether something with ``condition`` is to be shown: unless it is certainly false."""
        return condition is None or evaluate(condition, self.answer, self._facts) is not False


def shown_fields(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    reader: str,
    *,
    phase: str = "content",
) -> list[Field]:
    """The fields of ``phase`` that ``reader`` meets, in order.

    Those who fill a field meet it whenever its condition is not certainly false; everybody else only through its own
    content, so that an empty field never tells why it might have been asked for (issue of ``u_behov``).
    """
    showing = Showing(definition, answers, facts)
    return [
        field
        for field in definition.fields
        if field.phase == phase
        and may_see(field.visible_to, reader)
        and showing.shown(field) is not False
        and (may_fill(field.filled_by, reader) or showing.answer(field.id) is not None)
    ]


def projection(definition: FormDefinition, answers: Mapping[str, Any], reader: str) -> dict[str, Any]:
    """The answers of phase ``content`` that ``reader`` may see (design 16), in the order of the form; nothing empty,
    nothing derived, nothing that its own condition hides."""
    showing = Showing(definition, answers, {})
    seen = (
        (f.id, showing.answer(f.id))
        for f in definition.fields
        if f.phase == "content" and may_see(f.visible_to, reader)
    )
    return {name: value for name, value in seen if value is not None}


def section_texts(
    definition: FormDefinition,
    section: Section,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    language: str = "da",
) -> list[Text]:
    """The texts that belong above the section now; their ``{placeholders}`` are filled by the caller."""
    showing = Showing(definition, answers, facts)
    return [definition.text(use.id, language) for use in section.texts if showing.holds(use.shown_if)]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one section is for one reader: fields met, answered ones, and ids of required ones still empty."""

    section: str
    title: str
    fields: int
    answered: int
    missing: tuple[str, ...]


def field_progress(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    reader: str,
    *,
    phase: str = "content",
) -> list[Progress]:
    """Progress per section of ``phase`` over the fields that ``reader`` can fill; sections without any are left out."""
    showing = Showing(definition, answers, facts)
    shown = shown_fields(definition, answers, facts, reader, phase=phase)
    result = []
    for section in definition.sections:
        mine = [f for f in shown if f.section == section.id and may_fill(f.filled_by, reader)]
        if mine:
            empty = [f for f in mine if showing.answer(f.id) is None]
            missing = tuple(f.id for f in empty if showing.required(f))
            result.append(
                Progress(
                    section=section.id,
                    title=section.title,
                    fields=len(mine),
                    answered=len(mine) - len(empty),
                    missing=missing,
                )
            )
    return result
