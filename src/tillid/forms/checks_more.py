"""Static checks of rules and translations (what they name exists), and of lists and texts that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.problems import Problem
from tillid.forms.relied import LISTS
from tillid.forms.yamldata import Path

# Texts that pages of the program show around a form, by their own id.
SHOWN_BY_PROGRAM = frozenset({"tilbagekald_virkning", "tilbagekald_kvittering", "trivsel_orientering"})


def rule_and_translation_problems(scope: Scope) -> Iterator[Problem]:
    """Every fault in ``rules`` and ``translations``."""
    seen: set[str] = set()
    for number, rule in enumerate(scope.data.get("rules", [])):
        path: Path = ("rules", number)
        if rule["id"] in seen:
            text = f"Reglen »{rule['id']}« findes to gange."
            yield scope.problem((*path, "id"), "forms.duplicate-id", text, "Giv den ene et andet id.")
        seen.add(rule["id"])
        for place, name in enumerate(rule["fields"]):
            if name not in scope.fields:
                text = f"Feltet »{name}« findes ikke."
                yield scope.problem(
                    (*path, "fields", place), "forms.unknown-field", text, scope.nearest(name, scope.fields)
                )
    for language, words in scope.data.get("translations", {}).items():
        yield from _translation(scope, ("translations", language), words)


def unused_problems(scope: Scope) -> Iterator[Problem]:
    """Code lists and texts that no field and no section names: forgotten, or misspelt where they were meant."""
    lists, texts = (
        set(LISTS.get(scope.data["id"], ())),
        SHOWN_BY_PROGRAM | {use["id"] for section in scope.data["sections"] for use in section.get("texts", [])},
    )
    for _, field in scope.placed_fields():
        for settings in _settings(field):
            named = settings.get("code_list")
            lists |= {named} if isinstance(named, str) else set()
            lists |= {one for one in settings.get("alternative_lists", []) if isinstance(one, str)}
        texts |= set(scope.texts_of(field))
    for key, used, kind in (("code_lists", lists, "Kodelisten"), ("texts", texts, "Teksten")):
        for number, one in enumerate(scope.data.get(key, [])):
            if one["id"] not in used:
                text = f"{kind} »{one['id']}« bruges ikke."
                yield scope.problem((key, number, "id"), "forms.unused", text, "Slet den, eller brug den i et felt.")


def _settings(field: dict) -> Iterator[dict[str, Any]]:
    settings = field.get("settings")
    if isinstance(settings, dict):
        yield settings
        columns = settings.get("columns")
        for column in columns if isinstance(columns, list) else ():
            if isinstance(column, dict):
                yield from _settings(column)


def _translation(scope: Scope, path: Path, words: dict[str, Any]) -> Iterator[Problem]:
    data = scope.data
    known = {
        "fields": set(scope.fields),
        "sections": {section["id"] for section in data["sections"]},
        "choices": {f"{name}.{code}" for name, codes in scope.lists.items() for code in codes},
        "rules": {rule["id"] for rule in data.get("rules", [])},
        **{kind: {one["id"] for one in data.get(kind, [])} for kind in ("variants", "states", "phases")},
    }
    for kind, ids in known.items():
        for name in words.get(kind, {}):
            if name not in ids:
                text = f"Oversættelsen gælder »{name}«, som ikke findes."
                yield scope.problem((*path, kind, name), "forms.unknown-translation", text, scope.nearest(name, ids))
