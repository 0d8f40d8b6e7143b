"""One thing that a person asks for, as terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tillid.archive.analysis.words import Told, Word, analyse


class Clause(NamedTuple):
    """One thing that must occur: a stem, or exact terms in a row, the last of which may be a beginning; or one of the
    things in ``also`` (synonyms, which have none themselves)."""

    stem: str = ""
    exact: tuple[str, ...] = ()
    beginning: bool = False
    also: tuple[Clause, ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether it takes several words beside each other to meet it."""
        return len(self.exact) > 1

    def is_met_by(self, word: Word | Told) -> bool:
        """Whether a single word meets it; its synonyms are not asked."""
        if self.stem:
            return self.stem in word.stems
        return word.exact.startswith(self.exact[-1]) if self.beginning else word.exact == self.exact[-1]

    def places(self, words: Sequence[Word | Told]) -> Iterator[int]:
        """Which of ``words`` are (part of) what was asked for, in no order; its synonyms are not asked."""
        if self.is_row and not self.beginning:
            yield from _rows(self.exact, words)
            return
        yield from (place for place, word in enumerate(words) if self.is_met_by(word))
        yield from _rows(self.exact[:-1], words)


def _rows(row: tuple[str, ...], words: Sequence[Word | Told]) -> Iterator[int]:
    if not row:
        return
    exact = [word.exact for word in words]
    for start in [place for place, term in enumerate(exact) if term == row[0]]:
        if tuple(exact[start : start + len(row)]) == row:
            yield from range(start, start + len(row))


def key_of(words: Sequence[Word]) -> tuple[str, ...]:
    """What two spellings and inflections of one name have in common."""
    return tuple(word.stems[0] if word.stems else word.exact for word in words)


def clause_of_name(name: str) -> Clause:
    """The clause of a whole name: one word by its stem, several by their exact terms in a row."""
    words = list(analyse(name))
    if len(words) == 1 and words[0].stems:
        return Clause(stem=words[0].stems[0])
    return Clause(exact=tuple(word.exact for word in words))
