"""The drafts as they were before they were moved: listed, read, and whether they may be brought back (ADR 0021)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.ports import House
from tillid.usecases.writing import note

OPERATION = "move_draft"


class EarlierLine(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier draft on the document's page."""

    number: int
    version: int
    moved_at: datetime
    left_over: int
    may_restore: bool


def earlier_lines(house: House, document: Document, may: frozenset[str]) -> tuple[EarlierLine, ...]:
    """The earlier drafts for who may read the working one; newest first."""
    if "see_draft" not in may:
        return ()
    return tuple(
        EarlierLine(
            number=one.number,
            version=one.definition.version,
            moved_at=one.moved_at,
            left_over=one.left_over,
            may_restore=OPERATION in may and may_restore(document, one),
        )
        for one in reversed(house.documents.earlier_drafts(document.id))
    )


def open_earlier(house: House, who: Identity, document_id: str, number: int) -> tuple[Document, EarlierDraft]:
    """An earlier draft to read, for the sender's side that may read the working one; logged first."""
    document, _ = require(house, who, "see_draft", document_id)
    found = numbered(house, document_id, number)
    if who.kind != "staff":
        raise NotFound("no earlier draft for this person")
    note(house, who, "see_draft", document)
    return document, found


def numbered(house: House, document_id: str, number: int) -> EarlierDraft:
    """Earlier draft ``number``; raises ``NotFound``."""
    for one in house.documents.earlier_drafts(document_id):
        if one.number == number:
            return one
    raise NotFound("no such earlier draft")


def may_restore(document: Document, earlier: EarlierDraft) -> bool:
    """Nothing was frozen since, and the draft is still one that may move."""
    return movable(document) and document.versions == earlier.versions


def movable(document: Document) -> bool:
    """Whether the working draft is still one that nobody has agreed to for good."""
    return document.state in ("draft", "shared") and document.agreed_version is None
