"""A holder who cannot log in: the sender's side is told what to do, and is left at no dead end (R-106)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, say_yes

TOLD = "har ikke MitID og kan ikke svare her endnu"


def without_mitid(world, number):
    person = world.holders(SET.child_id)[number].person_id
    with world.house() as house:
        parent = msgspec.structs.replace(house.people.parent(person), mitid=False)
        house.people.put_parent(parent, house.people.unmask_cpr(person))
    return parent.name


@pytest.mark.req("R-106")
@pytest.mark.parametrize("stage", ["agreed", "asked"])
def test_the_page_that_asks_names_who_cannot_answer_and_whom_to_ring(world_at, stage):
    installation = WorldInstallation(world_at(stage))
    world, app = installation.world, as_staff(installation, "sofie")
    path = f"/dokument/{world.made['document']}"
    assert TOLD not in app.get(path)
    name = without_mitid(world, 1)
    page = app.get(path)
    told = page.html.find(id="ask-consent").get_text(" ", strip=True)
    assert (
        f"{name} {TOLD}" in told
        and "kommer i en senere version" in told
        and installation.settings.support_phone in told
    )
    assert told.count(TOLD) == 1


@pytest.mark.req("R-106")
def test_nothing_is_said_of_who_has_answered(world_at):
    installation = WorldInstallation(world_at("asked"))
    say_yes(installation.world, installation.world.holders(SET.child_id)[0])
    without_mitid(installation.world, 0)
    page = as_staff(installation, "sofie").get(f"/dokument/{installation.world.made['document']}")
    assert TOLD not in page
