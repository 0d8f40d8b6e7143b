"""The receiver acknowledges what was released to it: an event, and its seal, which follows (R-22, R-23; issue 6 part 1).

One for each release and receiving unit, by whoever of those who may read presses first. It opens nothing and keeps nothing open:
what may be read is asked of the consent alone, and without a consent that holds nobody can acknowledge anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from tillid.consents.attestation import AttestedText
from tillid.consents.decision import DECIDED, ShareDecision
from tillid.consents.effective import Verdict
from tillid.consents.events import Event
from tillid.consents.model import ConsentItem, ConsentRequest
from tillid.consents.reception import (
    KIND,
    STATEMENT,
    EventRef,
    Received,
    build_reception,
    key_of,
    reception_of,
    receptions_of,
)
from tillid.documents.model import Document
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import Standing, allowed, require_standing
from tillid.usecases.open_copy import what_is_released
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.seal_later import seal_later
from tillid.usecases.seal_record import ANSWERS
from tillid.usecases.writing import note, record_event

STEP = "seal_reception"
OPERATION = "acknowledge_reception"


class ReleaseChanged(TillidError):
    """What is released is no longer what the page showed."""

    code = "release.changed"
    text = (
        "Det, I kan læse, er ændret, siden du hentede siden. Læs det igen, og kvittér så. Intet er registreret endnu."
    )


class Reception(msgspec.Struct, frozen=True, kw_only=True):
    """An acknowledgement as the sender's side is told of it: by whom at which unit, when, of which version and how many parts."""

    at: datetime
    name: str
    unit: str
    version: int
    parts: int


class ReceptionShown(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of it. ``asked``: what the person would acknowledge with the click, ``None`` for who may not; ``key``: of that
    release; ``done``: the acknowledgement that there is already, and ``done_at``: when it was made."""

    asked: Received | None
    key: str
    done: Received | None = None
    done_at: datetime | None = None


def reception_shown(house: House, who: Identity, document: Document, facts: Facts, found: Standing) -> ReceptionShown:
    """Of what is released now; ``found``: the share that decides, which is effective. Logs nothing: the page that shows it has."""
    told = _told(house, who, document, found)
    key = key_of(told)
    if (done := reception_of(house.ledger.of_document(document.id), key)) is not None:
        return ReceptionShown(asked=None, key=key, done=done[1], done_at=done[0].at)
    return ReceptionShown(asked=told if allowed(house, who, OPERATION, facts) else None, key=key)


def receptions_seen(events: Iterable[Event]) -> tuple[Reception, ...]:
    """Those among ``events``, oldest first."""
    return tuple(
        Reception(
            at=event.at,
            name=said.receiver_name,
            unit=said.to_unit.name,
            version=said.document.version,
            parts=len(said.items),
        )
        for event, said in receptions_of(events)
    )


def acknowledge_reception(house: House, who: Identity, document_id: str, shown: str) -> Event:
    """Append what ``who`` acknowledges now and have it sealed; the same release again is the same event. ``shown``: the key of the
    release that the page showed. Raises ``NotFound`` for who may not read it now, and ``ReleaseChanged``."""
    document, _, found = require_standing(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    what_is_released(house, document, found)  # nothing while a protected address stops it
    assert found is not None, "something is released"
    told = _told(house, who, document, found)
    if key_of(told) != shown:
        raise ReleaseChanged("another release than was shown")
    if (done := reception_of(house.ledger.of_document(document_id), shown)) is not None:
        return done[0]
    event = record_event(house, document, KIND, who.person_id, told, request_id=told.share_id)
    house.outbox.add(STEP, {"event": event.id}, house.moment)
    return event


def seal_reception(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The step ``seal_reception``: as ``seal_later``."""
    seal_later(open_house, entry, build_reception)


def _told(house: House, who: Identity, document: Document, found: Standing) -> Received:
    share, verdict = found
    leads = "leader" in who.roles_in((share.to_unit.id,))
    return Received(
        receiver_id=who.person_id,
        receiver_name=who.name,
        capacity="leader" if leads else "named",
        child_id=share.child_id,
        child_name=share.child_name,
        controller=share.controller,
        from_unit=share.from_unit,
        to_unit=share.to_unit,
        purpose=share.purpose,
        basis=share.basis,
        kind="decision" if isinstance(share, ShareDecision) else "consent",
        share_id=share.id,
        rests_on=_rests_on(house, share),
        document=AttestedText(**{name: getattr(share.document, name) for name in AttestedText.__struct_fields__}),
        items=_items(share, verdict),
        valid_to=share.valid_to.isoformat(),
        text=STATEMENT,
    )


def _rests_on(house: House, share: ConsentRequest | ShareDecision) -> tuple[EventRef, ...]:
    """What made it effective: the answers to the question so far with what was signed by them, or the decision."""
    kinds = (DECIDED,) if isinstance(share, ShareDecision) else (*ANSWERS, "set_signed")
    events = house.ledger.of_request(share.id)
    return tuple(EventRef(id=event.id, digest=event.digest) for event in events if event.kind in kinds)


def _items(share: ConsentRequest | ShareDecision, verdict: Verdict) -> tuple[ConsentItem, ...]:
    """Those that are released, as a record has them."""
    return tuple(
        msgspec.structs.replace(item, field_ids=(), section_id=item.section_id or "")
        for item in share.items
        if item.id in verdict.items
    )
