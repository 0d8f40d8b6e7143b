"""Expressions and computed fields: what they give, what they may not be, and that they never raise."""

from __future__ import annotations

import pytest

from tests.unit.forms.examples import faults, small
from tillid.forms.answers import check_answers, projection
from tillid.forms.computing import computed_answers
from tillid.forms.conditions import UNKNOWN, value_of

ANCHOR = "      - {id: secret"


def field(type_: str, expression: str, more: str = "filled_by: [system], visible_to: [team]") -> str:
    return f"      - {{id: worked, label: W, type: {type_}, required: no, computed: {expression}, {more}}}\n" + ANCHOR


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ({"add_months": ["2026-01-31", 1]}, "2026-02-28"),
        ({"add_months": ["2024-01-31", 1]}, "2024-02-29"),
        ({"add_months": ["2026-03-31", -13]}, "2025-02-28"),
        ({"add_months": ["2026-11-30", 2]}, "2027-01-30"),
        ({"add_days": ["2026-12-31", 1]}, "2027-01-01"),
        ({"add_days": ["0001-01-01", -1]}, None),
        ({"add_months": ["9999-12-31", 1]}, None),
        ({"add_months": [{"field": "empty"}, 1]}, None),
        ({"add_days": [{"field": "kind"}, 1]}, None),  # a hostile answer that is no date
        ({"add_days": [{"field": "day"}, 7]}, "2026-12-02"),
        ({"add_days": [{"fact": "unknown"}, 7]}, UNKNOWN),
        ({"if": [{"answered": "day"}, {"field": "day"}, "2000-01-01"]}, "2026-11-25"),
        ({"if": [{"answered": "empty"}, "a", "b"]}, "b"),
        ({"if": [{"eq": [{"fact": "unknown"}, "x"]}, "a", "b"]}, UNKNOWN),
    ],
)
def test_operands(expression, wanted):
    answers = {"kind": "a", "day": "2026-11-25"}
    assert value_of(expression, answers.get, {}) == wanted


@pytest.mark.parametrize(
    ("type_", "expression", "answers", "wanted"),
    [
        ("date", "{add_months: [{field: day}, 3]}", {"day": "2026-11-30"}, "2027-02-28"),
        ("date", "{add_months: [{field: day}, 3]}", {}, None),
        ("computed", "{add_days: [{field: day}, 1]}", {"day": "2026-11-30"}, "01.12.2026"),
        ("computed", "{if: [{answered: day}, {field: day}, \"2026-01-01\"]}", {}, "01.01.2026"),
        ("computed", "{if: [{eq: [{field: kind}, a]}, Mangler, Klar]}", {"kind": "a"}, "Mangler"),
        ("computed", "{answered: day}", {}, "Nej"),
        ("yes_no", "{all: [{answered: day}, {eq: [{field: kind}, b]}]}", {"day": "2026-11-30", "kind": "b"}, True),
        ("yes_no", "{eq: [{fact: legal_basis}, lov]}", {}, None),
        ("choice, settings: {code_list: kinds}", "{if: [{answered: day}, a, b]}", {}, "b"),
        ("number, settings: {min: 0, max: 9}", "{fact: setting_taerskel_foraeldre}", {}, 2),
    ],
)  # fmt: skip
def test_a_computed_field_has_what_its_expression_gives(type_, expression, answers, wanted):
    form = small(ANCHOR, field(type_, expression))
    facts = {"variant": "bh", "setting_taerskel_foraeldre": 2}
    assert computed_answers(form, answers, facts).get("worked") == wanted
    assert check_answers(form, {**answers, "kind": answers.get("kind", "a")}, facts, complete=False) == []


def test_a_computed_field_follows_another_and_is_read_like_any_other():
    second = "      - {id: after, label: A, type: yes_no, required: no, computed: {gt: [{field: worked}, {field: day}]}, filled_by: [system], visible_to: [team]}\n"
    form = small(ANCHOR, second + field("date", "{add_days: [{field: day}, 1]}"))
    assert computed_answers(form, {"day": "2026-11-30"}, {}) == {"worked": "2026-12-01", "after": True}
    assert projection(form, {"day": "2026-11-30"}, "team") == {
        "day": "2026-11-30",
        "after": True,
        "worked": "2026-12-01",
    }
    assert projection(form, {"day": "2026-11-30"}, "parent") == {"day": "2026-11-30"}


def test_what_was_frozen_is_shown_while_a_fact_is_not_known():
    form = small(ANCHOR, field("computed", "{if: [{eq: [{fact: joint_custody}, true]}, begge, en]}"))
    assert projection(form, {"worked": "begge"}, "team")["worked"] == "begge"
    assert computed_answers(form, {}, {"joint_custody": False}) == {"worked": "en"}


@pytest.mark.parametrize(
    ("type_", "expression", "code"),
    [
        ("date", "{add_months: [{field: kind}, 1]}", "forms.condition-type"),
        ("date", "{add_months: [{field: day}, 1201]}", "forms.condition"),
        ("date", "{add_months: [{field: day}, x]}", "forms.condition"),
        ("date", "{add_days: [{field: day}]}", "forms.condition"),
        ("date", "{add_years: [{field: day}, 1]}", "forms.condition"),
        ("date", "{field: nothing}", "forms.unknown-field"),
        ("date", "{field: worked}", "forms.cyclic-condition"),
        ("date", "{field: kind}", "forms.computed-type"),
        ("date", "31. februar", "forms.computed-type"),
        ("number, settings: {min: 0, max: 9}", "{field: day}", "forms.computed-type"),
        ("computed", "{if: [{answered: day}, a, 1]}", "forms.condition-type"),
        ("computed", "{if: [{answered: day}, a]}", "forms.condition"),
        ("computed", "{if: [{answered: nothing}, a, b]}", "forms.unknown-field"),
        ("computed", "{field: words}", ""),
        ("choice, settings: {code_list: kinds}", "{if: [{answered: day}, a, z]}", "forms.unknown-code"),
        ("choice, settings: {code_list: kinds}", "z", "forms.unknown-code"),
        ("computed", "[1, 2]", "forms.condition"),
        ("yes_no", "{all: []}", "forms.condition"),
        ("yes_no", "{answered: worked}", "forms.cyclic-condition"),
    ],
)  # fmt: skip
def test_an_expression_that_cannot_be_worked_out_is_refused(type_, expression, code):
    found = [(p.code, p.field) for p in faults(ANCHOR, field(type_, expression))]
    assert found == ([(code, "worked")] if code else [])


def test_somebody_cannot_fill_what_is_computed():
    by_hand = field("date", "{field: day}", "filled_by: [professional], visible_to: [team]")
    assert [p.code for p in faults(ANCHOR, by_hand)] == ["forms.computed-by-hand"]


@pytest.mark.req("T9")
def test_a_computed_field_tells_its_reader_nothing_that_the_reader_may_not_see():
    for expression in ("{if: [{eq: [{field: secret}, true]}, a, b]}", "{eq: [{field: secret}, true]}"):
        shown = field("computed", expression, "filled_by: [system], visible_to: [team, parent]")
        assert [p.code for p in faults(ANCHOR, shown)] == ["forms.leaking-condition"]
