"""The words behind the analysis, read from ``rules/`` (what each file says: ``rules/README.md``)."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

RULES = Path(__file__).with_name("rules")
_STORED = (
    "stop",
    "irregular",
    "endings",
    "parts",
    "whole",
    "names",
    "spelled",
    "called",
)  # what stored terms depend on


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """All lists, lower case. ``irregular``: form → base; ``endings``: the same for the end of a longer word, the longest
    first."""

    stop: frozenset[str]
    irregular: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    parts: frozenset[str]
    whole: frozenset[str]
    names: frozenset[str]
    spelled: frozenset[str]
    called: frozenset[str]


@cache
def rules() -> Rules:
    """The rules as delivered with the program."""
    endings = {form.strip(): base.strip() for form, base in (line.split(":") for line in _lines("endings"))}
    return Rules(
        stop=_words("stop"),
        irregular={
            form: base.strip()
            for base, forms in (line.split(":") for line in _lines("irregular"))
            for form in forms.split()
        },
        endings=tuple(sorted(endings.items(), key=lambda pair: -len(pair[0]))),
        parts=_words("parts"),
        whole=_words("whole"),
        names=_words("names"),
        spelled=_words("spelled"),
        called=_words("called"),
    )


@cache
def rules_digest() -> str:
    """Changes with every change of what stored terms depend on."""
    digest = hashlib.sha256()
    for name in _STORED:
        digest.update("\n".join([name, *_lines(name)]).encode())
    return digest.hexdigest()[:12]


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for line in _lines(name) for word in line.split())


def _lines(name: str) -> list[str]:
    text = (RULES / f"{name}.txt").read_text("utf-8")
    return [bare for line in text.splitlines() if (bare := line.split("#")[0].strip())]
