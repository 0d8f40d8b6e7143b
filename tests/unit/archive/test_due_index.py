"""The due days of a large store are laid out so that a page reads what it shows, and says the same as a list of all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tillid.archive import due_index
from tillid.archive.due_index import DueEntry, begin_key, form_key, indexed, month_of, page_of

AT = datetime(2030, 1, 1, tzinfo=UTC)
PLACES, FORMS = ("archivist:a", "archivist:b", "archivist:bb"), ("fdr", "overgangsbeskrivelse")


def entries(count: int) -> list[DueEntry]:
    """Spread over places, forms and eight months; every seventh has no day."""
    found = []
    for number in range(count):
        began = date(2024, 12, 20) + timedelta(days=number * 7 % 240)
        due = None if number % 7 == 0 else began.replace(year=began.year + 5)
        found.append(
            DueEntry(id=f"{number:04}", place=PLACES[number % 3], form_id=FORMS[number % 2], due=due,
                     happened={"child_left": began})
        )  # fmt: skip
    return found


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(due_index, "AT_ONCE", 4)


def paged(index, places, month, size) -> list[str]:
    found, read = [], []

    def piece(key):
        read.append(key)
        return index.pieces.get(key, ())

    for skip in range(0, index.totals.of(places).get(month, 0) + size, size):
        read.clear()
        found += [one.id for one in page_of(index.totals, places, month, skip, size, piece)]
        assert len(read) <= size // due_index.AT_ONCE + len(places) + 1, "no piece but those of the page"
    return found


@pytest.mark.parametrize("size", [1, 3, 4, 9, 50])
@pytest.mark.parametrize("places", [PLACES, PLACES[1:2], PLACES[::2], ("archivist:none",)])
def test_the_pages_of_a_month_are_everything_of_it_once(small_pieces, size, places):
    every = entries(200)
    index = indexed(every, AT)
    for month in {month_of(one.due) for one in every}:
        wanted = [one for one in every if one.place in places and month_of(one.due) == month]
        found = paged(index, places, month, size)
        assert sorted(found) == sorted(one.id for one in wanted)
        assert index.totals.of(places).get(month, 0) == len(wanted)
        days = {one.id: one.due or date.min for one in every}
        by_place = [[days[id_] for id_ in found if PLACES[int(id_) % 3] == place] for place in PLACES]
        assert all(ones == sorted(ones) for ones in by_place), "by day, place by place"


def test_the_numbers_of_a_form_and_the_days_it_is_counted_from_are_those_of_all_entries():
    every = entries(200)
    index = indexed(every, AT)
    for place in PLACES:
        for form in FORMS:
            own = [one for one in every if (one.place, one.form_id) == (place, form)]
            found = index.forms[form_key(place, form)]
            dated = [one for one in own if one.due is not None]
            assert (found.dated, found.undated) == (len(dated), len(own) - len(dated))
            assert len(found.first) == min(len(dated), due_index.MOST_FIRST)
            assert {one.id for one in found.first} <= {one.id for one in dated}
    for form in FORMS:
        begins = index.begins[begin_key(form, "child_left")]
        assert begins == sorted({one.happened["child_left"] for one in every if one.form_id == form})


def test_a_list_that_is_worked_out_anew_while_a_page_is_read_ends_the_page():
    index = indexed(entries(50), AT)
    month = next(iter(index.totals.of(PLACES)))
    assert list(page_of(index.totals, PLACES, month, 0, 50, lambda _: ())) == []
