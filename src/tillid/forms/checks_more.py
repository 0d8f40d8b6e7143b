"""Static checks of rules and translations: what they name exists. (Their conditions: ``checks_conditions``.)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.problems import Problem
from tillid.forms.schema import nearest
from tillid.forms.yamldata import Path


def rule_and_translation_problems(scope: Scope) -> Iterator[Problem]:
    """Every fault in ``rules`` and ``translations``."""
    seen: set[str] = set()
    for number, rule in enumerate(scope.data.get("rules", [])):
        path: Path = ("rules", number)
        if rule["id"] in seen:
            yield scope.problem((*path, "id"), "forms.duplicate-id", f"Reglen »{rule['id']}« findes to gange.")
        seen.add(rule["id"])
        for place, name in enumerate(rule["fields"]):
            if name not in scope.fields:
                text = f"Feltet »{name}« findes ikke."
                yield scope.problem((*path, "fields", place), "forms.unknown-field", text, nearest(name, scope.fields))
    for language, words in scope.data.get("translations", {}).items():
        yield from _translation(scope, ("translations", language), words)


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
                yield scope.problem((*path, kind, name), "forms.unknown-translation", text, nearest(name, ids))
