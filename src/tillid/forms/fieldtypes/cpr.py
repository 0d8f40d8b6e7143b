"""A CPR number: date and length are checked, modulus 11 never (R-110); people see it masked (R-111)."""

from __future__ import annotations

import re
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, normal_text
from tillid.forms.fieldtypes.json_values import Schema, matching
from tillid.forms.problems import ValueProblem
from tillid.kernel.cpr import masked_cpr, normal_cpr

NO_CPR = ValueProblem(
    code="forms.wrong-cpr",
    text="Skriv et CPR-nummer med ti cifre, eller lad feltet stå tomt. De første seks er en dato.",
)
MASKED = ValueProblem(code="forms.masked-cpr", text="Skriv hele CPR-nummeret igen. Her stod kun de første seks cifre.")
_MASKED = re.compile(r"[0-9]{6}-xxxx\Z")

_PATTERN = (
    "^(?:(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:0[13578]|1[02])[0-9]{2}"
    "|(?:0[1-9]|[12][0-9]|30|6[1-9]|[78][0-9]|90)(?:0[469]|11)[0-9]{2}"
    "|(?:0[1-9]|1[0-9]|2[0-8]|6[1-9]|7[0-9]|8[0-8])02[0-9]{2}"
    "|(?:29|89)02(?:[02468][048]|[13579][26]))[0-9]{4}$"
)


class Cpr(FieldType):
    """Ten digits, stored without hyphen. Page, document, difference and input show ``010119-xxxx``; no search finds it. That
    other digits stand behind the mask is told where two versions are compared, never which."""

    name = "cpr"
    widget = "cpr"
    in_table = True
    another = {"da": "de sidste fire cifre er andre", "en": "the last four digits are others"}
    good = (({}, "010119-4242"), ({}, "0101194242"), ({}, " 610119-4242 "))
    bad = (
        ({}, "310219-4242"),
        ({}, "010119-424"),
        ({}, "001319-4242"),
        ({}, "010119-xxxx"),
        ({}, "det ved jeg ikke"),
        ({}, 101194242),
    )

    def normalise(self, value: Any, field: Field) -> Any:
        text = normal_text(value)
        if not isinstance(text, str) or len(text) > 20:
            return text
        return normal_cpr(text.replace(" ", "")) or text

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return matching(_PATTERN, 10)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, str):
            return [WRONG_TYPE]
        if len(value) == 10 and normal_cpr(value) == value and _is_day(value):
            return []
        return [MASKED if _MASKED.match(value) else NO_CPR]

    def typed(self, value: Any, field: Field) -> Any:
        return masked_cpr(value) if isinstance(value, str) and normal_cpr(value) else value

    def in_copy(self, value: Any, field: Field) -> Any:
        return self.typed(value, field)

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        return stored if isinstance(stored, str) and value == self.typed(stored, field) else value

    def identity(self, value: Any) -> str:
        return value if isinstance(value, str) else ""

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return masked_cpr(value)


def _is_day(cpr: str) -> bool:
    """Whether the first six digits are a day of some century: the 29th of February is let be, for only 1900 lacked it."""
    day, month = int(cpr[:2]), int(cpr[2:4])
    day = day - 60 if day > 60 else day
    longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    if month == 2 and day == 29:
        return int(cpr[4:6]) % 4 == 0
    return day <= longest


TYPES = (Cpr(),)
