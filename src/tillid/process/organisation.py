"""Units, staff, children, parents as the people register holds them (design 17). CPR numbers never come here."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from tillid.consents.model import Organisation
from tillid.forms.facts import UnitKind

Role = Literal[
    "professional", "leader", "area_leader", "intake", "archivist", "notification_archivist", "administrator", "dpo"
]


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the organisation. ``parent_id``: the unit above; ``controller``: data controller, per unit (R-05)."""

    id: str
    name: str
    kind: UnitKind
    parent_id: str | None
    controller: Organisation
    phone: str = ""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A role in one unit; leaders' roles count for the units below (R-70)."""

    role: Role
    unit_id: str


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """An employee. ``username``: the login name in Plone's user folder; ``profession``: code of ``faggruppe``."""

    id: str
    name: str
    username: str
    profession: str
    assignments: tuple[Assignment, ...]


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """A child. ``variant``: form variant by age and place (``dagpleje_vuggestue`` …); ``group``: room or class. ``mitid``: it can log in
    itself when it decides about its own consents (R-41). ``left``: unit →
    the day the child left it, as the register tells; what is kept there is counted from it (R-90). ``former_names``: what the child
    was called before, oldest first."""

    id: str
    name: str
    birth_date: date
    unit_id: str
    group: str
    variant: str
    protected_address: bool = False
    left: dict[str, date] = {}
    mitid: bool = False
    former_names: tuple[str, ...] = ()


class Parent(msgspec.Struct, frozen=True, kw_only=True):
    """A parent. ``mitid``: whether the person can log in; without it the staff records by phone or paper (R-106)."""

    id: str
    name: str
    mitid: bool
    phone: str = ""
    protected_address: bool = False
    former_names: tuple[str, ...] = ()


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """A round of trivselsskemaer in one unit. ``assigned``: child id → staff ids who shall fill one (T4b)."""

    id: str
    unit_id: str
    title: str
    deadline: date
    opened: bool = False
    assigned: dict[str, tuple[str, ...]] = {}


class Organigram(msgspec.Struct, frozen=True, kw_only=True):
    """All units, for walking upwards."""

    units: dict[str, Unit]

    def above(self, unit_id: str) -> tuple[str, ...]:
        """``unit_id`` and every unit above it, nearest first."""
        chain: list[str] = []
        current: str | None = unit_id
        while current is not None and current in self.units and current not in chain:
            chain.append(current)
            current = self.units[current].parent_id
        return tuple(chain)

    def below(self, unit_id: str) -> frozenset[str]:
        """``unit_id`` and every unit under it."""
        return frozenset(one for one in self.units if unit_id in self.above(one))
