"""A text's words in order, and the two strings of terms that a back end stores for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tillid.archive.analysis.terms import LONGEST, terms

_WORD = re.compile(r"\w+")


class Word(NamedTuple):
    """A word of a text: where it stands, its exact term and its stems (the first is the whole word's)."""

    start: int
    end: int
    exact: str
    stems: tuple[str, ...]


class Told(NamedTuple):
    """What is said of a word wherever it stands: its exact term and its stems."""

    exact: str
    stems: tuple[str, ...]


class Terms(NamedTuple):
    """What is stored of a text: terms parted by spaces. ``exact`` has one of each word, in order; ``stems`` none of a stop
    word, several of a compound."""

    exact: str
    stems: str


def analyse(text: str) -> Iterator[Word]:
    """Every word of ``text`` (NFC) in order. The same for both back ends: what is stored is made here, in Python."""
    for found, told in zip(*words_told(text), strict=True):
        yield Word(found.start(), found.end(), told.exact, told.stems)


def words_told(text: str) -> tuple[list[re.Match[str]], list[Told]]:
    """The words of ``text`` as matches and what is said of each: ``analyse`` for who cannot wait."""
    found = list(_WORD.finditer(text))
    return found, _told([match[0] for match in found])


def words_in(token: str) -> tuple[tuple[str, Told], ...]:
    """The words of what stands between two spaces, as they are written, each with what is said of it."""
    if len(_cut) > _MOST_KNOWN:
        _cut.clear()
    return _cut[token]


def index_terms(text: str) -> Terms:
    """The terms of ``text`` (NFC), as they are stored."""
    if len(_stored) > _MOST_KNOWN:
        _stored.clear()
    found = list(map(_stored.__getitem__, text.split()))
    return Terms(" ".join([exact for exact, _ in found if exact]), " ".join([stems for _, stems in found if stems]))


class _Known(dict[str, Told]):
    """A text is mostly words that were met before, and nothing is asked faster than a dict."""

    def __missing__(self, word: str) -> Told:
        told = Told(*terms(word[:LONGEST]))
        if len(word) <= _LONGEST_KNOWN:
            self[word] = told
        return told


class _Cut(dict[str, tuple[tuple[str, Told], ...]]):
    """What stands between two spaces → its words, each with what is said of it. A text is cut faster at the spaces."""

    def __missing__(self, token: str) -> tuple[tuple[str, Told], ...]:
        words = _WORD.findall(token)
        made = tuple(zip(words, _told(words), strict=True))
        if len(token) <= _LONGEST_KNOWN:
            self[token] = made
        return made


class _Stored(dict[str, Terms]):
    """The same, as it is stored."""

    def __missing__(self, token: str) -> Terms:
        told = _told(_WORD.findall(token))
        exact, stems = [word.exact for word in told], [stem for word in told for stem in word.stems]
        made = Terms(" ".join(exact), " ".join(stems))
        if len(token) <= _LONGEST_KNOWN:
            self[token] = made
        return made


_MOST_KNOWN = 30_000
_LONGEST_KNOWN = 200  # letters: what is longer comes once and would only take room
_known, _cut, _stored = _Known(), _Cut(), _Stored()


def _told(words: list[str]) -> list[Told]:
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    return list(map(_known.__getitem__, words))
