"""Before a child turns fifteen its team is told that the parents' consents end, and afterwards that they have (R-41)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET
from tillid.kernel.clock import local_day


@pytest.mark.req("R-41")
def test_the_childs_page_says_that_the_young_person_is_to_be_asked(world_at):
    world = world_at("people")
    app, path = as_staff(WorldInstallation(world), "sofie"), f"/barn/{SET.child_id}"
    assert "15 år" not in app.get(path)
    for ahead, words in (
        (30, "Tal med den unge og forældrene inden"),
        (0, "Forældrenes samtykker gælder ikke længere"),
    ):
        with world.house() as house:
            child, custody = house.people.child(SET.child_id), house.people.custody(SET.child_id)
            day = local_day(house.moment) + timedelta(days=ahead)
            number = house.people.unmask_cpr(child.id)
            house.people.put_child(
                msgspec.structs.replace(child, birth_date=day.replace(year=day.year - 15)), number, custody
            )
        assert words in app.get(path)
