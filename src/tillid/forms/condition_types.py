"""The grammar and the types of conditions, checked before anybody can use the definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.conditions import COMPARISONS, GROUPS, OPERANDS, OPERATORS, ORDERINGS
from tillid.forms.facts import FACTS
from tillid.forms.fieldtypes import TYPES
from tillid.forms.problems import Problem
from tillid.forms.schema import nearest
from tillid.forms.yamldata import Path

MAX_DEPTH = 20
Kind = tuple[str, tuple[str, ...]]  # the type, and the codes when it is a code or codes
_COMPARABLE = {
    **dict.fromkeys((*COMPARISONS, "in"), ("code", "boolean", "number", "date", "text")),
    **dict.fromkeys(ORDERINGS, ("number", "date")),
    "has": ("codes",),
}
_LITERALS = {str: "code", bool: "boolean", int: "number"}


def type_problems(scope: Scope, path: Path, condition: Any, depth: int = 0) -> Iterator[Problem]:
    """What is wrong with ``condition``: unknown operators, fields and facts, wrong types, codes the list lacks."""
    if not isinstance(condition, dict) or len(condition) != 1 or next(iter(condition)) not in OPERATORS:
        name = next(iter(condition), "") if isinstance(condition, dict) else condition
        yield scope.problem(
            path, "forms.condition", "En betingelse er en gruppe med netop én operator.", nearest(name, OPERATORS)
        )
        return
    if depth > MAX_DEPTH:
        yield scope.problem(path, "forms.condition-too-deep", f"Betingelsen har mere end {MAX_DEPTH} niveauer.")
        return
    ((name, body),) = condition.items()
    place = (*path, name)
    if name == "not":
        yield from type_problems(scope, place, body, depth + 1)
    elif name in GROUPS:
        if not isinstance(body, list) or not body:
            yield scope.problem(place, "forms.condition", f"»{name}« skal have en liste med betingelser.")
            return
        for number, part in enumerate(body):
            yield from type_problems(scope, (*place, number), part, depth + 1)
    elif name == "answered":
        yield from _known_field(scope, place, body)
    elif not isinstance(body, list) or len(body) != 2:
        yield scope.problem(place, "forms.condition", f"»{name}« skal have to led.", "Skriv dem som [led, led].")
    else:
        yield from _comparison(scope, place, name, body)


def _comparison(scope: Scope, path: Path, name: str, body: list) -> Iterator[Problem]:
    left, faults = _operand(scope, (*path, 0), body[0])
    if name == "in":
        rights = body[1] if isinstance(body[1], list) and body[1] else None
        if rights is None:
            faults.append(scope.problem(path, "forms.condition", "»in« skal have en liste med værdier som andet led."))
        places = [((*path, 1, number), right) for number, right in enumerate(rights or [])]
    else:
        places = [((*path, 1), body[1])]
    kinds = []
    for place, part in places:
        kind, more = _operand(scope, place, part)
        kinds.append((place, kind, part))
        faults += more
    yield from faults
    if not faults:
        for place, kind, part in kinds:
            yield from _fits(scope, place, name, left, kind, part)


def _fits(scope: Scope, path: Path, name: str, left: Kind, right: Kind, literal: Any) -> Iterator[Problem]:
    kind, codes = left
    wanted = "code" if name == "has" else kind
    found = right[0]
    if isinstance(literal, str) and wanted in ("date", "text"):
        found = wanted  # a literal text stands for a day or a text where one is asked for
    if kind not in _COMPARABLE[name] or found != wanted:
        yield scope.problem(
            path,
            "forms.condition-type",
            f"»{name}« kan ikke sammenligne {kind or 'feltet'} med {right[0] or 'feltet'}.",
        )
    elif isinstance(literal, str) and codes and literal not in codes:
        yield scope.problem(
            path, "forms.unknown-code", f"Koden »{literal}« er ikke på listen.", nearest(literal, codes)
        )


def _operand(scope: Scope, path: Path, operand: Any) -> tuple[Kind, list[Problem]]:
    """The type of an operand, and what is wrong with it."""
    if type(operand) in _LITERALS:
        return (_LITERALS[type(operand)], ()), []
    if not isinstance(operand, dict) or len(operand) != 1 or next(iter(operand)) not in OPERANDS:
        text = "Et led er en værdi, {field: …}, {fact: …} eller {count: …}."
        return ("", ()), [scope.problem(path, "forms.condition", text)]
    ((kind, name),) = operand.items()
    if kind == "fact":
        fact = FACTS.get(name) if isinstance(name, str) else None
        if fact is None:
            text = f"Oplysningen »{name}« findes ikke."
            return ("", ()), [scope.problem(path, "forms.unknown-fact", text, nearest(name, FACTS))]
        return (fact.type, fact.codes), []
    faults = list(_known_field(scope, path, name))
    if faults:
        return ("", ()), faults
    field = scope.fields[name]
    entry = TYPES.get(field["type"])
    found = entry.condition_type if entry else ""
    if kind == "count":
        if found not in ("list", "codes"):
            return ("", ()), [scope.problem(path, "forms.condition-type", f"Feltet »{name}« er ikke en liste.")]
        return ("number", ()), []
    return (found, scope.codes_of(field)), []


def _known_field(scope: Scope, path: Path, name: Any) -> Iterator[Problem]:
    if not isinstance(name, str) or name not in scope.fields:
        yield scope.problem(path, "forms.unknown-field", f"Feltet »{name}« findes ikke.", nearest(name, scope.fields))
