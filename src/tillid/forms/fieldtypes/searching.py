"""How numbers and days are spelled for filters: the order of the texts is the order of the values."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tillid.kernel.clock import local_day, parse_instant

# What the search does with a value: its words are found (text), it is one of a list (keyword), or it lies in an order.
Search = Literal["text", "keyword", "number", "day"]

_MOST = 10**10  # a number has at most nine digits (``numbers.py``) and one decimal


def number_spelled(number: float) -> str:
    """With one decimal, at one length; beyond what a field can hold it is the first or the last of all."""
    tenths = round(max(-_MOST, min(_MOST - 1, number * 10))) if number == number else 0
    return f"{tenths + _MOST:011d}"


def day_spelled(day: date) -> str:
    return day.isoformat()


def day_of_moment(moment: str) -> str:
    """The day in Copenhagen of a stored moment."""
    return local_day(parse_instant(moment)).isoformat()
