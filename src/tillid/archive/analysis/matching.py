"""Whether a text meets what was asked for, without any index: the same answer as a back end gives of the text's terms."""

from __future__ import annotations

from collections.abc import Sequence

from tillid.archive.analysis.clauses import Clause, in_row
from tillid.archive.analysis.words import Told, words_told


def meets(text: str, clauses: tuple[Clause, ...]) -> bool:
    """Whether each of ``clauses``, or a synonym of it, occurs in ``text`` (NFC); no text meets a question about nothing."""
    _, words = words_told(text)
    return bool(clauses) and all(any(_is_met(one, words) for one in (clause, *clause.also)) for clause in clauses)


def _is_met(clause: Clause, words: Sequence[Told]) -> bool:
    if clause.is_row and not clause.beginning:
        return in_row(clause.exact, words)
    before = clause.exact[:-1]
    return any(map(clause.is_met_by, words)) and (not before or in_row(before, words))
