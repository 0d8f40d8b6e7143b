"""A step on a scale with own words: ``{"score": 4, "text": …}``. About how something went, never about a child (T32)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import (
    WRONG_TYPE,
    FieldType,
    Source,
    normal_object,
    reworded_part,
    text_part,
    text_problems,
)
from tillid.forms.fieldtypes.json_values import Schema, closed, text
from tillid.forms.fieldtypes.searching import number_spelled
from tillid.forms.problems import ValueProblem
from tillid.kernel.cpr import without_cpr

_SETTINGS = {"from": 1, "to": 5, "max": 20}
_STEPS = {
    "from": {"type": "integer", "minimum": 0, "maximum": 1},
    "to": {"type": "integer", "minimum": 2, "maximum": 10},
}


def step_problems(step: Any, field: Field) -> list[ValueProblem]:
    """Objections to what should be a step of the field's scale."""
    low, high = field.settings["from"], field.settings["to"]
    if type(step) is int and low <= step <= high:
        return []
    return [
        ValueProblem(
            code="forms.wrong-step", text="Vælg et trin fra {low} til {high}.", params={"low": low, "high": high}
        )
    ]


def posted_step(text: str) -> Any:
    """A posted step as a number, or unchanged, to be refused."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text


def _steps(field: Field) -> Schema:
    return {"type": "integer", "minimum": field.settings["from"], "maximum": field.settings["to"]}


class Scale(FieldType):
    """A step alone."""

    name = "scale"
    search = ("number",)
    widget = "radios"
    condition_type = "number"
    taken = ("scale_text",)
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "to"],
        "properties": _STEPS,
    }
    good = (({"from": 1, "to": 5}, 4), ({"from": 0, "to": 2}, 0))
    bad = (({"from": 1, "to": 5}, 6), ({"from": 1, "to": 5}, True), ({"from": 1, "to": 5}, "4"))

    def parse(self, values: list[str], field: Field) -> Any:
        return posted_step(values[0]) if values and values[0] else None

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return _steps(field)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return step_problems(value, field)

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return f"{value} / {field.settings['to']}"

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (number_spelled(value),)

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        if not _same_scale(field, source):
            return None
        if other == "scale_text":
            return value["score"] if set(value) == {"score"} else None  # own words would be lost
        return value


class ScaleText(FieldType):
    name = "scale_text"
    in_sentence = True
    search = ("number", "text")
    widget = "radios"
    taken = ("scale",)
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "to", "max"],
        "properties": {
            **_STEPS,
            "max": {"type": "integer", "minimum": 1, "maximum": 2000},
        },
    }
    good = ((_SETTINGS, {"score": 4, "text": "Fint forløb"}), (_SETTINGS, {"score": 1}))
    bad = (
        (_SETTINGS, {"score": 6}),
        (_SETTINGS, {"score": True}),
        (_SETTINGS, {"text": "uden trin"}),
        (_SETTINGS, {"score": 2, "text": "for lang tekst til feltet"}),
        (_SETTINGS, 4),
    )

    def parse(self, values: list[str], field: Field) -> Any:
        if not values:
            return None
        # The text is always posted, last; radios post nothing until one is picked.
        return {"score": posted_step("".join(values[:-1][-1:])), "text": values[-1]}

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return closed({"score": _steps(field), "text": text(field.settings["max"])}, ["score"])

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, dict) or not set(value) <= {"score", "text"}:
            return [WRONG_TYPE]
        wrong = step_problems(value.get("score"), field)
        return wrong or text_problems(value.get("text", ""), field.settings["max"])

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        step = f"{value['score']} / {field.settings['to']}"
        return f"{step}: {value['text']}" if value.get("text") else step

    def free_text(self, value: Any, field: Field) -> list[tuple[str, str]]:
        return text_part(value)

    def reworded(self, value: Any, field: Field, change: Callable[[str], str]) -> Any:
        return reworded_part(value, change)

    def search_text(self, value: Any, field: Field, definition: FormDefinition) -> str:
        return without_cpr(value.get("text", ""))

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (number_spelled(value["score"]),)

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        if not _same_scale(field, source):
            return None
        return {"score": value} if other == "scale" else value


def _same_scale(field: Field, source: Source) -> bool:
    """A step means something on its own scale alone: 4 of 5 is not 4 of 10."""
    return all(field.settings[key] == source.field.settings.get(key) for key in ("from", "to"))


TYPES = (Scale(), ScaleText())
