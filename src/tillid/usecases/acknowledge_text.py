"""A parent acknowledges having read a text that nobody agrees on word by word: an assessment, or the minutes of a meeting.

Neither a consent nor an agreement, and never shown as one (R-23, T14). One per parent and version; the other parent is not
told of it (design 24).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from tillid.consents.events import Event
from tillid.process.access import Identity
from tillid.usecases.facts import Conflict, require
from tillid.usecases.ports import House
from tillid.usecases.writing import note, record_event, tell

KIND = "text_acknowledged"


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    at: datetime


def acknowledge_text(house: House, who: Identity, document_id: str, version: int) -> None:
    """``who`` has read version ``version``, which must be the newest; the same click again changes nothing. Raises
    ``NotFound``, and ``Conflict`` when another version was given meanwhile."""
    document, _ = require(house, who, "acknowledge", document_id)
    if version != document.versions:
        raise Conflict("another version meanwhile")
    known = acknowledged(house.ledger.of_document(document_id)).get(who.person_id)
    if known is not None and known.version == version:
        return
    note(house, who, "acknowledge", document)
    event = record_event(house, document, KIND, who.person_id, {"version": version})
    tell(house, [document.author], KIND, event.id, document=document_id)


def acknowledged(events: Iterable[Event]) -> dict[str, Acknowledged]:
    """Person id → the newest version that this parent has acknowledged, and when."""
    return {
        event.actor: Acknowledged(version=event.payload["version"], at=event.at)
        for event in events
        if event.kind == KIND
    }
