"""All of a round's documents in one file: ordered, made one by one through the outbox, fetched, forgotten (ADR 0034).

No file is ever kept. What is not printed yet is one outbox entry per document, so that a crash loses at most the one under
way. ``gather_progress.py`` says how far it is, ``gathered_zip.py`` makes the file when it is fetched, and asks again for
each document.
"""

from __future__ import annotations

import msgspec

from tillid.documents.model import Document, Version
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.copy_job import copy_job
from tillid.usecases.gathering import (
    LIFE,
    STEP,
    Gathering,
    Item,
    gathering_of,
    ids_of,
    items_of,
    kept,
    key_of,
    made,
    may_be_taken,
    order_id,
    purpose_of,
    require_round,
    version_of,
)
from tillid.usecases.keep_copy import render_and_keep, with_copy
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.round_documents import documents_of_round
from tillid.usecases.writing import audit_row

MEDIA_TYPE = "application/json"
# Codes, so that nobody writes about a person into the log.
PURPOSES = ("team_meeting", "follow_up", "supervision")


class PurposeMissing(TillidError):
    code = "gather.purpose-missing"
    text = "Vælg, hvad du skal bruge dokumenterne til. Det bliver skrevet i loggen."


def begin_gathering(house: House, who: Identity, round_id: str, purpose: str) -> Gathering:
    """Order the round's documents, in the place of what the same person had ordered of it. The row with ``purpose`` (one of
    ``PURPOSES``) is written first. Raises ``NotFound``, ``PurposeMissing``."""
    round_ = require_round(house, who, round_id)
    if purpose not in PURPOSES:
        raise PurposeMissing("no known purpose")
    house.audit.write(audit_row(house, who, "gather_copies", round_id, "", purpose_of(purpose)))
    gathering = Gathering(
        id=order_id(who, round_id),
        round_id=round_id,
        person_id=who.person_id,
        purpose=purpose,
        at=house.moment,
        until=house.moment + LIFE,
        items=items_of(documents_of_round(house, who, round_)),
    )
    for item in gathering.items:
        if item.version and not made(version_of(house, item)):
            _want(house, gathering, item)
    house.previews.put(who.person_id, msgspec.json.encode(gathering), MEDIA_TYPE, house.moment, gathering.id, LIFE)
    return gathering


def stop_gathering(house: House, who: Identity, round_id: str) -> None:
    """Forget the order and what still waits for it; copies that are made stay with their documents. A second click changes
    nothing. Raises ``NotFound``."""
    require_round(house, who, round_id)
    gathering = gathering_of(house, who, round_id)
    if gathering is None:
        return
    house.audit.write(audit_row(house, who, "stop_gathering", round_id, "", purpose_of(gathering.purpose)))
    for item in gathering.items:
        house.outbox.remove(key_of(gathering, item))
    house.previews.drop(gathering.id)


def gather_copy(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The team's copy of one document, for an order that still stands and a person who may still open it; else nothing."""
    with open_house() as house:
        found = _still_wanted(house, entry)
        if found is None:
            return
        document, version = found
        job, renderer = copy_job(house, document, version, "team"), house.renderer
    render_and_keep(open_house, renderer, document.id, version.number, job, with_copy)


def _still_wanted(house: House, entry: OutboxEntry) -> tuple[Document, Version] | None:
    ids = entry.ids
    gathering, staff = kept(house, ids["order"], ids["person"]), house.people.staff(ids["person"])
    items = [one for one in gathering.items if one.document_id == ids["document"]] if gathering else []
    if staff is None or not items or not may_be_taken(house, Identity.of_staff(staff), items[0]):
        return None
    document, version = house.documents.get(ids["document"]), version_of(house, items[0])
    if document is None or version is None or made(version):
        return None
    return document, version


def _want(house: House, gathering: Gathering, item: Item) -> None:
    """The entry, anew where it was given up before."""
    given_up = house.outbox.get(key_of(gathering, item))
    if given_up is not None and given_up.dead:
        house.outbox.remove(given_up.key)
    house.outbox.add(STEP, ids_of(gathering, item), house.moment)
