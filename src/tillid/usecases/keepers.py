"""Who looks after how documents are kept: the archivists of a controller, and for underretninger those with a role of their own (R-54)."""

from __future__ import annotations

from tillid.archive.tombstone import Tombstone
from tillid.process.access import NOTIFICATION, Identity, units_of_controller
from tillid.usecases.ports import House


def keeper_units(house: House, who: Identity) -> frozenset[str]:
    """The units at which ``who`` looks after anything; what of it, each document is asked."""
    organigram = house.people.organigram()
    return units_of_controller(who, "archivist", organigram) | units_of_controller(
        who, "notification_archivist", organigram
    )


def knows_of(house: House, who: Identity, stone: Tombstone) -> bool:
    """Whether ``who`` may be told that the destroyed document was there. Nobody is of a draft: nobody was told of it while it was
    there, and of an underretning the ordinary archivist is not either."""
    if not stone.digests:
        return False
    role = "notification_archivist" if stone.form_id == NOTIFICATION else "archivist"
    return stone.unit_id in units_of_controller(who, role, house.people.organigram())
