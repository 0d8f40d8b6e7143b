"""What falls due in a unit, month by month, and what is left of what was destroyed there (R-82, R-90)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from tillid.archive.retention import by_month
from tillid.archive.tombstone import Tombstone
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.process.organisation import Unit
from tillid.usecases.due_overview import DueOverview, due_overview
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.keep_document import SEE, Kept, kept
from tillid.usecases.keepers import keeper_units, knows_of
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row

MOST_LIVE = 200  # documents of a place that are all looked up for its page; of more, what was worked out last is shown


class DueList(msgspec.Struct, frozen=True, kw_only=True):
    """``units``: the archivist's; ``unit``: the one shown; ``months``: month → what falls due in it, with everything overdue;
    ``waiting``: what has no day yet; ``orders``: destructions asked for, whatever their day; ``destroyed``: newest first; ``many``: the
    months of a place with more documents than a page has, as they were worked out last: then ``months`` is empty."""

    units: tuple[Unit, ...]
    unit: Unit | None = None
    months: tuple[tuple[str, tuple[Kept, ...]], ...] = ()
    waiting: int = 0
    orders: tuple[Kept, ...] = ()
    destroyed: tuple[Tombstone, ...] = ()
    many: DueOverview | None = None


def due_list(house: House, who: Identity, unit_id: str) -> DueList:
    """One unit at a time. Raises ``NotFound`` for everybody but the archivists of the unit's own controller (R-05); an empty ``unit_id``
    lists the units alone."""
    own = keeper_units(house, who)
    if not own or unit_id and unit_id not in own:
        raise NotFound("not an archivist of the unit")
    found = sorted((unit for id_ in own if (unit := house.people.unit(id_))), key=lambda one: (one.name, one.id))
    units = tuple(found)
    if not unit_id:
        return DueList(units=units)
    ids = list(islice(house.documents.ids_of_unit(unit_id), MOST_LIVE + 1))
    many = due_overview(house, who, unit_id=unit_id) if len(ids) > MOST_LIVE else None
    if many is None:
        house.audit.write(audit_row(house, who, "due_list", unit_id, "", "due_list"))
    shown = _seen(house, who, ids) if many is None else {}
    ordered = _seen(house, who, _ordered_at(house, unit_id)) if many is not None else shown
    months = by_month({id_: one.due for id_, one in shown.items()})
    return DueList(
        units=units,
        unit=house.people.unit(unit_id),
        months=tuple((month, tuple(shown[id_] for id_ in ids)) for month, ids in months.items()),
        waiting=many.waiting if many is not None else sum(one.due is None for one in shown.values()),
        orders=tuple(one for one in ordered.values() if one.keeping.order is not None),
        destroyed=tuple(one for one in house.documents.tombstones_of_unit(unit_id) if knows_of(house, who, one)),
        many=many,
    )


def _ordered_at(house: House, unit_id: str) -> Iterator[str]:
    found = (house.documents.get(id_) for id_ in house.ledger.open_orders())
    return (one.id for one in found if one is not None and one.unit_id == unit_id)


def _seen(house: House, who: Identity, ids: Iterable[str]) -> dict[str, Kept]:
    """Each that ``who`` may know of, oldest first."""
    documents = [one for id_ in ids if (one := house.documents.get(id_)) is not None]
    shown = {}
    for document in sorted(documents, key=lambda one: (one.created_at, one.id)):
        facts = facts_of(house, document)
        if allowed(house, who, SEE, facts):
            shown[document.id] = kept(house, document, facts)
    return shown
