"""The signed XML of an event: evidence, attached once, never replaced (design 15)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tillid import __version__
from tillid.consents.attestation import KIND as ATTESTED
from tillid.consents.events import Event
from tillid.consents.meeting import KINDS as MEETING
from tillid.consents.model import ConsentRequest
from tillid.consents.reception import KIND as RECEIVED
from tillid.consents.record import RecordingSystem, Role, build_record
from tillid.usecases.ports import House

RECORD = "record.xml"
TIMESTAMP = "record.tst"  # the token over the record's signature, attached later
PERSONAL = "personal.xml"  # the person's own signature over the record (``sign_personally.py``)
PERSONAL_STAMP = "personal.tst"
TIMESTAMP_STEP = "timestamp_record"
ANSWERS = ("consent_given", "consent_refused", "consent_withdrawn")
SEALED = (*ANSWERS, ATTESTED, RECEIVED, *MEETING)  # the kinds of events that have a record


def attach_record(house: House, event: Event, request: ConsentRequest) -> bytes:
    """Build, seal and attach the record of ``event``; the attached one if it is there already.

    Raises ``Unavailable`` when the key cannot be used: a consent is then not registered, a withdrawal waits for its seal.
    """
    return attach_sealed(
        house, event, lambda system: build_record(event, request, role=role_of(house, event), system=system)
    )


def attach_sealed(house: House, event: Event, build: Callable[[RecordingSystem], bytes]) -> bytes:
    """Seal and attach what ``build`` makes as written by this installation, and have it stamped; the attached record if it is there
    already. Raises ``Unavailable`` when the key cannot be used."""
    attached = house.ledger.attachments(event.id).get(RECORD)
    if attached is not None:
        return attached
    system = RecordingSystem(version=__version__, instance=house.settings.instance)
    record = house.seal.seal(build(system), house.moment)
    house.ledger.attach(event.id, RECORD, record)
    if house.time_stamper is not None:
        house.outbox.add(TIMESTAMP_STEP, {"event": event.id}, house.moment)
    return record


def role_of(house: House, event: Event) -> Role:
    """What the holder is to the child in the register, also when custody has ended since; ``self``: the child itself (R-41)."""
    holder_id = event.payload["holder_id"]
    if holder_id == event.child_id:
        return "self"
    holders = house.people.custody(event.child_id).holders
    return next((holder.relation for holder in holders if holder.person_id == holder_id), "other")


def request_of_event(house: House, event: Event) -> ConsentRequest:
    """The request that ``event`` answers."""
    created = next(e for e in house.ledger.of_request(event.request_id or "") if e.kind == "request_created")
    return msgspec.convert(created.payload, ConsentRequest)


def version_of_event(house: House, event: Event) -> int:
    """The version of its document that the record of ``event`` is about."""
    if event.kind in (ATTESTED, RECEIVED):
        return int(event.payload["document"]["version"])
    return request_of_event(house, event).document.version
