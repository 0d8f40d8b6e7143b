"""The word lists behind the wording check, as data: ``form_definitions/wording/<language>/v<N>.yaml`` (ADR 0025)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.yamldata import read_yaml
from tillid.kernel.paths import FORM_DEFINITIONS

FOLDER = FORM_DEFINITIONS / "wording"
END, NUMBER = "<end>", "<number>"


class Find(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to look for: ``word`` alone or ``near`` another, or a ``phrase`` of sets of which ``mark`` is shown."""

    word: str = ""
    near: str = ""
    within: int = 0
    phrase: tuple[str, ...] = ()
    mark: int = 0


class Unless(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The municipal setting and the value with which a rule says nothing."""

    setting: str
    value: str


class WordingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for, and what to say about it. ``by_parents``: whether it looks at what parents write themselves."""

    id: str
    text: str
    find: tuple[Find, ...]
    by_parents: bool = False
    unless: Unless | None = None


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of the lists of one language."""

    id: str
    version: int
    language: str
    sets: dict[str, frozenset[str]]
    joining: frozenset[str]
    street_endings: tuple[str, ...]
    not_streets: frozenset[str]
    counted: frozenset[str]
    rules: tuple[WordingRule, ...]


@cache
def load_wording(language: str = "da", folder: Path = FOLDER) -> Wording:
    """The newest version for ``language``; raises ``DefinitionError``."""
    files = sorted((folder / language).glob("v*.yaml"), key=lambda file: int(file.stem[1:]))
    if not files:
        raise DefinitionError([_fault(str(folder / language), "Her er ingen ordlister.")])
    shown_as = files[-1].relative_to(folder.parent).as_posix()
    source = read_yaml(files[-1].read_bytes(), shown_as)
    if source.problems:
        raise DefinitionError(source.problems)
    return wording_from(source.data, shown_as)


def wording_from(data: Any, file: str) -> Wording:
    """The lists in plain data; raises ``DefinitionError`` if they have not the shape, or a rule names no set."""
    try:
        wording = msgspec.convert(data, Wording)
    except msgspec.ValidationError as error:
        raise DefinitionError([_fault(file, f"Ordlisterne har ikke den rigtige form: {error}")]) from None
    problems = [
        _fault(file, f"Reglen »{rule.id}«: {said}") for rule in wording.rules for said in _faults(rule, wording)
    ]
    if problems:
        raise DefinitionError(problems)
    return wording


def _faults(rule: WordingRule, wording: Wording) -> list[str]:
    said = []
    for find in rule.find:
        named = [name for name in (find.word, find.near, *find.phrase) if name and name not in (END, NUMBER)]
        said += [f"Listen »{name}« findes ikke." for name in named if name not in wording.sets]
        if bool(find.word) == bool(find.phrase) or bool(find.near) != (find.within > 0):
            said.append("En ting at lede efter er enten word (og near med within) eller phrase.")
        if find.phrase and (find.mark >= len(find.phrase) or find.phrase[find.mark] == END):
            said.append("mark skal pege på et ord i phrase.")
    return said


def _fault(file: str, text: str) -> Problem:
    return Problem(file=file, line=0, field="", code="forms.wording", text=text)
