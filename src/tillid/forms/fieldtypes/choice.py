"""Codes out of a list: one (``choice``), several (``multi_choice``), one with own words (``choice_text``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import (
    WRONG_TYPE,
    FieldType,
    Source,
    normal_object,
    normal_text,
    reworded_part,
    text_part,
    text_problems,
)
from tillid.forms.fieldtypes.differences import Difference, item_difference
from tillid.forms.fieldtypes.json_values import Schema, closed, codes, text
from tillid.forms.problems import ValueProblem

_LISTS = {
    "code_list": {"type": "string"},
    # Other words for the same codes, which a municipality may choose instead (T7).
    "alternative_lists": {"type": "array", "items": {"type": "string"}},
}
_SETTINGS = {"type": "object", "additionalProperties": False, "required": ["code_list"], "properties": _LISTS}
WRONG_CODE = ValueProblem(code="forms.wrong-code", text="Vælg et af de svar, der er på listen.")


class OneChoice(FieldType):
    name = "choice"
    widget = "radios"
    settings_schema = _SETTINGS
    condition_type = "code"
    search = ("keyword", "text")
    list_setting = "code_list"
    in_table = True
    taken = ("yes_no", "yes_no_unknown", "multi_choice")
    good = (({"code_list": "demo"}, "a"),)
    bad = (({"code_list": "demo"}, "z"), ({"code_list": "demo"}, True), ({"code_list": "demo"}, ["a"]))

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_text(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return codes(field.settings["code_list"])

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, str):
            return [WRONG_TYPE]
        return [] if value in definition.code_list(field.settings["code_list"]).codes else [WRONG_CODE]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return _label(value, field, definition)

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (value,)

    def search_choices(self, field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
        return _choices(field, definition)

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        """Several choices fit only if there is one; yes and no are the codes ``yes`` and ``no`` of the map."""
        if other == "multi_choice":
            value = value[0] if len(value) == 1 else None
        return moved_code(value, source)


class MultiChoice(FieldType):
    name = "multi_choice"
    widget = "checkboxes"
    settings_schema = _SETTINGS
    condition_type = "codes"
    search = ("keyword", "text")
    list_setting = "code_list"
    taken = ("choice",)
    good = (({"code_list": "demo"}, ["a", "b"]), ({"code_list": "demo"}, ["b", "a"]))
    bad = (({"code_list": "demo"}, ["a", "z"]), ({"code_list": "demo"}, "a"), ({"code_list": "demo"}, [1]))

    def parse(self, values: list[str], field: Field) -> Any:
        return [value for value in values if value] or None

    def normalise(self, value: Any, field: Field) -> Any:
        # The order of the list is restored by ``answers.clean_field``, which knows the definition.
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            return value
        return list(dict.fromkeys(code for code in map(normal_text, value) if code))

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"type": "array", "items": codes(field.settings["code_list"])}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            return [WRONG_TYPE]
        known = definition.code_list(field.settings["code_list"]).codes
        return [] if all(code in known for code in value) else [WRONG_CODE]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> list[str]:
        return [_label(code, field, definition) for code in value]

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return tuple(value)

    def search_choices(self, field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
        return _choices(field, definition)

    def diff(self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da") -> Difference:
        return item_difference(*(self.format(value or [], field, definition, language) for value in (old, new)))

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        return [moved_code(code, source) for code in (value if isinstance(value, list) else [value])]


class ChoiceText(FieldType):
    """``{"code": …, "text": …}``: a code and, if wanted, own words. Posted as the code (if one is picked), then the text."""

    name = "choice_text"
    in_sentence = True
    widget = "radios"
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["code_list", "max"],
        "properties": {**_LISTS, "max": {"type": "integer", "minimum": 1, "maximum": 2000}},
    }
    list_setting = "code_list"
    search = ("keyword", "text")
    taken = ("choice",)
    good = (({"code_list": "demo", "max": 20}, {"code": "a", "text": "egne ord"}),)
    bad = (
        ({"code_list": "demo", "max": 5}, {"code": "a", "text": "for lang tekst"}),
        ({"code_list": "demo", "max": 5}, {"code": "z"}),
        ({"code_list": "demo", "max": 5}, {"text": "uden"}),
        ({"code_list": "demo", "max": 5}, {"code": "a", "andet": "x"}),
    )

    def parse(self, values: list[str], field: Field) -> Any:
        # The text is always posted, last; radios post nothing until one is picked.
        return {"code": "".join(values[:-1][-1:]), "text": values[-1]} if values else None

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return closed({"code": codes(field.settings["code_list"]), "text": text(field.settings["max"])}, ["code"])

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, dict) or not set(value) <= {"code", "text"}:
            return [WRONG_TYPE]
        wrong = [] if value.get("code") in definition.code_list(field.settings["code_list"]).codes else [WRONG_CODE]
        return wrong + text_problems(value.get("text", ""), field.settings["max"])

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        label, text = _label(value["code"], field, definition), value.get("text", "")
        return f"{label}: {text}" if text else label

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (value["code"],)

    def search_choices(self, field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
        return _choices(field, definition)

    def free_text(self, value: Any, field: Field) -> list[tuple[str, str]]:
        return text_part(value)

    def reworded(self, value: Any, field: Field, change: Callable[[str], str]) -> Any:
        return reworded_part(value, change)

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        if other == "choice":
            return {"code": moved_code(value, source)}
        return {**value, "code": moved_code(value["code"], source)}


def moved_code(code: Any, source: Source) -> Any:
    """The new code for an old one (yes and no are ``yes`` and ``no``); itself where the map says nothing of it."""
    named = {True: "yes", False: "no"}[code] if isinstance(code, bool) else code
    return source.codes.get(named, named)


def _choices(field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
    found = definition.code_list(field.settings["code_list"])
    return tuple((choice.code, choice.label) for choice in found.choices)


def _label(code: str, field: Field, definition: FormDefinition) -> str:
    choice = definition.code_list(field.settings["code_list"]).choice(code)
    return choice.label if choice else code


TYPES = (OneChoice(), MultiChoice(), ChoiceText())
