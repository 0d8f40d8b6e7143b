"""The picker's rows and the conditions they mean, both ways, also with groups within the group."""

from __future__ import annotations

import pytest

from tillid.forms.condition_rows import condition_of, rows_of

A, B, C, D = ({"eq": [{"field": name}, True]} for name in "abcd")


@pytest.mark.parametrize(
    ("condition", "groups"),
    [
        (A, [""]),
        ({"all": [A, B]}, ["", ""]),
        ({"any": [A, {"all": [B, C]}]}, ["", "a", "a"]),
        ({"all": [{"any": [A, B]}, {"any": [C, D]}]}, ["a", "a", "b", "b"]),
        ({"all": [{"any": [A, {"not": {"answered": "b"}}]}, {"in": [{"field": "c"}, ["x", "y"]]}]}, ["a", "a", ""]),
    ],
)
def test_there_and_back(condition, groups):
    rows = rows_of(condition)
    assert [one.group for one in rows.rows] == groups
    assert condition_of(rows) == condition


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [A, {"all": [B, C]}]},
        {"any": [A, {"all": [B, {"any": [C, D]}]}]},
        {"all": [A, {"any": []}]},
        {"not": {"all": [A, B]}},
        {"all": [{"any": [A, B]}] * 5},
    ],
)
def test_what_rows_cannot_say_is_text(condition):
    assert rows_of(condition) is None
