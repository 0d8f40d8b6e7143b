"""One person by name: somebody of ours (then with the id), or anybody else."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import FieldType, Find, Source, normal_object, object_problems
from tillid.forms.fieldtypes.json_values import Schema, named
from tillid.forms.problems import ValueProblem


class Person(FieldType):
    """``{"name": …, "person_id"?: …}``; typed as a name, and completed with the id when it is one that was offered."""

    name = "person"
    widget = "person"
    suggests = "person"
    in_table = True
    taken = ("person_ref", "user_ref", "text", "person_list")
    good = (({}, {"name": "Mette Holm", "person_id": "p1"}), ({}, {"name": "Ali"}))
    bad = (({}, {"person_id": "p1"}), ({}, "Mette"), ({}, {"name": "M", "role": "leder"}), ({}, {"name": "M\u202e"}))

    def completed(self, value: Any, field: Field, find: Find) -> Any:
        if not isinstance(value, dict) or set(value) != {"name"}:
            return value
        known = find(self.suggests, "name", value["name"].strip())
        return {"name": known["name"], "person_id": known["id"]} if known else value

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        same = isinstance(stored, dict) and isinstance(value, dict) and value == {"name": stored.get("name")}
        return stored if same else value

    def parse(self, values: list[str], field: Field) -> Any:
        return {"name": values[0]} if values and values[0].strip() else None

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return named(("name",), ("person_id",))

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return object_problems(value, ("name",), ("person_id",))

    def typed(self, value: Any, field: Field) -> Any:
        return value.get("name", "") if isinstance(value, dict) else value

    def identity(self, value: Any) -> str:
        return value.get("person_id", "")

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return value["name"]

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        if other == "text":
            return {"name": value}
        if other == "person_list":
            return value[0] if len(value) == 1 else None  # several people do not fit into one
        return {"name": value["name"], "person_id": value["id"]} if other in ("person_ref", "user_ref") else value


TYPES = (Person(),)
