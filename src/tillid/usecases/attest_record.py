"""The event of an attestation, and its seal, which follows: neither a leader's click nor an underretning waits for a key (R-51)."""

from __future__ import annotations

from tillid.consents.attestation import KIND, STATEMENTS, Attested, AttestedText, Capacity, build_attestation
from tillid.consents.events import Event
from tillid.consents.model import Organisation
from tillid.documents.model import Document, Version
from tillid.process.access import Identity
from tillid.usecases.fill import definition_of
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.seal_later import seal_later
from tillid.usecases.writing import record_event

STEP = "seal_attestation"


def record_attestation(house: House, who: Identity, document: Document, version: Version, capacity: Capacity) -> Event:
    """Append what ``who`` attests now, and have it sealed. Never raises for what is missing in the register: what cannot be
    sealed so is the administrator's to see, and the click counts."""
    definition = definition_of(house, version)
    child, unit = house.people.child(document.child_id), house.people.unit(document.unit_id)
    town = Organisation(id=house.settings.municipality_id, name=house.settings.municipality, cvr=house.settings.cvr)
    said = Attested(
        attester_id=who.person_id,
        attester_name=who.name,
        capacity=capacity,
        child_id=child.id if child else "",
        child_name=child.name if child else "",
        controller=unit.controller if unit else town,
        from_unit=Organisation(id=unit.id, name=unit.name, cvr=unit.controller.cvr) if unit else town,
        document=AttestedText(
            document_id=document.id,
            version=version.number,
            title=f"{definition.title} {document.number}",
            form_id=definition.id,
            form_version=definition.version,
            definition_digest=definition.digest,
            answers_digest=version.answers_digest,
        ),
        text=STATEMENTS[capacity],
    )
    event = record_event(house, document, KIND, who.person_id, said)
    house.outbox.add(STEP, {"event": event.id}, house.moment)
    return event


def seal_attestation(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The step ``seal_attestation``: as ``seal_later``."""
    seal_later(open_house, entry, build_attestation)
