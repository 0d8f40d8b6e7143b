"""A preview of the draft as the parents will get it, before it is shared (station 3).

The outbox renders it (``follow_up.render_preview``); it lies in the second store, for one person and half an hour, and
belongs to one text: another text has no preview until somebody asks for one (design 18).
"""

from __future__ import annotations

from typing import Literal

from tillid.documents.model import Document
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.fill import text_digest
from tillid.usecases.follow_up import PREVIEW_STEP, preview_id
from tillid.usecases.ports import House, OutboxEntry
from tillid.usecases.writing import note

PreviewState = Literal["none", "working", "failed", "ready"]


class NoPreview(TillidError):
    code = "preview.outdated"
    text = "Der er ingen forhåndsvisning af teksten, som den står nu. Enten er teksten ændret, eller der er gået for lang tid. Lav en ny."


def make_preview(house: House, who: Identity, document_id: str) -> None:
    """1. may the person? 2. log 3. have the present text rendered, unless it is there or under way. Raises ``NotFound``."""
    document, _ = require(house, who, "share", document_id)
    note(house, who, "preview", document)
    if preview_state(house, who, document) in ("ready", "working"):
        return
    if (given_up := _entry(house, who, document)) is not None:
        house.outbox.remove(given_up.key)
    house.outbox.add(PREVIEW_STEP, _ids(house, who, document), house.moment)


def preview_state(house: House, who: Identity, document: Document) -> PreviewState:
    """How far the preview of the present text is for ``who``; the caller has asked for ``share``."""
    if house.previews.get(preview_id(_ids(house, who, document)), who.person_id, house.moment) is not None:
        return "ready"
    entry = _entry(house, who, document)
    if entry is None:
        return "none"
    return "failed" if entry.dead else "working"


def preview_progress(house: House, who: Identity, document_id: str) -> tuple[Document, PreviewState]:
    """The document and how far its preview is; shows nothing of it. Raises ``NotFound``."""
    document, _ = require(house, who, "share", document_id)
    return document, preview_state(house, who, document)


def open_preview(house: House, who: Identity, document_id: str) -> tuple[Document, bytes]:
    """The PDF that was made for ``who`` of the text as it stands now. Raises ``NotFound``, and ``NoPreview`` when the text
    was changed since or the half hour is over."""
    document, _ = require(house, who, "share", document_id)
    note(house, who, "preview", document)
    found = house.previews.get(preview_id(_ids(house, who, document)), who.person_id, house.moment)
    if found is None:
        raise NoPreview("none for this text")
    return document, found.data


def _entry(house: House, who: Identity, document: Document) -> OutboxEntry | None:
    return house.outbox.get(":".join((PREVIEW_STEP, *_ids(house, who, document).values())))


def _ids(house: House, who: Identity, document: Document) -> dict[str, str]:
    return {"document": document.id, "person": who.person_id, "text": text_digest(house.documents.draft(document.id))}
