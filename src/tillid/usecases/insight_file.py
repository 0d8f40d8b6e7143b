"""An attached file in a case of insight: opened, looked at page by page, and given with boxes burned into it (R-72, ADR 0058).

The stored file is never changed: what is given is made of it in a process of its own, for the package alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from tillid.archive.insight import Item
from tillid.documents.boxes import Box, possible
from tillid.documents.model import Document
from tillid.documents.rendering import attached_files
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.insight_sources import short_name
from tillid.usecases.insight_text import whole_of
from tillid.usecases.open_attachment import SUFFIX, Attachment
from tillid.usecases.ports import House
from tillid.usecases.ports_parts import PageLook
from tillid.usecases.seal_record import RECORD


def file_of(house: House, item: Item, document: Document) -> Attachment:
    """The bytes of an item that is a file or a record, under a name of numbers. Raises ``NotFound``."""
    if item.kind == "record":
        data = house.ledger.attachments(item.of).get(RECORD)
        media_type, suffix, name = "application/xml", ".xml", f"{document.number}-{item.of[:8]}"
    else:
        data = house.blobs.get(item.digest) if item.kind == "file" else None
        media_type = _type_of(house, item)
        name = f"{short_name(item)}-{item.field}-{item.place}" if item.field else f"papirsvar-{item.of[:8]}"
        suffix, name = SUFFIX.get(media_type, ""), f"{document.number}-{name}"
    if data is None or not suffix:
        raise NotFound("no such file")
    return Attachment(data=data, media_type=media_type, file_name=name + suffix)


def look_at_file(house: House, item: Item, page: int, boxes: Iterable[Box]) -> PageLook | None:
    """One page of it; ``None`` for a file that cannot be drawn: it is given whole or not at all. Raises ``NotFound`` for a page or a
    file that is not there."""
    try:
        return house.uploads.look_at(_stored(house, item), page, boxes)
    except NotFound:
        raise
    except TillidError:
        return None


def boxes_of(house: House, item: Item, boxes: Iterable[Box]) -> tuple[Box, ...]:
    """``boxes`` in order, if the file can be given with them. Raises ``CellsWrong``, ``NotFound``, ``TillidError``."""
    found = possible(boxes)
    if found:  # the last page is there, and can be drawn: all of it is burned when the package is made
        house.uploads.look_at(_stored(house, item), found[-1].page, found)
    return found


def _stored(house: House, item: Item) -> bytes:
    data = house.blobs.get(item.digest)
    if data is None:
        raise NotFound("no such file")
    return data


def _type_of(house: House, item: Item) -> str:
    if not item.field:
        event = house.ledger.event(item.of)
        return event.payload.get("scan_type", "") if event else ""
    files = attached_files(whole_of(house, item).seen.get(item.field))
    return next((one.media_type for one in files if one.sha256 == item.digest), "")
