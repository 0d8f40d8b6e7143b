"""Static checks of what can ever happen: fields nobody meets, requirements nobody can fulfil, conditions that decide
nothing (ADR 0020)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.conditions import evaluate
from tillid.forms.possible import can_be
from tillid.forms.problems import Problem
from tillid.forms.readers import filling_readers, may_see
from tillid.forms.yamllimits import Path


def reach_problems(scope: Scope) -> list[Problem]:
    """Every such fault; only of a definition whose conditions can be evaluated."""
    problems: list[Problem] = []
    for path, field in scope.placed_fields():
        problems += _filler(scope, path, field)
        problems += _never(scope, (*path, "shown_if"), field.get("shown_if"), "Feltet kan aldrig blive vist.")
        required = field["required"]
        if isinstance(required, dict):
            problems += _never(scope, (*path, "required"), required, "Feltet kan aldrig blive krævet.")
        problems += _hidden(scope, path, field)
    for number, rule in enumerate(scope.data.get("rules", [])):
        problems += _never(scope, ("rules", number, "when"), rule["when"], f"Reglen »{rule['id']}« kan aldrig slå til.")
    for s, section in enumerate(scope.data["sections"]):
        for t, text in enumerate(section.get("texts", [])):
            path = ("sections", s, "texts", t, "shown_if")
            problems += _never(scope, path, text.get("shown_if"), f"Teksten »{text['id']}« kan aldrig blive vist.")
    return problems


def _never(scope: Scope, path: Path, condition: Any, text: str) -> Iterator[Problem]:
    if not isinstance(condition, dict):
        return
    if can_be(scope, [condition], lambda answer, facts: evaluate(condition, answer, facts) is not False) is False:
        advice = "Betingelsen er falsk for alle svar. Ret den, eller slet det, den gælder for."
        yield scope.problem(path, "forms.never-true", text, advice)
        return
    if can_be(scope, [condition], lambda answer, facts: evaluate(condition, answer, facts) is not True) is False:
        advice = "Slet betingelsen (skriv required: yes, hvis feltet altid er krævet), eller ret den."
        yield scope.problem(path, "forms.always-true", "Betingelsen er sand for alle svar.", advice)
        return
    for place, part in _alternatives(path, condition):
        if can_be(scope, [part], lambda answer, facts, part=part: evaluate(part, answer, facts) is not False) is False:
            advice = "Den del af betingelsen er falsk for alle svar. Ret den, eller slet den."
            yield scope.problem(place, "forms.never-true", "En af mulighederne i »any« kan aldrig slå til.", advice)


def _alternatives(path: Path, condition: Any) -> Iterator[tuple[Path, Any]]:
    """Every part of every ``any`` with its place: such a part may be dead while the whole is not."""
    steps = (
        condition.items()
        if isinstance(condition, dict)
        else enumerate(condition)
        if isinstance(condition, list)
        else ()
    )
    for step, part in steps:
        if step == "any":
            yield from (((*path, step, number), one) for number, one in enumerate(part))
        yield from _alternatives((*path, step), part)


def _hidden(scope: Scope, path: Path, field: dict) -> Iterator[Problem]:
    """A requirement counts only while the field is shown; one that can be true while it is not says what never happens."""
    required, shown = field["required"], field.get("shown_if")
    if shown is None or required in ("no", shown):
        return
    if isinstance(required, dict) and can_be(
        scope,
        [required, shown],
        lambda answer, facts: evaluate(required, answer, facts) is True and evaluate(shown, answer, facts) is False,
    ) in (False, None if shown in required.get("all", []) else False):
        return
    yield scope.problem(
        (*path, "required"),
        "forms.required-but-hidden",
        "Feltet kan være krævet, mens det er skjult.",
        "Brug den samme betingelse i required og shown_if, eller skriv required: no.",
    )


def _filler(scope: Scope, path: Path, field: dict) -> Iterator[Problem]:
    """Whoever fills a field must be able to see it; else nobody ever meets it."""
    blind = sorted(r for r in filling_readers(tuple(field["filled_by"])) if not may_see(tuple(field["visible_to"]), r))
    if blind and scope.phase_of(path, field) != "derived":
        text = f"Feltet udfyldes af {', '.join(blind)}, som ikke må se det."
        yield scope.problem((*path, "visible_to"), "forms.filler-cannot-see", text, f"Tilføj {', '.join(blind)}.")
