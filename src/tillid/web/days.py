"""Days that people type into a text field, in any usual Danish spelling."""

from __future__ import annotations

import re
from datetime import date

from tillid.kernel.errors import TillidError

EARLIEST, LATEST = 1900, 2100
_ISO = re.compile(r"(\d{1,6})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_DANISH = re.compile(r"(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{1,6})\Z", re.ASCII)


class DayWrong(TillidError):
    """``part``: the name of the field."""

    code = "search.day"
    text = "Skriv dag, måned og år med tal, for eksempel 1-8-2025. Der er ingen dag, der hedder det, du har skrevet."

    def __init__(self, part: str, **more: object) -> None:
        super().__init__(part, **more)  # type: ignore[arg-type]
        self.part = part


def asked_day(part: str, typed: str) -> date | None:
    """The day that was typed, ``None`` for nothing. Raises ``DayWrong``."""
    if not typed.strip():
        return None
    text = typed.strip().rstrip(".")
    if found := _DANISH.match(text):
        day, month, year = (int(one) for one in found.groups())
    elif found := _ISO.match(text):
        year, month, day = (int(one) for one in found.groups())
    else:
        raise DayWrong(part)
    if not EARLIEST <= year <= LATEST:
        raise DayWrong(
            part,
            code="search.day-year",
            text="Skriv året med fire tal, fra {first} til {last}.",
            first=EARLIEST,
            last=LATEST,
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise DayWrong(part) from None


def day_as_typed(day: date | None) -> str:
    """The inverse, as people here write it."""
    return f"{day.day}-{day.month}-{day.year}" if day else ""


def day_of(posted: str) -> date | None:
    """The day that a date input posts; ``None`` for anything else."""
    try:
        return date.fromisoformat(posted)
    except ValueError:
        return None
