"""Conditions as data: a small typed expression tree. Nothing is ever executed but the operators below.

Grammar (YAML or JSON; every node is a mapping with exactly one key)::

    condition = {all: [condition, …]} | {any: [condition, …]} | {not: condition}
              | {eq: [operand, operand]} | {ne: [operand, operand]}
              | {lt: [operand, operand]} | {le: …} | {gt: …} | {ge: …}      dates and numbers
              | {in: [operand, [literal, …]]}                               one code among several
              | {has: [operand, literal]}                                   a multiple choice holds the code
              | {answered: field id}                                        the field has an answer
    operand   = {field: field id} | {fact: name} | {count: field id} | literal
              | {add_months: [operand, whole number]} | {add_days: …}       a date moved; 31 January + 1 month = 28 February
              | {if: [condition, operand, operand]}                         the first when true, the second when false
    literal   = text | whole number | true | false

Facts are the named ones of ``facts.py`` and ``setting_<id>``, the municipal settings (``settings.py``). Types are checked before a definition can be used (``checks.py``).

Evaluation is three-valued (Kleene): a fact that is not available makes a comparison *unknown* (``None``), which wins
over neither a decisive false in ``all`` nor a decisive true in ``any``. A field without an answer and a fact that is
``None`` are known to be empty: ``eq``, ``in``, ``has`` and the orderings are false for them, ``ne`` is true.
"""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Condition = Mapping[str, Any]
Answer = Callable[[str], Any]

GROUPS = ("all", "any")
COMPARISONS = ("eq", "ne")
ORDERINGS = {"lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge}
OPERATORS = (*GROUPS, "not", *COMPARISONS, *ORDERINGS, "in", "has", "answered")
MOVES = ("add_months", "add_days")
OPERANDS = ("field", "fact", "count", *MOVES, "if")


class _Unknown:
    """The value of a fact that is not available."""


UNKNOWN = _Unknown()


def evaluate(condition: Condition, answer: Answer, facts: Mapping[str, Any]) -> bool | None:
    """``condition`` as true, false or unknown (``None``).

    ``answer`` gives the stored value of a field, ``None`` when it has no answer (or is not shown); ``facts`` holds the
    outside facts that are available. ``condition`` must have passed the static checks.
    """
    ((name, body),) = condition.items()
    if name == "not":
        inner = evaluate(body, answer, facts)
        return None if inner is None else not inner
    if name in GROUPS:
        decisive = name == "any"
        results = [evaluate(part, answer, facts) for part in body]
        if decisive in results:
            return decisive
        return None if None in results else not decisive
    if name == "answered":
        return answer(body) is not None
    left = value_of(body[0], answer, facts)
    if name == "in":
        return None if left is UNKNOWN else left in body[1]
    right = value_of(body[1], answer, facts)
    if left is UNKNOWN or right is UNKNOWN:
        return None
    return _compare(name, left, right)


def _compare(name: str, left: Any, right: Any) -> bool:
    if name == "eq":
        return left is not None and left == right
    if name == "ne":
        return left is None or left != right
    if name == "has":
        return isinstance(left, list) and right in left
    # ISO dates order as text; mixed types never get past the static check, nor past a hostile answer here.
    return type(left) is type(right) and left is not None and ORDERINGS[name](left, right)


def value_of(operand: Any, answer: Answer, facts: Mapping[str, Any]) -> Any:
    """What an operand is worth; ``None`` = empty, ``UNKNOWN`` = it hangs on a fact that is not available."""
    if not isinstance(operand, Mapping):
        return operand
    ((kind, body),) = operand.items()
    if kind == "fact":
        return facts.get(body, UNKNOWN)
    if kind in MOVES:
        return _moved(kind, value_of(body[0], answer, facts), body[1])
    if kind == "if":
        holds = evaluate(body[0], answer, facts)
        return UNKNOWN if holds is None else value_of(body[1] if holds else body[2], answer, facts)
    value = answer(body)
    if kind == "count":
        return len(value) if isinstance(value, list) else 0
    return value


def _moved(kind: str, value: Any, by: int) -> Any:
    """An ISO date moved by days, or by months to the same day or the month's last; empty outside the years 1 to 9999."""
    if value is UNKNOWN:
        return UNKNOWN
    try:
        day = date.fromisoformat(value)
        if kind == "add_days":
            return (day + timedelta(days=by)).isoformat()
        year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])).isoformat()
    except (ValueError, TypeError, OverflowError):
        return None


def references(condition: Any) -> Iterator[tuple[str, str]]:
    """Every (``field`` | ``fact``, name) that ``condition`` asks for, in order of appearance."""
    if isinstance(condition, Mapping):
        for key, body in condition.items():
            if key in ("field", "count", "answered") and isinstance(body, str):
                yield "field", body
            elif key == "fact" and isinstance(body, str):
                yield "fact", body
            else:
                yield from references(body)
    elif isinstance(condition, list | tuple):
        for part in condition:
            yield from references(part)


def fields_asked(condition: Any) -> set[str]:
    """Ids of the fields ``condition`` asks for."""
    return {name for kind, name in references(condition) if kind == "field"}
