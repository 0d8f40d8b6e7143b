"""Static checks of conditions: references, cycles, hidden requirements and what a condition would give away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_computed import computed_problems
from tillid.forms.checks_reach import reach_problems
from tillid.forms.checks_scope import Scope
from tillid.forms.condition_types import type_problems
from tillid.forms.conditions import OPERATORS, fields_asked
from tillid.forms.leaks import leaks
from tillid.forms.possible import chain_lengths
from tillid.forms.problems import Problem
from tillid.forms.readers import filling_readers
from tillid.forms.yamldata import Path

MAX_CHAIN = 10  # with MAX_DEPTH, what a condition may need of the stack when it is evaluated


def condition_problems(scope: Scope) -> list[Problem]:
    """Every fault in the conditions of the definition in ``scope``."""
    problems: list[Problem] = []
    for path, condition, readers in _conditions(scope):
        faults = list(type_problems(scope, path, condition))
        problems += faults or leaks(scope, path, condition, readers)
    for path, field in scope.placed_fields():
        problems += computed_problems(scope, path, field)
        if not isinstance(field["required"], dict) and field["required"] not in ("yes", "no"):
            problems.append(_required_word(scope, path, field))
    problems += _cycles(scope)
    # What can ever happen is only asked of conditions that can be evaluated.
    return problems or reach_problems(scope)


def _conditions(scope: Scope) -> Iterator[tuple[Path, Any, set[str]]]:
    """Every condition with the readers whom its result tells something."""
    for path, field in scope.placed_fields():
        if "shown_if" in field:
            yield (*path, "shown_if"), field["shown_if"], set(field["visible_to"])
        if isinstance(field["required"], dict):
            # That a field is required shows only to those who fill it; to others an empty field is never shown.
            yield (*path, "required"), field["required"], filling_readers(tuple(field["filled_by"]))
        if isinstance(field.get("computed"), dict) and next(iter(field["computed"]), "") in OPERATORS:
            yield (*path, "computed"), field["computed"], set(field["visible_to"])
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


def _required_word(scope: Scope, path: Path, field: dict) -> Problem:
    text = f"»{str(field['required'])[:80]}« kan ikke bruges her."
    return scope.problem((*path, "required"), "forms.required", text, "Skriv yes, no eller en betingelse.")


def _cycles(scope: Scope) -> Iterator[Problem]:
    asks: dict[str, set[str]] = {}
    places: dict[str, Path] = {}
    for path, field in scope.placed_fields():
        parts = (field.get("shown_if"), field["required"], field.get("computed"))
        asks.setdefault(field["id"], set()).update(*map(fields_asked, parts))
        places.setdefault(field["id"], (*path, next((k for k in ("shown_if", "computed") if k in field), "required")))
    loops = list(_loops(asks))
    for name, chain in loops:
        yield scope.problem(
            places[name],
            "forms.cyclic-condition",
            f"Betingelserne går i ring: {' → '.join(chain)}.",
            "Fjern en af betingelserne.",
        )
    for name, length in ({} if loops else chain_lengths(asks)).items():
        if length > MAX_CHAIN:
            text = f"Betingelserne hænger sammen i {length} led (grænse: {MAX_CHAIN})."
            yield scope.problem(places[name], "forms.condition-chain", text, "Spørg direkte om det første felt.")


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
