"""A calendar day, stored as ``YYYY-MM-DD``; typed in that spelling or in the Danish one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, normal_text
from tillid.forms.fieldtypes.json_values import DAY, Schema, matching
from tillid.forms.problems import ValueProblem

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_DANISH = re.compile(r"([0-9]{1,2})[./-] ?([0-9]{1,2})[./-] ?([0-9]{4})\Z")
_MONTHS = {
    "da": "januar februar marts april maj juni juli august september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}
FIRST_YEAR, LAST_YEAR = 1900, 2100


def out_of_range() -> ValueProblem:
    """A year nobody can mean."""
    return ValueProblem(
        code="forms.date-out-of-range",
        text="Året skal ligge mellem {first} og {last}.",
        params={"first": FIRST_YEAR, "last": LAST_YEAR},
    )


class Date(FieldType):
    name = "date"
    widget = "date"
    condition_type = "date"
    search = ("day",)
    in_table = True
    good = (({}, "2026-11-25"), ({}, "2024-02-29"), ({}, "5.3.2026"))
    bad = (({}, "2026-02-31"), ({}, "0001-01-01"), ({}, "i morgen"), ({}, 20261125), ({}, "2026-1-1"))

    def normalise(self, value: Any, field: Field) -> Any:
        text = normal_text(value)
        danish = _DANISH.match(text) if isinstance(text, str) else None
        return f"{danish[3]}-{danish[2]:0>2}-{danish[1]:0>2}" if danish else text

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return matching(f"^{DAY}$", 10)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, str):
            return [WRONG_TYPE]
        try:
            found = _ISO.match(value)
            day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            day = None
        if day is None:
            return [ValueProblem(code="forms.wrong-date", text="Datoen findes ikke. Skriv den som dag.måned.år.")]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return [out_of_range()]
        return []

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        day = date.fromisoformat(value)
        month = _MONTHS.get(language, _MONTHS["da"])[day.month - 1]
        return f"{day.day}. {month} {day.year}" if language == "da" else f"{day.day} {month} {day.year}"

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (value,)


TYPES = (Date(),)
