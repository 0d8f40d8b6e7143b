"""Static checks of conditions: references, cycles, hidden requirements and what a condition would give away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.condition_types import type_problems
from tillid.forms.conditions import fields_asked, references
from tillid.forms.facts import known_facts
from tillid.forms.problems import Problem
from tillid.forms.readers import filling_readers, may_see
from tillid.forms.yamldata import Path


def condition_problems(scope: Scope) -> list[Problem]:
    """Every fault in the conditions of the definition in ``scope``."""
    problems: list[Problem] = []
    for path, condition, readers in _conditions(scope):
        faults = list(type_problems(scope, path, condition))
        problems += faults or _leaks(scope, path, condition, readers)
    for path, field in scope.placed_fields():
        problems += _requirement(scope, path, field)
    return problems + list(_cycles(scope))


def _conditions(scope: Scope) -> Iterator[tuple[Path, Any, set[str]]]:
    """Every condition with the readers whom its result tells something."""
    for path, field in scope.placed_fields():
        if "shown_if" in field:
            yield (*path, "shown_if"), field["shown_if"], set(field["visible_to"])
        if isinstance(field["required"], dict):
            # That a field is required shows only to those who fill it; to others an empty field is never shown.
            yield (*path, "required"), field["required"], filling_readers(tuple(field["filled_by"]))
    for r, rule in enumerate(scope.data.get("rules", [])):
        filled = (
            filling_readers(tuple(scope.fields[name]["filled_by"])) for name in rule["fields"] if name in scope.fields
        )
        yield ("rules", r, "when"), rule["when"], set().union(*filled)
    for s, section in enumerate(scope.data["sections"]):
        for t, text in enumerate(section.get("texts", [])):
            if "shown_if" in text:
                readers = {reader for field in section["fields"] for reader in field["visible_to"]}
                # A section's texts speak to those who fill or read it on our side, not to the receiver of a copy.
                yield ("sections", s, "texts", t, "shown_if"), text["shown_if"], readers & {"author", "team", "parent"}


def _leaks(scope: Scope, path: Path, condition: Any, readers: set[str]) -> list[Problem]:
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


def _requirement(scope: Scope, path: Path, field: dict) -> Iterator[Problem]:
    required = field["required"]
    if isinstance(required, str) and required not in ("yes", "no"):
        yield scope.problem(
            (*path, "required"),
            "forms.required",
            f"»{required}« kan ikke bruges her.",
            "Skriv yes, no eller en betingelse.",
        )
    elif "shown_if" in field and required != "no" and required != field["shown_if"]:
        yield scope.problem(
            (*path, "required"),
            "forms.required-but-hidden",
            "Feltet kan være krævet, mens det er skjult.",
            "Brug den samme betingelse i required og shown_if, eller skriv required: no.",
        )


def _cycles(scope: Scope) -> Iterator[Problem]:
    asks: dict[str, set[str]] = {}
    places: dict[str, Path] = {}
    for path, field in scope.placed_fields():
        wanted = fields_asked(field.get("shown_if")) | fields_asked(field["required"])
        asks.setdefault(field["id"], set()).update(wanted)
        places.setdefault(field["id"], (*path, "shown_if" if "shown_if" in field else "required"))
    for name, chain in _loops(asks):
        yield scope.problem(
            places[name],
            "forms.cyclic-condition",
            f"Betingelserne går i ring: {' → '.join(chain)}.",
            "Fjern en af betingelserne.",
        )


def _loops(asks: dict[str, set[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each loop once: the name it was found at and the names along it. Iterative, for a file may hold long chains."""
    done: set[str] = set()
    for start in asks:
        stack = [(start, iter(sorted(asks[start])))] if start not in done else []
        chain = [start]
        while stack:
            name, rest = stack[-1]
            following = next((n for n in rest if n in asks and n not in done), None)
            if following is None:
                done.add(name)
                stack.pop()
                chain.pop()
            elif following in chain:
                yield following, [*chain[chain.index(following) :], following]
            else:
                stack.append((following, iter(sorted(asks[following]))))
                chain.append(following)
