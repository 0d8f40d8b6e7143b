"""Words with letters of several alphabets: "Sоren" with a Cyrillic о looks like "Soren" and is another word.

After Unicode Technical Standard #39 (5.1, mixed-script detection), word by word: a letter's script is the first word of its
Unicode name, which by Unicode's stability policy never changes, so that a text gets the same answer in forty years. A mark or
number has none. Han, Kana, Hangul and Bopomofo are one here, and go with Latin (the level "highly restrictive" of 5.2): nobody
takes one for the other. Letters that are made for formulas, which #39 counts as common, are a script of their own here: in a word
they only look like letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

BEYOND_LATIN = re.compile("[\u0250-\U0010ffff]")  # what is not plainly Latin
_LATIN = frozenset(
    {"LATIN", "FULLWIDTH", "ROMAN", "SUPERSCRIPT", "TURNED", "ANGSTROM", "KELVIN", "FEMININE", "MASCULINE"}
)
_EASTERN = frozenset(
    {"CJK", "HIRAGANA", "HENTAIGANA", "KATAKANA", "HALFWIDTH", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "VERTICAL"}
)
_OF_ALL = frozenset({"MODIFIER", "MICRO", "CARON"})  # letters of no script (Common)
_FORMULAS = frozenset(
    {"MATHEMATICAL", "DOUBLE-STRUCK", "BLACK-LETTER", "SCRIPT", "EULER", "PLANCK", "ALEF", "BET", "GIMEL", "DALET"}
)
_ONE = dict.fromkeys(_LATIN, "LATIN") | dict.fromkeys(_EASTERN, "EASTERN") | dict.fromkeys(_FORMULAS, "FORMULAS")
_ONE |= {"OHM": "GREEK"}


def mixed_words(text: str) -> list[str]:
    """The words of ``text`` whose letters are of several alphabets, in order of appearance, without repeats."""
    if not BEYOND_LATIN.search(text):
        return []
    return [word for word in dict.fromkeys(_words(text)) if BEYOND_LATIN.search(word) and _mixed(word)]


def _words(text: str) -> Iterator[str]:
    """What stands together: letters with their marks, and numbers. A hyphen or an apostrophe parts them."""
    for inside, letters in groupby(text, _in_word):
        if inside:
            yield "".join(letters)


@lru_cache(maxsize=4096)
def _in_word(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in "LMN" or category == "Cn"  # the last: a letter that this Python does not know yet


def _mixed(word: str) -> bool:
    scripts = {script for letter in set(word) if (script := _script(letter))}
    return len(scripts) > 1 and scripts != {"LATIN", "EASTERN"}


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The script of a letter; empty for anything else, and for what belongs to all scripts."""
    if unicodedata.category(letter)[0] != "L":
        return ""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "" if name in _OF_ALL else _ONE.get(name, name.partition("-")[0])
