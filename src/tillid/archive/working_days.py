"""Working days in Denmark: Monday to Friday but the public holidays (helligdagsloven; store bededag is none since 2024).

Constitution Day, Christmas Eve and New Year's Eve count as working days: a period that is counted a day too short is still met.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (12, 25), (12, 26))
_AFTER_EASTER = (-3, -2, 1, 39, 50)  # Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * el) // 433
    month = (h + el - 7 * m + 90) // 25
    return date(year, month, (h + el - 7 * m + 33 * month + 19) % 32)


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays of ``year`` that can fall on a weekday."""
    moving = (easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset((*moving, *(date(year, month, day) for month, day in _FIXED)))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def after_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, which itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
