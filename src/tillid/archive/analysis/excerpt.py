"""The few lines around the found words, as plain text with two marks (``archive.query.MARK_START``/``MARK_END``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from tillid.archive.analysis.clauses import Clause
from tillid.archive.analysis.words import words_in, words_told
from tillid.archive.query import MARK_END, MARK_START

LENGTH = 240
_BEFORE = 60  # letters shown before the first found word
_LONGEST_WORD = 100  # letters; within a longer one the excerpt is cut
_MOST_KNOWN = 5_000
_MOST_FINDS = 2_000  # of one word: among so many the best stretch is good enough, however long the text is


class _Marked(NamedTuple):
    start: int
    end: int
    asked: int  # number of the clause


def excerpt(text: str, clauses: tuple[Clause, ...]) -> str:
    """The stretch of ``text`` with the most different things asked for; its beginning if nothing is found in it."""
    asked = _asked(clauses)
    found = sorted({*asked.alone(text), *asked.in_rows(text)})
    start = _word_start(text, _best_start(found) - _BEFORE) if found else 0
    end = _word_end(text, start + LENGTH)
    inside = [marked for marked in found if start <= marked.start and marked.end <= end]
    return ("… " if start else "") + _with_marks(text, start, end, inside) + (" …" if end < len(text) else "")


class _Asked(dict[str, tuple[tuple[str, int], ...]]):
    """What stands between two spaces → its words that meet a clause alone, with the clause's number. The hits of a page have
    most of their words in common."""

    def __init__(self, clauses: tuple[Clause, ...]) -> None:
        every = [(number, one) for number, clause in enumerate(clauses) for one in (clause, *clause.also)]
        self.single = [(number, one) for number, one in every if not one.is_row or one.beginning]
        self.rows = [(number, one) for number, one in every if one.is_row]
        self.first = {one.exact[0] for _, one in self.rows}
        self.begin: dict[str, bool] = {}  # what stands between two spaces → whether a row may begin in it

    def __missing__(self, token: str) -> tuple[tuple[str, int], ...]:
        if len(self) > _MOST_KNOWN:
            self.clear()
        self[token] = found = tuple(
            (word, number) for word, told in words_in(token) for number, one in self.single if one.is_met_by(told)
        )
        return found

    def alone(self, text: str) -> Iterator[_Marked]:
        # Few words are asked for, and one is found again by its letters faster than all are passed over with their places.
        met = {pair for pairs in map(self.__getitem__, set(text.split())) for pair in pairs}
        for word, number in met:
            yield from (_Marked(at, at + len(word), number) for at in islice(_finds(text, word), _MOST_FINDS))

    def in_rows(self, text: str) -> Iterator[_Marked]:
        if self.rows and any(map(self._begins, set(text.split()))):
            words, told = words_told(text)
            for number, one in self.rows:
                places = islice(one.places(told), _MOST_FINDS)
                yield from (_Marked(*words[place].span(), number) for place in places)

    def _begins(self, token: str) -> bool:
        known = self.begin.get(token)
        if known is None:
            if len(self.begin) > _MOST_KNOWN:
                self.begin.clear()
            known = self.begin[token] = any(told.exact in self.first for _, told in words_in(token))
        return known


@lru_cache(maxsize=32)
def _asked(clauses: tuple[Clause, ...]) -> _Asked:
    return _Asked(clauses)


def _finds(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and _is_letter(text[at - 1])) and not (end < len(text) and _is_letter(text[end])):
            yield at
        at = text.find(word, end)


def _is_letter(character: str) -> bool:
    """What ``\\w`` matches."""
    return character.isalnum() or character == "_"


def _best_start(found: list[_Marked]) -> int:
    best, where, end = 0, found[0].start, 0
    inside: Counter[int] = Counter()  # of the words from the first of the stretch to before ``end``
    for position, first in enumerate(found):
        while end < len(found) and found[end].end <= first.start + LENGTH - _BEFORE:
            inside[found[end].asked] += 1
            end += 1
        score = 1000 * len(inside) + end - position
        if score > best:
            best, where = score, first.start
        if end == position:  # a word longer than a stretch
            end += 1
            continue
        inside[first.asked] -= 1
        if not inside[first.asked]:
            del inside[first.asked]
    return where


def _word_start(text: str, at: int) -> int:
    """Where the word at ``at`` begins, or the next one where there is none."""
    if at <= 0:
        return 0
    first = max(0, at - _LONGEST_WORD)
    while at > first and _is_letter(text[at - 1]):
        at -= 1
    while at < len(text) and not _is_letter(text[at]):
        at += 1
    return at


def _word_end(text: str, at: int) -> int:
    """Where the last whole word before ``at`` ends; the end of the text if that comes first."""
    if at >= len(text):
        return len(text)
    first = max(0, at - _LONGEST_WORD)
    while at > first and _is_letter(text[at]) and _is_letter(text[at - 1]):
        at -= 1
    return len(text[:at].rstrip())


def _with_marks(text: str, start: int, end: int, words: list[_Marked]) -> str:
    pieces, at = [], start
    for word in words:
        if word.start < at:  # the same word, asked for twice
            continue
        pieces += [text[at : word.start], MARK_START, text[word.start : word.end], MARK_END]
        at = word.end
    return " ".join("".join([*pieces, text[at:end]]).split())
