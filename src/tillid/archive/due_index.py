"""Due days of the whole municipality as they were last worked out: to find what to look at, never to decide on (R-82)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from tillid.archive.retention import DueDocument, Trigger

NO_DAY = ""  # the month of what has no day yet


class DueEntry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """``place``: who looks after it where, in one word (``keepers.place``); ``due``: ``None`` as long as it is not known; ``happened``:
    what it was counted from. No text, no name, no child."""

    id: str
    place: str
    form_id: str
    due: date | None
    happened: dict[Trigger, date]

    @property
    def document(self) -> DueDocument:
        """For the preview of other rules."""
        return DueDocument(id=self.id, form_id=self.form_id, happened=self.happened)


class DueTotals(msgspec.Struct, frozen=True, kw_only=True):
    """``at``: when it was worked out; ``places``: month → place → how many."""

    at: datetime
    places: dict[str, dict[str, int]]

    def of(self, places: Iterable[str]) -> dict[str, int]:
        """Month → how many at ``places``, in order; months with none are left out."""
        wanted = set(places)
        found = {month: sum(n for place, n in each.items() if place in wanted) for month, each in self.places.items()}
        return {month: found[month] for month in sorted(found) if found[month]}


def month_of(due: date | None) -> str:
    """``2031-08``; ``NO_DAY`` for none."""
    return f"{due.year:04}-{due.month:02}" if due is not None else NO_DAY


def by_months(entries: Iterable[DueEntry]) -> dict[str, list[DueEntry]]:
    """Month → what is due in it, by day."""
    found: dict[str, list[DueEntry]] = {}
    for one in entries:
        found.setdefault(month_of(one.due), []).append(one)
    return {month: sorted(ones, key=lambda one: (one.due or date.min, one.id)) for month, ones in found.items()}


def totals(months: dict[str, list[DueEntry]], at: datetime) -> DueTotals:
    """How many there are at each place in each month."""
    places: dict[str, dict[str, int]] = {}
    for month, ones in months.items():
        each = places.setdefault(month, {})
        for one in ones:
            each[one.place] = each.get(one.place, 0) + 1
    return DueTotals(at=at, places=places)
