"""The data controller's boundary: archivist and data protection officer stay within their own (R-05)."""

from __future__ import annotations

import pytest

from tillid.consents.model import Organisation
from tillid.process.access import Identity, units_of_controller
from tillid.process.organisation import Assignment, Organigram, Unit

TOWN, PRIVATE = Organisation(id="t", name="Town"), Organisation(id="p", name="Private")


def unit(id, parent, controller=TOWN):
    return Unit(id=id, name=id, kind="boernehave", parent_id=parent, controller=controller)


UNITS = (
    unit("town", None),
    unit("area", "town"),
    unit("school", "area"),
    unit("wood", "area", PRIVATE),
    unit("hut", "wood", PRIVATE),
)
ORGANIGRAM = Organigram(units={one.id: one for one in UNITS})


def units(role, *assigned):
    who = Identity(
        person_id="x", name="X", kind="staff", assignments=tuple(Assignment(role=r, unit_id=u) for r, u in assigned)
    )
    return units_of_controller(who, role, ORGANIGRAM)


@pytest.mark.req("R-05")
def test_the_boundary_is_the_controller_and_the_own_place():
    assert units("archivist", ("archivist", "town")) == {"town", "area", "school"}
    assert units("archivist", ("archivist", "wood")) == {"wood", "hut"}
    assert units("dpo", ("dpo", "area"), ("dpo", "hut")) == {"area", "school", "hut"}
    assert units("dpo", ("archivist", "town")) == units("dpo", ("dpo", "gone")) == frozenset()
