"""How two values differ, for people: words added and removed in a text, items in a list, rows in a table."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

# Words; of Chinese and Japanese, which put no spaces between them, letters.
_LETTERS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PIECES = re.compile(rf"\s+|[{_LETTERS}]|[^\s{_LETTERS}]+")
# Comparing is quadratic at worst; longer texts are compared line by line, and beyond that as a whole.
MOST_WORDS, MOST_LINES = 4000, 2000
CELLS = " | "  # between the cells of a row
MOST_PAIRS = 10_000  # rows that changed are held against each other to find which became which
_CHECKSUM = {"da": "kontrolsum {digest}", "en": "checksum {digest}"}
_DOCUMENT = {"da": ("dokument {mark}", ", udgave {version}"), "en": ("document {mark}", ", version {version}")}
Named = tuple[str, str]  # what people call it, and in words what tells it from others of that name; empty for nothing
Told = Callable[[int, int], tuple[str, str]]


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch that is the same in both, or only in the new one (``added``), or only in the old one (``removed``).
    ``goes_on``: the next one stands in the same row."""

    kind: Literal["same", "added", "removed"]
    text: str
    goes_on: bool = False


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
        marks = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
        return "\n".join("".join(marks[one.kind].format(one.text) for one in line) for line in self.lines)

    @property
    def lines(self) -> tuple[tuple[Change, ...], ...]:
        """The stretches by what stands below one another: one text, or each item or row by itself."""
        ends = [at for at, one in enumerate(self.changes, start=1) if self.shape != "words" and not one.goes_on]
        return tuple(self.changes[a:b] for a, b in zip([0, *ends], [*ends, None], strict=True) if self.changes[a:b])

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces and ends of lines changed, which no mark in a text can show."""
        return not self.same and all(one.kind == "same" or not one.text.strip() for one in self.changes)

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
            return Difference(shape="words", changes=_rewritten(_readable(_changes(before, after))))
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


def _rewritten(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Where a sentence was written anew, the "og" and "er" that both happen to have stand between what changed and are no longer
    than it: they are part of the change. Never over the end of a line or of a cell."""
    made: list[Change] = []
    for change in changes:
        made.append(change)
        while merged := _one_change(made[-5:]):
            made[-5:] = merged
    return tuple(made)


def _one_change(last: list[Change]) -> list[Change]:
    if [one.kind for one in last] != ["removed", "added", "same", "removed", "added"]:
        return []
    gone, new, same, gone_too, new_too = (one.text for one in last)
    least = min(max(len(gone), len(new)), max(len(gone_too), len(new_too)))
    if len(same) > least or "\n" in same or CELLS in same:
        return []
    return [Change("removed", gone + same + gone_too), Change("added", new + same + new_too)]


def item_difference(old: Sequence[str], new: Sequence[str], told: Told | None = None) -> Difference:
    """Two lists item by item, each item one stretch. ``told``: of two that read alike (by their places) the words that tell
    them apart if they are not the same."""
    return _listed(old, new, "items", told or (lambda a, b: (old[a], new[b])))


def row_difference(
    old: Sequence[str], new: Sequence[str], told: Told, words: tuple[Sequence[str], Sequence[str]]
) -> Difference:
    """Two tables row by row, and word by word within a row that was changed; ``told`` as above, for every two rows;
    ``words``: what was written in each, without the names of the columns."""
    return _listed(old, new, "rows", told, words)


def _listed(
    old: Sequence[str],
    new: Sequence[str],
    shape: Literal["items", "rows"],
    told: Told,
    words: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> Difference:
    if max(len(old), len(new)) > MOST_LINES:
        return whole_difference("\n".join(old), "\n".join(new))
    made: list[Change] = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, list(old), list(new), autojunk=False).get_opcodes():
        here, there = range(a, b), range(c, d)
        pairs = _pairs(*words, here, there) if shape == "rows" and op == "replace" else []
        for one, other in zip(here, there, strict=True) if op == "equal" else _in_order(here, there, pairs):
            if one is None or other is None:
                made.append(Change("removed", old[one]) if one is not None else Change("added", new[other]))
                continue
            *first, last = word_difference(*told(one, other)).changes or (Change("same", ""),)
            made += [*(msgspec.structs.replace(stretch, goes_on=True) for stretch in first), last]
    return Difference(shape=shape, changes=tuple(made))


def _pairs(old: Sequence[str], new: Sequence[str], here: range, there: range) -> list[tuple[int, int]]:
    """Which old row became which new one: at least half of their words are the same, and neither is past the one before."""
    if len(here) * len(there) > MOST_PAIRS:
        return []
    mine = {at: Counter(old[at].split()) for at in here}
    its = {at: Counter(new[at].split()) for at in there}
    found: list[tuple[int, int]] = []
    free = there.start
    for one in here:
        for other in range(free, there.stop):
            if 4 * (mine[one] & its[other]).total() >= max(1, mine[one].total() + its[other].total()):
                found.append((one, other))
                free = other + 1
                break
    return found


def _in_order(here: range, there: range, pairs: list[tuple[int, int]]) -> list[tuple[int | None, int | None]]:
    """The rows in reading order: what is gone, what is new, then the row that became another."""
    made: list[tuple[int | None, int | None]] = []
    a, c = here.start, there.start
    for one, other in [*pairs, (here.stop, there.stop)]:
        made += [*((at, None) for at in range(a, one)), *((None, at) for at in range(c, other)), (one, other)]
        a, c = one + 1, other + 1
    return made[:-1]


def _changes(before: list[str], after: list[str]) -> tuple[Change, ...]:
    """Neighbouring pieces that went the same way are one stretch."""
    made: list[Change] = []

    def put(kind: str, pieces: list[str]) -> None:
        if pieces:
            made.append(Change(kind, "".join(pieces)))

    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            put("same", before[a:b])
        else:
            put("removed", before[a:b])
            put("added", after[c:d])
    return tuple(made)


def told_apart(old: Sequence[Named], new: Sequence[Named]) -> tuple[list[str], list[str]]:
    """Things by their names; those that share a name and are not the same, by what tells them apart too."""
    marks: dict[str, set[str]] = {}
    for name, mark in (*old, *new):
        marks.setdefault(name, set()).add(mark)

    def said(name: str, mark: str) -> str:
        return f"{name} ({mark})" if mark and len(marks[name]) > 1 else name

    return [said(*one) for one in old], [said(*one) for one in new]


def checksum_words(digest: str, language: str) -> str:
    """A file by the beginning of its digest, as the document lists it."""
    return _CHECKSUM.get(language, _CHECKSUM["da"]).format(digest=digest[:12])


def document_words(document_id: str, version: str, language: str) -> str:
    """A document of ours by the beginning of its id, and its version where that is known."""
    document, numbered = _DOCUMENT.get(language, _DOCUMENT["da"])
    return document.format(mark=document_id[:8]) + (numbered.format(version=version) if version else "")
