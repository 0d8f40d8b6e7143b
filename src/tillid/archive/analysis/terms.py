"""From a word to the terms that are stored and asked for.

Two kinds. The *exact* term folds case, accents and the two spellings of the Danish letters (å/aa, æ/ae, ø/oe); phrases and
beginnings (``ord*``) ask for it. The *stem* goes on through irregular forms and Snowball's Danish stemmer, and a compound also
gets the stems of its parts, at the same place in the text.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache

import Stemmer

from tillid.archive.analysis.rules import rules, rules_digest

_CODE = 3  # raise with every change of this module that changes terms
LONGEST = 100  # letters of a word that are looked at
SHORTEST_COMPOUND = 7
SHORTEST_PART = 3

# What changes with the words, the stemmer or the code: an index made under another mark must be built anew.
MARK = f"{_CODE}-{rules_digest()}-{Stemmer.version()}"

_UNFOLD = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))
# Letters that no accent is taken from, as a Danish keyboard writes them: Paweł, Yıldız, Đorđe, Guðrún, Þór.
_FOREIGN = str.maketrans({"ä": "æ", "ö": "ø", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "ħ": "h", "þ": "th"})
_FOLD = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe"})
# sofaen, pizzaer, temaet: an ending after a vowel, not a Danish letter in two.
_VOWEL_AND_ENDING = re.compile(r"\w{3,}a(e[nrt]s?|erne?s?)")
_local = threading.local()


@lru_cache(maxsize=10_000)
def terms(word: str) -> tuple[str, tuple[str, ...]]:
    """The exact term of ``word`` and its stems, the whole word's first; no stems for a stop word."""
    plain = _plain(word[:LONGEST])
    normal = _unfolded(plain)
    exact = normal.translate(_FOLD)
    if normal in rules().stop:
        return exact, ()
    parts = [_stem(part) for part in _split(normal)]
    # A compound is inflected as its last part is, and its seams are written in several ways: its stem is its parts' in a row.
    whole = "".join(parts) or _stem(normal)
    return exact, tuple(dict.fromkeys([whole, *parts]))


def exact_term(word: str) -> str:
    """The exact term alone."""
    return terms(word)[0]


def _plain(word: str) -> str:
    """Lower case, accents gone (é → e); å, æ and ø stay letters."""
    word = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold()).translate(_FOREIGN)
    if word.isascii():
        return word
    kept = (c if c in "æøå" else unicodedata.normalize("NFD", c) for c in word)
    return "".join(c for part in kept for c in part if not unicodedata.combining(c))


def _unfolded(plain: str) -> str:
    """aa, ae and oe as å, æ and ø, unless they are two sounds: listed, before an ending, or at the seam of a compound."""
    if not any(spelled in plain for spelled, _ in _UNFOLD):
        return plain
    if plain in rules().spelled or plain in rules().irregular or _VOWEL_AND_ENDING.fullmatch(plain) or _split(plain):
        return plain
    for spelled, letter in _UNFOLD:
        plain = plain.replace(spelled, letter)
    return plain


def _stem(normal: str) -> str:
    bare = normal.removesuffix("s")
    for name in (normal.translate(_FOLD), bare.translate(_FOLD)):
        if name in _names():
            return name
    word = rules().irregular.get(normal) or rules().irregular.get(bare) or _regular_end(normal, bare)
    # The stemmer leaves "leged" of "legede"; it should meet "lege" and "leger".
    past = word.removesuffix("s")
    if past.endswith("ede") and len(past) > 5:
        word = past[:-3] + "e"
    # One pass leaves aktiviteter → aktivitet but aktivitet → aktivit: go on until nothing changes.
    stemmer = _stemmer()
    for _ in range(4):
        shorter = stemmer.stemWord(word) or word
        if shorter == word:
            break
        word = shorter
    return word.translate(_FOLD)


def _regular_end(normal: str, bare: str) -> str:
    """flygtningebørn → flygtningebarn: an irregular form at the end of a compound, whatever stands before it."""
    for word in (normal, bare):
        for form, base in rules().endings:
            if word.endswith(form) and len(word) >= len(form) + SHORTEST_PART:
                return word[: -len(form)] + base
    return normal


@cache
def _names() -> frozenset[str]:
    return frozenset(_plain(name).translate(_FOLD) for name in rules().names)


def _stemmer() -> Stemmer.Stemmer:
    # One for each thread: a stemmer must not be asked by two at once.
    try:
        return _local.stemmer
    except AttributeError:
        _local.stemmer = Stemmer.Stemmer("danish", 0)
        return _local.stemmer


def _split(normal: str) -> tuple[str, ...]:
    """The parts of a compound made of known parts alone (with -s- or -e- between), else nothing: under|retning, which
    is no retning, stays whole because neither is listed."""
    if len(normal) < SHORTEST_COMPOUND or normal in rules().whole:
        return ()
    found = _parts(normal, 0, set())
    return found if len(found) > 1 else ()


def _parts(word: str, start: int, dead: set[int]) -> tuple[str, ...]:
    """``dead``: places from which nothing fits, so that none is tried once for each way that leads there."""
    if start in dead:
        return ()
    rest, known = word[start:], rules().parts
    if rest in known or (len(rest) >= SHORTEST_PART and _stem(rest) in _part_stems()):
        return (rest,)
    for end in range(len(word) - SHORTEST_PART, start + SHORTEST_PART - 1, -1):
        head = word[start:end]
        if head not in known and not (head[-1] in "se" and head[:-1] in known):
            continue
        tail = _parts(word, end, dead)
        if tail:
            return (head if head in known else head[:-1], *tail)
    dead.add(start)
    return ()


@cache
def _part_stems() -> frozenset[str]:
    return frozenset(_stem(part) for part in rules().parts)
