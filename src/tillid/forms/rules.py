"""Rules over several answers: what is wrong together, or should be looked at (``rules`` of a definition).

A hard rule is a problem at its first field until the answers change; a soft one is told and can be let be with a reason.
A rule whose condition hangs on something unknown finds nothing: what the system does not know stops no one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tillid.forms.conditions import evaluate
from tillid.forms.definition import FormDefinition, Rule
from tillid.forms.problems import AnswerProblem
from tillid.forms.showing import Showing

Level = Literal["hard", "soft"]
LEVELS: tuple[Level, ...] = ("hard", "soft")
CODES: dict[Level, str] = {"hard": "forms.rule", "soft": "forms.soft-rule"}


def broken_rules(
    definition: FormDefinition, answers: Mapping[str, Any], facts: Mapping[str, Any], level: Level
) -> list[Rule]:
    """The rules of ``level`` whose condition is true now, in the order of the form."""
    if not definition.rules:
        return []
    showing = Showing(definition, answers, facts)
    found = (rule for rule in definition.rules if rule.level == level)
    return [rule for rule in found if evaluate(rule.when, showing.answer, facts) is True]


def rule_problems(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    level: Level,
    filled_by: set[str] | None = None,
) -> list[AnswerProblem]:
    """One problem per broken rule and field of it that ``filled_by`` fills; nobody is told of what only others fill."""
    return [
        AnswerProblem(field_id=name, code=CODES[level], text="{rule}", params={"rule": rule.text, "id": rule.id})
        for rule in broken_rules(definition, answers, facts, level)
        for name in rule.fields
        if filled_by is None or filled_by.intersection(definition.field(name).filled_by)
    ]
