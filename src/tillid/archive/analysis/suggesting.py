"""»Mente du …« and what the box of the search completes to, from the house's own words alone.

The vocabulary is made of the forms' texts and the lists in ``rules/``: never of documents, so nothing that is suggested tells
what is written in one, whoever asks and whatever they may see.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile

import msgspec

from tillid.archive.analysis.asking import pieces_of
from tillid.archive.analysis.rules import rules
from tillid.archive.analysis.synonyms import delivered_groups
from tillid.archive.analysis.terms import exact_term, terms
from tillid.archive.analysis.words import analyse
from tillid.forms.definition import FormDefinition
from tillid.forms.word_groups import groups_in

SHORTEST = 4  # letters of a word that is suggested
_SURE = 5  # letters of a word that is put right: nearly every shorter one is one slip from another
LONGEST = 30
_FAR = 8  # from so many letters on two slips are put right, below one
_ALIKE = 4  # first letters that a word with two slips is taken to have right, unless they are one letter for another


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """``shown``: exact term → the word as it is written; ``order``: the exact terms sorted; ``stems``: of all of them, so that
    another inflection counts as known; ``near``: what is left of a term without one letter → the terms."""

    shown: dict[str, str]
    order: tuple[str, ...]
    stems: frozenset[str]
    near: dict[str, tuple[str, ...]]


def vocabulary_of(texts: Iterable[str]) -> Vocabulary:
    """The words of ``texts`` and of the delivered lists."""
    shown: dict[str, str] = {}
    stems: set[str] = set()
    for text in [*texts, *_listed()]:
        for word in analyse(text):
            written = text[word.start : word.end]
            stems.update(word.stems)
            if word.stems and SHORTEST <= len(written) <= LONGEST and written.isalpha():
                shown.setdefault(word.exact, written if written.isupper() else written.lower())
    near: dict[str, set[str]] = {}
    for term in shown:
        for left in _without_one(term):
            near.setdefault(left, set()).add(term)
    return Vocabulary(
        shown=shown,
        order=tuple(sorted(shown)),
        stems=frozenset(stems),
        near={left: tuple(sorted(terms_)) for left, terms_ in near.items()},
    )


def own_texts(definitions: Iterable[FormDefinition]) -> Iterator[str]:
    """The texts of the forms: titles, questions, help and choices; nothing that anybody answered."""
    for form in definitions:
        yield form.title
        yield from (section.title for section in form.sections)
        yield from (text for field in form.fields for text in (field.label, field.help))
        yield from (choice.label for codes in form.code_lists for choice in codes.choices)


def completions(definitions: Iterable[FormDefinition], synonyms: str | None) -> tuple[str, ...]:
    """What the box of the search completes to: the forms' titles and the names in the list ``synonyms`` (``None`` = the delivered
    one), in alphabetical order."""
    groups = delivered_groups() if synonyms is None else groups_in(synonyms)
    names = {form.title for form in definitions} | {name for group in groups for name in group.names}
    return tuple(sorted(names, key=lambda name: (exact_term(name), name)))


def did_you_mean(vocabulary: Vocabulary, words: str) -> str:
    """``words`` with what is probably a slip of the fingers put right; empty if there is nothing to put right."""
    changed, result = False, []
    for piece in pieces_of(words):
        better = "" if piece.phrase or piece.beginning or len(piece.words) > 1 else _better(vocabulary, piece.written)
        changed = changed or bool(better)
        result.append(f'"{piece.written}"' if piece.phrase else better or piece.written)
    return " ".join(result) if changed else ""


def _better(vocabulary: Vocabulary, word: str) -> str:
    exact, stems = terms(word)
    if not _SURE <= len(exact) <= LONGEST or not exact.isalpha() or _is_known(vocabulary, exact, stems):
        return ""
    most = 2 if len(exact) >= _FAR else 1
    likely = {term for left in _without_one(exact) for term in vocabulary.near.get(left, ())}
    if most == 2:
        likely.update(_begun_alike(vocabulary, exact[:_ALIKE]))
    measured = sorted((distance(exact, term), -_same_start(exact, term), term) for term in likely)
    return vocabulary.shown[measured[0][2]] if measured and measured[0][0] <= most else ""


def _begun_alike(vocabulary: Vocabulary, beginning: str) -> Iterator[str]:
    start = bisect_left(vocabulary.order, beginning)
    return takewhile(lambda term: term.startswith(beginning), vocabulary.order[start:])


def _is_known(vocabulary: Vocabulary, exact: str, stems: tuple[str, ...]) -> bool:
    return exact in vocabulary.shown or not stems or stems[0] in vocabulary.stems or len(stems) > 1 or _is_name(exact)


def _is_name(exact: str) -> bool:
    return any(exact_term(name) in (exact, exact.removesuffix("s")) for name in rules().names)


def _listed() -> Iterator[str]:
    yield from (word for word in rules().parts)
    yield from rules().irregular.values()
    yield from (name for group in delivered_groups() for name in group.names)


def _without_one(term: str) -> set[str]:
    """``term`` and all that is left of it without one letter. Two words one slip apart always share one of these."""
    return {term, *(term[:place] + term[place + 1 :] for place in range(len(term)))}


def _same_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def distance(one: str, other: str) -> int:
    """How many letters are to be put in, taken out, changed or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
