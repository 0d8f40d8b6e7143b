"""A record with all that a stranger needs to judge it, frozen: the bytes that evidence is about (ADR 0041).

Level LT where the revocation lists are there; for a while those are waited for, then the record with its timestamp must do. The
frozen bytes are attached to the event once, so that they go when the record goes by rule (R-21); outside the database only
their digest is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from tillid.kernel.errors import TillidError
from tillid.signatures.evidence_tree import digest
from tillid.signatures.long_term import freeze
from tillid.signatures.timestamp_xades import with_timestamp
from tillid.signatures.trust import Trust
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.seal_record import RECORD, TIMESTAMP

FROZEN = "record.frozen.xml"
GRACE = timedelta(days=7)  # real lists come out at least as often


def freeze_record(house: House, event_id: str, trust: Trust) -> bytes | None:
    """The frozen bytes of an event's record, made and attached if they are not there; ``None`` if it is too early, or there is
    nothing to freeze (see ``to_come``)."""
    event = house.ledger.event(event_id)
    attached = house.ledger.attachments(event_id) if event else {}
    if event is None or FROZEN in attached or RECORD not in attached or TIMESTAMP not in attached:
        return attached.get(FROZEN)
    try:
        made = freeze(attached[RECORD], attached[TIMESTAMP], trust, at=house.moment)
    except TillidError:
        if house.moment < event.at + GRACE:
            return None
        made = with_timestamp(attached[RECORD], attached[TIMESTAMP])
    house.ledger.attach(event_id, FROZEN, made)
    return made


def to_come(house: House, event_id: str) -> bool:
    """Whether there will be something to freeze."""
    return house.ledger.event(event_id) is not None and TIMESTAMP in house.ledger.attachments(event_id)


def stamped_events(house: House) -> list[str]:
    """Ids of all events whose record has a timestamp, for a store that was begun before there was evidence, or has lost it."""
    return [event_id for event_id, attached in _all(house) if TIMESTAMP in attached]


def frozen_digests(open_house: OpenHouse, old: str, new: str) -> dict[bytes, bytes]:
    """For a renewal of hash trees: the digest by ``old`` of all frozen records → that by ``new``."""
    with open_house() as house:
        held = (attached[FROZEN] for _, attached in _all(house) if FROZEN in attached)
        return {digest(old, data): digest(new, data) for data in held}


def _all(house: House) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for document_id in house.documents.ids():
        for event in house.ledger.of_document(document_id):
            yield event.id, house.ledger.attachments(event.id)
