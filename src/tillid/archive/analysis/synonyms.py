"""Words for one thing, asked for together when searching. Data: ``rules/synonyms.yaml`` and the municipality's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec
import yaml

from tillid.archive.analysis.clauses import Clause, clause_of_name, key_of
from tillid.archive.analysis.rules import RULES
from tillid.archive.analysis.words import analyse
from tillid.kernel.errors import TillidError

MOST_GROUPS = 500
MOST_NAMES = 12
LONGEST_NAME = 60


class SynonymsRefused(TillidError):
    """A list that cannot be used."""

    code = "search.synonyms-refused"
    text = "Linje {line} i listen over synonymer kan ikke bruges: {reason}."


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """``names`` are words for one thing; ``one_way``: only who asks for the first finds the others too."""

    names: tuple[str, ...]
    one_way: bool = False


class Synonyms(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """``others``: key of a name → the clauses of the other names; ``longest``: most words in a name.
    Each is itself only, so that what was made with it can be remembered."""

    others: dict[tuple[str, ...], tuple[Clause, ...]]
    longest: int


def synonyms_of(groups: Iterable[Group]) -> Synonyms:
    """Ready to be asked. A name in several groups has the others of all."""
    others: dict[tuple[str, ...], dict[Clause, None]] = {}
    for group in groups:
        keyed = [(key_of(list(analyse(name))), clause_of_name(name)) for name in group.names]
        for key, own in keyed[:1] if group.one_way else keyed:
            known = others.setdefault(key, {})
            known.update((clause, None) for _, clause in keyed if clause != own)
    found = {key: tuple(clauses) for key, clauses in others.items() if clauses}
    return Synonyms(others=found, longest=max(map(len, found), default=0))


def groups_of(lines: Iterable[object]) -> tuple[Group, ...]:
    """The groups of a YAML list: a list of names, or ``for`` and ``also``. Raises ``SynonymsRefused``."""
    groups = []
    for number, line in enumerate(lines, start=1):
        names, one_way = _names(line)
        if reason := "for mange linjer" if number > MOST_GROUPS else _refused(names):
            raise SynonymsRefused("cannot be used", line=number, reason=reason)
        groups.append(Group(names=tuple(names), one_way=one_way))
    return tuple(groups)


@cache
def delivered_groups() -> tuple[Group, ...]:
    """The list delivered with the program."""
    return groups_of(yaml.safe_load((RULES / "synonyms.yaml").read_text("utf-8")))


@cache
def delivered() -> Synonyms:
    """The same, ready to be asked."""
    return synonyms_of(delivered_groups())


def _names(line: object) -> tuple[list[str], bool]:
    if isinstance(line, dict) and set(line) == {"for", "also"} and isinstance(line["also"], list):
        return [str(line["for"]), *map(str, line["also"])], True
    return ([str(name) for name in line], False) if isinstance(line, list) else ([], False)


def _refused(names: list[str]) -> str:
    if not 2 <= len(names) <= MOST_NAMES:
        return f"der skal være 2 til {MOST_NAMES} ord"
    if any(len(name) > LONGEST_NAME or not list(analyse(name)) for name in names):
        return f"et ord er tomt eller længere end {LONGEST_NAME} tegn"
    return ""
