"""Filters over answers: which are none, and that what is spelled keeps the order of the values."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillid.archive.filters import AnswerFilter, checked_filters, wanted
from tillid.archive.query import QueryRefused, SearchQuery, checked
from tillid.forms.fieldtypes.searching import day_spelled, number_spelled

tenths = st.integers(-9_999_999_990, 9_999_999_990).map(lambda n: n / 10)


def a_filter(**changes: object) -> AnswerFilter:
    return AnswerFilter(**({"form": "f", "field": "antal"} | changes))  # type: ignore[arg-type]


@given(one=tenths, other=tenths)
def test_spelled_numbers_are_in_order(one, other):
    assert (number_spelled(one) < number_spelled(other)) == (one < other)
    assert len(number_spelled(one)) == 11


@given(low=tenths | st.none(), high=tenths | st.none(), value=tenths)
def test_what_lies_between_is_between_as_text(low, high, value):
    _, bounds = wanted(a_filter(least=low, most=high))
    text = f"f/antal={number_spelled(value)}"
    meant = (low is None or low <= value) and (high is None or value <= high)
    assert (bounds.low <= text < bounds.high) == meant


def test_no_other_field_lies_between():
    _, bounds = wanted(a_filter())
    for other in ("f/antal2=0", "f/antal.x=0", "f/anta=0", "g/antal=0", "f/antala=0", "f/antal"):
        assert not bounds.low <= other < bounds.high
    _, days = wanted(a_filter(least=date(1, 1, 1), most=date(9999, 12, 31)))
    assert days.low <= f"f/antal={day_spelled(date(2026, 2, 28))}" < days.high


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"field": "felt*"}, "search.filter"),
        ({"field": "a.b.c"}, "search.filter"),
        ({"field": "x" * 1_000_000}, "search.filter"),
        ({"form": ""}, "search.filter"),
        ({"values": ("x",) * 51}, "search.filter"),
        ({"values": ("x" * 1_000_000,)}, "search.filter"),
        ({"least": float("nan")}, "search.filter"),
        ({"most": float("inf")}, "search.filter"),
        ({"least": 1.0, "most": date(2026, 1, 1)}, "search.filter"),
        ({"least": 2.0, "most": 1.0}, "search.range"),
        ({"least": date(2026, 1, 2), "most": date(2026, 1, 1)}, "search.range"),
    ],
)
def test_what_is_no_filter_is_refused(changes, code):
    with pytest.raises(QueryRefused) as refused:
        checked_filters((a_filter(**changes),))
    assert refused.value.code == code and "{" not in refused.value.message


def test_more_filters_than_anybody_means_are_refused():
    with pytest.raises(QueryRefused) as refused:
        checked(SearchQuery(allowed_units=("u",), answers=(a_filter(),) * 10_000))
    assert refused.value.code == "search.too-many-filters"
