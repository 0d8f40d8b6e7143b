"""Numbers: a whole number, and a percentage with at most one decimal. Never about how a child is doing (T32)."""

from __future__ import annotations

import re
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, normal_text
from tillid.forms.fieldtypes.json_values import Schema
from tillid.forms.fieldtypes.searching import number_spelled
from tillid.forms.problems import ValueProblem

_WHOLE = re.compile(r"-?[0-9]{1,9}\Z")
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9])?) ?%?\Z")
_MOST = 999_999_999


class Number(FieldType):
    """A whole number between ``min`` and ``max``; ``unit`` is the word behind it where people read it."""

    name = "number"
    search = ("number",)
    widget = "number"
    condition_type = "number"
    in_table = True
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["min", "max"],
        "properties": {
            "min": {"type": "integer", "minimum": -_MOST, "maximum": _MOST},
            "max": {"type": "integer", "minimum": -_MOST, "maximum": _MOST},
            "unit": {"type": "string", "minLength": 1, "maxLength": 40},
        },
    }
    _SETTINGS = {"min": 0, "max": 18, "unit": "år"}
    good = ((_SETTINGS, 7), (_SETTINGS, "7"), (_SETTINGS, 0))
    bad = (
        (_SETTINGS, 19),
        (_SETTINGS, -1),
        (_SETTINGS, "syv"),
        (_SETTINGS, True),
        (_SETTINGS, 7.5),
        (_SETTINGS, "9" * 40),
    )

    def normalise(self, value: Any, field: Field) -> Any:
        text = normal_text(value)
        return int(text) if isinstance(text, str) and _WHOLE.match(text) else text

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"type": "integer", "minimum": field.settings["min"], "maximum": field.settings["max"]}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        low, high = field.settings["min"], field.settings["max"]
        if type(value) is int and low <= value <= high:
            return []
        return [
            ValueProblem(
                code="forms.wrong-number",
                text="Skriv et helt tal fra {low} til {high}.",
                params={"low": low, "high": high},
            )
        ]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        unit = field.settings.get("unit")
        return f"{value} {unit}" if unit else str(value)

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (number_spelled(value),)


class Percent(FieldType):
    """0 to 100 with at most one decimal, stored as a number; typed with a comma."""

    name = "percent"
    search = ("number",)
    widget = "percent"
    condition_type = "number"
    in_table = True
    taken = ("number",)
    good = (({}, 12.5), ({}, "12,5 %"), ({}, "0"), ({}, 100))
    bad = (
        ({}, 100.5),
        ({}, "-1"),
        ({}, "12,55"),
        ({}, float("nan")),
        ({}, float("inf")),
        ({}, True),
        ({}, "halvdelen"),
    )

    def normalise(self, value: Any, field: Field) -> Any:
        text = normal_text(value)
        if isinstance(text, str) and (found := _PERCENT.match(text)):
            text = float(found[1].replace(",", "."))
        return int(text) if isinstance(text, float) and text.is_integer() else text

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"type": "number", "minimum": 0, "maximum": 100, "x-tillid-decimals": 1}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if type(value) in (int, float) and 0 <= value <= 100 and round(value, 1) == value:
            return []
        if isinstance(value, bool) or not isinstance(value, str | float | int):
            return [WRONG_TYPE]
        return [ValueProblem(code="forms.wrong-percent", text="Skriv et tal fra 0 til 100 med højst én decimal.")]

    def typed(self, value: Any, field: Field) -> Any:
        return _danish(value) if type(value) in (int, float) else value

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return f"{_danish(value)} %" if language == "da" else f"{value}%"

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (number_spelled(value),)


def _danish(value: float) -> str:
    return str(value).replace(".", ",")


TYPES = (Number(), Percent())
