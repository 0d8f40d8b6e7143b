"""What a question may be, before any back end is asked."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from tillid.archive.query import MAX_SIZE, QueryRefused, SearchQuery, checked, span


def query(**values: object) -> SearchQuery:
    return SearchQuery(allowed_units=("u",), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"words": "a" * 501}, "search.too-long"),
        ({"words": "a " * 33}, "search.too-many-words"),
        ({"form": ("f",) * 51}, "search.too-many-chosen"),
        ({"since": date(2026, 1, 2), "until": date(2026, 1, 1)}, "search.days"),
    ],
)
def test_too_much_is_refused_by_its_name(values, code):
    with pytest.raises(QueryRefused) as refused:
        checked(query(**values))
    assert refused.value.code == code
    assert "{" not in refused.value.message


def test_what_a_person_may_mean_goes_through_as_it_is():
    most = query(
        words="a " * 32, form=("f",) * 50, since=date(2026, 1, 1), until=date(2026, 1, 1), exclude=frozenset("abc")
    )
    assert checked(most) == most
    assert (checked(query(page=-3, size=0)).page, checked(query(page=-3, size=0)).size) == (1, 1)
    assert checked(query(size=10**9)).size == MAX_SIZE


def test_days_are_copenhagens():
    assert span(query()) is None
    assert span(query(since=date(2026, 7, 1), until=date(2026, 7, 1))) == (1782856800, 1782943200)
    start, end = span(query(since=date.min, until=date.max)) or (1, 0)
    assert start == 0 and end > 2**35


def test_a_field_that_does_not_exist_is_no_question():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"allowed_units": ["u"], "adresse": "x"}, SearchQuery)
