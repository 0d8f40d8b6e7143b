"""The seal that follows what an employee says of a version: neither an attestation nor an acknowledgement waits for a key (R-51)."""

from __future__ import annotations

from collections.abc import Callable

from tillid.consents.events import Event
from tillid.consents.record_xml import RecordingSystem
from tillid.usecases.add_revision import let_add_revision
from tillid.usecases.ports import OpenHouse, OutboxEntry
from tillid.usecases.seal_record import attach_sealed, version_of_event


def seal_later(open_house: OpenHouse, entry: OutboxEntry, build: Callable[[Event, RecordingSystem], bytes]) -> None:
    """The sealed record of the entry's event, as ``build`` makes it; once, however often this runs. Raises ``Unavailable`` while the key
    is away."""
    with open_house() as house:
        event = house.ledger.event(entry.ids["event"])
        if event is None:
            return
        attach_sealed(house, event, lambda system: build(event, system))
        let_add_revision(house, event.document_id, version_of_event(house, event), event.id)
