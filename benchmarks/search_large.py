"""The search over a million documents, with the same peers beside it as the smaller corpora have."""

from __future__ import annotations

from benchmarks.table import Row

COUNTS = (1_000_000,)


def run(quick: bool = False) -> list[Row]:
    """Rows for the embedded index and for one Elasticsearch node."""
    from benchmarks.search.measure import rows

    return rows(quick, COUNTS)
