"""The place that receives begins a document of its own: its plan of the reception, its evaluation (design 11, ADR 0074).

It names the version it follows on and holds none of its words, so it stays when the consent to those is withdrawn (R-18). The
sender's document is read to begin one and never written.
"""

from __future__ import annotations

import msgspec

from tillid.documents.model import Document, Source
from tillid.forms.definition import Code
from tillid.forms.phases import later_phases
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import allowed, facts_of, require_standing
from tillid.usecases.fill import definition_of
from tillid.usecases.followers import followers
from tillid.usecases.open_copy import what_is_released
from tillid.usecases.ports import House
from tillid.usecases.start_document import first_draft, put_document
from tillid.usecases.system_answers import system_answers
from tillid.usecases.writing import note, record_event

BEGIN = "begin_later"


class LaterPart(msgspec.Struct, frozen=True, kw_only=True):
    """A later phase as the receiver's page offers it. ``document``: the own one that there is; else it can be begun."""

    phase: Code
    document: Document | None


def begin_later(house: House, who: Identity, document_id: str, phase: str) -> Document:
    """A draft of ``phase``, or the one that the place has begun already. Raises ``NotFound`` for who may not read what is
    released now, and for a phase that the form has not."""
    document, _, found = require_standing(house, who, BEGIN, document_id)
    note(house, who, BEGIN, document)
    version = what_is_released(house, document, found).version
    child, unit_id = house.people.child(document.child_id), document.receiver_unit_id
    if child is None or unit_id is None or phase not in {one.id for one in later_phases(definition_of(house, version))}:
        raise NotFound("no such phase")
    if earlier := own_parts(house, document).get(phase):
        return earlier
    pinned = msgspec.structs.replace(version.definition, overlay="", phase=phase)
    form = house.definitions.of(pinned)
    source = Source(
        document_id=document.id, version=version.number, unit_id=document.unit_id, definition=version.definition
    )
    own = put_document(house, who, form, unit_id, document.variant, child=child, phase=phase, source=source)
    known = system_answers(house, own, who, child=child, variant_asked=False)
    house.documents.add(own, first_draft(house, own, known))
    payload = {"form": form.name, "phase": phase, "source": msgspec.to_builtins(source)}
    record_event(house, own, "document_created", who.person_id, payload)
    return own


def own_parts(house: House, document: Document) -> dict[str, Document]:
    """Phase → the receiving place's own document that follows on ``document``."""
    here = document.receiver_unit_id
    return {one.definition.phase: one for one in followers(house, document) if one.unit_id == here}


def seen_parts(house: House, who: Identity, document: Document) -> list[Document]:
    """Those that ``who`` may see now, whatever has become of the release."""
    return [
        one for one in own_parts(house, document).values() if allowed(house, who, "see_status", facts_of(house, one))
    ]


def named_in_lists(house: House, who: Identity, own: Document) -> str:
    """The child's name as a list or a hit tells it of an ``own`` document: none once ``who`` can no longer open what it follows on, as that
    one's line (R-22), until the child is there."""
    child, source = house.people.child(own.child_id), own.source
    if child is None or source is None:
        return ""
    if child.unit_id == own.unit_id:
        return child.name
    first = house.documents.get(source.document_id)
    return child.name if first is not None and allowed(house, who, "read_released", facts_of(house, first)) else ""


def offered_parts(house: House, document: Document, phases: tuple[Code, ...]) -> tuple[LaterPart, ...]:
    """What the page of who reads ``document`` now says of each of ``phases``: whoever may read it may see them and begin them."""
    there = own_parts(house, document)
    return tuple(LaterPart(phase=one, document=there.get(one.id)) for one in phases)
