"""Opening an uploaded file: only who may read the answer that names it, and only from the text it stands in (design 16).

A file is addressed by field and place (1 for a single file, its number in a list), never by its digest.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.documents.model import Document
from tillid.documents.rendering import attached_files
from tillid.forms.answers import projection
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, is_notification
from tillid.usecases.facts import require
from tillid.usecases.fill import definition_of, draft_view
from tillid.usecases.given import parents_numbers
from tillid.usecases.notifications import reader_of_sent
from tillid.usecases.open_copy import released, still_released
from tillid.usecases.ports import House
from tillid.usecases.writing import note

ACTION = "read_attachment"
SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf"}


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """``file_name``: the document's number and the field, never what somebody called it (R-111)."""

    data: bytes
    media_type: str
    file_name: str


def version_operations(who: Identity) -> tuple[str, ...]:
    """By which rights ``who`` may read a frozen version."""
    return ("read_parent_copy",) if who.kind != "staff" else ("read_team_copy", "read_notification")


def draft_attachment(house: House, who: Identity, document_id: str, field_id: str, place: int) -> Attachment:
    """From the text that is being written. Raises ``NotFound``."""
    document, facts = require(house, who, "see_draft", document_id)
    note(house, who, ACTION, document)
    view = draft_view(house, who, document, facts)
    stored = view.draft.fields.get(field_id)
    return _opened(house, document, {field_id: stored.value if stored else None}, field_id, place)


def version_attachment(
    house: House, who: Identity, document_id: str, number: int, field_id: str, place: int
) -> Attachment:
    """From version ``number`` as ``who`` may see it. Raises ``NotFound``."""
    document, _ = require(house, who, version_operations(who), document_id)
    note(house, who, ACTION, document)
    if who.kind != "staff":
        parents_numbers(house, document, number)
    version = house.documents.version(document_id, number)
    if version is None:
        raise NotFound("no such version")
    reader = "parent" if who.kind != "staff" else "team"
    if is_notification(document):
        reader = reader_of_sent(who, document)
    seen = projection(definition_of(house, version), version.answers, reader)
    return _opened(house, document, seen, field_id, place)


def released_attachment(
    house: House, who: Identity, document_id: str, field_id: str, place: int, *, again: bool = False
) -> Attachment:
    """The receiver's: of an item that is released and effective now. ``again``: asked on a fresh view, without a second
    audit row. Raises ``NotFound``, also when this very item was taken back."""
    now = still_released(house, who, document_id) if again else released(house, who, document_id)
    if not again:
        note(house, who, ACTION, now.document)
    seen = projection(definition_of(house, now.version), now.answers, "receiver")
    return _opened(house, now.document, seen, field_id, place)


def _opened(house: House, document: Document, answers: dict[str, Any], field_id: str, place: int) -> Attachment:
    found = next((one for one in attached_files(answers.get(field_id)) if one.place == place), None)
    suffix = SUFFIX.get(found.media_type) if found else None
    data = house.blobs.get(found.sha256) if found else None
    if found is None or suffix is None or data is None:
        raise NotFound("no such file")
    name = f"{document.number}-{field_id}" + (f"-{place}" if place > 1 else "") + suffix
    return Attachment(data=data, media_type=found.media_type, file_name=name)
