"""An employee's attestation of a frozen text: an event of its own, sealed as a record of its own kind, never called a
signature or a consent (R-23, R-103; issue 6 part 4).

A leader attests an assessment or the minutes of a meeting; who sends an underretning attests that (R-51: no leader does). The
record says who, in what capacity, which version by its digests, and the very words that were shown. It names no PDF: that is
made afterwards, of the answers whose digest it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from tillid.consents import record_read as r
from tillid.consents import record_xml as x
from tillid.consents.events import Event
from tillid.consents.model import ConsentText, Organisation
from tillid.signatures.rendering import ATTESTED as STYLESHEET
from tillid.signatures.xml import element

KIND, ELEMENT = "document_attested", "DocumentAttested"
Capacity = Literal["leader", "notifier"]
# What stands on the page beside the button, in Danish whatever language the page is in: the words that are attested.
STATEMENTS: dict[Capacity, ConsentText] = {
    "leader": ConsentText(
        id="attest_leder",
        version=1,
        language="da",
        body="Jeg har læst teksten og bekræfter den som leder. Min bekræftelse er ikke en underskrift.",
    ),
    "notifier": ConsentText(
        id="attest_underretter",
        version=1,
        language="da",
        body="Jeg bekræfter, at oplysningerne er givet efter bedste overbevisning. Min bekræftelse er ikke en underskrift.",
    ),
}


class AttestedText(msgspec.Struct, frozen=True, kw_only=True):
    """The frozen version: what its answers and its form were, by SHA-256."""

    document_id: str
    version: int
    title: str
    form_id: str
    form_version: int
    definition_digest: str
    answers_digest: str


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_attested``, and what a record of it says. ``child_id``, ``child_name``: empty for what is about no
    child of the register (R-54)."""

    attester_id: str
    attester_name: str
    capacity: Capacity
    child_id: str
    child_name: str
    controller: Organisation
    from_unit: Organisation
    document: AttestedText
    text: ConsentText


def attestation_of(events: Iterable[Event], version: int) -> tuple[Event, Attested] | None:
    """The attestation of that version with its event; ``None`` without one."""
    for event in events:
        if event.kind == KIND and event.payload["document"]["version"] == version:
            return event, msgspec.convert(event.payload, Attested)
    return None


def build_attestation(event: Event, system: x.RecordingSystem) -> bytes:
    """The unsealed record of ``event``, valid against ``consent-1.xsd``. Raises ``TillidError``: ``records.characters``,
    ``records.cpr`` (R-102), ``records.schema``."""
    said = msgspec.convert(event.payload, Attested)
    body = element(
        ELEMENT,
        element("Attester", x.words("Name", said.attester_name), uuid=said.attester_id, capacity=said.capacity),
        x.person("Child", said.child_id, said.child_name) if said.child_id else None,
        x.organisation("From", said.from_unit),
        text_element(said.document),
        x.shown_text(said.text),
        x.sealed_as(STYLESHEET),
    )
    return x.whole("AttestationRecord", event, said.controller, system, body)


def read_attestation(signed: bytes) -> Attested:
    """What a record says, from the bytes that its seal covers. Raises ``XmlRefused``, or ``TillidError`` (``records.schema``) for
    any other record."""
    header, body = r.opened(signed, (ELEMENT,))
    who, child = r.at(body, "Attester"), r.at(body, "Child")
    return Attested(
        attester_id=who.get("uuid"),
        attester_name=r.text(who, "Name"),
        capacity=who.get("capacity"),
        child_id="" if child is None else child.get("uuid"),
        child_name="" if child is None else r.text(child, "Name"),
        controller=r.organisation(r.at(header, "Controller")),
        from_unit=r.organisation(r.at(body, "From")),
        document=read_document(r.at(body, "Document")),
        text=r.shown_text(r.at(body, "ShownText")),
    )


def read_document(held: Any) -> AttestedText:
    """What ``text_element`` wrote."""
    form = r.at(held, "Definition")
    return AttestedText(
        document_id=held.get("uuid"),
        version=int(held.get("version")),
        title=r.text(held, "Title"),
        form_id=form.get("form"),
        form_version=int(form.get("version")),
        definition_digest=form.get("sha256"),
        answers_digest=r.at(held, "Answers").get("sha256"),
    )


def text_element(of: AttestedText) -> Any:
    """The frozen version as a record names it that is about no PDF."""
    return element(
        "Document",
        x.words("Title", of.title),
        element("Definition", form=of.form_id, version=str(of.form_version), sha256=of.definition_digest),
        x.digest("Answers", of.answers_digest),
        uuid=of.document_id,
        version=str(of.version),
    )
