"""The receiver opens what is released now, and the leader names who may read with them (station 6, R-22)."""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.consents.decision import ShareDecision
from tillid.consents.model import Basis, Organisation, Purpose
from tillid.consents.remarks import Remarks, remarks_of
from tillid.documents.model import Document
from tillid.documents.rendering import COPIES, RenderSection, unsaid
from tillid.forms.phases import later_phases
from tillid.process.access import Identity
from tillid.process.organisation import Staff
from tillid.usecases.acknowledge_reception import ReceptionShown, reception_shown
from tillid.usecases.copy_job import Head, head_of
from tillid.usecases.facts import allowed, require_standing
from tillid.usecases.fill import definition_of
from tillid.usecases.later_part import LaterPart, offered_parts
from tillid.usecases.open_copy import Mark, Released, what_is_released
from tillid.usecases.ports import House, outbox_key
from tillid.usecases.read_text import frozen_sections
from tillid.usecases.writing import note


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says of the share that releases. The answers are its sections and nothing else: all of a page is held against
    what is remembered, and a release with its version, question and answers was two thirds of it. ``decided``: by a leader."""

    document: Document
    version: int
    child_name: str
    from_unit: Organisation
    to_unit: Organisation
    purpose: Purpose
    basis: Basis
    valid_to: date
    oral: bool
    decided: bool


class ReceivedPage(msgspec.Struct, frozen=True, kw_only=True):
    """``mark``: of what is released; ``head`` and ``sections``: the facts and the released answers as in the receiver's PDF, and nothing else (design 16);
    ``kind``: whose copy it is; ``remarks``: what stands beside the text; ``reception``: what is or can be acknowledged; ``parts``: the
    place's own documents that follow on it; ``pages``: how
    many the PDF has, 0 while it is not made; ``failing``: making it has failed and is tried again or given up. ``readers`` and ``candidates`` (whom the leader may name) are for the leader alone."""

    release: Release
    mark: Mark
    title: str
    form_version: int
    head: Head
    kind: str
    sections: tuple[RenderSection, ...]
    remarks: Remarks
    reception: ReceptionShown
    parts: tuple[LaterPart, ...]
    pages: int
    failing: bool
    may_name: bool
    readers: tuple[Staff, ...]
    candidates: tuple[Staff, ...]


def received_page(
    house: House, who: Identity, document_id: str, language: str = "da", *, again: bool = False
) -> ReceivedPage:
    """What the receiver sees now. ``again``: asked on a fresh view, without a second audit row. Raises ``NotFound``."""
    document, facts, found = require_standing(house, who, "read_released", document_id)
    if not again:
        note(house, who, "read_released", document)
    now = what_is_released(house, document, found)
    assert found is not None, "something is released"
    definition = definition_of(house, now.version)
    shown = frozen_sections(definition, now.version, now.answers, "receiver", language, now.key)
    may_name = allowed(house, who, "name_reader", facts)
    named = set(now.document.named_readers)
    staff = _professionals(house, now.document.receiver_unit_id) if may_name else ()
    return ReceivedPage(
        release=_told(now),
        mark=now.mark,
        title=definition.title,
        form_version=definition.version,
        head=unsaid(head_of(house, now.document, now.version), shown),
        kind=COPIES["receiver"],
        sections=shown,
        remarks=remarks_of(house.ledger.of_document(document_id)),
        reception=reception_shown(house, who, document, facts, found),
        parts=offered_parts(house, document, later_phases(definition.in_language(language))),
        pages=pages_of(now),
        failing=copy_fails(house, now),
        may_name=may_name,
        readers=tuple(one for one in staff if one.id in named),
        candidates=tuple(one for one in staff if one.id not in named and one.id != who.person_id),
    )


def _told(now: Released) -> Release:
    share = now.request
    return Release(
        document=now.document,
        version=now.version.number,
        oral=now.oral,
        decided=isinstance(share, ShareDecision),
        **{
            name: getattr(share, name)
            for name in ("child_name", "from_unit", "to_unit", "purpose", "basis", "valid_to")
        },
    )


def pages_of(now: Released) -> int:
    """How many pages the receiver's PDF of it has, 0 while it is not made."""
    made = now.version.receiver_copies.get(now.key)
    return made.pages if made else 0


def copy_fails(house: House, now: Released) -> bool:
    """Whether the outbox has tried in vain to make a receiver's PDF of this consent."""
    if now.key in now.version.receiver_copies:
        return False
    begun = {"document": now.document.id, "request": now.request.id}
    events = (one for one in house.ledger.of_document(now.document.id) if one.request_id == now.request.id)
    orders = (begun, *({**begun, "event": event.id} for event in events))
    found = (house.outbox.get(outbox_key("render_released", ids)) for ids in orders)
    return any(entry is not None and entry.attempts > 0 for entry in found)


def _professionals(house: House, unit_id: str | None) -> tuple[Staff, ...]:
    """The teachers and pædagoger of one unit, by name."""
    found = {
        staff.id: staff
        for staff in house.people.all_staff()
        for one in staff.assignments
        if one.unit_id == unit_id and one.role == "professional"
    }.values()
    return tuple(sorted(found, key=lambda staff: staff.name))
