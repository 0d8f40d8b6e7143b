"""One archivist asks for a destruction, another confirms it, and then there is time to think again (R-90)."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from tillid.archive.keeping import CANCELLED, CONFIRMED, ORDERED, Answer, Order, Stop, earliest, keeping_of
from tillid.archive.retention_rules import our_rules
from tillid.consents.events import Event
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.keep_document import Kept, Outdated, keep_event, kept, stated
from tillid.usecases.ports import House
from tillid.usecases.writing import already

OPERATION = "destroy_document"
STEP = "destroy_document"


class Stopped(TillidError):
    """``stops``: why."""

    code = "keeping.stopped"
    text = "Dokumentet kan ikke destrueres. På siden står, hvad der er til hinder for det. Intet er ændret."

    def __init__(self, stops: tuple[Stop, ...]) -> None:
        super().__init__(" ".join(stops))
        self.stops = stops


class SamePerson(TillidError):
    code = "keeping.same-person"
    text = "Den, der har sat mærket eller bedt om destruktionen, kan ikke selv bekræfte den. Det skal en anden arkivar gøre."


def order_destruction(house: House, who: Identity, document_id: str, reason: str, *, event_id: str) -> Event:
    """Ask for it; nothing happens before another has confirmed. Raises ``Stopped``, ``Outdated``, ``ReasonWrong``, ``NotFound``."""
    now = _now(house, who, document_id)
    if done := already(house, document_id, event_id):
        return done
    if now.stops:
        raise Stopped(now.stops)
    if now.keeping.order is not None:
        raise Outdated("asked for already")
    payload = Order(appraisal=now.keeping.appraised_event, reason=stated(reason))
    return keep_event(house, who, OPERATION, document_id, ORDERED, payload, event_id)


def confirm_destruction(house: House, who: Identity, document_id: str, order_id: str, *, event_id: str) -> Event:
    """The second person's word. It is destroyed when the cooling-off period is over, if nothing stops it then. Raises
    ``SamePerson``, ``Stopped``, ``NotFound``."""
    now = _now(house, who, document_id)
    if done := already(house, document_id, event_id):
        return done
    order = now.keeping.order
    if order is None or order.id != order_id or order.confirmed_by:
        raise NotFound("no such order")
    if now.stops:
        raise Stopped(now.stops)
    if who.person_id in (order.by, now.keeping.appraised_by):
        raise SamePerson("second person")
    event = keep_event(house, who, OPERATION, document_id, CONFIRMED, Answer(order=order_id), event_id)
    confirmed = msgspec.structs.replace(order, confirmed_by=who.person_id, confirmed_at=event.at)
    first = earliest(confirmed, our_rules().cooling_off)
    assert first is not None
    house.outbox.add(STEP, {"document": document_id, "order": order_id}, end_of(first - timedelta(days=1)))
    return event


def cancel_destruction(
    house: House, who: Identity, document_id: str, order_id: str, reason: str, *, event_id: str
) -> Event:
    """Any archivist of the controller takes it back, as long as it is there. Raises ``ReasonWrong``, ``NotFound``."""
    if done := already(house, document_id, event_id):
        return done
    order = keeping_of(house.ledger.of_document(document_id)).order
    if order is None or order.id != order_id:
        raise NotFound("no such order")
    payload = Answer(order=order_id, reason=stated(reason))
    return keep_event(house, who, OPERATION, document_id, CANCELLED, payload, event_id)


def _now(house: House, who: Identity, document_id: str) -> Kept:
    document, facts = require(house, who, OPERATION, document_id)
    return kept(house, document, facts)
