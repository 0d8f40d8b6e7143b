"""The PDF that the receiving archive gets of what is kept for good, where the archive's own copy is not all of it (ADR 0066).

Made when an archivist marks the document *bevares*, and for no other: a working paper that is discarded was never printed. Its reader is
nobody's here, so no channel opens it; it goes with the document when that is destroyed.
"""

from __future__ import annotations

from tillid.archive.keeping import keeping_of
from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.forms.readers import KEPT
from tillid.usecases.copy_job import copy_job
from tillid.usecases.hand_over import HandedOver, NotTheArchives, handed_over
from tillid.usecases.keep_copy import render_and_keep, with_copy
from tillid.usecases.ports import House, OpenHouse, OutboxEntry

STEP = "render_kept"


def render_kept(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Render it, if it is to be kept and is final; nothing if it has come to be otherwise, or the copy is there."""
    with open_house() as house:
        document = house.documents.get(entry.ids["document"])
        events = house.ledger.of_document(document.id) if document is not None else []
        given = _missing(house, document, events)
        if document is None or given is None:
            return
        job, renderer = copy_job(house, document, given.version, KEPT), house.renderer
    render_and_keep(open_house, renderer, document.id, given.version.number, job, with_copy)


def let_render_kept(house: House, document: Document, events: list[Event]) -> None:
    """Remember that the copy is to be made, if there is one to make."""
    if (order := copy_to_make(house, document, events)) is not None:
        house.outbox.add(STEP, order, house.moment)


def copy_to_make(house: House, document: Document, events: list[Event]) -> dict[str, str] | None:
    """As the outbox is told of it (``STEP``); ``None``: there is none to make."""
    given = _missing(house, document, events)
    return None if given is None else {"document": document.id, "version": str(given.version.number)}


def _missing(house: House, document: Document | None, events: list[Event]) -> HandedOver | None:
    if document is None or keeping_of(events).mark != "bevares":
        return None
    try:
        given = handed_over(house, document, events)
    except NotTheArchives:
        return None
    return given if given.reader == KEPT and KEPT not in given.version.copies else None
