"""A parent confirms the words a professional wrote in their talk, before the text can be locked (station 2, O2)."""

from __future__ import annotations

import msgspec

from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.ports import House
from tillid.usecases.writing import note, record_event


def confirm_words(house: House, who: Identity, document_id: str) -> int:
    """Confirm what was written in a talk with ``who``; returns how many fields that were."""
    document, _ = require(house, who, "confirm_words", document_id)
    draft = house.documents.draft(document_id)
    mine = {f: w for f, w in draft.written_for.items() if w.with_holder == who.person_id and w.confirmed_at is None}
    if not mine:
        return 0
    note(house, who, "confirm_words", document)
    confirmed = {f: msgspec.structs.replace(w, confirmed_at=house.moment) for f, w in mine.items()}
    house.documents.save_draft(msgspec.structs.replace(draft, written_for={**draft.written_for, **confirmed}))
    record_event(house, document, "words_confirmed", who.person_id, {"fields": sorted(mine)})
    return len(mine)
