"""The few lines around the found words, as plain text with two marks (``archive.query.MARK_START``/``MARK_END``)."""

from __future__ import annotations

from tillid.archive.analysis.clauses import Clause
from tillid.archive.analysis.words import Word, analyse
from tillid.archive.query import MARK_END, MARK_START

LENGTH = 240
_BEFORE = 60  # letters shown before the first found word


def excerpt(text: str, clauses: list[Clause]) -> str:
    """The stretch of ``text`` with the most different things asked for; its beginning if nothing is found in it."""
    words = list(analyse(text))
    asked: dict[int, set[int]] = {}
    for number, clause in enumerate(clauses):
        for place in clause.places(words):
            asked.setdefault(place, set()).add(number)
    marked = [(words[place], asked[place]) for place in sorted(asked)]
    start = _best_start(marked) if marked else 0
    start = max((word.start for word in words if word.start <= max(0, start - _BEFORE)), default=0)
    end = max((word.end for word in words if word.end <= start + LENGTH), default=len(text))
    end = len(text) if len(text) <= start + LENGTH else end
    inside = [word for word, _ in marked if start <= word.start and word.end <= end]
    return ("… " if start else "") + _with_marks(text, start, end, inside) + (" …" if end < len(text) else "")


def _best_start(marked: list[tuple[Word, set[int]]]) -> int:
    best, where = 0, marked[0][0].start
    for position, (word, _) in enumerate(marked):
        window = [asked for other, asked in marked[position:] if other.end <= word.start + LENGTH - _BEFORE]
        score = 1000 * len({number for asked in window for number in asked}) + len(window)
        if score > best:
            best, where = score, word.start
    return where


def _with_marks(text: str, start: int, end: int, words: list[Word]) -> str:
    pieces, at = [], start
    for word in words:
        pieces += [text[at : word.start], MARK_START, text[word.start : word.end], MARK_END]
        at = word.end
    return " ".join("".join([*pieces, text[at:end]]).split())
