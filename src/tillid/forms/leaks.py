"""What a condition would give away: a reader must not learn from a field what that reader may not see (T9).

A field asked for is itself only seen by those who may see what its own conditions ask for, for these are checked in the same
way; so looking one step back is enough, however long the chain.
"""

from __future__ import annotations

from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.conditions import references
from tillid.forms.facts import known_facts
from tillid.forms.problems import Problem
from tillid.forms.readers import may_see
from tillid.forms.yamllimits import Path


def leaks(scope: Scope, path: Path, condition: Any, readers: set[str]) -> list[Problem]:
    """A reader must not learn from a field's being shown or required what that reader may not see."""
    found = []
    for kind, name in references(condition):
        seers = tuple(known_facts()[name].visible_to if kind == "fact" else scope.fields[name]["visible_to"])
        blind = sorted(reader for reader in readers if not may_see(seers, reader))
        if blind:
            found.append(
                scope.problem(
                    path,
                    "forms.leaking-condition",
                    f"Betingelsen afslører »{name}« for {', '.join(blind)}, som ikke må se det.",
                    "Brug noget, de må se, eller lad feltet vise sig ved sit eget indhold.",
                )
            )
    return found
