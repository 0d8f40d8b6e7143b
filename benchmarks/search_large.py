"""The search over a million documents. PostgreSQL is beside the smaller corpora only: it would take an hour here."""

from __future__ import annotations

from benchmarks.table import Row

COUNTS = (1_000_000,)


def run(quick: bool = False) -> list[Row]:
    """Rows for the embedded index, and for a server where ``SEARCH_SERVER`` names one."""
    from benchmarks.search.measure import rows

    return rows(quick, COUNTS, with_peer=False)
