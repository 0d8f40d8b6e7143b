"""Due days of the whole municipality as they were last worked out: to find what to look at, never to decide on (R-82).

Laid out so that a page reads what it shows: a piece of one place's documents in one month, or a few numbers (ADR 0064).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec

from tillid.archive.retention import DueDocument, Trigger

NO_DAY = ""  # the month of what has no day yet
AT_ONCE = 500  # entries of a piece
MOST_FIRST = 100  # entries that stand for a form at a place


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


class FormDue(msgspec.Struct, frozen=True, kw_only=True):
    """Of one form at one place: how many have a day, how many have none, and the first of those that have one."""

    dated: int = 0
    undated: int = 0
    first: tuple[DueEntry, ...] = ()


class DueIndex(msgspec.Struct, frozen=True, kw_only=True):
    """``pieces``, ``forms``, ``begins``: by the keys below; ``begins``: the days that anything is counted from."""

    totals: DueTotals
    pieces: dict[str, Sequence[DueEntry]]
    forms: dict[str, FormDue]
    begins: dict[str, Sequence[date]]


def piece_key(place: str, month: str, number: int) -> str:
    """Of the ``number``th piece (from 0) of what is due at ``place`` in ``month``."""
    return f"{place} {month} {number:05}"


def form_key(place: str, form_id: str) -> str:
    """Of a form at a place."""
    return f"{place} {form_id}"


def begin_key(form_id: str, trigger: Trigger) -> str:
    """Of what a form's documents are counted from, whatever their place."""
    return f"{form_id} {trigger}"


def month_of(due: date | None) -> str:
    """``2031-08``; ``NO_DAY`` for none."""
    return f"{due.year:04}-{due.month:02}" if due is not None else NO_DAY


def indexed(entries: Iterable[DueEntry], at: datetime) -> DueIndex:
    """All of it, of every document's entry; by place, month and day."""
    ordered = sorted(entries, key=lambda one: (one.place, one.due or date.min, one.id))
    places: dict[str, dict[str, int]] = {}
    pieces: dict[str, Sequence[DueEntry]] = {}
    for (place, month), group in groupby(ordered, key=lambda one: (one.place, month_of(one.due))):
        ones = list(group)
        places.setdefault(month, {})[place] = len(ones)
        for number in range(0, len(ones), AT_ONCE):
            pieces[piece_key(place, month, number // AT_ONCE)] = ones[number : number + AT_ONCE]
    return DueIndex(
        totals=DueTotals(at=at, places=places), pieces=pieces, forms=_forms(ordered), begins=_begins(ordered)
    )


def _forms(ordered: Sequence[DueEntry]) -> dict[str, FormDue]:
    dated: dict[str, list[DueEntry]] = defaultdict(list)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in ordered:
        key = form_key(one.place, one.form_id)
        counts[key][one.due is None] += 1
        if one.due is not None and len(dated[key]) < MOST_FIRST:
            dated[key].append(one)
    return {
        key: FormDue(dated=have, undated=none, first=tuple(dated.get(key, ()))) for key, (have, none) in counts.items()
    }


def _begins(ordered: Sequence[DueEntry]) -> dict[str, Sequence[date]]:
    found: dict[str, set[date]] = defaultdict(set)
    for one in ordered:
        for trigger, day in one.happened.items():
            found[begin_key(one.form_id, trigger)].add(day)
    return {key: sorted(days) for key, days in found.items()}


def page_of(
    totals: DueTotals,
    places: Collection[str],
    month: str,
    skip: int,
    count: int,
    read: Callable[[str], Sequence[DueEntry]],
) -> Iterator[DueEntry]:
    """``count`` entries of ``month`` after the first ``skip``, place by place; ``read``: a piece by its key."""
    for place in sorted(places):
        have = totals.places.get(month, {}).get(place, 0)
        while count > 0 and skip < have:
            number, within = divmod(skip, AT_ONCE)
            found = read(piece_key(place, month, number))[within : within + count]
            if not found:  # worked out anew in between
                return
            yield from found
            skip, count = skip + len(found), count - len(found)
        skip = max(skip - have, 0)
