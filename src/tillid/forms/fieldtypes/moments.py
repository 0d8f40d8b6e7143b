"""A moment and a time of day that people write. (What the system notes itself is ``instant`` in ``derived.py``.)"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, normal_text
from tillid.forms.fieldtypes.dates import FIRST_YEAR, LAST_YEAR, out_of_range
from tillid.forms.fieldtypes.json_values import CLOCK, DAY, Schema, matching
from tillid.forms.fieldtypes.searching import day_of_moment
from tillid.forms.problems import ValueProblem
from tillid.kernel.clock import COPENHAGEN, instant, parse_instant

_TYPED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2})[:.]([0-9]{2})(?::00)?\Z")
_DANISH = re.compile(
    r"([0-9]{1,2})[./-] ?([0-9]{1,2})[./-] ?([0-9]{4}),? (?:kl\.? ?)?([0-9]{1,2})[:.]([0-9]{2})\Z", re.I
)
_TIME = re.compile(r"(?:kl\.? ?)?([0-9]{1,2})(?:[:. ]?([0-9]{2}))?(?::00)?\Z", re.I)


class Moment(FieldType):
    """A day and a time of day, typed in Copenhagen time and stored as ``2026-11-25T19:47:00Z`` (design 26).

    An hour that summer time takes twice is the first of the two; an hour that it skips does not exist and is refused.
    """

    name = "moment"
    search = ("day",)
    widget = "moment"
    in_table = True
    taken = ("instant",)
    good = (({}, "2026-11-25T20:47"), ({}, "25.11.2026 kl. 20.47"), ({}, "2026-11-25T19:47:00Z"))
    bad = (
        ({}, "2026-02-31T10:00"),
        ({}, "0001-01-01T10:00"),
        ({}, "2026-03-29T02:30"),
        ({}, "2026-11-25"),
        ({}, "i morgen"),
        ({}, 5),
        ({}, "0001-01-01T10:00:00Z"),
    )

    def normalise(self, value: Any, field: Field) -> Any:
        text = normal_text(value)
        if not isinstance(text, str) or len(text) > 40:
            return text
        if found := _DANISH.match(text):
            return _stored(text, found[3], found[2], found[1], found[4], found[5])
        found = _TYPED.match(text)
        return _stored(text, *found.groups()) if found else text

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return matching(f"^{DAY}T{CLOCK}:[0-5][0-9]Z$", 20)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, str):
            return [WRONG_TYPE]
        try:
            moment = parse_instant(value)
        except ValueError:
            return [
                ValueProblem(
                    code="forms.wrong-moment",
                    text="Skriv dag, måned, år og klokkeslæt, for eksempel 25.11.2026 kl. 14.30. Tidspunktet skal findes.",
                )
            ]
        return [] if FIRST_YEAR <= moment.year <= LAST_YEAR else [out_of_range()]

    def typed(self, value: Any, field: Field) -> Any:
        try:
            return parse_instant(value).astimezone(COPENHAGEN).strftime("%Y-%m-%dT%H:%M")
        except (ValueError, TypeError, OverflowError):
            return value  # refused text, shown again as it was written

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        """The inputs show whole minutes; a moment taken from the system keeps its seconds until another is written."""
        return stored if isinstance(stored, str) and value == self.typed(stored, field) else value

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return parse_instant(value).astimezone(COPENHAGEN).strftime("%d.%m.%Y kl. %H.%M")

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (day_of_moment(value),)


class Time(FieldType):
    """A time of day as ``14:30``; typed with a colon, a full stop or nothing between."""

    name = "time"
    widget = "time"
    in_table = True
    good = (({}, "14:30"), ({}, "kl. 8.05"), ({}, "0830"), ({}, "9"))
    bad = (({}, "24:00"), ({}, "12:60"), ({}, "om eftermiddagen"), ({}, 1430))

    def normalise(self, value: Any, field: Field) -> Any:
        text = normal_text(value)
        found = _TIME.match(text) if isinstance(text, str) and len(text) <= 20 else None
        return f"{found[1]:0>2}:{found[2] or '00'}" if found else text

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return matching(f"^{CLOCK}$", 5)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, str):
            return [WRONG_TYPE]
        found = re.match(r"([0-9]{2}):([0-9]{2})\Z", value)
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return []
        return [ValueProblem(code="forms.wrong-time", text="Skriv klokkeslættet som timer og minutter, fx 14.30.")]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return f"kl. {value.replace(':', '.')}" if language == "da" else value


def _stored(text: str, year: str, month: str, day: str, hour: str, minute: str) -> str:
    """The moment in UTC, or ``text`` unchanged if there is no such moment."""
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=COPENHAGEN)
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    exists = moment.astimezone(COPENHAGEN).replace(tzinfo=None) == local.replace(tzinfo=None)
    return instant(moment) if exists and moment.year >= 1000 else text


TYPES = (Moment(), Time())
