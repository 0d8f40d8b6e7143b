"""The few lines around the found words, as plain text with two marks (``archive.query.MARK_START``/``MARK_END``)."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from tillid.archive.analysis.clauses import Clause
from tillid.archive.analysis.words import words_told
from tillid.archive.query import MARK_END, MARK_START

LENGTH = 240
_BEFORE = 60  # letters shown before the first found word


class _Marked(NamedTuple):
    start: int
    end: int
    asked: set[int]  # numbers of the clauses


def excerpt(text: str, clauses: list[Clause]) -> str:
    """The stretch of ``text`` with the most different things asked for; its beginning if nothing is found in it."""
    words, told = words_told(text)
    asked: dict[int, set[int]] = {}
    for number, clause in enumerate(clauses):
        for place in clause.places(told):
            asked.setdefault(place, set()).add(number)
    marked = [_Marked(*words[place].span(), asked[place]) for place in sorted(asked)]
    start = _best_start(marked) if marked else 0
    starts, ends = [word.start() for word in words], [word.end() for word in words]
    start = starts[max(0, bisect_right(starts, max(0, start - _BEFORE)) - 1)] if start > _BEFORE else 0
    last = bisect_right(ends, start + LENGTH)
    end = ends[last - 1] if last and len(text) > start + LENGTH else len(text)
    inside = [word for word in marked if start <= word.start and word.end <= end]
    return ("… " if start else "") + _with_marks(text, start, end, inside) + (" …" if end < len(text) else "")


def _best_start(marked: list[_Marked]) -> int:
    best, where = 0, marked[0].start
    for position, word in enumerate(marked):
        window = [other.asked for other in marked[position:] if other.end <= word.start + LENGTH - _BEFORE]
        score = 1000 * len({number for asked in window for number in asked}) + len(window)
        if score > best:
            best, where = score, word.start
    return where


def _with_marks(text: str, start: int, end: int, words: list[_Marked]) -> str:
    pieces, at = [], start
    for word in words:
        pieces += [text[at : word.start], MARK_START, text[word.start : word.end], MARK_END]
        at = word.end
    return " ".join("".join([*pieces, text[at:end]]).split())
