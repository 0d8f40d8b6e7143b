"""Free text: one line (``text``) and several (``long_text``), both with a most number of characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import FieldType, Source, flat_text, normal_text, text_problems
from tillid.forms.fieldtypes.json_values import Schema, text
from tillid.forms.problems import ValueProblem

_SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["max"],
    "properties": {"max": {"type": "integer", "minimum": 1, "maximum": 20000}},
}


# Types whose every value can be written in words; codes and days become what people read (their label, the day).
_IN_WORDS = (
    "text long_text choice multi_choice choice_text yes_no yes_no_unknown date date_choice date_text time person"
    " person_list person_ref user_ref unit_ref unit_and_text unit_or_text yes_no_text number percent period computed"
).split()


class LongText(FieldType):
    name = "long_text"
    in_sentence = True
    search = ("text",)
    widget = "textarea"
    settings_schema = _SETTINGS
    condition_type = "text"
    in_table = True
    taken = tuple(_IN_WORDS)
    good = (
        ({"max": 40}, "Mette & Søn <3 kg"),
        ({"max": 40}, "Første linje\nAnden linje"),
        ({"max": 40}, "</w:t></w:r> {{ navn }}"),
    )
    bad = (
        ({"max": 5}, "seks tegn"),
        ({"max": 40}, "skjult\u200btegn"),
        ({"max": 40}, "klokke\x07"),
        ({"max": 40}, "baglæns\u202eher"),
        ({"max": 40}, 7),
        ({"max": 40}, ["tekst"]),
    )

    def parse(self, values: list[str], field: Field) -> Any:
        return "\n".join(values) if values else None

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_text(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return text(field.settings["max"])

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return text_problems(value, field.settings["max"])

    def free_text(self, value: Any, field: Field) -> list[tuple[str, str]]:
        return [("", value)] if isinstance(value, str) else []

    def reworded(self, value: Any, field: Field, change: Callable[[str], str]) -> Any:
        return change(value) if isinstance(value, str) else value

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        from tillid.forms.fieldtypes import field_type  # the registry imports this module

        if isinstance(value, str) and other in ("text", "long_text", "computed"):
            return value
        old = field_type(other)
        if old.validate(value, source.field, source.definition):
            return None  # not a value of the old type: nothing that could be written out
        return flat_text(old.format(value, source.field, source.definition))


class Text(LongText):
    name = "text"
    widget = "text"
    good = (({"max": 40}, "Dansk og arabisk, tolk ønskes"), ({"max": 40}, "Mette & Søn <3 kg"))

    def normalise(self, value: Any, field: Field) -> Any:
        normal = normal_text(value)
        # One line: a pasted line end becomes a blank, nothing is lost.
        return normal.replace("\n", " ") if isinstance(normal, str) else normal


TYPES = (Text(), LongText())
