"""Random definitions with answers and facts: every field type, every operator, rules, computed values, variants, phases.

A drawn definition may be wrong. What the static check names is taken out until it says "fine", so that every example tests
something and the check itself decides what stays in.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from tillid.forms.checks import check_definition
from tillid.forms.definition import FormDefinition
from tillid.forms.facts import known_facts
from tillid.forms.fieldtypes import TYPES
from tillid.forms.loading import definition_from
from tillid.forms.problems import Problem
from tillid.forms.readers import FILLERS, PARENT, READERS, filling_readers
from tillid.forms.yamldata import LinedData

VARIANTS = ("bh", "sk")
LISTS = {"demo": ["a", "b", "c"], "other": ["ja", "nej"]}
SECRET = "Hemmeligheden"  # stands in every text that parents may not see
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
keys = st.sampled_from(["id", "name", "title", "code", "text", "date", "from", "x"])
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
)
days = st.sampled_from(["2026-01-31", "2024-02-29", "1900-01-01", "2100-12-31"])
# All types; half of the time one that a condition can look into.
_comparable = sorted(name for name, kind in TYPES.items() if kind.condition_type not in ("", "text", "list"))
_names = st.sampled_from(sorted(TYPES)) | st.sampled_from(_comparable)
_people = [name for name in FILLERS if name != "system"]
_fillers = st.lists(st.sampled_from(_people), min_size=1, max_size=2, unique=True)
_everybody = st.just(list(READERS))
_some_readers = st.lists(st.sampled_from(READERS), min_size=1, max_size=4, unique=True) | st.just(["author", "team"])
_sometimes = st.integers(0, 9)


def _kind(field: dict[str, Any]) -> str:
    return TYPES[field["type"]].condition_type


def _literal(kind: str, codes: list[str]) -> st.SearchStrategy[Any]:
    return {
        "code": st.sampled_from(codes or ["x"]),
        "boolean": st.booleans(),
        "number": st.integers(-1, 6),
        "date": days,
    }.get(kind, st.sampled_from(["", "x", "et ord"]))


@st.composite
def _moved(draw: st.DrawFn, operand: Any, kind: str) -> Any:
    """The operand itself, or (a date) moved, or one of two that a condition chooses."""
    roll = draw(_sometimes)
    if kind == "date" and roll > 6:
        return {draw(st.sampled_from(["add_days", "add_months"])): [operand, draw(st.integers(-1200, 1200))]}
    if kind in ("boolean", "number", "code", "date") and roll == 0:
        return {"if": [{"eq": [{"fact": "joint_custody"}, True]}, operand, operand]}
    return operand


def _told(readers: set[str]) -> list[str]:
    """The facts that all of ``readers`` may know."""
    return sorted(name for name, fact in known_facts().items() if readers <= set(fact.visible_to))


@st.composite
def _comparison(draw: st.DrawFn, fields: list[dict[str, Any]], readers: set[str]) -> Any:
    if not fields or draw(_sometimes) > 7:
        told = _told(readers)
        untold = [name for name in known_facts() if name not in told]
        fact = known_facts()[draw(st.sampled_from(untold if untold and draw(_sometimes) < 3 else told))]
        codes = list(fact.codes) or list(VARIANTS)
        name = draw(st.sampled_from(["eq", "ne", "in"]))
        right = draw(_literal(fact.type, codes))
        return {name: [{"fact": fact.name}, [right] if name == "in" else right]}
    field = draw(st.sampled_from(fields))
    kind, codes = _kind(field), LISTS.get(field["settings"].get("code_list", ""), ["yes", "no", "unknown"])
    if kind == "" or draw(_sometimes) == 0:
        return {"answered": field["id"]}
    if kind == "codes" and draw(st.booleans()):
        return {"has": [{"field": field["id"]}, draw(st.sampled_from(codes))]}
    if kind in ("codes", "list"):
        return {draw(st.sampled_from(["lt", "ge", "eq"])): [{"count": field["id"]}, draw(st.integers(0, 3))]}
    operators = ["eq", "ne", "in"] + (["lt", "le", "gt", "ge"] if kind in ("number", "date") else [])
    name, right = draw(st.sampled_from(operators)), draw(_literal(kind, codes))
    return {name: [draw(_moved({"field": field["id"]}, kind)), [right] if name == "in" else right]}


@st.composite
def conditions(draw: st.DrawFn, fields: list[dict[str, Any]], readers: set[str], depth: int = 0) -> Any:
    """A condition over fields and facts, mostly over what all of ``readers`` may see; the rest is for the check to find."""
    if depth == 0:
        fields = [one for one in fields if readers <= set(one["visible_to"]) or draw(_sometimes) < 5]
    roll = draw(_sometimes)
    if depth == 2 or roll < 7:
        return draw(_comparison(fields, readers))
    if roll == 7:
        return {"not": draw(conditions(fields, readers, depth + 1))}
    parts = [draw(conditions(fields, readers, depth + 1)) for _ in range(draw(st.integers(1, 2)))]
    return {"all" if roll == 8 else "any": parts}


@st.composite
def _field(draw: st.DrawFn, number: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    roll = draw(_sometimes)
    kind = TYPES["computed" if roll < 2 and before else draw(_names)]
    settings = copy.deepcopy(draw(st.sampled_from([settings for settings, _ in kind.good])))
    if settings.get("code_list") and draw(st.booleans()):
        settings["code_list"] = "other"
    field: dict[str, Any] = {"id": f"f{number}", "label": f"Felt {number}", "type": kind.name, "settings": settings}
    system = kind.from_system
    field["filled_by"] = ["system"] if system else draw(_fillers)
    seen = draw(_everybody | _some_readers)
    field["visible_to"] = sorted({*seen, *filling_readers(tuple(field["filled_by"]))})
    field["required"] = draw(st.sampled_from(["yes", "no"]))
    if system:
        field["phase"] = draw(st.sampled_from(["derived", "content"]))
        simple = [one for one in before if _kind(one) in ("code", "boolean", "number", "date")]
        readers = set(field["visible_to"])
        if kind.name == "computed" and simple and roll < 7:
            secret = [one for one in simple if not readers <= set(one["visible_to"])]
            one = draw(st.sampled_from(secret if secret and draw(st.booleans()) else simple))
            field["computed"] = draw(_moved({"field": one["id"]}, _kind(one)))
        elif kind.name == "computed":
            field["computed"] = draw(conditions(before, readers))
    roll = draw(_sometimes)
    if roll < 3:
        field["shown_if"] = draw(conditions(before, set(field["visible_to"])))
        field["required"] = field["shown_if"] if roll == 0 else "no"
    elif roll == 3:
        field["required"] = draw(conditions(before, filling_readers(tuple(field["filled_by"]))))
    return field


@st.composite
def definition_data(draw: st.DrawFn) -> dict[str, Any]:
    """A definition as its file has it; perhaps wrong."""
    fields: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 7))):
        fields.append(draw(_field(number, fields)))
    if draw(st.booleans()):
        fields[0] |= {"id": "variant", "type": "choice", "settings": {"code_list": "variants"}, "required": "yes"}
        fields[0].pop("computed", None), fields[0].pop("shown_if", None)
    cut = draw(st.integers(1, len(fields)))
    rules = []
    for number, level in enumerate(draw(st.lists(st.sampled_from(["hard", "soft"]), max_size=2))):
        about = draw(st.sampled_from(fields))
        when = draw(conditions(fields, filling_readers(tuple(about["filled_by"]))))
        rules.append({"id": f"r{number}", "level": level, "when": when, "fields": [about["id"]], "text": "Se her."})
    only = draw(st.sampled_from([{}, {"variants": ["bh"]}]))
    lists = [
        {"id": name, "version": 1, "title": name, "choices": [{"code": c, "label": c.upper()} for c in codes]}
        for name, codes in {**LISTS, "variants": list(VARIANTS)}.items()
    ]
    lists[0]["choices"][1] |= only
    return {
        "id": "demo",
        "version": 1,
        "status": "candidate",
        "title": "Demo",
        "purpose": "Et lille skema",
        "allowed_bases": ["samtykke_gdpr"],
        "variants": [{"id": one, "title": one} for one in VARIANTS],
        "phases": [{"id": one, "title": one} for one in ("content", "reception", "derived")],
        "states": [{"id": "draft", "title": "Kladde"}],
        "sections": [
            {"id": "first", "title": "Første", "fields": fields[:cut], "texts": [{"id": "t", "shown_if": draw(conditions(fields, {"parent", "team"}))}]},
            *([{"id": "second", "title": "Anden", "phase": draw(st.sampled_from(["content", "reception"])), "fields": fields[cut:]}] if fields[cut:] else []),
        ],
        "rules": rules,
        "code_lists": lists,
        "texts": [{"id": "t", "version": 1, "language": "da", "body": "Hej"}],
        "translations": {"en": {"fields": {fields[0]["id"]: {"label": "Field"}}}},
    }  # fmt: skip


def fine(data: dict[str, Any]) -> tuple[FormDefinition, dict[str, Any]]:
    """What the static check leaves of ``data``, made and as data."""
    data = copy.deepcopy(data)
    for _ in range(20):
        source = LinedData(file="demo/v1.yaml", data=data, lines={(): 1}, problems=[])
        left = check_definition(source)
        if not left:
            return definition_from(source), data
        # One thing at a time: the next check says whether it was enough.
        for problem in {one.field: one for one in left}.values():
            _take_out(data, problem)
    raise AssertionError(left)


def _take_out(data: dict[str, Any], problem: Problem) -> None:
    """Less of what ``problem`` names: the field's conditions, then the field; a rule's, a text's or a list's problem has no field."""
    for section in data["sections"]:
        for field in section["fields"]:
            if field["id"] != problem.field:
                continue
            if {"shown_if", "computed"} & field.keys() or isinstance(field["required"], dict):
                field.pop("shown_if", None), field.pop("computed", None)
                field["required"] = "no"
            elif set(field["visible_to"]) != set(READERS):
                field["visible_to"] = list(READERS)
            else:
                raise AssertionError(problem)
            return
    if problem.code == "forms.unused":
        used = {field["settings"].get("code_list") for section in data["sections"] for field in section["fields"]}
        data["code_lists"] = [one for one in data["code_lists"] if one["id"] in used]
    elif data["rules"]:
        data["rules"] = []
    else:
        data["sections"][0]["texts"][0].pop("shown_if", None)


@st.composite
def answers_to(draw: st.DrawFn, form: FormDefinition) -> dict[str, Any]:
    """Good and bad samples of each type, and sometimes anything at all; not every field is answered."""
    found = {}
    for field in form.fields:
        kind, roll = TYPES[field.type], draw(_sometimes)
        if roll < 6:
            found[field.id] = draw(st.sampled_from([value for _, value in kind.good]))
        elif roll == 6:
            found[field.id] = draw(st.sampled_from([value for _, value in kind.bad]))
        elif roll == 7:
            found[field.id] = draw(anything)
    if "variant" in found and draw(_sometimes) < 8:
        found["variant"] = draw(st.sampled_from(VARIANTS))
    return found


def _fact(name: str) -> st.SearchStrategy[Any]:
    fact = known_facts()[name]
    return st.none() | _literal(fact.type, list(fact.codes) or list(VARIANTS))


facts = st.fixed_dictionaries({}, optional={name: _fact(name) for name in sorted(known_facts())})


# Of what parents are never told there is always something, so that two drafts differ in it.
hidden_facts = st.fixed_dictionaries(
    {name: _fact(name) for name in sorted(known_facts()) if PARENT not in known_facts()[name].visible_to}
)


@st.composite
def form_answers_facts(draw: st.DrawFn) -> tuple[FormDefinition, dict[str, Any], dict[str, Any]]:
    """A definition that the check calls fine, answers to it, and some of the facts."""
    form, _data = fine(draw(definition_data()))
    return form, draw(answers_to(form)), draw(facts)


@st.composite
def two_that_differ_in_secrets(draw: st.DrawFn) -> tuple[FormDefinition, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """A definition with two pairs of answers and facts that are alike in all that a parent may see."""
    form, _data = fine(draw(definition_data()))
    first, known = draw(answers_to(form)), draw(facts)
    second = {**first}
    for name, value in draw(answers_to(form)).items():
        if PARENT not in form.field(name).visible_to:
            second[name] = value
    return form, [(first, {**known, **draw(hidden_facts)}), (second, {**known, **draw(hidden_facts)})]
