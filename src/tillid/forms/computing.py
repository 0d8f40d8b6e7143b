"""Values worked out from other answers and facts by the ``computed`` expression of a field (``conditions.py``).

An expression is an operand or a condition. A computed value is never stored as somebody's answer: it is worked out whenever
the form is shown or checked, and put down when a version is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tillid.forms.conditions import OPERATORS, UNKNOWN, Answer, evaluate, value_of
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type


def computed_value(definition: FormDefinition, field: Field, answer: Answer, facts: Mapping[str, Any]) -> Any:
    """What ``field`` is worth now in its stored shape; ``None`` when it is empty, when it hangs on a fact that is not
    available, or when the result does not fit the field. Never raises for a definition that has been checked."""
    result = _result(field.computed, answer, facts)
    if result is UNKNOWN or result is None:
        return None
    kind = field_type(field.type)
    value = kind.normalise(_as_text(result) if kind.condition_type == "" else result, field)
    return None if kind.is_empty(value) or kind.validate(value, field, definition) else value


def computed_answers(
    definition: FormDefinition, answers: Mapping[str, Any], facts: Mapping[str, Any], *, phase: str = ""
) -> dict[str, Any]:
    """Field id → value of every computed field (of ``phase``, if given) that has one and is shown."""
    from tillid.forms.showing import Showing  # it imports this module

    fields = [one for one in definition.fields if one.computed is not None and phase in ("", one.phase)]
    showing = Showing(definition, answers, facts) if fields else None
    found = {one.id: showing.answer(one.id) for one in fields} if showing else {}
    return {name: value for name, value in found.items() if value is not None}


def _result(expression: Any, answer: Answer, facts: Mapping[str, Any]) -> Any:
    if isinstance(expression, Mapping) and next(iter(expression)) in OPERATORS:
        holds = evaluate(expression, answer, facts)
        return UNKNOWN if holds is None else holds
    return value_of(expression, answer, facts)


def _as_text(result: Any) -> Any:
    """For a field that shows a text: yes or no as words, a number in figures, a date as it is spelled in Danish."""
    if isinstance(result, bool):
        return "Ja" if result else "Nej"
    if isinstance(result, int):
        return str(result)
    if isinstance(result, str) and len(result) == 10 and result[4:8:3] == "--":
        return ".".join(reversed(result.split("-")))
    return result
