"""Whether a condition can ever come out some way: every combination of what it asks for is tried, within a bound.

What is tried is enough to be exact for codes, yes/no, numbers and dates compared with literals: the literals named and one
value beside each. Where that is not so (two fields compared with each other, moved dates, too many combinations) the answer
is ``None`` = not known, and a check that rests on it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.conditions import COMPARISONS, MOVES, ORDERINGS, evaluate, references
from tillid.forms.facts import known_facts
from tillid.forms.fieldtypes import TYPES

MOST_TRIED = 4000
MOST_NAMES = MOST_TRIED.bit_length()  # with more, two values each are too many already
MOST_WORK = 2_000_000  # parts of conditions evaluated for one definition; our largest needs under 10,000
VARIANT = "variant"
Name = tuple[str, str]  # (field | fact, its name)
Test = Callable[[Callable[[str], Any], Mapping[str, Any]], bool]


class _NotKnown(Exception):
    """The combinations are not exact, or too many."""


def can_be(scope: Scope, conditions: list[Any], test: Test) -> bool | None:
    """Whether ``test(answer, facts)`` is true for some answers and facts; ``conditions``: all that it evaluates.

    ``answer`` is as in use: a field that its own condition hides has no answer, a code is one of the variant's.
    """
    if scope.work > MOST_WORK:
        return None
    try:
        names, asked = _closure(scope, conditions)
        size = sum(map(_size, asked))
        scope.work += size * (1 + len(names))
        values = [_values(scope, name, asked) for name in names]
    except _NotKnown:
        return None
    if prod(len(one) for one in values) > MOST_TRIED:
        return None
    for chosen in product(*values):
        scope.work += size
        if scope.work > MOST_WORK:
            return None
        if _holds(scope, dict(zip(names, chosen, strict=True)), test):
            return True
    return False


def _size(condition: Any) -> int:
    """How many parts evaluating ``condition`` once may look at."""
    parts = condition.values() if isinstance(condition, Mapping) else condition if isinstance(condition, list) else ()
    return 1 + sum(map(_size, parts))


def _holds(scope: Scope, chosen: dict[Name, Any], test: Test) -> bool:
    variant = chosen.get(("field", VARIANT), chosen.get(("fact", VARIANT)))
    facts = {name: value for (kind, name), value in chosen.items() if kind == "fact"}
    if variant is not None:
        facts[VARIANT] = variant
        for (kind, name), value in chosen.items():
            if kind == "field" and value is not None and not _offered(scope, name, value, variant):
                return False

    def answer(name: str) -> Any:
        value = chosen.get(("field", name))
        hidden = scope.fields[name].get("shown_if")
        return None if value is None or (hidden and evaluate(hidden, answer, facts) is False) else value

    return test(answer, facts)


def _offered(scope: Scope, name: str, value: Any, variant: str) -> bool:
    only = scope.variants_of(scope.fields[name])
    return all(not only.get(code) or variant in only[code] for code in (value if isinstance(value, list) else [value]))


def _closure(scope: Scope, conditions: list[Any]) -> tuple[list[Name], list[Any]]:
    """What the conditions ask for, with what decides whether those fields are there at all."""
    names: dict[Name, None] = {}
    waiting, asked = list(conditions), []
    while waiting:
        condition = waiting.pop()
        asked.append(condition)
        for name in references(condition):
            if len(names) > MOST_NAMES:
                raise _NotKnown
            if name not in names:
                names[name] = None
                field = scope.fields[name[1]] if name[0] == "field" else {}
                if field.get("computed") is not None:
                    raise _NotKnown
                if field.get("shown_if"):
                    waiting.append(field["shown_if"])
                if scope.variants_of(field):
                    names[("field" if VARIANT in scope.fields else "fact", VARIANT)] = None
    if ("fact", VARIANT) in names and VARIANT in scope.fields:
        del names["fact", VARIANT]  # the field says it
        names["field", VARIANT] = None
    return list(names), asked


def _values(scope: Scope, name: Name, conditions: list[Any]) -> list[Any]:
    """The values of one field or fact that can make a difference, ``None`` among them."""
    if name[1] == VARIANT:
        return [*scope.fact_codes(VARIANT), None]
    kind, codes = _kind(scope, name)
    literals = [part for condition in conditions for part in _literals(condition, name)]
    if kind == "boolean":
        return [True, False, None]
    if kind == "code":
        other = [code for code in codes if code not in literals]
        # Which of the others is tried makes no difference, unless they are offered in different variants.
        other = other if name[0] == "field" and scope.variants_of(scope.fields[name[1]]) else other[:1]
        return [*(part for part in dict.fromkeys(literals) if part in codes or not codes), *other, None]
    if kind == "codes":
        return [*([code] for code in codes), *_several(literals), None]
    if kind == "number":
        return [*_numbers(scope, name, [part for part in literals if type(part) is int]), None]
    if kind == "date":
        return [*_dates(literals), None]
    if kind == "list":
        counts = [part for part in literals if type(part) is int]
        return [None, *([""] * many for many in range(1, min(max(counts, default=1), 50) + 2))]
    return [*dict.fromkeys(part for part in literals if isinstance(part, str)), "\x00other", None]


def _several(literals: list[Any]) -> list[list[Any]]:
    """Combinations of codes chosen at once."""
    codes = list(dict.fromkeys(literals))
    if len(codes) > 6:
        raise _NotKnown
    return [
        [c for c, there in zip(codes, bits, strict=True) if there]
        for bits in product((0, 1), repeat=len(codes))
        if sum(bits) > 1
    ]


def _kind(scope: Scope, name: Name) -> tuple[str, tuple[str, ...]]:
    if name[0] == "fact":
        fact = known_facts()[name[1]]
        return fact.type, fact.codes
    field = scope.fields[name[1]]
    return TYPES[field["type"]].condition_type, scope.codes_of(field)


def _literals(condition: Any, name: Name) -> Iterator[Any]:
    """What ``name`` is compared with in ``condition``; raises ``_NotKnown`` where that is no literal."""
    for left, rights, operator in _comparisons(condition):
        for one, others in ((left, rights), *(((right), [left]) for right in rights)):
            if not isinstance(one, Mapping):
                continue
            if set(one) & {*MOVES, "if"} and any(found == name for found in references(one)):
                raise _NotKnown
            ((kind, body),) = one.items()
            if (("fact" if kind == "fact" else "field"), body) != name:
                continue
            if any(isinstance(other, Mapping) for other in others):
                raise _NotKnown
            if kind == "count" and operator not in (*ORDERINGS, *COMPARISONS):
                raise _NotKnown
            yield from others


def _comparisons(condition: Any) -> Iterator[tuple[Any, list[Any], str]]:
    if isinstance(condition, Mapping):
        for key, body in condition.items():
            if key in (*COMPARISONS, *ORDERINGS, "in", "has") and isinstance(body, list):
                yield body[0], body[1] if key == "in" else [body[1]], key
            yield from _comparisons(body)
    elif isinstance(condition, list):
        for part in condition:
            yield from _comparisons(part)


def _numbers(scope: Scope, name: Name, literals: list[int]) -> list[int]:
    settings = scope.fields[name[1]].get("settings", {}) if name[0] == "field" else {}
    low, high = settings.get("from", settings.get("min")), settings.get("to", settings.get("max"))
    tried = {part + step for part in literals for step in (-1, 0, 1)} | {one for one in (low, high) if type(one) is int}
    fits = [n for n in tried if (type(low) is not int or n >= low) and (type(high) is not int or n <= high)]
    return sorted(fits) or [0]


def _dates(literals: list[Any]) -> list[str]:
    tried: set[str] = set()
    for part in literals:
        try:
            day = date.fromisoformat(part)
            tried |= {(day + timedelta(days=step)).isoformat() for step in (-1, 0, 1)}
        except (ValueError, TypeError, OverflowError):
            raise _NotKnown from None
    return sorted(tried) or ["2026-01-01"]


def chain_lengths(asks: dict[str, set[str]]) -> dict[str, int]:
    """How many conditions hang on each other behind each name; ``asks`` has no ring. Without recursion."""
    lengths: dict[str, int] = {}
    for start in asks:
        stack = [start]
        while stack:
            name = stack[-1]
            wanted = [one for one in asks.get(name, ()) if one in asks]
            missing = [one for one in wanted if one not in lengths]
            if missing and name not in lengths:
                stack.extend(missing)
                continue
            lengths[name] = 1 + max((lengths[one] for one in wanted), default=0)
            stack.pop()
    return lengths
