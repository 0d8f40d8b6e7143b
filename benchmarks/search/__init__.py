"""The search measured: a corpus of any size, judged questions, and how fast each back end answers (ADR 0050)."""

from __future__ import annotations

from benchmarks.table import Row


def run(quick: bool = False) -> list[Row]:
    """Rows for each size of the corpus; ``SEARCH_COUNTS`` (as ``10000,1000000``) asks for others."""
    from benchmarks.search.measure import rows

    return rows(quick)
