"""Which fields of a form the archive can be filtered by, and whether a question names such (ADR 0055)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

from tillid.archive.entry import asked_fields
from tillid.archive.filters import AnswerFilter, checked_filters, no_filter
from tillid.archive.query import QueryRefused, SearchQuery
from tillid.forms.fieldtypes import field_type
from tillid.forms.loading import Definitions
from tillid.usecases.ports import House

Kind = Literal["keyword", "number", "day"]
KINDS: tuple[Kind, ...] = ("keyword", "number", "day")


class FilterField(msgspec.Struct, frozen=True, kw_only=True):
    """``field``: what ``AnswerFilter.field`` names; ``label``: what the form calls it; ``choices``: the values of a ``keyword`` and what
    people call them."""

    form: str
    field: str
    label: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()


def filter_fields(house: House, form: str) -> tuple[FilterField, ...]:
    """The fields of all versions of ``form``, named as in the newest that has them; none for a form that is not known."""
    units = sorted(
        ((unit.id, unit.name) for unit in house.people.organigram().units.values()), key=lambda pair: pair[1]
    )
    return tuple(
        msgspec.structs.replace(one, choices=tuple(units)) if one.kind == "keyword" and not one.choices else one
        for one in _fields(house.definitions, form)
    )


@lru_cache(maxsize=64)  # the definitions in use are one object until something is published
def _fields(definitions: Definitions, form: str) -> tuple[FilterField, ...]:
    found: dict[str, FilterField] = {}
    for definition in reversed(definitions.all()):
        if definition.id != form:
            continue
        for path, label, field, ways in asked_fields(definition):
            kind = next((one for one in KINDS if one in ways), None)
            if kind is None:
                continue
            choices = field_type(field.type).search_choices(field, definition)
            known = found.get(path)
            if known is None:
                found[path] = FilterField(form=form, field=path, label=label, kind=kind, choices=choices)
            elif known.kind == kind:  # codes that only an older version had
                own = dict(known.choices)
                more = tuple(pair for pair in choices if pair[0] not in own)
                found[path] = msgspec.structs.replace(known, choices=(*known.choices, *more))
    return tuple(found.values())


def checked_fields(house: House, query: SearchQuery) -> SearchQuery:
    """``query``, if each of its filters names a field that can be filtered, in its own way. Raises ``QueryRefused``."""
    checked_filters(query.answers)
    for one in query.answers:
        known = next((field for field in _fields(house.definitions, one.form) if field.field == one.field), None)
        if known is None:
            raise QueryRefused(
                "unknown field",
                code="search.unknown-field",
                text="Der kan ikke filtreres på feltet »{field}« i det skema. Vælg et felt på listen.",
                field=one.field,
            )
        if not _fits(one, known.kind):
            raise no_filter(f"a filter of another kind than {known.kind}")
    return query


def _fits(one: AnswerFilter, kind: str) -> bool:
    bounds = [bound for bound in (one.least, one.most) if bound is not None]
    if kind == "keyword":
        return not bounds
    return not one.values and all(isinstance(bound, date) == (kind == "day") for bound in bounds)
