"""Yes or no. No answer is a third thing, and nothing is ticked beforehand (R-12)."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, Source, normal_text
from tillid.forms.fieldtypes.json_values import Schema
from tillid.forms.problems import ValueProblem

_POSTED = {"yes": True, "no": False}
UNKNOWN_WORDS = {
    "da": {"yes": "Ja", "no": "Nej", "unknown": "Ved ikke"},
    "en": {"yes": "Yes", "no": "No", "unknown": "Do not know"},
}
_WORDS = {"da": ("Nej", "Ja"), "en": ("No", "Yes")}


class YesNo(FieldType):
    """Posted as ``yes`` or ``no``, stored as a boolean."""

    name = "yes_no"
    search = ("keyword",)
    widget = "yes-no"
    condition_type = "boolean"
    in_table = True
    good = (({}, True), ({}, False))
    bad = (({}, "ja"), ({}, 1), ({}, [True]))
    taken = ("choice", "yes_no_unknown")

    def parse(self, values: list[str], field: Field) -> Any:
        text = values[0] if values else ""
        return _POSTED.get(text, text or None)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"type": "boolean"}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return [] if isinstance(value, bool) else [WRONG_TYPE]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return _WORDS.get(language, _WORDS["da"])[value]

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return ("yes" if value else "no",)

    def search_choices(self, field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in UNKNOWN_WORDS["da"].items() if pair[0] in _POSTED)

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        """A code that is, or whose declared new code is, ``yes`` or ``no``."""
        if other == self.name:
            return value
        return _POSTED.get(source.codes.get(value, value))


class YesNoUnknown(FieldType):
    """``yes``, ``no`` or ``unknown``: for what a person may not know, which is another thing than no answer."""

    name = "yes_no_unknown"
    search = ("keyword",)
    widget = "yes-no-unknown"
    condition_type = "code"
    in_table = True
    taken = ("yes_no", "choice")
    good = (({}, "yes"), ({}, "unknown"))
    bad = (({}, "ved ikke"), ({}, True), ({}, ["yes"]))

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_text(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"enum": ["yes", "no", "unknown"]}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return [] if isinstance(value, str) and value in UNKNOWN_WORDS["da"] else [WRONG_TYPE]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return UNKNOWN_WORDS.get(language, UNKNOWN_WORDS["da"])[value]

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (value,)

    def search_choices(self, field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
        return tuple(UNKNOWN_WORDS["da"].items())

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        named = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
        return source.codes.get(named, named)


TYPES = (YesNo(), YesNoUnknown())
