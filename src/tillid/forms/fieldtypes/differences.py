"""How two values differ, for people: words added and removed in a text, items in a list, rows in a table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Literal

import msgspec

_PIECES = re.compile(r"\s+|[^\s]+")
# Comparing is quadratic at worst; longer texts are compared line by line, and beyond that as a whole.
MOST_WORDS, MOST_LINES = 4000, 2000
_CHECKSUM = {"da": "{name} (kontrolsum {digest})", "en": "{name} (checksum {digest})"}
Named = tuple[str, str]


class Change(msgspec.Struct, frozen=True):
    """A stretch that is the same in both, or only in the new one (``added``), or only in the old one (``removed``)."""

    kind: Literal["same", "added", "removed"]
    text: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All of both values as stretches in reading order. ``shape``: words of one text, or items or rows one below another."""

    shape: Literal["words", "items", "rows", "value"]
    changes: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return all(change.kind == "same" for change in self.changes)

    @property
    def plain(self) -> str:
        """The changes as a text without colours: removed in ``[-…-]``, added in ``{+…+}`` (as ``git diff --word-diff``)."""
        between = "" if self.shape == "words" else "\n"
        marks = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
        return between.join(marks[change.kind].format(change.text) for change in self.changes)

    def side(self, *kinds: str) -> tuple[str, ...]:
        """The stretches of these kinds: ``side("same", "removed")`` is the old value."""
        return tuple(change.text for change in self.changes if change.kind in kinds)


def whole_difference(old: str, new: str) -> Difference:
    """Two short values: the same, or one instead of the other."""
    if old == new:
        return Difference(shape="value", changes=(Change("same", old),) if old else ())
    changes = [Change(kind, text) for kind, text in (("removed", old), ("added", new)) if text]
    return Difference(shape="value", changes=tuple(changes))


def word_difference(old: str, new: str) -> Difference:
    """Two texts word by word; the stretches joined give back the old and the new text letter by letter."""
    for pattern, most in ((_PIECES, MOST_WORDS), (re.compile(r"[^\n]*\n|[^\n]+"), MOST_LINES)):
        before, after = pattern.findall(old), pattern.findall(new)
        if max(len(before), len(after)) <= most:
            return Difference(shape="words", changes=_readable(_changes(before, after, "")))
    return Difference(shape="words", changes=whole_difference(old, new).changes)


def _readable(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Changed words with nothing but a space between them are one change: else a rewritten sentence is shown as every old
    word beside every new one, and nobody can read either."""
    made: list[Change] = []
    group: list[Change] = []  # neighbours that become one removed and one added stretch

    def close() -> None:
        spaces = [group.pop()] if group and group[-1].kind == "same" else []
        sides = [
            (kind, "".join(one.text for one in group if one.kind in (kind, "same"))) for kind in ("removed", "added")
        ]
        # Only where both sides then have words: a removed word leaves its space to the text that stays.
        whole = any(one.kind == "same" for one in group) and all(text.strip() for _, text in sides)
        made.extend([Change(kind, text) for kind, text in sides] if whole else group)
        made.extend(spaces)
        group.clear()

    for change in changes:
        if change.kind == "same" and not (group and change.text.isspace() and "\n" not in change.text):
            close()
            made.append(change)
        else:
            group.append(change)
    close()
    return tuple(made)


def item_difference(old: Sequence[str], new: Sequence[str], shape: Literal["items", "rows"] = "items") -> Difference:
    """Two lists item by item, each item one stretch."""
    if max(len(old), len(new)) > MOST_LINES:
        return whole_difference("\n".join(old), "\n".join(new))
    return Difference(shape=shape, changes=_changes(list(old), list(new), None))


def _changes(before: list[str], after: list[str], joined: str | None) -> tuple[Change, ...]:
    """``joined``: put between the pieces of one stretch; ``None`` = every piece is a stretch of its own."""
    made: list[Change] = []

    def put(kind: str, pieces: list[str]) -> None:
        if pieces:
            made.extend(
                [Change(kind, joined.join(pieces))] if joined is not None else [Change(kind, p) for p in pieces]
            )

    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            put("same", before[a:b])
        else:
            put("removed", before[a:b])
            put("added", after[c:d])
    return tuple(made)


def told_apart(old: Sequence[Named], new: Sequence[Named], language: str) -> tuple[list[str], list[str]]:
    """Files by their names; those that share a name and are not the same file, by the beginning of their digests too. Of
    what is no file the digest is empty."""
    digests: dict[str, set[str]] = {}
    for name, digest in (*old, *new):
        digests.setdefault(name, set()).add(digest)
    words = _CHECKSUM.get(language, _CHECKSUM["da"])

    def said(name: str, digest: str) -> str:
        return words.format(name=name, digest=digest[:12]) if digest and len(digests[name]) > 1 else name

    return [said(*one) for one in old], [said(*one) for one in new]
