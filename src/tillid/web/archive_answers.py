"""Filters over a form's own answers as they are posted, when the search is for one form (ADR 0055). Named ``svar.<field>``, with
``:fra`` and ``:til`` where something lies between; all in the posted form, nothing in an address (R-111)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tillid.archive.filters import LONGEST_VALUE, MOST_FILTERS, AnswerFilter
from tillid.archive.query import QueryRefused
from tillid.usecases.filter_fields import FilterField, filter_fields
from tillid.usecases.ports import House
from tillid.web.days import asked_day, day_as_typed

FROM, TO = ":fra", ":til"
_NAME = re.compile(r"svar\.[A-Za-z0-9_.]{1,201}(:fra|:til)?")
_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9])?", re.ASCII)
_MOST_NAMES = 4 * MOST_FILTERS


@dataclass(frozen=True, kw_only=True)
class AnswerInput:
    """A field that can be filtered, with what was posted for it: ``low`` and ``high``, or ``value``."""

    field: FilterField
    name: str
    value: str
    low: str
    high: str

    @property
    def used(self) -> bool:
        return bool(self.value or self.low or self.high)

    @property
    def shown(self) -> str:
        """What was chosen, as people read it."""
        if self.field.kind == "keyword":
            return dict(self.field.choices).get(self.value, self.value)
        return f"{self.low} – {self.high}".strip()


def posted_answers(values: Mapping[str, Any], off: str) -> dict[str, str]:
    """Name → what was posted, of all that can be such a name; ``off``: the name of a filter that is taken off."""
    found = {
        name: str(value).strip()[:LONGEST_VALUE]
        for name, value in values.items()
        if _NAME.fullmatch(name) and isinstance(value, str) and value.strip() and name.partition(":")[0] != off
    }
    return dict(list(found.items())[:_MOST_NAMES])


def answer_inputs(house: House, forms: tuple[str, ...], posted: Mapping[str, str]) -> list[AnswerInput]:
    """The fields of the one form that is chosen; none while several are, or none is."""
    return [
        AnswerInput(
            field=field,
            name=(name := f"svar.{field.field}"),
            value=posted.get(name, ""),
            low=posted.get(name + FROM, ""),
            high=posted.get(name + TO, ""),
        )
        for field in (filter_fields(house, forms[0]) if len(forms) == 1 else ())
    ]


def answer_filters(house: House, forms: tuple[str, ...], posted: Mapping[str, str]) -> tuple[AnswerFilter, ...]:
    """What is asked for. Raises ``QueryRefused`` for a name that is no field of the form, ``DayWrong``."""
    inputs = answer_inputs(house, forms, posted)
    known = {name for one in inputs for name in (one.name, one.name + FROM, one.name + TO)}
    if forms and inputs and (unknown := next((name for name in posted if name not in known), None)):
        raise QueryRefused(
            "unknown field",
            code="search.unknown-field",
            text="Der kan ikke filtreres på feltet »{field}« i det skema. Vælg et felt på listen.",
            field=unknown.partition(".")[2],
        )
    return tuple(_filter(one) for one in inputs if one.used)


def as_posted(filters: tuple[AnswerFilter, ...]) -> dict[str, str]:
    """The inverse, for a saved search."""
    found: dict[str, str] = {}
    for one in filters:
        name = f"svar.{one.field}"
        found |= {name: one.values[0]} if one.values else {}
        found |= {name + end: _typed(bound) for end, bound in ((FROM, one.least), (TO, one.most)) if bound is not None}
    return found


def _filter(one: AnswerInput) -> AnswerFilter:
    plain = AnswerFilter(form=one.field.form, field=one.field.field)
    if one.field.kind == "keyword":
        return AnswerFilter(form=plain.form, field=plain.field, values=(one.value,))
    read = asked_day if one.field.kind == "day" else _number
    return AnswerFilter(
        form=plain.form, field=plain.field, least=read(one.name + FROM, one.low), most=read(one.name + TO, one.high)
    )


def _number(part: str, typed: str) -> float | None:
    if not typed:
        return None
    if not _NUMBER.fullmatch(typed):
        raise QueryRefused(
            part, code="search.number", text="Skriv et helt tal, eller et tal med én decimal, for eksempel 2,5."
        )
    return float(typed.replace(",", "."))


def _typed(bound: float | date) -> str:
    return day_as_typed(bound) if isinstance(bound, date) else f"{bound:g}".replace(".", ",")
