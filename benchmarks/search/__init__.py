"""The search measured: a corpus of any size, judged questions, and how fast each back end answers (ADR 0050)."""

from __future__ import annotations

from benchmarks.table import Row


def run(quick: bool = False) -> list[Row]:
    """Rows for 10,000 and 100,000 documents, PostgreSQL and the engine of paperless-ngx beside them; those for a million are ``search_large``."""
    from benchmarks.search.measure import rows

    return rows(quick)
