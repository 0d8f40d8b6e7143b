"""An order of all of a round's documents: a list of ids for one person and two hours, in the second store (ADR 0034)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from tillid.documents.model import Version
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import derived_id
from tillid.process.access import Identity, works_with
from tillid.process.organisation import Round
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.ports import House, outbox_key
from tillid.usecases.round_documents import ReadOperation, RoundDocument

STEP = "gather_copy"
LIFE = timedelta(hours=2)
NO_CHILD = "gruppe"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """``version``: 0 for a draft; ``path``: where it lies in the file, named by numbers alone (R-111), empty for a draft."""

    document_id: str
    number: str
    version: int
    operation: ReadOperation
    folder: str
    path: str


class Gathering(msgspec.Struct, frozen=True, kw_only=True):
    """What one person has ordered of a round."""

    id: str
    round_id: str
    person_id: str
    purpose: str
    at: datetime
    until: datetime
    items: tuple[Item, ...]


def require_round(house: House, who: Identity, round_id: str) -> Round:
    """The round for who works with its unit (R-70); else ``NotFound``."""
    round_ = house.people.round(round_id)
    if round_ is None or not works_with(who, round_.unit_id, house.people.organigram()):
        raise NotFound("no round of this person's unit")
    return round_


def gathering_of(house: House, who: Identity, round_id: str) -> Gathering | None:
    """What ``who`` has ordered of the round, as long as it is kept."""
    return kept(house, order_id(who, round_id), who.person_id)


def may_be_taken(house: House, who: Identity, item: Item) -> bool:
    """Whether ``who`` may open the copy now."""
    document = house.documents.get(item.document_id)
    return document is not None and allowed(house, who, item.operation, facts_of(house, document))


def purpose_of(code: str) -> str:
    """As it stands in the log."""
    return f"gather:{code}"


def kept(house: House, order: str, person_id: str) -> Gathering | None:
    """The order ``order`` if it is that person's and still kept."""
    found = house.previews.get(order, person_id, house.moment)
    return None if found is None else msgspec.json.decode(found.data, type=Gathering)


def order_id(who: Identity, round_id: str) -> str:
    """One order a person and round: a new one takes the place of the last."""
    return derived_id(bytes.fromhex(sha256(f"gathering:{round_id}:{who.person_id}".encode())))


def items_of(found: list[RoundDocument]) -> tuple[Item, ...]:
    """The items of an order, in the order given."""
    folders = _folders(one.document.child_id for one in found)
    return tuple(_item(one, folders[one.document.child_id]) for one in found)


def _item(found: RoundDocument, folder: str) -> Item:
    document = found.document
    return Item(
        document_id=document.id,
        number=document.number,
        version=found.version,
        operation=found.operation,
        folder=folder,
        path=f"{folder}/{document.number}-v{found.version}.pdf" if found.version else "",
    )


def _folders(child_ids: Iterable[str]) -> dict[str, str]:
    """A folder per child, numbered in the order given: the name says nothing, the list in the file says whose it is."""
    children = [one for one in dict.fromkeys(child_ids) if one]
    width = max(2, len(str(len(children))))
    return {"": NO_CHILD} | {child: f"{place:0{width}}" for place, child in enumerate(children, 1)}


def version_of(house: House, item: Item) -> Version | None:
    """The frozen version that was ordered."""
    return house.documents.version(item.document_id, item.version)


def made(version: Version | None) -> bool:
    """Whether the team's copy is there."""
    return version is not None and "team" in version.copies


def ids_of(gathering: Gathering, item: Item) -> dict[str, str]:
    """Of the outbox entry that makes the item's copy."""
    return {"order": gathering.id, "person": gathering.person_id, "document": item.document_id, "version": str(item.version)}  # fmt: skip


def key_of(gathering: Gathering, item: Item) -> str:
    return outbox_key(STEP, ids_of(gathering, item))
