"""Ledger events: append-only, hash-linked per series. The event is the fact; its signed XML is evidence (design 15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import msgspec

from tillid.kernel.canonical import canonical_json, sha256

EventKind = Literal[
    "document_created",
    "draft_moved",
    "version_shared",
    "words_confirmed",
    "text_acknowledged",
    "agreement_confirmed",
    "agreement_voided",
    "version_agreed",
    "version_corrected",
    "transition_declined",
    "request_created",
    "request_voided",
    "consent_given",
    "consent_refused",
    "consent_withdrawn",
    "paper_entered",
    "paper_rejected",
    "set_signed",
    # a meeting's purpose and its participants by name (meeting.py)
    "meeting_asked",
    "meeting_given",
    "meeting_refused",
    "meeting_withdrawn",
    "share_decided",
    "share_ended",
    "handed_out",
    # nothing is missing of it though a backup was put back (restored.py)
    "release_confirmed",
    # reading by a foster parent (reading_grant.py)
    "reading_granted",
    "reading_ended",
    "reader_named",
    # by the receiver, of what was released (reception.py)
    "reception_acknowledged",
    "document_attested",
    "document_submitted",
    "document_closed",
    "document_reopened",
    # with date and theme; given to the municipality's own system, and what that answered (archive/journal.py)
    "document_journalled",
    "journal_handed_over",
    "journal_confirmed",
    # what stands beside the text (remarks.py)
    "note_fastened",
    "restriction_placed",
    "restriction_lifted",
    # who asked for what is kept about the child (archive/insight.py)
    "insight_asked",
    "insight_collected",
    "insight_decided",
    "insight_reviewed",
    "insight_reopened",
    "insight_prolonged",
    "insight_handed_out",
    "insight_refused",
    "insight_forgotten",
    # what stands in the case of the intake's answer: that there is one, and nothing else (archive/insight_intake.py)
    "insight_intake_answered",
    "insight_intake_reopened",
    # how it is kept, and that it went (archive/keeping.py)
    "hold_placed",
    "hold_lifted",
    "document_appraised",
    "transfer_approved",
    "destruction_ordered",
    "destruction_confirmed",
    "destruction_cancelled",
    "document_destroyed",
    "draft_warned",
    # what stands where an event was whose own period is over (``forgotten``)
    "forgotten",
]


def scans_in(payload: Any) -> Iterator[str]:
    """Digests of scanned answers on paper, wherever they stand in an event."""
    if isinstance(payload, dict):
        if isinstance(digest := payload.get("scan_sha256"), str):
            yield digest
        for value in payload.values():
            yield from scans_in(value)


class Event(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One fact about a child's document.

    ``series_id`` and ``sequence`` (from 1, without gaps) order it; ``previous`` is the digest of the event before it
    in the series (``None`` for the first). ``payload`` is plain JSON data. ``actor`` is a person id or ``system``.
    """

    id: str
    series_id: str
    sequence: int
    previous: str | None
    kind: EventKind
    child_id: str
    document_id: str
    request_id: str | None
    at: datetime
    actor: str
    payload: dict[str, Any]

    def json(self) -> bytes:
        """The stored form: RFC 8785 JSON."""
        return canonical_json(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the stored form; what links, records and log leaves point at. Of a forgotten event: the one it had."""
        return self.payload["digest"] if self.kind == "forgotten" else sha256(self.json())

    @classmethod
    def from_json(cls, data: bytes) -> Event:
        """The inverse of ``json``; raises ``msgspec.ValidationError`` on anything else."""
        event = msgspec.json.decode(data, type=cls)
        # Every page asks the digests of events it has just read: no need to write each one out again.
        if event.kind != "forgotten":
            event.__dict__["digest"] = sha256(data)
        return event


def forgotten(event: Event) -> Event:
    """What stays of ``event`` when its period is over (R-90): its place, its link and its digest, so that series and log stay
    whole; no person, no words. Whether the digest is the one that was entered, the log shows."""
    if event.kind == "forgotten":
        return event
    payload = {"kind": event.kind, "digest": event.digest}
    return msgspec.structs.replace(event, kind="forgotten", actor="", payload=payload)


def next_event(series: list[Event], *, id: str, kind: EventKind, series_id: str, at: datetime, actor: str, child_id: str,
               document_id: str, request_id: str | None = None, payload: Any = None) -> Event:  # fmt: skip
    """The event that follows ``series`` (all events of ``series_id`` in order, possibly empty)."""
    last = series[-1] if series else None
    return Event(
        id=id,
        series_id=series_id,
        sequence=last.sequence + 1 if last else 1,
        previous=last.digest if last else None,
        kind=kind,
        child_id=child_id,
        document_id=document_id,
        request_id=request_id,
        at=at,
        actor=actor,
        payload=msgspec.to_builtins(payload) if payload is not None else {},
    )


def follows(event: Event, before: Event | None) -> bool:
    """Whether it is the next of its series; ``before``: ``None`` for its first."""
    return (event.sequence, event.previous) == ((before.sequence + 1, before.digest) if before else (1, None))


def broken_links(events: list[Event]) -> list[str]:
    """Ids of events whose sequence or link does not follow the event before them in their series."""
    last: dict[str, Event] = {}
    broken = []
    for event in events:
        if not follows(event, last.get(event.series_id)):
            broken.append(event.id)
        last[event.series_id] = event
    return broken
