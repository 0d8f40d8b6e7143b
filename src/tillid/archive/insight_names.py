"""Whether a text names somebody: word by word, in whatever letters. Pure.

What is found is pointed at and read by a person (R-72); what is taken out of texts unread is found more widely (``masking.py``).
"""

from __future__ import annotations

import re


def words_of(text: str) -> list[str]:
    """Its words in small letters."""
    return re.findall(r"\w+", text.casefold())


def said_in(text: str) -> set[str]:
    """Its words, a genitive also without its ending."""
    return {form for word in words_of(text) for form in (word, word.removesuffix("s"))}


def is_named(name: str, text: str) -> bool:
    """Whether the whole name stands in ``text``."""
    sought = " ".join(words_of(name))
    return bool(sought) and f" {sought} " in f" {' '.join(words_of(text))} "
