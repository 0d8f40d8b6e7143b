"""Who read what about a child, for the data protection officer of the child's own controller (R-71, R-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, units_of_controller
from tillid.process.organisation import Child, Unit
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.writing import audit_row

SHOWN = 500


class LogUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit with the children it has now."""

    unit: Unit
    children: tuple[Child, ...]


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt and what came of it; ``outcome`` is empty when that is not known."""

    row: AuditRow
    outcome: str


class ChildLog(msgspec.Struct, frozen=True, kw_only=True):
    """``rows``: the newest ``SHOWN``, newest first; ``numbers``: document id → number, for the documents named in them."""

    child: Child
    unit_name: str
    rows: tuple[LogRow, ...]
    numbers: dict[str, str]


def log_units(house: House, who: Identity) -> tuple[LogUnit, ...]:
    """The units of the own controller that have children, by name; ``NotFound`` for who is no data protection officer."""
    organigram = house.people.organigram()
    mine = units_of_controller(who, "dpo", organigram)
    if not mine:
        raise NotFound("not a data protection officer")
    units = sorted((organigram.units[unit_id] for unit_id in mine), key=lambda unit: unit.name)
    found = (LogUnit(unit=u, children=tuple(sorted(house.people.children_of_unit(u.id), key=_name))) for u in units)
    return tuple(one for one in found if one.children)


def log_of_child(house: House, who: Identity, child_id: str) -> ChildLog:
    """The rows about one child, the operators' too; reading them is logged too, before they are shown. ``NotFound`` for another controller's."""
    child = require_log(house, who, child_id)
    house.audit.write(audit_row(house, who, "see_log", child.id, child.id, "see_log"))
    both = [*house.audit.of_child(child.id, 2 * SHOWN), *house.audit.operators.about(child.id)]
    rows = with_outcomes(sorted(both, key=_at))
    unit = house.people.unit(child.unit_id)
    return ChildLog(child=child, unit_name=unit.name if unit else "", rows=rows, numbers=_numbers(house, rows))


def require_log(house: House, who: Identity, child_id: str) -> Child:
    """The child, if ``who`` is the data protection officer of its controller; else ``NotFound``."""
    child = house.people.child(child_id)
    if child is None or child.unit_id not in units_of_controller(who, "dpo", house.people.organigram()):
        raise NotFound("not this child's data protection officer")
    return child


def with_outcomes(rows: Sequence[AuditRow]) -> tuple[LogRow, ...]:
    """The newest attempts, newest first, each with its outcome (same request, action and object)."""

    def about(row: AuditRow) -> tuple[str, str, str, str]:
        return row.request_id, row.action, row.object_id, row.purpose

    outcomes = {about(row): row.outcome for row in rows if row.phase == "outcome"}
    attempts = [row for row in reversed(rows) if row.phase != "outcome"]
    return tuple(LogRow(row=row, outcome=outcomes.get(about(row), "")) for row in attempts[:SHOWN])


def _numbers(house: House, rows: Sequence[LogRow]) -> dict[str, str]:
    documents = (
        house.documents.get(object_id) for object_id in {one.row.object_id for one in rows if one.row.object_id}
    )
    return {document.id: document.number for document in documents if document is not None}


def _name(child: Child) -> str:
    return child.name


def _at(row: AuditRow) -> datetime:
    return row.at
