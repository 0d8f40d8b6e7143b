"""A step on a scale with own words: ``{"score": 4, "text": …}``. About how something went, never about a child (T32)."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, normal_object, text_problems
from tillid.forms.problems import ValueProblem

_SETTINGS = {"from": 1, "to": 5, "max": 20}


class ScaleText(FieldType):
    name = "scale_text"
    widget = "radios"
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "to", "max"],
        "properties": {
            "from": {"type": "integer", "minimum": 0, "maximum": 1},
            "to": {"type": "integer", "minimum": 2, "maximum": 10},
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
        score = "".join(values[:-1][-1:])
        number = int(score) if score.isascii() and score.isdigit() and len(score) < 4 else score
        return {"score": number, "text": values[-1]}

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, dict) or not set(value) <= {"score", "text"}:
            return [WRONG_TYPE]
        low, high, score = field.settings["from"], field.settings["to"], value.get("score")
        if type(score) is not int or not low <= score <= high:
            return [
                ValueProblem(
                    code="forms.wrong-step",
                    text="Vælg et trin fra {low} til {high}.",
                    params={"low": low, "high": high},
                )
            ]
        return text_problems(value.get("text", ""), field.settings["max"])

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        step = f"{value['score']} / {field.settings['to']}"
        return f"{step}: {value['text']}" if value.get("text") else step


TYPES = (ScaleText(),)
