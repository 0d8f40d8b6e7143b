"""The grammar and the types of conditions, checked before anybody can use the definition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tillid.forms.checks_scope import Scope
from tillid.forms.conditions import COMPARISONS, GROUPS, MOVES, OPERANDS, OPERATORS, ORDERINGS
from tillid.forms.facts import known_facts
from tillid.forms.fieldtypes import TYPES
from tillid.forms.problems import Problem
from tillid.forms.yamldata import Path

MAX_DEPTH = 20
Kind = tuple[str, tuple[str, ...]]  # the type, and the codes when it is a code or codes
_COMPARABLE = {
    **dict.fromkeys((*COMPARISONS, "in"), ("code", "boolean", "number", "date", "text")),
    **dict.fromkeys(ORDERINGS, ("number", "date")),
    "has": ("codes",),
}
MOST_MONTHS, MOST_DAYS = 1200, 36_600
_LITERALS = {str: "code", bool: "boolean", int: "number"}
_SIMPLER = "Del den op, eller gør den enklere."
_WORDS = {
    "code": "et valg",
    "codes": "flere valg",
    "boolean": "ja/nej",
    "number": "et tal",
    "date": "en dato",
    "text": "en tekst",
    "list": "en liste",
    "": "et felt uden sådan en værdi",
}


def type_problems(scope: Scope, path: Path, condition: Any, depth: int = 0) -> Iterator[Problem]:
    """What is wrong with ``condition``: unknown operators, fields and facts, wrong types, codes the list lacks."""
    if not isinstance(condition, dict) or len(condition) != 1 or next(iter(condition)) not in OPERATORS:
        name = next(iter(condition), "") if isinstance(condition, dict) else condition
        yield scope.problem(
            path, "forms.condition", "En betingelse er en gruppe med netop én operator.", scope.nearest(name, OPERATORS)
        )
        return
    if depth > MAX_DEPTH:
        yield scope.problem(
            path, "forms.condition-too-deep", f"Betingelsen har mere end {MAX_DEPTH} niveauer.", _SIMPLER
        )
        return
    ((name, body),) = condition.items()
    place = (*path, name)
    if name == "not":
        yield from type_problems(scope, place, body, depth + 1)
    elif name in GROUPS:
        if not isinstance(body, list) or not body:
            text = f"»{name}« skal have en liste med betingelser."
            yield scope.problem(place, "forms.condition", text, f"Skriv {name}: [betingelse, betingelse].")
            return
        for number, part in enumerate(body):
            yield from type_problems(scope, (*place, number), part, depth + 1)
    elif name == "answered":
        yield from _known_field(scope, place, body)
    elif not isinstance(body, list) or len(body) != 2:
        yield scope.problem(place, "forms.condition", f"»{name}« skal have to led.", "Skriv dem som [led, led].")
    else:
        yield from _comparison(scope, place, name, body, depth)


def _comparison(scope: Scope, path: Path, name: str, body: list, depth: int) -> Iterator[Problem]:
    left, faults = operand_type(scope, (*path, 0), body[0], depth + 1)
    if name == "in":
        rights = body[1] if isinstance(body[1], list) and body[1] else None
        if rights is None:
            text = "»in« skal have en liste med værdier som andet led."
            faults.append(scope.problem(path, "forms.condition", text, "Skriv in: [led, [værdi, værdi]]."))
        places = [((*path, 1, number), right) for number, right in enumerate(rights or [])]
    else:
        places = [((*path, 1), body[1])]
    kinds = []
    for place, part in places:
        kind, more = operand_type(scope, place, part, depth + 1)
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
    if isinstance(literal, str) and (wanted == "text" or (wanted == "date" and is_date(literal))):
        found = wanted  # a literal text stands for a day or a text where one is asked for
    if kind not in _COMPARABLE[name] or found != wanted:
        yield scope.problem(
            path,
            "forms.condition-type",
            f"»{name}« kan ikke sammenligne {_WORDS[kind]} med {_WORDS[right[0]]}.",
            _comparable(name, wanted if kind in _COMPARABLE[name] else ""),
        )
    elif isinstance(literal, str) and codes and kind in ("code", "codes") and literal not in codes:
        yield scope.problem(
            path, "forms.unknown-code", f"Koden »{literal}« er ikke på listen.", scope.nearest(literal, codes)
        )


def _comparable(name: str, wanted: str) -> str:
    """What would fit: beside a left side of the type ``wanted``, or (empty) on the left."""
    if wanted:
        return f"Sammenlign med {_WORDS[wanted]}."
    return f"Vælg noget, der er {' eller '.join(_WORDS[one] for one in _COMPARABLE[name])}."


def operand_type(scope: Scope, path: Path, operand: Any, depth: int = 0) -> tuple[Kind, list[Problem]]:
    """The type of an operand, and what is wrong with it."""
    if type(operand) in _LITERALS:
        return (_LITERALS[type(operand)], ()), []
    if depth > MAX_DEPTH:
        text = f"Udtrykket har mere end {MAX_DEPTH} niveauer."
        return _wrong(scope.problem(path, "forms.condition-too-deep", text, _SIMPLER))
    if not isinstance(operand, dict) or len(operand) != 1 or next(iter(operand)) not in OPERANDS:
        name = next(iter(operand), "") if isinstance(operand, dict) else operand
        text = "Et led er en værdi eller en gruppe med netop én operator."
        return _wrong(scope.problem(path, "forms.condition", text, scope.nearest(name, OPERANDS)))
    ((kind, body),) = operand.items()
    if kind in MOVES:
        return _moved_type(scope, (*path, kind), kind, body, depth)
    if kind == "if":
        return _choice_type(scope, (*path, kind), body, depth)
    if kind == "fact":
        known = known_facts()
        fact = known.get(body) if isinstance(body, str) else None
        if fact is None:
            text = f"Oplysningen »{str(body)[:80]}« findes ikke."
            return _wrong(scope.problem(path, "forms.unknown-fact", text, scope.nearest(body, known)))
        return (fact.type, fact.codes or scope.fact_codes(fact.name)), []
    return _field_type(scope, path, kind, body)


def _field_type(scope: Scope, path: Path, kind: str, name: Any) -> tuple[Kind, list[Problem]]:
    faults = list(_known_field(scope, path, name))
    if faults:
        return ("", ()), faults
    field = scope.fields[name]
    entry = TYPES.get(field["type"])
    found = entry.condition_type if entry else ""
    if kind == "count":
        if found not in ("list", "codes"):
            advice = "Vælg et felt med flere svar, eller skriv field i stedet for count."
            return _wrong(scope.problem(path, "forms.condition-type", f"Feltet »{name}« er ikke en liste.", advice))
        return ("number", ()), []
    return (found, scope.codes_of(field)), []


def _moved_type(scope: Scope, path: Path, kind: str, body: Any, depth: int) -> tuple[Kind, list[Problem]]:
    most = MOST_MONTHS if kind == "add_months" else MOST_DAYS
    if not isinstance(body, list) or len(body) != 2 or type(body[1]) is not int or abs(body[1]) > most:
        text = f"»{kind}« er [dato, helt tal] (grænse: {most})."
        return _wrong(scope.problem(path, "forms.condition", text, f"Skriv fx {kind}: [{{field: startdato}}, 14]."))
    (found, _codes), faults = operand_type(scope, (*path, 0), body[0], depth + 1)
    if not faults and found != "date" and not is_date(body[0]):
        text = f"»{kind}« kan kun flytte en dato."
        faults.append(scope.problem(path, "forms.condition-type", text, "Vælg et datofelt."))
    return ("date", ()), faults


def _choice_type(scope: Scope, path: Path, body: Any, depth: int) -> tuple[Kind, list[Problem]]:
    if not isinstance(body, list) or len(body) != 3:
        text = "»if« er [betingelse, led, led]."
        return _wrong(scope.problem(path, "forms.condition", text, "Skriv de tre, i den rækkefølge."))
    faults = list(type_problems(scope, (*path, 0), body[0], depth + 1))
    first, more = operand_type(scope, (*path, 1), body[1], depth + 1)
    second, most = operand_type(scope, (*path, 2), body[2], depth + 1)
    faults += more + most
    if faults:
        return ("", ()), faults
    for (kind, _codes), literal in ((first, body[2]), (second, body[1])):
        if isinstance(literal, str) and (kind == "text" or (kind == "date" and is_date(literal))):
            return (kind, ()), []  # a literal text stands for a day or a text where one is asked for
    if first[0] != second[0] or first[0] in ("", "list", "codes"):
        text = "De to led i »if« skal være af samme slags."
        advice = "Lad begge være valg, tal, datoer eller ja/nej."
        return _wrong(scope.problem(path, "forms.condition-type", text, advice))
    codes = [
        c or ((part,) if isinstance(part, str) else ()) for (_, c), part in zip((first, second), body[1:], strict=True)
    ]
    return (first[0], tuple(dict.fromkeys((*codes[0], *codes[1]))) if all(codes) else ()), []


def _wrong(problem: Problem) -> tuple[Kind, list[Problem]]:
    return ("", ()), [problem]


def is_date(literal: Any) -> bool:
    try:
        return isinstance(literal, str) and bool(date.fromisoformat(literal))
    except ValueError:
        return False


def _known_field(scope: Scope, path: Path, name: Any) -> Iterator[Problem]:
    if not isinstance(name, str) or name not in scope.fields:
        yield scope.problem(
            path, "forms.unknown-field", f"Feltet »{str(name)[:80]}« findes ikke.", scope.nearest(name, scope.fields)
        )
