"""The same hostile definitions in a process that has little memory and processor time, and depth wherever it can hide."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.faults.test_bad_definition_files import LAUGHS
from tests.unit.forms.examples import SMALL, faults
from tests.unit.forms.test_forms_checks import found
from tillid.forms.yamldata import MAX_BYTES, MAX_DEPTH

MORE = ", filled_by: [parent], visible_to: [team, parent]"
ANCHOR = "      - {id: secret"


def _wide() -> str:
    """Many conditions that can never be true and take every combination to see it."""
    names = range(7)
    asked = "".join(f"      - {{id: c{n}, label: C, type: yes_no, required: no{MORE}}}\n" for n in names)
    never = ", ".join(f"{{eq: [{{field: c{n}}}, true]}}" for n in names)
    hidden = "".join(
        f"      - {{id: h{n}, label: H, type: yes_no, required: no{MORE}, shown_if: {{all: [{never}, {{eq: [{{field: c0}}, false]}}]}}}}\n"
        for n in range(180)
    )
    return SMALL.replace(ANCHOR, asked + hidden + ANCHOR)


def _misspelt() -> str:
    """Thousands of fields, and thousands of names that none of them has: each would be compared with all."""
    many = "".join(
        f"      - {{id: felt_med_navn_{n}, label: L, type: yes_no, required: no, filled_by: [parent], visible_to: [team, parent]}}\n"
        for n in range(190)
    )
    sections = "".join(
        f"  - id: s{s}\n    title: S\n    fields:\n" + many.replace("navn_", f"navn_{s}_") for s in range(9)
    )
    asked = ", ".join(f"{{answered: feltmednavn_{n}}}" for n in range(6000))
    text = SMALL.replace("code_lists:", sections + "code_lists:")
    return text.replace("{eq: [{field: kind}, b]}", f"{{any: [{asked}]}}")


def _entangled() -> str:
    """Very many fields that ask for one whose own condition is very long."""
    long = ", ".join(f"{{eq: [{{field: kind}}, {'ab'[n % 2]}]}}" for n in range(4000))
    hub = f"      - {{id: hub, label: H, type: yes_no, required: no{MORE}, shown_if: {{all: [{long}]}}}}\n"
    rest = "".join(
        f"      - {{id: r{n}, label: R, type: yes_no, required: no{MORE}, shown_if: {{any: [{{answered: hub}}, {{answered: day}}]}}}}\n"
        for n in range(180)
    )
    return SMALL.replace(ANCHOR, hub + rest + ANCHOR)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param(_misspelt(), "forms.unknown-field", id="thousands of misspelt names"),
        pytest.param(_entangled(), "forms.never-true", id="one long condition behind many"),
        pytest.param(SMALL + "".join(f"n{n}: 1\n" for n in range(20_000)), "forms.schema", id="unknown keys"),
        pytest.param(LAUGHS, "forms.yaml-alias", id="a billion laughs"),
        pytest.param("x" * (10 * MAX_BYTES), "forms.yaml-too-large", id="10 MB"),
        pytest.param("[" * 500 + "]" * 500, "forms.yaml-too-deep", id="500 deep"),
        pytest.param("[" * (MAX_BYTES - 1), "forms.yaml-syntax", id="never closed"),
        pytest.param("{a: " * 200_000, "forms.yaml-too-deep", id="mappings in mappings"),
        pytest.param(f"a: {'x' * 900_000}\n", "forms.schema", id="one long text"),
        pytest.param(
            SMALL.replace('"Dag"', '"' + "\\u202e" * 100_000 + '"'), "forms.forbidden-characters", id="hidden"
        ),
        pytest.param(_wide(), "forms.never-true", id="conditions that take long to try out"),
    ],
)
def test_in_little_memory_and_time(source, code):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.bounded"], input=source.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert code in [found for found, _field, _text in json.loads(done.stdout)]


def _deep(operand: bool = False) -> str:
    if operand:
        return "{add_days: [" * 500 + "{field: day}" + ", 1]}" * 500
    return "{not: " * 500 + "{answered: day}" + "}" * 500


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("code_lists:", f"rules:\n  - {{id: r, level: hard, when: {_deep()}, fields: [day], text: T}}\ncode_lists:"),
        ("code_lists:", f"translations: {{en: {{fields: {{day: {_deep()}}}}}}}\ncode_lists:"),
        ("code_lists:", f"upcast: {_deep()}\ncode_lists:"),
        ("- {id: hello}\n", f"- {{id: hello, shown_if: {_deep()}}}\n"),
        ("settings: {max: 20}, required: {eq", f"settings: {_deep()}, required: {{eq"),
        (ANCHOR, f"      - {{id: w, label: W, type: date, required: no, computed: {_deep(True)}{MORE}}}\n" + ANCHOR),
    ],
    ids=["rule", "translation", "upcast", "text", "settings", "computed"],
)
def test_500_levels_are_refused_wherever_they_stand(old, new):
    (problem,) = faults(old, new)
    assert problem.code == "forms.yaml-too-deep" and str(MAX_DEPTH) in problem.text and problem.line > 0


@pytest.mark.parametrize("depth", [21, 24])
def test_what_yaml_lets_through_the_grammar_stops(depth):
    operand = "{add_days: [" * depth + "{field: day}" + ", 1]}" * depth
    worked = f"      - {{id: w, label: W, type: date, required: no, computed: {operand}, filled_by: [system], visible_to: [team]}}\n"
    rule = f"rules:\n  - {{id: r, level: hard, when: {{lt: [{{field: day}}, {operand}]}}, fields: [day], text: T}}\ncode_lists:"
    for old, new, field in ((ANCHOR, worked + ANCHOR, "w"), ("code_lists:", rule, "")):
        assert [(p.code, p.field) for p in faults(old, new)] == [("forms.condition-too-deep", field)]


def test_trying_out_has_a_bound_for_the_whole_definition():
    never = (
        "{all: [" + ", ".join(f"{{eq: [{{field: c{n}}}, true]}}" for n in range(7)) + ", {eq: [{field: c0}, false]}]}"
    )
    more = ", filled_by: [parent], visible_to: [team, parent]"
    asked = "".join(f"      - {{id: c{n}, label: C, type: yes_no, required: no{more}}}\n" for n in range(7))
    hidden = "".join(
        f"      - {{id: h{n}, label: H, type: yes_no, required: no{more}, shown_if: {never}}}\n" for n in range(150)
    )
    problems = found(SMALL.replace("      - {id: secret", asked + hidden + "      - {id: secret"))
    named = [p.field for p in problems]
    assert {p.code for p in problems} == {"forms.never-true"}
    assert named == [f"h{n}" for n in range(len(named))] and 5 < len(named) < 150  # beyond the bound nothing is claimed
