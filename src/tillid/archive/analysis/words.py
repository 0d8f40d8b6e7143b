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


class Terms(NamedTuple):
    """What is stored of a text: terms parted by spaces. ``exact`` has one of each word, in order; ``stems`` none of a stop
    word, several of a compound."""

    exact: str
    stems: str


def analyse(text: str) -> Iterator[Word]:
    """Every word of ``text`` in order. The same for both back ends: what is stored is made here, in Python."""
    for found in _WORD.finditer(text):
        exact, stems = terms(found[0][:LONGEST])
        yield Word(found.start(), found.end(), exact, stems)


def index_terms(text: str) -> Terms:
    """The terms of ``text``, as they are stored."""
    known = _known
    if len(known) > _MOST_KNOWN:
        known.clear()
    found = [known[word] for word in _WORD.findall(text)]
    return Terms(" ".join([exact for exact, _ in found]), " ".join([stems for _, stems in found if stems]))


class _Known(dict[str, tuple[str, str]]):
    """Word → its terms as they are stored. A text is mostly words that were met before, and nothing asks a dict faster."""

    def __missing__(self, word: str) -> tuple[str, str]:
        exact, stems = terms(word[:LONGEST])
        self[word] = made = (exact, " ".join(stems))
        return made


_MOST_KNOWN = 100_000
_known = _Known()
