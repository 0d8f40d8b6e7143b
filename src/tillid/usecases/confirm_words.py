"""A parent confirms the words a professional wrote in their talk, before the text can be locked (station 2, O2)."""

from __future__ import annotations

from tillid.documents.talks import confirmed_by, waiting_for
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.ports import House
from tillid.usecases.writing import note, record_event


def confirm_words(house: House, who: Identity, document_id: str) -> int:
    """Confirm what was written in a talk with ``who``; returns how many fields that were."""
    document, _ = require(house, who, "confirm_words", document_id)
    draft = house.documents.draft(document_id)
    mine = waiting_for(draft, who.person_id)
    if not mine:
        return 0
    note(house, who, "confirm_words", document)
    house.documents.save_draft(confirmed_by(draft, {who.person_id}, house.moment))
    record_event(house, document, "words_confirmed", who.person_id, {"fields": sorted(mine)})
    return len(mine)
