"""One child's ledger, read again: each event against the log's leaf and the one before it, each record against its seal and its
event, timestamps and people's own signatures against the record, frozen bytes against the leaves of the evidence (R-21).

Findings are named by the event's id, never by the child's (R-71).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from tillid.consents.events import Event, follows
from tillid.consents.record_told import QUESTIONS, tells_otherwise
from tillid.signatures.names import consent
from tillid.signatures.verdict import Verdict
from tillid.signatures.xml import parse
from tillid.usecases.freeze_record import KINDS
from tillid.usecases.ports_fixity import FixityParts, Pace, Stored
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD, SEALED, TIMESTAMP
from tillid.usecases.sign_personally import expected_of

OVER = "seal.revoked"  # a judgement of the key, not of the bytes
BAD = ("failed", "unreadable", "disputed")
Waits = Callable[[], frozenset[str]]
"""Ids of the events for which the outbox has something to do yet."""


class Found(NamedTuple):
    """``damages``: what is wrong, by its name → a code; ``about``: ids of all events that were read; ``entered``: how many of them
    stand among the leaves asked about."""

    damages: Mapping[str, str]
    size: int = 0
    about: frozenset[str] = frozenset()
    entered: int = 0


def look_at_child(
    stored: Stored, child_id: str, parts: FixityParts, moment: datetime, leaves: int, pace: Pace
) -> Found:
    """``leaves``: how many of the log are counted against the events."""
    damages: dict[str, str] = {}
    size = entered = 0
    about, last, asked = set(), dict[str, Event](), dict[str | None, Event]()
    waits = cache(lambda: frozenset(one.ids["event"] for one in stored.outbox.pending() if "event" in one.ids))
    for event_id, data in stored.ledger.stored(child_id):
        about.add(event_id)
        size += len(data)
        event = _read(event_id, child_id, data)
        if event is None:
            damages[f"event:{event_id}"] = "fixity.event"
            continue
        place = stored.event_log.place(event.digest)
        if place is None and event_id not in waits():  # committed, and not entered yet
            damages[f"event:{event_id}"] = "fixity.not-in-log"
        elif not follows(event, last.get(event.series_id)):
            damages[f"event:{event_id}"] = "fixity.events"
        entered += place is not None and place < leaves
        last[event.series_id] = event
        if event.kind in QUESTIONS:
            asked[event.request_id] = event
        kinds = stored.ledger.attachments(event_id)
        size += sum(map(len, kinds.values()))
        damages |= _proofs(stored, event, asked.get(event.request_id), kinds, parts, moment, waits)
        pace()
    return Found(damages=damages, size=size, about=frozenset(about), entered=entered)


def _read(event_id: str, child_id: str, data: bytes) -> Event | None:
    """The event; ``None`` for what is none, or another's."""
    try:
        event = Event.from_json(data)
        return event if (event.id, event.child_id) == (event_id, child_id) and event.digest else None
    except (ValueError, KeyError, TypeError):  # msgspec's own and those of a digest that is gone
        return None


def _proofs(
    stored: Stored, event: Event, question: Event | None, kinds: Mapping[str, bytes], parts: FixityParts, moment: datetime, waits: Waits
) -> dict[str, str]:  # fmt: skip
    record = kinds.get(RECORD)
    if record is None:
        missing = kinds or event.kind in SEALED and event.id not in waits()  # a withdrawal is sealed after its click
        return {f"record:{event.id}": "fixity.record-missing"} if missing else {}
    damages = {}
    found = parts.record(record, kinds.get(TIMESTAMP), moment)
    if _bad(found):
        stamp = found.step.startswith("timestamp.")
        damages[f"{'timestamp' if stamp else 'record'}:{event.id}"] = "fixity.timestamp" if stamp else "fixity.record"
    elif event.kind in SEALED and found.signed is not None and not _is_of(found.signed, event, question):
        damages[f"record:{event.id}"] = "fixity.record"
    if PERSONAL in kinds and not damages:
        own = parts.personal(kinds[PERSONAL], expected_of(event, record), kinds.get(PERSONAL_STAMP), moment)
        if _bad(own):
            damages[f"personal:{event.id}"] = "fixity.personal"
    for suffix, kind in KINDS.items():
        if kind in kinds and stored.evidence is not None and not stored.evidence.knows(event.id + suffix, kinds[kind]):
            damages[f"frozen:{event.id}"] = "fixity.frozen"
    return damages


def _bad(found: Verdict) -> bool:
    return found.status in BAD and found.step != OVER


def _is_of(record: bytes, event: Event, question: Event | None) -> bool:
    """Whether the record names the event and says what that says."""
    named = parse(record).find(f".//{consent('Event')}")
    told = None if named is None else named.get("sha256")
    return told == event.digest and not tells_otherwise(event, question, record)
