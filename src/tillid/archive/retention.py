"""When a document's period is over: pure functions of a rule, of what has happened, and of a day (R-81 to R-83, R-90).

A reached day decides that a document may be appraised, never that it goes: what stops a destruction is ``keeping.py``.
Days are Copenhagen days (design 26).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from tillid.consents.events import Event
from tillid.documents.model import Document, Draft
from tillid.kernel.clock import local_day

What = Literal["document", "evidence", "draft", "access_log", "insight"]
Trigger = Literal[
    "round_closed", "child_left", "case_closed", "submitted", "consent_ended", "untouched", "written", "insight_closed"
]
Happened = Mapping[Trigger, date]

_ENDING = ("consent_withdrawn", "meeting_withdrawn", "request_voided", "share_ended")
# Of a draft: what is done about it and not in it.
_NO_TOUCH = ("draft_warned", "hold_placed", "hold_lifted", "document_appraised", "transfer_approved", "destruction_ordered",
             "destruction_confirmed", "destruction_cancelled")  # fmt: skip
_PERIOD = re.compile(r"P([1-9][0-9]{0,4})([DMY])\Z")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``retention.yaml``, which says what each part means."""

    id: str
    what: What
    trigger: Trigger
    period: str
    source: str
    forms: tuple[str, ...] = ()
    subject: str = ""
    facet: str = ""
    warn: str = ""


class DueDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a document for its period: no text and no name of anybody."""

    id: str
    form_id: str
    happened: Happened


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A document whose day another rule would move; ``None`` = not due as long as nothing more happens."""

    id: str
    before: date | None
    after: date | None


def is_period(text: str) -> bool:
    """Whether ``after`` can add it."""
    return _PERIOD.match(text) is not None


def after(day: date, period: str) -> date:
    """``day`` and ``period`` later; the 31st of a month that has 30 days is its last (ISO 8601 durations, whole units).

    Raises ``ValueError`` for anything else than a period; the year 9999 is the last there is."""
    found = _PERIOD.match(period)
    if found is None:
        raise ValueError(period)
    count, unit = int(found[1]), found[2]
    if unit == "D":
        return date.max if count > (date.max - day).days else day + timedelta(days=count)
    months = day.month - 1 + count * (12 if unit == "Y" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_day(rule: Rule | None, happened: Happened) -> date | None:
    """The first day on which the period is over; ``None`` while its trigger has not happened, or without a rule."""
    began = happened.get(rule.trigger) if rule is not None else None
    return after(began, rule.period) if rule is not None and began is not None else None


def happened_to(
    document: Document,
    events: Iterable[Event],
    *,
    draft: Draft | None = None,
    round_closed: date | None = None,
    child_left: date | None = None,
) -> dict[Trigger, date]:
    """What of the triggers has happened. ``events``: of the document; ``child_left``: the day the child left the unit that
    wrote it, as the register tells, ``None`` as long as it is there or nobody has said."""
    every = list(events)
    touched = [field.at for field in draft.fields.values()] if draft is not None else []
    touched += [event.at for event in every if event.kind not in _NO_TOUCH]
    found: dict[Trigger, date | None] = {
        "round_closed": round_closed,
        "child_left": child_left,
        "case_closed": _closed(every),
        "submitted": _last(every, "document_submitted"),
        "consent_ended": _consent_ended(every),
        "untouched": local_day(max([document.created_at, *touched])) if document.versions == 0 else None,
        "written": local_day(document.created_at),
    }
    return {trigger: day for trigger, day in found.items() if day is not None}


def _last(events: list[Event], kind: str) -> date | None:
    days = [local_day(event.at) for event in events if event.kind == kind]
    return max(days) if days else None


def _closed(events: list[Event]) -> date | None:
    """The day it was closed last; none while it is open again."""
    states = [event for event in events if event.kind in ("document_closed", "document_reopened")]
    return local_day(states[-1].at) if states and states[-1].kind == "document_closed" else None


def _consent_ended(events: list[Event]) -> date | None:
    """The last day on which anything that was allowed by somebody was of use: its "til og med", or the day it was taken back
    whole. Whatever has a "til og med" counts, also kinds of questions that are younger than this rule: no evidence goes early."""
    ends = []
    for event in events:
        if valid_to := event.payload.get("valid_to"):
            about = event.payload.get("id", event.request_id)
            ends.append(min([date.fromisoformat(valid_to), *_taken_back(events, about)]))
    return max(ends) if ends else None


def _taken_back(events: list[Event], asked: str | None) -> list[date]:
    about = (event for event in events if event.request_id == asked and event.kind in _ENDING)
    return [local_day(event.at) for event in about if not event.payload.get("items")]


def by_month(due: Mapping[str, date | None]) -> dict[str, tuple[str, ...]]:
    """Month (``2031-08``) → ids of what falls due in it, both in order; what is not due yet is left out."""
    found: dict[str, list[str]] = {}
    for id_, day in sorted((one for one in due.items() if one[1] is not None), key=lambda one: (one[1], one[0])):
        assert day is not None
        found.setdefault(f"{day.year:04}-{day.month:02}", []).append(id_)
    return {month: tuple(ids) for month, ids in found.items()}


def preview(
    before: Mapping[str, Rule], after_: Mapping[str, Rule], documents: Iterable[DueDocument]
) -> tuple[Moved, ...]:
    """What another set of rules (form id → rule) would do: each document whose day it moves. Writes nothing."""
    found = []
    for one in documents:
        was, will = due_day(before.get(one.form_id), one.happened), due_day(after_.get(one.form_id), one.happened)
        if was != will:
            found.append(Moved(id=one.id, before=was, after=will))
    return tuple(found)
