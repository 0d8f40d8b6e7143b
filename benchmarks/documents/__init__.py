"""The two-page overgangsbeskrivelse, finished and checked, with two workers, against the ways others make such documents."""

from __future__ import annotations

from benchmarks import revisions
from benchmarks.documents import load, parts, rates
from benchmarks.table import Row


def run(quick: bool = False) -> list[Row]:
    """Rates against the peers, the parts of one document, a thousand of them, and records added as revisions."""
    rows, turns = rates.run(quick)
    return [*rows, *parts.run(quick, turns), *load.run(quick), *revisions.run(quick)]
