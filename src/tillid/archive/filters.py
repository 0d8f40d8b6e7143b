"""Filters over a form's own answers, as both back ends keep and ask them (ADR 0055).

What a version is filed under is a list of short texts, ``<form>/<field>=<value>``, in which numbers and days are spelled so that
the order of the texts is the order of the values (``forms/fieldtypes/searching.py``). So a back end needs one field that holds
whole texts, compares them and knows their order; a form may have as many fields as it likes.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import NamedTuple

import msgspec

from tillid.archive.refused import QueryRefused
from tillid.forms.fieldtypes.searching import day_spelled, number_spelled

MOST_FILTERS = 10
MOST_VALUES = 50
LONGEST_VALUE = 200
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}(\.[A-Za-z_][A-Za-z0-9_]{0,99})?")


class AnswerFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``field`` of ``form`` (a column or a part: ``field.part``) holds one of ``values``, or lies between ``least`` and ``most``
    (both meant). With neither: is answered."""

    form: str
    field: str
    values: tuple[str, ...] = ()
    least: float | date | None = None
    most: float | date | None = None


class Bounds(NamedTuple):
    """From ``low`` on, below ``high``."""

    low: str
    high: str


def checked_filters(filters: tuple[AnswerFilter, ...]) -> None:
    """Raises ``QueryRefused`` for what is no filter whatever forms there are; which fields there are is asked in
    ``usecases/filter_fields.py``."""
    if len(filters) > MOST_FILTERS:
        raise QueryRefused(
            "filters",
            code="search.too-many-filters",
            text="Der er for mange filtre på svar. Brug højst {most}.",
            most=MOST_FILTERS,
        )
    for one in filters:
        if not _is_one(one):
            raise no_filter("no filter")
        if one.least is not None and one.most is not None and one.least > one.most:  # type: ignore[operator]
            raise QueryRefused(
                "range", code="search.range", text="I et af filtrene er »til« mindre end »fra«. Byt om på de to."
            )


def no_filter(detail: str) -> QueryRefused:
    """What is raised for a filter that no field answers to."""
    return QueryRefused(detail, code="search.filter", text="Et af filtrene kan ikke bruges. Vælg det igen.")


def _is_one(one: AnswerFilter) -> bool:
    bounds = [bound for bound in (one.least, one.most) if bound is not None]
    days = [isinstance(bound, date) for bound in bounds]
    return (
        all(_NAME.fullmatch(name) for name in (one.form, one.field))
        and len(one.values) <= MOST_VALUES
        and all(len(value) <= LONGEST_VALUE for value in one.values)
        and len(set(days)) < 2
        and all(math.isfinite(bound) for bound in bounds if not isinstance(bound, date))
    )


def wanted(one: AnswerFilter) -> tuple[tuple[str, ...], Bounds | None]:
    """The texts of which a version must be filed under one (none: whatever it is), and the bounds between which one must lie."""
    begin = f"{one.form}/{one.field}="
    texts = tuple(begin + value for value in one.values)
    if texts and one.least is None and one.most is None:
        return texts, None
    # »!« and »>« follow every text that is meant: what is spelled has one length, and no field has them in its name.
    low = begin + _spelled(one.least) if one.least is not None else begin
    high = begin + _spelled(one.most) + "!" if one.most is not None else begin[:-1] + ">"
    return texts, Bounds(low, high)


def _spelled(bound: float | date) -> str:
    return day_spelled(bound) if isinstance(bound, date) else number_spelled(bound)


def of_child(child_id: str) -> str:
    """What the versions about a child are filed under."""
    return f"child={child_id}"
