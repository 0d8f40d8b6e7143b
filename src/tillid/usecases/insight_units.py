"""Whose a child of a case of insight is: by the units of one data controller (R-05, ADR 0068)."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.kernel.errors import NotFound
from tillid.process.organisation import Child, Organigram
from tillid.usecases.ports import House


def child_among(house: House, units: frozenset[str], child_id: str) -> Child:
    """The child, if it or a document about it is of one of ``units``; else ``NotFound``."""
    child = house.people.child(child_id)
    if child is None or not units:
        raise NotFound("no unit, or no child")
    if child.unit_id not in units and all(one.unit_id not in units for one in house.documents.of_child(child_id)):
        raise NotFound("not this child's")
    return child


def own_units(organigram: Organigram, towns: Iterable[str]) -> frozenset[str]:
    """Of the units below ``towns`` those of the municipality's own controller: a child of a place with another is asked about by that
    one's officer."""
    units = organigram.units
    return frozenset(
        unit
        for town in towns
        if town in units
        for unit in organigram.below(town)
        if units[unit].controller.id == units[town].controller.id
    )
