"""Drafts that nobody shared: when one goes by its rule, and only after its author was warned (law: the rule for drafts; R-90).

What anybody but its author was shown never goes so: of that two people decide, as of any document (ADR 0060, 0065).

A pure function of the draft's own events: the last touch is in the day its period is over, so a draft that is touched after the
warning is due another day, and is warned about anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from tillid.archive.keeping import DESTROYED, LIFTED, PLACED, WARNED, keeping_of
from tillid.archive.retention import after
from tillid.consents.events import Event
from tillid.documents.model import Document, Draft
from tillid.kernel.clock import local_day

NOTICE = "P28D"  # between the warning and the destruction at least, however late the warning was
What = Literal["nothing", "warn", "destroy"]
SYSTEM = "system"
# What the ledger can hold of a draft that its author alone has worked with.
_OWN = frozenset({"document_created", "draft_moved", WARNED, PLACED, LIFTED, DESTROYED})


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


def told_to_others(events: list[Event]) -> bool:
    """Whether the ledger tells of anybody else than the author: somebody was asked, or moved it, or it was appraised."""
    return any(
        event.kind not in _OWN or event.kind == "draft_moved" and event.actor != events[0].actor for event in events
    )


def written_by_others(document: Document, draft: Draft) -> bool:
    """Whether anybody but the author wrote in it, also what stands there no more."""
    kept = (one for texts in draft.kept.values() for one in texts)
    hands = {one.by for one in (*draft.fields.values(), *kept, *draft.undo.values(), *draft.overridden.values())}
    talks = any(draft.written_for.values())
    return talks or not hands <= {document.author, SYSTEM, ""}


def goes_by_rule(events: list[Event]) -> bool:
    """Whether the ledger allows what it says last: destroyed by the rule for drafts, on or after the day, warned in time, not held."""
    last = events[-1] if events else None
    if last is None or last.kind != DESTROYED or "rule" not in last.payload:
        return False
    said, today = msgspec.convert(last.payload, ByRule), local_day(last.at)
    free = not keeping_of(events).holds and not told_to_others(events)
    return today >= said.due and warned_in_time(events, said.due, today) and free
