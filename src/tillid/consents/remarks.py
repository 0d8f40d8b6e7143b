"""What stands beside a frozen text: notes (GDPR art. 16, R-72) and the mark that its use is restricted (art. 18). Pure.

A frozen version is never changed (R-11). What the person it is about holds against it, and what the institution puts right, is
fastened to the document instead, and whoever reads the document meets it first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

import msgspec

from tillid.consents.events import Event

NOTED, RESTRICTED, FREED = "note_fastened", "restriction_placed", "restriction_lifted"
KINDS = (NOTED, RESTRICTED, FREED)
# Whose words they are: the person's whom the text is about (or who acts for the child), or the institution's own correction.
NoteKind = Literal["registered", "institution"]
# GDPR art. 18(1): accuracy contested (a), unlawful but not to be erased (b), needed for a legal claim (c), objection (d).
Ground = Literal["contested", "unlawful", "claims", "objection"]
NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
GROUNDS: tuple[Ground, ...] = get_args(Ground)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``note_fastened``. ``version``: the newest when it was written."""

    kind: NoteKind
    text: str
    version: int


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``restriction_placed``. ``reason``: for those who decide, shown to no reader."""

    ground: Ground
    reason: str


class Freed(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``restriction_lifted``. ``restriction``: the event that placed it."""

    restriction: str
    reason: str


class Fastened(msgspec.Struct, frozen=True, kw_only=True):
    """A note as it stands."""

    id: str
    by: str
    at: datetime
    note: Note


class Restricted(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction that was not lifted."""

    id: str
    by: str
    at: datetime
    restriction: Restriction


class Remarks(msgspec.Struct, frozen=True, kw_only=True):
    """All of a document, oldest first."""

    notes: tuple[Fastened, ...] = ()
    restrictions: tuple[Restricted, ...] = ()


def remarks_of(events: Iterable[Event]) -> Remarks:
    """What stands beside a document; from its events in the order appended."""
    notes: list[Fastened] = []
    marks: dict[str, Restricted] = {}
    for event in events:
        if event.kind == NOTED:
            note = msgspec.convert(event.payload, Note)
            notes.append(Fastened(id=event.id, by=event.actor, at=event.at, note=note))
        elif event.kind == RESTRICTED:
            placed = msgspec.convert(event.payload, Restriction)
            marks[event.id] = Restricted(id=event.id, by=event.actor, at=event.at, restriction=placed)
        elif event.kind == FREED:
            marks.pop(msgspec.convert(event.payload, Freed).restriction, None)
    return Remarks(notes=tuple(notes), restrictions=tuple(marks.values()))
