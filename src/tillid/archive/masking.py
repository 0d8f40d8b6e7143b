"""Names of a case's people, and addresses, taken out of the words that go into the full text (ADR 0055).

A child is found through the register, where asking is logged by the child, and by no name and no address in a text. Pure: names in, text out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from tillid.archive.analysis.rules import rules
from tillid.archive.analysis.terms import exact_term
from tillid.forms.addresses import address_places
from tillid.forms.wording_lists import load_wording
from tillid.forms.wording_match import tokens

STAND_IN = "•••"  # no letters, so nothing is stored or found of it

# What a part of a name is like: no ordinary word, and masked however it is written; an ordinary word too (Bo, Sol, Skov), and
# masked where it is written with a capital; a particle or an initial (von, af, S.), and masked beside another part.
Kind = Literal["name", "word", "beside"]

_TOKEN = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[1-9]")
_NEAR = re.compile(r"[ \t.\-\u2010\u2011'’]{1,2}")
_ELIDED = re.compile(r"\b([^\W_])['’]([^\W_]+)")
_PARTICLES = frozenset("af al bin da de del den der di du el ibn la le ten van von".split())


def without_addresses(text: str) -> str:
    """``text`` without what looks like a street with the number of a house: by the same signs, who writes it is asked to take it out."""
    if not _NUMBER.search(text):
        return text
    pieces, at = [], 0
    for start, end in address_places(text, tokens(text), load_wording()):
        pieces += [text[at:start], STAND_IN]
        at = end
    return "".join([*pieces, text[at:]])


class Mask:
    """``parts``: exact term → its kind. Two masks of the same names are equal in what they do."""

    def __init__(self, parts: dict[str, Kind]) -> None:
        self._parts = parts

    def apply(self, text: str) -> str:
        """``text`` (in NFC) with every name replaced by ``STAND_IN``; names that stand in a row give one."""
        if not self._parts:
            return text
        text = unicodedata.normalize("NFC", text)
        tokens = list(_TOKEN.finditer(text))
        kinds = [self._kind(token[0]) for token in tokens]
        hidden = [
            kind == "name" or (kind == "word" and token[0][0].isupper())
            for token, kind in zip(tokens, kinds, strict=True)
        ]
        if not any(hidden):
            return text
        self._take_along(text, tokens, kinds, hidden)
        return _replaced(text, [token.span() for token, gone in zip(tokens, hidden, strict=True) if gone])

    def _kind(self, token: str) -> Kind | None:
        if len(token) == 1 and token.isupper():
            return "beside"  # the initial of a part that the register may write out
        exact = exact_term(token)
        for base in _bases(exact):
            if (kind := self._parts.get(base)) is not None:
                return kind
        return None

    @staticmethod
    def _take_along(text: str, tokens: list[re.Match[str]], kinds: list[Kind | None], hidden: list[bool]) -> None:
        """Particles and initials beside what is hidden: forwards, then backwards."""
        places = range(len(tokens) - 1)
        for here, there in [*((n, n + 1) for n in places), *((n + 1, n) for n in reversed(places))]:
            first, second = sorted((here, there))
            if hidden[here] and kinds[there] == "beside" and not hidden[there]:
                hidden[there] = bool(_NEAR.fullmatch(text, tokens[first].end(), tokens[second].start()))


def mask_of(names: Iterable[str]) -> Mask:
    """What takes ``names`` (whole names, as registers write them) out of a text: each of their parts, in either spelling of å, æ
    and ø, with and without a hyphen, in genitive."""
    return _mask(frozenset(names))


@lru_cache(maxsize=256)  # of a case that is indexed again
def _mask(names: frozenset[str]) -> Mask:
    parts: dict[str, Kind] = {}
    for name in sorted(names):
        written = _TOKEN.findall(unicodedata.normalize("NFC", name))
        for place, part in enumerate(written):
            _keep(parts, exact_term(part), _kind_of(part, given=place == 0))
        for one, two in pairwise(written):
            if len(one) > 1 and len(two) > 1:
                _keep(parts, exact_term(one + two), "name")  # Anne-Marie is Annemarie too
        for one, two in _ELIDED.findall(unicodedata.normalize("NFC", name)):
            _keep(parts, exact_term(one + two), "name")  # and O'Neill ONeill
    return Mask(parts)


def _keep(parts: dict[str, Kind], exact: str, kind: Kind) -> None:
    """The stricter of two: Sol is a word and Solvej's part of no name."""
    order: tuple[Kind, ...] = ("beside", "word", "name")
    parts[exact] = max(parts.get(exact, kind), kind, key=order.index)


def _kind_of(part: str, *, given: bool) -> Kind:
    exact = exact_term(part)
    if len(exact) == 1 or (not given and exact in _PARTICLES):
        return "beside"
    return "word" if exact in _ordinary() else "name"


def _bases(exact: str) -> tuple[str, ...]:
    """``exact`` and what it may be the genitive of."""
    if not exact.endswith("s"):
        return (exact,)
    return (exact, exact[:-1], exact[:-2]) if exact.endswith(("ses", "xes", "zes")) else (exact, exact[:-1])


@cache
def _ordinary() -> frozenset[str]:
    """The exact terms of words that texts are full of and people are called too."""
    own = rules()
    known = (own.stop, own.irregular, own.irregular.values(), own.parts, own.whole, own.called)
    return frozenset(exact_term(word) for words in known for word in words)


def _replaced(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, at, before = [], 0, None
    for start, end in spans:
        if before is None or not _in_a_row(text, before, start):
            pieces += [text[at:start], STAND_IN]
        at, before = end, (start, end)
    return "".join([*pieces, text[at:]])


def _in_a_row(text: str, before: tuple[int, int], start: int) -> bool:
    """Whether one name goes on; a full stop ends a sentence unless it stands behind an initial."""
    gap = text[before[1] : start]
    return bool(_NEAR.fullmatch(gap)) and ("." not in gap or before[1] - before[0] == 1)
