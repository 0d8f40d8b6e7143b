"""Drafts that nobody shared: when one goes by its rule, and only after its author was warned (law: the rule for drafts; R-90).

A pure function of the draft's own events: the last touch is in the day its period is over, so a draft that is touched after the
warning is due another day, and is warned about anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from tillid.archive.keeping import DESTROYED, WARNED, keeping_of
from tillid.archive.retention import after
from tillid.consents.events import Event
from tillid.kernel.clock import local_day

NOTICE = "P28D"  # between the warning and the destruction at least, however late the warning was
What = Literal["nothing", "warn", "destroy"]


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``draft_warned``. ``due``: the day the author was told."""

    due: date


class ByRule(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_destroyed`` where a rule alone said so. ``rule``: its id; ``due``: the day its period was over."""

    rule: str
    due: date


def warned_in_time(events: Iterable[Event], due: date, today: date) -> bool:
    """Whether the author was told of just this day, and has had ``NOTICE`` since."""
    return any(
        event.kind == WARNED
        and msgspec.convert(event.payload, Warned).due == due
        and today >= after(local_day(event.at), NOTICE)
        for event in events
    )


def next_for(events: list[Event], warn: date | None, due: date | None, today: date) -> What:
    """What is to be done with a draft that nobody shared. ``warn``, ``due``: the days its rule says; ``None``: it has none."""
    if due is None or warn is None or today < warn or keeping_of(events).holds:
        return "nothing"
    if not any(event.kind == WARNED and msgspec.convert(event.payload, Warned).due == due for event in events):
        return "warn"
    return "destroy" if today >= due and warned_in_time(events, due, today) else "nothing"


def goes_by_rule(events: list[Event]) -> bool:
    """Whether the ledger allows what it says last: destroyed by the rule for drafts, on or after the day, warned in time, not held."""
    last = events[-1] if events else None
    if last is None or last.kind != DESTROYED or "rule" not in last.payload:
        return False
    said, today = msgspec.convert(last.payload, ByRule), local_day(last.at)
    return today >= said.due and warned_in_time(events, said.due, today) and not keeping_of(events).holds
