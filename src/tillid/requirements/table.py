"""Joins the catalogue with the marks: which number is proven by which tests, and which by none."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tillid.requirements.catalogue import Requirement
from tillid.requirements.marks import Mark


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One number with the ids of the tests that carry it."""

    requirement: Requirement
    tests: list[str]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """``unknown`` holds the marks whose number the catalogue does not know: always a mistake."""

    rows: list[Row]
    unknown: list[Mark]

    @property
    def without(self) -> list[str]:
        """Numbers that no test carries."""
        return [row.requirement.number for row in self.rows if not row.tests]


def build_table(catalogue: dict[str, Requirement], marks: Iterable[Mark]) -> Table:
    """Every number of the catalogue, in its order, with its tests."""
    tests: dict[str, list[str]] = {number: [] for number in catalogue}
    unknown = []
    for mark in marks:
        if mark.number not in tests:
            unknown.append(mark)
        elif mark.test not in tests[mark.number]:
            tests[mark.number].append(mark.test)
    rows = [Row(requirement=requirement, tests=tests[number]) for number, requirement in catalogue.items()]
    return Table(rows=rows, unknown=unknown)
