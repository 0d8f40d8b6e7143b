"""Danish words: from text to the terms that are stored and asked for.

Two terms per word. The *exact* one folds case, accents and the two spellings of the Danish letters (å/aa, æ/ae, ø/oe);
phrases and beginnings (``ord*``) ask for it. The *stem* goes on through irregular forms and the Snowball stemmer, and
a compound also gets the stems of its parts, at the same place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import tantivy

from tillid.adapters.tantivy.words import IRREGULAR, PARTS, STOP

ANALYSIS = 1  # raise with every change of rules or words: stored indices are then rebuilt
LONGEST = 100  # letters of a word that are looked at

_WORD = re.compile(r"\w+")
_UNFOLD = (("aa", "å"), ("ae", "æ"), ("oe", "ø"), ("ä", "æ"), ("ö", "ø"))
_FOLD = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe"})
_SNOWBALL = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("danish")).build()


class Word(NamedTuple):
    """A word of a text: where it stands, its exact term and its stems (the first is the whole word's)."""

    start: int
    end: int
    exact: str
    stems: tuple[str, ...]


def words_of(text: str) -> Iterator[Word]:
    """Every word of ``text`` in order."""
    for found in _WORD.finditer(text):
        exact, stems = terms(found[0][:LONGEST])
        yield Word(found.start(), found.end(), exact, stems)


@lru_cache(maxsize=20_000)
def terms(word: str) -> tuple[str, tuple[str, ...]]:
    """The exact term of ``word`` and its stems; no stems for a stop word."""
    normal = _normal(word)
    exact = normal.translate(_FOLD)
    if normal in STOP:
        return exact, ()
    whole = _stem(normal)
    parts = (_stem(part) for part in _split(normal))
    return exact, tuple(dict.fromkeys([whole, *parts]))


def _normal(word: str) -> str:
    """Lower case, Danish letters as letters, accents gone (é → e); å keeps its ring."""
    word = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold())
    for spelled, letter in _UNFOLD:
        word = word.replace(spelled, letter)
    if word.isascii():
        return word
    kept = (c if c in "æøå" else unicodedata.normalize("NFD", c) for c in word)
    return "".join(c for part in kept for c in part if not unicodedata.combining(c))


def _stem(normal: str) -> str:
    bare = normal.removesuffix("s")
    word = IRREGULAR.get(normal) or IRREGULAR.get(bare) or normal
    past = word.removesuffix("s")
    # The stemmer leaves "leged" of "legede"; it should meet "lege" and "leger".
    if past.endswith("ede") and len(past) > 5:
        word = past[:-3] + "e"
    # One pass leaves aktiviteter → aktivitet but aktivitet → aktivit: go on until nothing changes.
    for _ in range(4):
        shorter = (_SNOWBALL.analyze(word) or [word])[0]
        if shorter == word:
            break
        word = shorter
    return word.translate(_FOLD)


def _split(normal: str) -> tuple[str, ...]:
    """The parts of a compound made of known parts alone (with -s- or -e- between), else nothing: under|retning, which
    is no retning, stays whole because neither is listed."""
    if len(normal) < 7:
        return ()
    found = _parts(normal, 0)
    return found if len(found) > 1 else ()


def _parts(word: str, start: int) -> tuple[str, ...]:
    rest = word[start:]
    if _ends_in_part(rest):
        return (rest,)
    for end in range(len(word) - 2, start + 2, -1):
        head = word[start:end]
        if head not in PARTS and not (head[-1] in "se" and head[:-1] in PARTS):
            continue
        tail = _parts(word, end)
        if tail:
            return (head if head in PARTS else head[:-1], *tail)
    return ()


def _ends_in_part(rest: str) -> bool:
    return rest in PARTS or _stem(rest) in _PART_STEMS


_PART_STEMS = frozenset(_stem(part) for part in PARTS)
