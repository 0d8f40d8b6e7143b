"""Yes or no. No answer is a third thing, and nothing is ticked beforehand (R-12)."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType
from tillid.forms.problems import ValueProblem

_POSTED = {"yes": True, "no": False}
_WORDS = {"da": ("Nej", "Ja"), "en": ("No", "Yes")}


class YesNo(FieldType):
    """Posted as ``yes`` or ``no``, stored as a boolean."""

    name = "yes_no"
    widget = "yes-no"
    condition_type = "boolean"
    in_table = True
    good = (({}, True), ({}, False))
    bad = (({}, "ja"), ({}, 1), ({}, [True]))

    def parse(self, values: list[str], field: Field) -> Any:
        text = values[0] if values else ""
        return _POSTED.get(text, text or None)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return [] if isinstance(value, bool) else [WRONG_TYPE]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return _WORDS.get(language, _WORDS["da"])[value]

    def search_text(self, value: Any, field: Field, definition: FormDefinition) -> str:
        return ""


TYPES = (YesNo(),)
