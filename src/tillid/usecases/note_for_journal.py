"""The sender's side fetches the note of a health consent for the patient's journal (R-20)."""

from __future__ import annotations

from tillid.consents.journal import HEALTH, journal_note
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import judge, requests_of, require
from tillid.usecases.ports import House
from tillid.usecases.writing import note

OPERATION = "journal_note"


def note_for_journal(house: House, who: Identity, document_id: str) -> tuple[str, str]:
    """The document's number and the note of the newest health consent about it. Raises ``NotFound`` for others, and when no
    health consent was asked for; an attempt row is written first."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    events = house.ledger.of_document(document_id)
    request = next((one for one in reversed(requests_of(events)) if one.basis.code == HEALTH), None)
    if request is None:
        raise NotFound("no health consent")
    return document.number, journal_note(request, events, judge(house, request, events, facts.custody), document.number)
