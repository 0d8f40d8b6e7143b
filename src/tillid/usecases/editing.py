"""Colleagues see who has which section of a draft open, so that different sections are filled at the same time (O2).

Employees only: what a parent does in a draft is never noted, so no parent's presence can be seen by the other parent or by
anybody else (design 24, ADR 0023). An individual trivselsskema has one writer and is blind (design 25): nothing is noted.
"""

from __future__ import annotations

import msgspec

from tillid.documents.model import Document
from tillid.process.access import Identity
from tillid.usecases.facts import allowed, facts_of, require
from tillid.usecases.fill import reader_of, side_of
from tillid.usecases.ports import House


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else who has ``section`` open."""

    name: str
    section: str


LOOK = ("see_draft", "see_status")  # of a page that is still open after the text has been locked


def editing_now(house: House, who: Identity, document_id: str, section: str) -> tuple[Colleague, ...] | None:
    """Note that ``who`` has ``section`` open; the colleagues who have a section open. ``None``: the text is locked, nobody
    writes any more. Raises ``NotFound`` for who may not see the draft. No content is shown: no row in the log."""
    document, facts = require(house, who, LOOK, document_id)
    return note_and_look(house, who, document, section) if allowed(house, who, "see_draft", facts) else None


def note_and_look(house: House, who: Identity, document: Document, section: str) -> tuple[Colleague, ...]:
    """``editing_now`` for a page that has asked and logged."""
    if not shown_to(who, document):
        return ()
    house.presence.mark(document.id, who.person_id, section, house.moment)
    others = house.presence.of(document.id, house.moment)
    staff = [(house.people.staff(person), section) for person, section in others.items() if person != who.person_id]
    return tuple(sorted((Colleague(name=one.name, section=section) for one, section in staff if one is not None),
                        key=lambda colleague: colleague.name))  # fmt: skip


def shown_to(who: Identity, document: Document) -> bool:
    """Whether ``who`` is told of colleagues in ``document`` at all, and they of ``who``: in what a team writes."""
    return reader_of(document, side_of(who)) == "team"


def may_go_on(house: House, who: Identity, document_id: str) -> bool:
    """Whether ``who`` may see the draft, for who comes from another person's page; asks without a row."""
    document = house.documents.get(document_id)
    return document is not None and allowed(house, who, "see_draft", facts_of(house, document))
