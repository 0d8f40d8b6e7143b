"""A record, or a person's own signature over it, with all that a stranger needs to judge it, frozen: the bytes that evidence is about
(ADR 0041, 0079). Each is an object of its own and noted under a name of its own: the event's id, for the signature with ``OWN`` behind it.

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
from tillid.signatures.personal import personal_moment
from tillid.signatures.personal_evidenced import freeze_personal
from tillid.signatures.timestamp_xades import with_timestamp
from tillid.signatures.trust import Trust
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD, TIMESTAMP

FROZEN, OWN_FROZEN = "record.frozen.xml", "personal.frozen.xml"
OWN = ".personal"
GRACE = timedelta(days=7)  # real lists come out at least as often


def event_of(name: str) -> str:
    """The id of the event whose record, or whose holder's own signature, is noted as ``name``."""
    return name.removesuffix(OWN)


def kind_of(name: str) -> str:
    """As what the frozen bytes are attached."""
    return OWN_FROZEN if name.endswith(OWN) else FROZEN


def freeze_record(house: House, name: str, trust: Trust) -> bytes | None:
    """The frozen bytes of what is noted as ``name``, made and attached if they are not there; ``None`` if it is too early, or there is
    nothing to freeze (see ``to_come``)."""
    event_id, kind, own = event_of(name), kind_of(name), name.endswith(OWN)
    what, stamp = (PERSONAL, PERSONAL_STAMP) if own else (RECORD, TIMESTAMP)
    event = house.ledger.event(event_id)
    attached = house.ledger.attachments(event_id) if event else {}
    if event is None or kind in attached or what not in attached or stamp not in attached:
        return attached.get(kind)
    try:
        made = (freeze_personal if own else freeze)(attached[what], attached[stamp], trust, at=house.moment)
    except TillidError:
        if house.moment < (personal_moment(attached[what]) if own else event.at) + GRACE:
            return None
        made = with_timestamp(attached[what], attached[stamp])
    house.ledger.attach(event_id, kind, made)
    return made


def to_come(house: House, name: str) -> bool:
    """Whether there will be something to freeze."""
    stamp = PERSONAL_STAMP if name.endswith(OWN) else TIMESTAMP
    return house.ledger.event(event_of(name)) is not None and stamp in house.ledger.attachments(event_of(name))


def stamped_names(house: House) -> list[str]:
    """Names of all records and signatures that have a timestamp, for a store that was begun before there was evidence, or has lost it."""
    marks = (("", TIMESTAMP), (OWN, PERSONAL_STAMP))
    return [event_id + mark for event_id, attached in _all(house) for mark, stamp in marks if stamp in attached]


def frozen_digests(open_house: OpenHouse, old: str, new: str) -> dict[bytes, bytes]:
    """For a renewal of hash trees: the digest by ``old`` of all that is frozen → that by ``new``."""
    with open_house() as house:
        held = (attached[kind] for _, attached in _all(house) for kind in (FROZEN, OWN_FROZEN) if kind in attached)
        return {digest(old, data): digest(new, data) for data in held}


def _all(house: House) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for document_id in house.documents.ids():
        for event in house.ledger.of_document(document_id):
            yield event.id, house.ledger.attachments(event.id)
