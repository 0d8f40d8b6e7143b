"""Working days and public holidays in Denmark."""

from __future__ import annotations

from datetime import date

import pytest

from tillid.archive.working_days import after_working_days, easter, holidays, is_working_day


@pytest.mark.parametrize(
    "year,day",
    [
        (2024, (3, 31)),
        (2025, (4, 20)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2038, (4, 25)),
        (2049, (4, 18)),
        (2160, (3, 23)),
    ],
)
def test_easter_is_when_the_almanac_says(year, day):
    assert easter(year) == date(year, *day)


def test_the_holidays_of_a_year_are_those_of_the_act():
    assert sorted(one.isoformat()[5:] for one in holidays(2026)) == [
        "01-01", "04-02", "04-03", "04-06", "05-14", "05-25", "12-25", "12-26",
    ]  # fmt: skip
    assert is_working_day(date(2026, 5, 1)), "store bededag is a holiday no more"


def test_the_day_itself_does_not_count_and_weekends_and_holidays_are_stepped_over():
    assert after_working_days(date(2026, 11, 26), 7) == date(2026, 12, 7)
    assert after_working_days(date(2026, 3, 31), 7) == date(2026, 4, 14), "Easter has three of them"
    assert after_working_days(date(2026, 11, 28), 1) == date(2026, 11, 30), "begun on a Saturday"
