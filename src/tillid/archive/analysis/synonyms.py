"""Words for one thing, asked for together when searching. Data: the municipal setting ``soegeord``
(``forms/word_groups.py`` says how it is written); its default is delivered with the program."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from tillid.archive.analysis.clauses import Clause, clause_of_name, key_of
from tillid.archive.analysis.words import analyse
from tillid.forms.settings import load_settings
from tillid.forms.word_groups import Group, groups_in

SETTING = "soegeord"


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


def delivered_groups() -> tuple[Group, ...]:
    """The groups delivered with the program: the setting's default."""
    return groups_in(load_settings()[SETTING].default)


@lru_cache(maxsize=8)
def synonyms_in(text: str) -> Synonyms:
    """Those of the setting's ``text``; what in it cannot be used is left out."""
    return synonyms_of(groups_in(text))


def delivered() -> Synonyms:
    """The delivered ones, ready to be asked."""
    return synonyms_in(load_settings()[SETTING].default)
