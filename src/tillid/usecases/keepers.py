"""Who looks after how documents are kept: the archivists of a controller, and for underretninger those with a role of their own (R-54)."""

from __future__ import annotations

from tillid.archive.tombstone import Tombstone
from tillid.process.access import NOTIFICATION, Identity, units_of_controller
from tillid.process.organisation import Role
from tillid.usecases.ports import House


def role_for(form_id: str) -> Role:
    """Who looks after documents of the form."""
    return "notification_archivist" if form_id == NOTIFICATION else "archivist"


def place(form_id: str, unit_id: str) -> str:
    """Who looks after a document where, in one word: so that no count tells one of what is the other's (R-54)."""
    return f"{role_for(form_id)}:{unit_id}"


def places_of(house: House, who: Identity) -> frozenset[str]:
    """The places at which ``who`` looks after something."""
    organigram, roles = house.people.organigram(), ("archivist", "notification_archivist")
    return frozenset(f"{role}:{unit}" for role in roles for unit in units_of_controller(who, role, organigram))


def keeper_units(house: House, who: Identity) -> frozenset[str]:
    """The units at which ``who`` looks after anything; what of it, each document is asked."""
    organigram = house.people.organigram()
    return units_of_controller(who, "archivist", organigram) | units_of_controller(
        who, "notification_archivist", organigram
    )


def was_kept(house: House, who: Identity, document_id: str) -> bool:
    """Whether the document was destroyed and ``who`` may be told so."""
    stone = house.documents.tombstone(document_id)
    return stone is not None and knows_of(house, who, stone)


def knows_of(house: House, who: Identity, stone: Tombstone) -> bool:
    """Whether ``who`` may be told that the destroyed document was there. Nobody is of a draft that went by its rule: nobody was told of it
    while it was there, and of an underretning the ordinary archivist is not either."""
    if not stone.digests and not stone.confirmed_by:
        return False
    return stone.unit_id in units_of_controller(who, role_for(stone.form_id), house.people.organigram())
