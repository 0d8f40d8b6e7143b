"""The intake's answer to a case of insight, by use cases: for walks that are about something else."""

from __future__ import annotations

from tests.support.world import World
from tillid.kernel.ids import new_id
from tillid.usecases.intake_case import answer_case, intake_case
from tillid.usecases.intake_list import look_for_notifications

INTAKE = "mettemarie"


def nothing_to_give(world: World, address: str) -> None:
    """It has looked and found nothing. ``address``: of the case."""
    who, case_id = world.staff(INTAKE), address.rsplit("/", 1)[1]
    with world.house() as house:
        look_for_notifications(house, who, case_id, event_id=new_id())
    with world.house() as house:
        digest = intake_case(house, who, case_id).answer.digest
        answer_case(house, who, case_id, digest, event_id=new_id())
