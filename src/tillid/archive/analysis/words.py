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
    """What is said of a word wherever it stands: its exact term, its stems, and these parted by spaces."""

    exact: str
    stems: tuple[str, ...]
    stored: str


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


def index_terms(text: str) -> Terms:
    """The terms of ``text`` (NFC), as they are stored."""
    told = _told(_WORD.findall(text))
    return Terms(" ".join([word.exact for word in told]), " ".join([word.stored for word in told if word.stored]))


class _Known(dict[str, Told]):
    """A text is mostly words that were met before, and nothing is asked faster than a dict."""

    def __missing__(self, word: str) -> Told:
        exact, stems = terms(word[:LONGEST])
        self[word] = told = Told(exact, stems, " ".join(stems))
        return told


_MOST_KNOWN = 100_000
_known = _Known()


def _told(words: list[str]) -> list[Told]:
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    return list(map(_known.__getitem__, words))
