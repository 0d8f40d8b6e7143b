"""Whether texts meet what was asked for, without any index: by the very terms that a back end stores, so that both find the same."""

from __future__ import annotations

from tillid.archive.analysis.clauses import Clause
from tillid.archive.analysis.words import Terms


def meets(clauses: tuple[Clause, ...], *texts: Terms) -> bool:
    """Whether each of ``clauses``, or a synonym of it, occurs in one of ``texts``; a question about nothing is met by none."""
    # Two spaces between them: no row of words goes from one text to the next.
    exact = f" {'  '.join(one.exact for one in texts)} "
    stems = f" {'  '.join(one.stems for one in texts)} "
    return bool(clauses) and all(
        any(_is_met(one, exact, stems) for one in (clause, *clause.also)) for clause in clauses
    )


def _is_met(clause: Clause, exact: str, stems: str) -> bool:
    if clause.stem:
        return f" {clause.stem} " in stems
    if not clause.beginning:
        return f" {' '.join(clause.exact)} " in exact
    before, last = " ".join(clause.exact[:-1]), clause.exact[-1]
    return f" {last}" in exact and (not before or f" {before} " in exact)
