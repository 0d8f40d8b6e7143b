"""A list of words for one thing as an administrator writes it: a line a group, ``logopæd, talepædagog``; with
``bedsteforælder > mormor, farmor`` only who asks for the first finds the others. What follows a ``#`` is passed over."""

from __future__ import annotations

import msgspec

MOST_GROUPS = 500
MOST_NAMES = 12
LONGEST_NAME = 60


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """``names`` are words for one thing; ``one_way``: only who asks for the first finds the others too."""

    names: tuple[str, ...]
    one_way: bool = False


def groups_in(text: str) -> tuple[Group, ...]:
    """The groups of ``text``; lines that cannot be used are left out (``fault_in`` says why)."""
    return tuple(group for _, group in _lines(text) if not _fault(group))[:MOST_GROUPS]


def fault_in(text: str) -> str:
    """Why the first line that cannot be used cannot, in Danish; empty if all can."""
    found = _lines(text)
    if len(found) > MOST_GROUPS:
        return f"Skriv højst {MOST_GROUPS} linjer."
    return next((f"Linje {number}: {said}" for number, group in found if (said := _fault(group))), "")


def _lines(text: str) -> list[tuple[int, Group]]:
    return [
        (number, _group(line)) for number, line in enumerate(text.splitlines(), start=1) if line.split("#")[0].strip()
    ]


def _group(line: str) -> Group:
    line = line.split("#")[0]
    first, arrow, rest = line.partition(">")
    names = [first, *rest.split(",")] if arrow else line.split(",")
    return Group(names=tuple(" ".join(name.split()) for name in names), one_way=bool(arrow))


def _fault(group: Group) -> str:
    names = group.names
    if not 2 <= len(names) <= MOST_NAMES:
        return f"skriv 2 til {MOST_NAMES} ord med komma imellem."
    if any(not any(letter.isalnum() for letter in name) for name in names):
        return "et af ordene er tomt."
    if any(len(name) > LONGEST_NAME for name in names):
        return f"et ord er længere end {LONGEST_NAME} tegn."
    return "det samme ord står to gange." if len({name.lower() for name in names}) < len(names) else ""
