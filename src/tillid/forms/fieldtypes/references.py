"""References into a register: a child, a unit, a person … stored as id and the name at the time of writing.

A posted form holds the bare id. ``answers.clean_field`` completes it through its ``resolve`` argument, so that a name
never comes from the browser.
"""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import FieldType, normal_object, object_problems
from tillid.forms.fieldtypes.json_values import Schema, named
from tillid.forms.problems import ValueProblem


class Reference(FieldType):
    """``{"id": …, "name": …}`` (``optional`` keys are the register's own, such as ``cvr``)."""

    widget = "select"
    optional: tuple[str, ...] = ()
    good = (({}, {"id": "5c0f7a5e-1f53-4c0b-9f0e-0d6a0b9d7c11", "name": "Børnehaven Åkanden"}),)
    bad = (({}, {"id": "x"}), ({}, "x"), ({}, {"id": "x", "name": "y", "role": "admin"}), ({}, {"id": 1, "name": "y"}))

    def __init__(self, name: str, reference: str, *, widget: str = "select", optional: tuple[str, ...] = ()) -> None:
        self.name, self.reference, self.widget, self.optional = name, reference, widget, optional  # type: ignore[misc]
        # A cell needs no register of its own to be drawn: it is chosen from a list, or the system has put it there.
        self.in_table = name in ("unit_ref", "child_ref", "user_ref", "person_ref")  # type: ignore[misc]
        # A place is no secret; what people are called is searched in the register alone.
        self.search = ("keyword", "text") if name == "unit_ref" else ()  # type: ignore[misc]
        self.taken = {"user_ref": ("person_ref",), "person_ref": ("user_ref",)}.get(name, ())  # type: ignore[misc]

    def parse(self, values: list[str], field: Field) -> Any:
        return {"id": values[0]} if values and values[0] else None

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        """What was chosen before stays chosen, though it may no longer be offered."""
        same = isinstance(stored, dict) and isinstance(value, dict) and value == {"id": stored.get("id")}
        return stored if same else value

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return named(("id", "name"), self.optional)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return object_problems(value, ("id", "name"), self.optional)

    def identity(self, value: Any) -> str:
        return value.get("id", "")

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return value["name"]

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (value["id"],) if self.search else ()


TYPES = (
    Reference("child_ref", "child", widget="readonly", optional=("born",)),
    Reference("unit_ref", "unit"),
    Reference("group_ref", "group"),
    Reference("round_ref", "round", widget="readonly"),
    Reference("user_ref", "user"),
    Reference("person_ref", "person"),
    Reference("organisation", "organisation", widget="readonly", optional=("cvr", "contact")),
)
