"""What falls due in a unit, month by month, and what is left of what was destroyed there (R-82, R-90)."""

from __future__ import annotations

import msgspec

from tillid.archive.retention import by_month
from tillid.archive.tombstone import Tombstone
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.process.organisation import Unit
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.keep_document import SEE, Kept, kept
from tillid.usecases.keepers import keeper_units, knows_of
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row


class DueList(msgspec.Struct, frozen=True, kw_only=True):
    """``units``: the archivist's; ``unit``: the one shown; ``months``: month → what falls due in it, with everything overdue;
    ``waiting``: what has no day yet; ``orders``: destructions asked for, whatever their day; ``destroyed``: newest first."""

    units: tuple[Unit, ...]
    unit: Unit | None = None
    months: tuple[tuple[str, tuple[Kept, ...]], ...] = ()
    waiting: int = 0
    orders: tuple[Kept, ...] = ()
    destroyed: tuple[Tombstone, ...] = ()


def due_list(house: House, who: Identity, unit_id: str) -> DueList:
    """One unit at a time, so that a page costs what a unit has. Raises ``NotFound`` for everybody but the archivists of the
    unit's own controller (R-05); an empty ``unit_id`` lists the units alone."""
    own = keeper_units(house, who)
    if not own or unit_id and unit_id not in own:
        raise NotFound("not an archivist of the unit")
    found = sorted((unit for id_ in own if (unit := house.people.unit(id_))), key=lambda one: (one.name, one.id))
    units = tuple(found)
    if not unit_id:
        return DueList(units=units)
    house.audit.write(audit_row(house, who, "due_list", unit_id, "", "due_list"))
    shown = {}
    for document in house.documents.of_unit(unit_id):
        facts = facts_of(house, document)
        if allowed(house, who, SEE, facts):
            shown[document.id] = kept(house, document, facts)
    months = by_month({id_: one.due for id_, one in shown.items()})
    return DueList(
        units=units,
        unit=house.people.unit(unit_id),
        months=tuple((month, tuple(shown[id_] for id_ in ids)) for month, ids in months.items()),
        waiting=sum(one.due is None for one in shown.values()),
        orders=tuple(one for one in shown.values() if one.keeping.order is not None),
        destroyed=tuple(one for one in house.documents.tombstones_of_unit(unit_id) if knows_of(house, who, one)),
    )
