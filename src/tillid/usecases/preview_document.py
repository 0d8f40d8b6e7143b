"""A preview of the draft as the parents will get it, before it is shared (station 3).

The outbox renders it (``follow_up.render_preview``); it lies in the second store, for one person and half an hour, and
belongs to one text: another text has no preview until somebody asks for one (design 18).
"""

from __future__ import annotations

from tillid.documents.model import Document
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.fill import text_digest
from tillid.usecases.follow_up import PREVIEW_STEP
from tillid.usecases.made_for_person import MadeState, made, order, state_of
from tillid.usecases.ports import House
from tillid.usecases.writing import note


class NoPreview(TillidError):
    code = "preview.outdated"
    text = "Der er ingen forhåndsvisning af teksten, som den står nu. Enten er teksten ændret, eller der er gået for lang tid. Lav en ny."


def make_preview(house: House, who: Identity, document_id: str) -> None:
    """1. may the person? 2. log 3. have the present text rendered, unless it is there or under way. Raises ``NotFound``."""
    document, _ = require(house, who, "share", document_id)
    note(house, who, "preview", document)
    order(house, PREVIEW_STEP, _ids(house, who, document))


def preview_state(house: House, who: Identity, document: Document) -> MadeState:
    """How far the preview of the present text is for ``who``; the caller has asked for ``share``."""
    return state_of(house, PREVIEW_STEP, _ids(house, who, document))


def preview_progress(house: House, who: Identity, document_id: str) -> tuple[Document, MadeState]:
    """The document and how far its preview is; shows nothing of it. Raises ``NotFound``."""
    document, _ = require(house, who, "share", document_id)
    return document, preview_state(house, who, document)


def open_preview(house: House, who: Identity, document_id: str) -> tuple[Document, bytes]:
    """The PDF that was made for ``who`` of the text as it stands now. Raises ``NotFound``, and ``NoPreview`` when the text
    was changed since or the half hour is over."""
    document, _ = require(house, who, "share", document_id)
    note(house, who, "preview", document)
    found = made(house, PREVIEW_STEP, _ids(house, who, document))
    if found is None:
        raise NoPreview("none for this text")
    return document, found


def _ids(house: House, who: Identity, document: Document) -> dict[str, str]:
    return {"document": document.id, "person": who.person_id, "text": text_digest(house.documents.draft(document.id))}
