"""Static checks of ``computed``: who has such a field, of which type its value is, and never a position (R-74)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.condition_types import Kind, is_date, operand_type
from tillid.forms.conditions import OPERATORS, references
from tillid.forms.fieldtypes import TYPES
from tillid.forms.leaks import leaks
from tillid.forms.problems import Problem
from tillid.forms.yamllimits import Path

POSITIONS = frozenset({"groen", "gul", "roed"})
POSITION_WORDS = POSITIONS | {"grøn", "rød"}
_AS_TEXT = ("code", "text", "date", "number", "boolean")


def computed_problems(scope: Scope, path: Path, field: dict) -> Iterator[Problem]:
    """Every fault in the field's ``computed`` (a condition's own types are checked with the other conditions)."""
    if "computed" not in field:
        return
    expression, place = field["computed"], (*path, "computed")
    if scope.phase_of(path, field) != "derived" and field["filled_by"] != ["system"]:
        text = "Et beregnet felt kan ikke også udfyldes af nogen."
        yield scope.problem(
            place, "forms.computed-by-hand", text, "Skriv filled_by: [system], eller sæt phase: derived."
        )
    if _is_condition(expression):
        yield from _position(scope, place, field)
        yield from _fits(scope, place, field, ("boolean", ()), None)
        return
    kind, faults = operand_type(scope, place, expression)
    yield from faults
    if not faults:
        yield from _position(scope, place, field)
        yield from _fits(scope, place, field, kind, expression)
        yield from leaks(scope, place, expression, set(field["visible_to"]))


def _is_condition(expression: Any) -> bool:
    return isinstance(expression, dict) and next(iter(expression), "") in OPERATORS


def _position(scope: Scope, place: Path, field: dict) -> Iterator[Problem]:
    """R-74: a position is a person's own assessment. Nothing computes one, and nothing is computed from one."""
    asked = list(references(field["computed"]))
    from_one = [name for kind, name in asked if (name == "latest_position" if kind == "fact" else _holds(scope, name))]
    if from_one or _holds_position(scope, field) or _gives_position(field["computed"]):
        text = "En position beregnes aldrig, og intet beregnes ud fra en position."
        yield scope.problem(place, "forms.computed-position", text, "Lad en person vurdere det.")


def _gives_position(expression: Any) -> bool:
    """Whether the expression has a position among what it can give (a field of type ``computed`` takes any text)."""
    if isinstance(expression, str):
        return expression.strip().casefold() in POSITION_WORDS
    if isinstance(expression, dict) and isinstance(body := expression.get("if"), list):
        return any(map(_gives_position, body[1:]))
    return False


def _holds(scope: Scope, name: Any) -> bool:
    return name in scope.fields and _holds_position(scope, scope.fields[name])


def _holds_position(scope: Scope, field: dict) -> bool:
    """Whether the field, or a column of it, takes one of the three positions."""
    settings = field.get("settings", {})
    columns = settings.get("columns", []) if isinstance(settings, dict) else []
    return set(scope.codes_of(field)) >= POSITIONS or any(
        isinstance(column, dict) and set(scope.codes_of(column)) >= POSITIONS for column in columns
    )


def _fits(scope: Scope, place: Path, field: dict, kind: Kind, expression: Any) -> Iterator[Problem]:
    entry = TYPES.get(field["type"])
    if entry is None:
        return
    found, codes = kind
    wanted = entry.condition_type
    if isinstance(expression, str):
        fits = wanted == "text" or (wanted == "date" and is_date(expression))
        found, codes = (wanted if fits else "code"), (expression,)
    if found != wanted and not (field["type"] == "computed" and found in _AS_TEXT):
        text = f"Udtrykket giver {found or 'en værdi'}, som felttypen »{field['type']}« ikke kan tage."
        yield scope.problem(place, "forms.computed-type", text, "Vælg en felttype, der passer, eller typen computed.")
    elif wanted == "code" and not (codes and set(codes) <= set(scope.codes_of(field))):
        text = "Udtrykket kan give en kode, der ikke er på feltets liste."
        yield scope.problem(place, "forms.unknown-code", text, "Brug den samme kodeliste.")
