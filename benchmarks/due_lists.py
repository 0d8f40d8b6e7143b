"""What falls due in a large store: the day's working out, and the archivist's pages, at a tenth of it and at all of it.

Documents are copies of one closed case, of children who left over twenty years, spread over the archivist's places. A page is the use
case on a fresh view of the store, with its audit row: a month of the whole municipality (fifty documents looked up anew), a place,
and what another period would move. The peer of each page is the same page of the smaller store: nothing may grow with the store.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle, islice

import msgspec

from benchmarks.stage import Stage, running
from benchmarks.table import Row, Sample, compare, sample
from benchmarks.timing import cpu_seconds, in_turn, seconds
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.usecases.due_list import due_list
from tillid.usecases.due_overview import due_overview, preview_rule
from tillid.usecases.keepers import keeper_units
from tillid.usecases.ports import House
from tillid.usecases.work_out_due import work_out_due

COUNTS, QUICK_COUNTS = (10_000, 100_000), (30, 300)
CHILDREN, QUICK_CHILDREN = 480, 12  # two a month, over twenty years
ROUNDS, QUICK_ROUNDS = 15, 2
AT_ONCE = 500
MOST_SLOWER = 1.2
ARCHIVIST = "ove"


def run(quick: bool = False) -> list[Row]:
    """One store that grows."""
    counts = QUICK_COUNTS if quick else COUNTS
    with running() as stage:
        who = stage.player.staff_named(ARCHIVIST)
        filling = _Filling(stage, who, QUICK_CHILDREN if quick else CHILDREN)
        there, found, worked = 0, [], []
        for count in counts:
            filling.add(there, count)
            there = count
            began = _peak()
            worked.append((count, seconds(lambda: work_out_due(stage.installation.open_house)), _peak() - began))
            found.append(_pages(stage, who, QUICK_ROUNDS if quick else ROUNDS))
    rows = [_day(worked)]
    for name, small in found[0].items():
        rows.append(
            compare(f"due list: {name}, {counts[1]:,} documents", found[1][name], f"the same of {counts[0]:,}", small,
                    better="less", goal=1 / MOST_SLOWER, note="processor time of the use case with its audit row")
        )  # fmt: skip
    return rows


def _day(worked: list[tuple[int, float, float]]) -> Row:
    (few, quick_, small), (many, slow, large) = worked
    note = f"the peak of the process grew by {small:.0f} and {large:.0f} MB; {quick_:.1f} and {slow:.1f} s for all"
    return compare("due days worked out, documents", sample([many / slow], "per second"), f"the same of {few:,}",
                   sample([few / quick_], "per second"), better="more", goal=1 / MOST_SLOWER, note=note)  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _pages(stage: Stage, who: Identity, rounds: int) -> dict[str, Sample]:
    def asked(work: Callable[[House], object]) -> Callable[[], None]:
        def once() -> None:
            with stage.installation.open_house() as house:
                work(house)

        return once

    with stage.installation.open_house() as house:
        months = due_overview(house, who).months
        unit = sorted(keeper_units(house, who))[0]
        month = sorted(months)[len(months) // 2]
        assert due_overview(house, who, month).shown, "the page has documents"
    works = {
        "all months": asked(lambda house: due_overview(house, who)),
        "a month, first page": asked(lambda house: due_overview(house, who, month)),
        "a month, last page": asked(lambda house: due_overview(house, who, month, 99_999)),
        "a place": asked(lambda house: due_list(house, who, unit)),
        "another period": asked(lambda house: preview_rule(house, who, "overgangsbeskrivelse", "P7Y")),
    }
    measured = in_turn(works, rounds, cpu_seconds)
    return {name: sample([one * 1000 for one in values], "ms") for name, values in measured.items()}


class _Filling:
    """Copies of one closed case."""

    def __init__(self, stage: Stage, who: Identity, children: int) -> None:
        self._stage, self._of = stage, stage.declined_document()
        with stage.installation.open_house() as house:
            self._units = sorted(keeper_units(house, who))
            kept = house.documents.get(self._of)
            like, custody = house.people.child(kept.child_id), house.people.custody(kept.child_id)
            self._children = []
            for number in range(children):
                left = date(2012, 1, 15) + timedelta(days=20 * 365 * number // children)
                child = msgspec.structs.replace(
                    like, id=new_id(), name=f"Barn {number}", left=dict.fromkeys(self._units, left)
                )
                cpr = f"{1 + number % 28:02}{1 + number // 28 % 12:02}15{4000 + number:04}"
                house.people.put_child(child, cpr, msgspec.structs.replace(custody, child_id=child.id))
                self._children.append(child.id)

    def add(self, there: int, count: int) -> None:
        """From ``there`` on until there are ``count``."""
        places = cycle((unit, child) for child in self._children for unit in self._units)
        places = islice(places, there, None)
        for begin in range(there, count, AT_ONCE):
            with self._stage.installation.open_house() as house:
                kept, draft = house.documents.get(self._of), house.documents.draft(self._of)
                versions = [house.documents.version(self._of, one) for one in range(1, kept.versions + 1)]
                for number in range(begin, min(begin + AT_ONCE, count)):
                    unit, child = next(places)
                    one = msgspec.structs.replace(
                        kept, id=new_id(), number=f"TD-F{number:08}", unit_id=unit, child_id=child
                    )
                    house.documents.add(one, msgspec.structs.replace(draft, document_id=one.id))
                    for version in versions:
                        house.documents.add_version(msgspec.structs.replace(version, document_id=one.id))
