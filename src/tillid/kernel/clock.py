"""One clock port. Moments are aware UTC datetimes in whole seconds; Copenhagen time is for showing (design 26)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z")


class Clock(Protocol):
    """Where the moment of a request comes from; asked once per request."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock in UTC, whole seconds."""

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)


class FixedClock:
    """A clock that stands still until moved; for tests and for judging at a past moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, **delta: float) -> None:
        """Move the clock by ``timedelta(**delta)``."""
        self.moment += timedelta(**delta)


def instant(moment: datetime) -> str:
    """``moment`` in the one spelling used in stored JSON and XML: ``2026-11-25T19:47:46Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """The inverse of ``instant``; raises ``ValueError`` on any other spelling."""
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an instant")
    return datetime.fromisoformat(text)


def end_of(day: date) -> datetime:
    """The first moment after ``day``: "til og med D" ends at D+1 00:00 Copenhagen time (design 13)."""
    return datetime.combine(day + timedelta(days=1), time(0), COPENHAGEN).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The calendar day in Copenhagen at ``moment``."""
    return moment.astimezone(COPENHAGEN).date()
