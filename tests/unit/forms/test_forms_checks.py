"""What the static check finds beyond structure and types: what can never happen, what gives away, what the law refuses."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.unit.forms.examples import SMALL, faults, line_of, small
from tillid.forms.checks import RESERVED
from tillid.forms.fieldtypes import TYPES
from tillid.forms.loading import definition_from
from tillid.forms.problems import DefinitionError
from tillid.forms.yamldata import read_yaml

DAY = 'required: "no", filled_by: [parent], visible_to: [team, parent]}'


def found(text: str) -> list:
    try:
        definition_from(read_yaml(text.encode(), "demo/v1.yaml"))
    except DefinitionError as error:
        return error.problems
    return []


def shown_if(condition: str) -> list:
    """The faults when the small definition's day is shown only on ``condition``."""
    return faults(DAY, DAY.replace("}", f", shown_if: {condition}}}"))


@pytest.mark.parametrize(
    "condition",
    [
        "{all: [{eq: [{field: kind}, a]}, {eq: [{field: kind}, b]}]}",
        "{all: [{eq: [{field: kind}, b]}, {eq: [{fact: variant}, sk]}]}",  # b is only offered in bh
        "{all: [{answered: kind}, {not: {in: [{field: kind}, [a, b]]}}]}",
        "{all: [{gt: [{fact: setting_taerskel_foraeldre}, 3]}, {lt: [{fact: setting_taerskel_foraeldre}, 2]}]}",
        "{all: [{eq: [{field: kind}, a]}, {not: {answered: kind}}]}",
    ],
)
def test_a_field_that_can_never_be_shown_is_refused(condition):
    problem = next(p for p in shown_if(condition) if p.code == "forms.never-true")
    assert (problem.field, problem.file) == ("day", "demo/v1.yaml")
    assert problem.line == line_of("id: day", SMALL) and "Betingelsen" in problem.suggestion


@pytest.mark.parametrize(
    "dead",
    [
        "{all: [{eq: [{field: kind}, b]}, {eq: [{fact: variant}, sk]}]}",  # b is only offered in bh
        "{all: [{answered: kind}, {not: {answered: kind}}]}",
    ],
)
def test_an_alternative_that_can_never_hold_is_named(dead):
    for condition in (
        f"{{any: [{{eq: [{{field: kind}}, a]}}, {dead}]}}",
        f"{{not: {{any: [{{answered: kind}}, {dead}]}}}}",
    ):
        (problem,) = shown_if(condition)
        assert (problem.code, problem.field, problem.line) == ("forms.never-true", "day", line_of("id: day", SMALL))
        assert "any" in problem.text


@pytest.mark.parametrize(
    "condition",
    [
        "{any: [{answered: kind}, {not: {answered: kind}}]}",
        "{ne: [{field: kind}, {if: [{answered: kind}, a, a]}]}",
        "{not: {all: [{eq: [{field: kind}, b]}, {eq: [{fact: variant}, sk]}]}}",
    ],
)
def test_a_condition_that_is_always_true_decides_nothing(condition):
    codes = [(p.code, p.field) for p in shown_if(condition)]
    assert codes == ([] if "if" in condition else [("forms.always-true", "day")])  # an »if« is not tried out
    required = DAY.replace('"no"', condition)
    assert [(p.code, p.field) for p in faults(DAY, required)] == codes
    rule = f"rules:\n  - {{id: r, level: hard, when: {condition}, fields: [day], text: T}}\ncode_lists:"
    assert [p.code for p in faults("code_lists:", rule)] == [code for code, _ in codes]


@pytest.mark.parametrize(
    "condition",
    [
        "{eq: [{field: kind}, b]}",
        "{all: [{eq: [{field: kind}, b]}, {eq: [{fact: variant}, bh]}]}",
        "{gt: [{fact: setting_taerskel_foraeldre}, 3]}",
        "{any: [{eq: [{fact: joint_custody}, true]}, {not: {answered: kind}}]}",
        "{lt: [{field: moment_day}, {add_months: [{field: moment_day}, 1]}]}",  # not decided by trying: said nothing
    ],
)
def test_a_field_that_may_be_shown_is_not_accused(condition):
    extra = "\n      - {id: moment_day, label: D, type: date, required: no, filled_by: [parent], visible_to: [team, parent]}"
    text = SMALL.replace(DAY, DAY.replace("}", f", shown_if: {condition}}}") + extra)
    assert [p.code for p in found(text) if p.code != "forms.leaking-condition"] == []


def test_a_field_hidden_by_a_hidden_field_is_never_shown():
    first = SMALL.replace(DAY, DAY.replace("}", ", shown_if: {eq: [{field: kind}, a]}}"))
    text = first.replace(
        "      - {id: secret",
        "      - {id: later, label: L, type: text, settings: {max: 9}, required: no, filled_by: [parent],"
        " visible_to: [team, parent], shown_if: {all: [{answered: day}, {eq: [{field: kind}, b]}]}}\n      - {id: secret",
    )
    assert [(p.code, p.field) for p in found(text)] == [("forms.never-true", "later")]


def test_required_while_hidden_is_a_fault_only_if_it_can_happen():
    shown = "{eq: [{field: kind}, a]}"
    for required, codes in (
        ("{all: [{eq: [{field: kind}, a]}, {eq: [{fact: joint_custody}, true]}]}", []),
        ("{eq: [{field: kind}, a]}", []),
        ('"no"', []),
        ("{eq: [{field: kind}, b]}", ["forms.required-but-hidden"]),
        ("{answered: kind}", ["forms.required-but-hidden"]),
        ('"yes"', ["forms.required-but-hidden"]),
    ):
        new = (
            DAY.replace('"no"', required).replace("}", f", shown_if: {shown}}}")
            if required == '"yes"'
            else (f"required: {required}, shown_if: {shown}, filled_by: [parent], visible_to: [team, parent]}}")
        )
        assert [p.code for p in faults(DAY, new)] == codes, required


def test_a_filler_who_may_not_see_the_field_is_found():
    problems = faults(DAY, DAY.replace("[team, parent]", "[team]"))
    assert [(p.code, p.field) for p in problems] == [("forms.filler-cannot-see", "day")]
    assert "parent" in problems[0].suggestion


@pytest.mark.req("T9")
@pytest.mark.parametrize(
    "condition",
    [
        "{in: [{fact: latest_position}, [gul, roed]]}",  # the case of u_behov
        "{eq: [{field: secret}, true]}",
        "{not: {answered: secret}}",
        "{eq: [{if: [{eq: [{field: secret}, true]}, a, b]}, a]}",
    ],
)
def test_what_a_parent_may_not_see_never_shows_or_asks_a_field_of_theirs(condition):
    for key in ("shown_if", "required"):
        new = DAY.replace("}", f", {key}: {condition}}}").replace(
            'required: "no", ', "" if key == "required" else 'required: "no", '
        )
        assert {p.code for p in faults(DAY, new)} == {"forms.leaking-condition"}


@pytest.mark.req("T9")
def test_a_leak_through_another_field_is_found_where_it_begins():
    step = "      - {id: step, label: S, type: yes_no, required: no, filled_by: [parent], visible_to: [team, parent], shown_if: {eq: [{field: secret}, true]}}\n"
    text = SMALL.replace(DAY, DAY.replace("}", ", shown_if: {answered: step}}")).replace(
        "      - {id: secret", step + "      - {id: secret"
    )
    assert ("forms.leaking-condition", "step") in [(p.code, p.field) for p in found(text)]


@pytest.mark.req("R-03")
@pytest.mark.parametrize("form", ["trivselsskema", "trivselsoverblik", "trivselsvurdering"])
def test_the_forms_of_an_assessment_hold_no_consent_question(form):
    text = SMALL.replace("id: demo", f"id: {form}").replace("[samtykke_gdpr]", "[]")
    names = Counter((p.code, p.field) for p in found(text))
    assert set(names) <= {("forms.relied-on", "")}  # it is not the whole form
    asked = text.replace('label: "Internt"', 'label: "Giver I lov til at dele det?"')
    assert Counter((p.code, p.field) for p in found(asked)) - names == {("forms.consent-question", "secret"): 1}
    based = text.replace("allowed_bases: []", "allowed_bases: [samtykke_gdpr]")
    assert Counter((p.code, p.field) for p in found(based)) - names == {("forms.consent-question", ""): 1}


@pytest.mark.req("T9", "R-54")
@pytest.mark.parametrize("form", ["trivselsskema", "trivselsoverblik", "underretning"])
def test_what_is_never_the_parents_has_no_state_in_which_they_would_have_it(form):
    text = SMALL.replace("id: demo", f"id: {form}").replace("[samtykke_gdpr]", "[]")
    shared = text.replace("states:", "states:\n  - {id: shared, title: Delt}", 1)
    assert shared != text and "forms.never-shared" not in [p.code for p in found(text)]
    assert [p.code for p in found(shared) if p.code == "forms.never-shared"] == ["forms.never-shared"]
    assert "forms.never-shared" not in [p.code for p in found(shared.replace(f"id: {form}", "id: demo"))]


@pytest.mark.req("R-03")
def test_our_own_forms_of_an_assessment_hold_none(definitions):
    checked = [d for d in definitions.all() if d.id in ("trivselsskema", "trivselsoverblik", "trivselsvurdering")]
    assert len(checked) == 5 and all(d.allowed_bases == () for d in checked)


@pytest.mark.req("R-01")
def test_a_basis_that_nobody_knows_the_rules_of_is_refused():
    assert [p.code for p in faults("[samtykke_gdpr]", "[legitim_interesse]")] == ["forms.unknown-basis"]


POSITIONS = """
  - id: positionssaet
    version: 1
    title: P
    choices: [{code: groen, label: G}, {code: gul, label: U}, {code: roed, label: R}]
texts:
"""


@pytest.mark.req("R-74")
@pytest.mark.parametrize(
    ("type_", "expression"),
    [
        ("choice, settings: {code_list: positionssaet}", "{if: [{answered: kind}, roed, groen]}"),
        ("computed", "{if: [{answered: kind}, Rød, Grøn]}"),
        ("text, settings: {max: 9}", "{if: [{answered: kind}, Ingen, {if: [{answered: day}, gul, x]}]}"),
        ("computed", "{field: position}"),
        ("computed", "{if: [{eq: [{field: position}, roed]}, a, b]}"),
        ("computed", "{if: [{in: [{fact: latest_position}, [gul]]}, a, b]}"),
        ("yes_no", "{eq: [{field: position}, roed]}"),
        ("number", "{count: marks}"),
    ],
)
def test_no_position_is_computed_and_nothing_from_one(type_, expression):
    fields = (
        "      - {id: position, label: P, type: choice, settings: {code_list: positionssaet}, required: no, filled_by: [professional], visible_to: [team]}\n"
        "      - {id: marks, label: M, type: table, settings: {max_rows: 5, columns: [{id: p, label: P, type: choice, settings: {code_list: positionssaet}}]}, required: no, filled_by: [professional], visible_to: [team]}\n"
        f"      - {{id: worked, label: W, type: {type_}, required: no, filled_by: [system], visible_to: [team], computed: {expression}}}\n"
    )
    text = SMALL.replace("      - {id: secret", fields + "      - {id: secret").replace("\ntexts:\n", POSITIONS, 1)
    codes = {p.code for p in found(text) if p.field == "worked"}
    assert "forms.computed-position" in codes


def test_what_nothing_uses_is_named():
    text = SMALL.replace(
        "\ntexts:\n", "\n  - {id: spare, version: 1, title: S, choices: [{code: x, label: X}]}\ntexts:\n", 1
    )
    assert [p.code for p in found(text)] == ["forms.unused"] and "spare" in found(text)[0].text
    assert {p.code for p in faults("texts:\n      - {id: hello}\n    fields", "fields")} == {"forms.unused"}


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_field_never_has_a_name_of_the_system(name):
    problems = faults("id: day", f"id: {name}")
    assert "forms.reserved-id" in [p.code for p in problems] and name in problems[0].text


@pytest.mark.parametrize("name", sorted(TYPES))
def test_no_type_takes_a_regular_expression(name):
    schema = TYPES[name].settings_schema
    assert schema["additionalProperties"] is False
    assert not {"pattern", "regex", "match"} & set(schema.get("properties", {}))


def test_conditions_that_hang_together_in_a_long_chain_are_refused():
    links = "".join(
        f"      - {{id: c{n}, label: C, type: yes_no, required: no, filled_by: [parent], visible_to: [team, parent],"
        f" shown_if: {{answered: {'day' if n == 0 else f'c{n - 1}'}}}}}\n"
        for n in range(190)
    )
    problems = found(SMALL.replace("      - {id: secret", links + "      - {id: secret"))
    assert problems[0].code == "forms.condition-chain" and "grænse: 10" in problems[0].text


def test_the_longest_chain_of_the_deepest_conditions_can_be_evaluated():
    from tillid.forms.showing import Showing

    def deep(inner: str) -> str:
        return "{all: [" * 17 + f"{{eq: [{{if: [{inner}, a, b]}}, a]}}" + "]}" * 17

    links = "".join(
        f"      - {{id: c{n}, label: C, type: yes_no, required: no, filled_by: [parent], visible_to: [team, parent],"
        f" shown_if: {deep('{answered: ' + ('day' if n == 0 else f'c{n - 1}') + '}')}}}\n"
        for n in range(9)
    )
    form = small("      - {id: secret", links + "      - {id: secret")
    answers = {"day": "2026-01-01"} | {f"c{n}": True for n in range(9)}
    assert Showing(form, answers, {}).shown(form.field("c8")) is True
