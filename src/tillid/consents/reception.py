"""The receiver's acknowledgement of what was released to it: an event of its own, sealed as a record of its own kind, never called a
consent and never a leave to read (R-22, R-23; issue 6 part 1).

The record says who at which unit, in what capacity, which version by its digests, which items by theirs, and what the release rested
on: the question with the events that made it effective, or a leader's decision. One for each release (``release_key``) and receiving
unit: when more is released or the release rests on something else, that is another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from tillid.consents import record_read as r
from tillid.consents import record_xml as x
from tillid.consents.attestation import ELEMENT as ATTESTED
from tillid.consents.attestation import AttestedText, read_attestation, read_document, text_element
from tillid.consents.events import Event
from tillid.consents.model import Basis, ConsentItem, ConsentText, Organisation, Purpose
from tillid.kernel.canonical import json_digest
from tillid.signatures.rendering import RECEIVED as STYLESHEET
from tillid.signatures.xml import element

KIND, ELEMENT = "reception_acknowledged", "ReceptionAcknowledged"
Capacity = Literal["leader", "named"]
Rests = Literal["consent", "decision"]
# What stands on the page beside the button, in Danish whatever language the page is in: the words that are acknowledged.
STATEMENT = ConsentText(
    id="kvittering_modtagelse",
    version=1,
    language="da",
    body=(
        "Vi har modtaget de dele af dokumentet, der er nævnt her. Kvitteringen er ikke et samtykke og ikke en underskrift. "
        "Den giver ingen ret til at læse: Når samtykket eller beslutningen bag ophører, lukkes der for dokumentet som ellers."
    ),
)


class EventRef(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the ledger, by id and digest."""

    id: str
    digest: str


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``reception_acknowledged``, and what a record of it says. ``kind``, ``share_id``: what the release rests on;
    ``rests_on``: the events that made it effective. Items as in a record: without the ids of their fields."""

    receiver_id: str
    receiver_name: str
    capacity: Capacity
    child_id: str
    child_name: str
    controller: Organisation
    from_unit: Organisation
    to_unit: Organisation
    purpose: Purpose
    basis: Basis
    kind: Rests
    share_id: str
    rests_on: tuple[EventRef, ...]
    document: AttestedText
    items: tuple[ConsentItem, ...]
    valid_to: str
    text: ConsentText


def release_key(share_id: str, version: int, items: Iterable[str], unit_id: str) -> str:
    """What tells one release from another; a page carries it, so that nobody acknowledges what the page did not show."""
    return json_digest({"share": share_id, "version": version, "items": sorted(items), "unit": unit_id})


def key_of(said: Received) -> str:
    """The release that ``said`` is about."""
    return release_key(said.share_id, said.document.version, (item.id for item in said.items), said.to_unit.id)


def receptions_of(events: Iterable[Event]) -> list[tuple[Event, Received]]:
    """Every acknowledgement among ``events``, oldest first."""
    return [(event, msgspec.convert(event.payload, Received)) for event in events if event.kind == KIND]


def reception_of(events: Iterable[Event], key: str) -> tuple[Event, Received] | None:
    """The acknowledgement of the release ``key`` with its event; ``None`` without one."""
    return next((pair for pair in receptions_of(events) if key_of(pair[1]) == key), None)


def build_reception(event: Event, system: x.RecordingSystem) -> bytes:
    """The unsealed record of ``event``, valid against ``consent-1.xsd``. Raises ``TillidError``: ``records.characters``,
    ``records.cpr`` (R-102), ``records.schema``."""
    said = msgspec.convert(event.payload, Received)
    body = element(
        ELEMENT,
        element("Receiver", x.words("Name", said.receiver_name), uuid=said.receiver_id, capacity=said.capacity),
        x.person("Child", said.child_id, said.child_name),
        x.organisation("From", said.from_unit),
        x.organisation("To", said.to_unit),
        x.purpose(said.purpose),
        x.basis(said.basis),
        element(
            "RestsOn",
            *(element("Event", uuid=one.id, sha256=one.digest) for one in said.rests_on),
            kind=said.kind,
            share=said.share_id,
        ),
        text_element(said.document),
        x.items(said.items, None),
        element("ValidTo", said.valid_to),
        x.shown_text(said.text),
        x.sealed_as(STYLESHEET),
    )
    return x.whole("ReceptionRecord", event, said.controller, system, body)


def read_reception(signed: bytes) -> Received:
    """What a record says, from the bytes that its seal covers. Raises ``XmlRefused``, or ``TillidError`` (``records.schema``) for
    any other record."""
    header, body = r.opened(signed, (ELEMENT,))
    who, child, rests = (r.at(body, name) for name in ("Receiver", "Child", "RestsOn"))
    return Received(
        receiver_id=who.get("uuid"),
        receiver_name=r.text(who, "Name"),
        capacity=who.get("capacity"),
        child_id=child.get("uuid"),
        child_name=r.text(child, "Name"),
        controller=r.organisation(r.at(header, "Controller")),
        from_unit=r.organisation(r.at(body, "From")),
        to_unit=r.organisation(r.at(body, "To")),
        purpose=r.purpose(r.at(body, "Purpose")),
        basis=r.basis(r.at(body, "Basis")),
        kind=rests.get("kind"),
        share_id=rests.get("share"),
        rests_on=tuple(EventRef(id=one.get("uuid"), digest=one.get("sha256")) for one in rests),
        document=read_document(r.at(body, "Document")),
        items=tuple(map(r.item, r.at(body, "Items"))),
        valid_to=r.text(body, "ValidTo"),
        text=r.shown_text(r.at(body, "ShownText")),
    )


# Of what an employee says of a version: the kind in a verdict's details → how its record is read.
OF_EMPLOYEES = {ATTESTED: read_attestation, ELEMENT: read_reception}
