"""Values made of several small ones: a day and a manner, yes or no and a name, a unit or a text.

Stored as a mapping from part to value, ``{"date": "2026-11-25", "choice": "telefon"}``; posted as one text per part, in
order. Each part is a value of another registry entry, so a new combination is a list of parts and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tillid.forms import fieldtypes  # the registry imports this module: what is in it is there when it is asked for
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, Find, Part, Source, flat_text
from tillid.forms.fieldtypes.json_values import Schema, closed
from tillid.forms.problems import ValueProblem

INCOMPLETE = ValueProblem(code="forms.incomplete-part", text="Udfyld også »{part}«.")


def part_field(field: Field, part: Part) -> Field:
    """A part as a field of its own type; the field's ``labels`` setting may give it other words."""
    label = field.settings.get("labels", {}).get(part.key, part.text)
    return Field(id=part.key, label=label, type=part.type, settings=part.settings)


def part_type(part: Part | Field) -> FieldType:
    return fieldtypes.field_type(part.type)


def parts_settings(**own: Any) -> dict[str, Any]:
    """The settings schema of a combination: ``labels`` for its parts, ``whole`` if every part must be filled as soon
    as one is, and what is its own (``own``, all required)."""
    labels = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 120}}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(own),
        "properties": {"labels": labels, "whole": {"type": "boolean"}, **own},
    }


class Parts(FieldType):
    """Base of the combinations; ``between`` stands between the parts where people read them; ``between_parts``: what is
    asked between their values (``together``), as far as JSON Schema can say it."""

    widget = "parts"
    search = ("keyword", "number", "day")
    in_sentence = True
    between = ", "
    between_parts: ClassVar[dict[str, Any]] = {"minProperties": 1}

    def parse(self, values: list[str], field: Field) -> Any:
        parts = self.posted(field)
        if not any(values):
            return None
        if len(values) != len(parts):
            return values  # a torn post; ``validate`` refuses a list
        return {p.key: part_type(p).parse([v], part_field(field, p)) for p, v in zip(parts, values, strict=True) if v}

    def posted(self, field: Field) -> tuple[Part, ...]:
        """The parts that come as texts; a file comes as a file, under ``<name>.<part>``."""
        return tuple(part for part in self.parts(field) if part.type != "file")

    def normalise(self, value: Any, field: Field) -> Any:
        if not isinstance(value, dict):
            return value
        parts = {part.key: part for part in self.parts(field)}
        kept = {}
        for key, one in value.items():
            part = parts.get(key)
            normal = part_type(part).normalise(one, part_field(field, part)) if part else one
            if part is None or not part_type(part).is_empty(normal):
                kept[key] = normal
        return kept

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        parts = self.parts(field)
        values = {part.key: part_type(part).value_schema(part_field(field, part), definition) for part in parts}
        needed = [part.key for part in parts if part.required or field.settings.get("whole")]
        return {**closed(values, needed), **self.between_parts}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        parts = {part.key: part for part in self.parts(field)}
        if not isinstance(value, dict) or not set(value) <= set(parts):
            return [WRONG_TYPE]
        problems = [
            ValueProblem(code=INCOMPLETE.code, text=INCOMPLETE.text, params={"part": part_field(field, part).label})
            for part in parts.values()
            if (part.required or field.settings.get("whole")) and part.key not in value
        ]
        for key, one in value.items():
            own = part_field(field, parts[key])
            for problem in part_type(own).validate(one, own, definition):
                params = {**problem.params, "part": own.label}
                problems.append(ValueProblem(code=problem.code, text="{part}: " + problem.text, params=params))
        return problems or self.together(value, field)

    def together(self, value: dict[str, Any], field: Field) -> list[ValueProblem]:
        """What is wrong between parts that are right one by one."""
        return []

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        shown = []
        for part in self.parts(field):
            if part.key in value:
                own = part_field(field, part)
                shown.append(flat_text(part_type(own).format(value[part.key], own, definition, language)))
        return self.between.join(shown)

    def told(
        self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da"
    ) -> tuple[str, str]:
        sides: tuple[list[str], list[str]] = ([], [])
        for part in self.parts(field):
            own = part_field(field, part)
            values = [(value or {}).get(part.key) for value in (old, new)]
            for side, value, words in zip(
                sides, values, part_type(part).told(*values, own, definition, language), strict=True
            ):
                if value is not None:
                    side.append(words)
        return self.between.join(sides[0]), self.between.join(sides[1])

    def inner(self, field: Field) -> tuple[Field, ...]:
        return tuple(part_field(field, part) for part in self.parts(field))

    def free_text(self, value: Any, field: Field) -> list[tuple[str, str]]:
        owns = {part.key: part_field(field, part) for part in self.parts(field)}
        found = value.items() if isinstance(value, dict) else ()
        return [
            (owns[k].label, text) for k, v in found if k in owns for _, text in part_type(owns[k]).free_text(v, owns[k])
        ]

    def reworded(self, value: Any, field: Field, change: Callable[[str], str]) -> Any:
        if not isinstance(value, dict):
            return value
        owns = {part.key: part_field(field, part) for part in self.parts(field)}
        return {k: part_type(owns[k]).reworded(v, owns[k], change) if k in owns else v for k, v in value.items()}

    def typed(self, value: Any, field: Field) -> Any:
        if not isinstance(value, dict):
            return value
        owns = {part.key: part_field(field, part) for part in self.parts(field)}
        return {k: part_type(owns[k]).typed(v, owns[k]) if k in owns else v for k, v in value.items()}

    def completed(self, value: Any, field: Field, find: Find) -> Any:
        if not isinstance(value, dict):
            return value
        owns = {part.key: part_field(field, part) for part in self.parts(field)}
        return {k: part_type(owns[k]).completed(v, owns[k], find) if k in owns else v for k, v in value.items()}

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        if not isinstance(value, dict) or not isinstance(stored, dict):
            return value
        owns = {part.key: part_field(field, part) for part in self.parts(field)}
        return {k: part_type(owns[k]).restored(v, stored.get(k), owns[k]) if k in owns else v for k, v in value.items()}

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        """A bare value becomes the part of its type; the other parts are asked for when the draft is filled on."""
        if other == self.name:
            return value
        takers = [p for p in self.parts(field) if other == p.type or other in part_type(p).taken]
        part = min(takers, key=lambda p: p.type != other)
        return {part.key: part_type(part)._from(other, value, part_field(field, part), source)}
