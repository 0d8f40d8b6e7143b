"""Conditions: every operator, three values, and what an operator does with an empty field."""

from __future__ import annotations

import pytest

from tillid.forms.conditions import OPERATORS, evaluate, fields_asked, references

ANSWERS = {"kind": "a", "signs": ["x", "y"], "day": "2026-11-25", "sure": False, "rows": [{}, {}]}
FACTS = {"latest_position": "gul", "joint_custody": True, "variant": None}


def value(condition) -> bool | None:
    return evaluate(condition, ANSWERS.get, FACTS)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ({"eq": [{"field": "kind"}, "a"]}, True),
        ({"eq": [{"field": "kind"}, "b"]}, False),
        ({"eq": [{"field": "sure"}, False]}, True),
        ({"eq": [{"field": "empty"}, "a"]}, False),
        ({"ne": [{"field": "empty"}, "a"]}, True),
        ({"ne": [{"field": "kind"}, "a"]}, False),
        ({"in": [{"field": "kind"}, ["b", "a"]]}, True),
        ({"in": [{"field": "empty"}, ["b", "a"]]}, False),
        ({"has": [{"field": "signs"}, "x"]}, True),
        ({"has": [{"field": "signs"}, "z"]}, False),
        ({"has": [{"field": "empty"}, "z"]}, False),
        ({"answered": "kind"}, True),
        ({"answered": "sure"}, True),
        ({"answered": "empty"}, False),
        ({"gt": [{"count": "rows"}, 1]}, True),
        ({"ge": [{"count": "rows"}, 3]}, False),
        ({"lt": [{"count": "empty"}, 1]}, True),
        ({"lt": [{"field": "day"}, "2026-12-01"]}, True),
        ({"le": [{"field": "empty"}, "2026-12-01"]}, False),
        ({"lt": [{"field": "kind"}, 5]}, False),  # hostile answer of another type: false, no crash
        ({"eq": [{"fact": "latest_position"}, "gul"]}, True),
        ({"eq": [{"fact": "variant"}, "bh"]}, False),  # known to be none
        ({"eq": [{"fact": "legal_basis"}, "lov"]}, None),  # not available
        ({"ne": [{"fact": "legal_basis"}, "lov"]}, None),
        ({"in": [{"fact": "legal_basis"}, ["lov"]]}, None),
        ({"not": {"eq": [{"fact": "legal_basis"}, "lov"]}}, None),
        ({"not": {"answered": "empty"}}, True),
    ],
)
def test_operators(condition, wanted):
    assert value(condition) is wanted


UNKNOWN = {"eq": [{"fact": "legal_basis"}, "lov"]}
TRUE, FALSE = {"answered": "kind"}, {"answered": "empty"}


@pytest.mark.parametrize(
    ("group", "parts", "wanted"),
    [
        ("all", [TRUE, TRUE], True),
        ("all", [TRUE, FALSE, UNKNOWN], False),
        ("all", [TRUE, UNKNOWN], None),
        ("any", [FALSE, FALSE], False),
        ("any", [UNKNOWN, TRUE], True),
        ("any", [UNKNOWN, FALSE], None),
    ],
)
def test_groups_are_kleene(group, parts, wanted):
    assert value({group: parts}) is wanted
    assert value({group: parts[::-1]}) is wanted


def test_references_are_found_at_any_depth():
    tree = {
        "all": [{"not": {"answered": "a"}}, {"any": [{"gt": [{"count": "b"}, 0]}, {"eq": [{"fact": "variant"}, "x"]}]}]
    }
    assert list(references(tree)) == [("field", "a"), ("field", "b"), ("fact", "variant")]
    assert fields_asked(tree) == {"a", "b"}
    assert fields_asked("yes") == set()


def test_there_is_no_operator_that_runs_anything():
    assert set(OPERATORS) == {"all", "any", "not", "eq", "ne", "lt", "le", "gt", "ge", "in", "has", "answered"}
