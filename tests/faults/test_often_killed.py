"""kill -9, many times at each named point of giving and withdrawing: nothing acknowledged is lost, nothing is there twice.

``test_walk_kill.py`` looks at each point once with everything that follows, LibreOffice too. ``make faults`` kills as often
as ``KILLS`` says.
"""

from __future__ import annotations

import os

import pytest

from tests.faults.killed_often import POINTS, serve
from tests.faults.test_walk_kill import half_answered, released  # noqa: F401
from tests.support.forked import preload, processes
from tests.support.world import World
from tests.walks.test_meeting_consent import answer, ask, meeting_called

KILLS = int(os.environ.get("KILLS", "20"))
# The clicks about a meeting go the same ways; by default one kill at each point where they could differ.
MEETING_POINTS = {"half-written", "voted", "committed", "acknowledged", "seal_meeting:worked"}
preload("tests.faults.killed_often")


def asked_about_a_meeting(stages, *, by: int) -> World:
    """A closed store in which ``by`` of Theo's two mothers have said yes to the meeting."""
    world = stages.at("people")
    leader, world.made["document"] = meeting_called(world)
    question = ask(world, leader, world.made["document"])
    world.made["meeting"] = question.id
    for holder in world.holders(question.child_id)[:by]:
        answer(world, holder, question)
    assert world.drain() == []
    world.close()
    return world


@pytest.fixture(scope="module")
def kill(half_answered, released, stages, in_memory_for_all):  # noqa: F811
    """``kill(click, point, times)`` says how often, in one warm process for all tests."""
    prepared = {
        "consent": half_answered,
        "withdrawal": released,
        "meeting": asked_about_a_meeting(stages, by=1),
        "meeting_withdrawal": asked_about_a_meeting(stages, by=2),
    }
    ours, theirs = processes.Pipe()
    stores = {click: (world.folder, world.made) for click, world in prepared.items()}
    process = processes.Process(target=serve, args=(stores, in_memory_for_all, theirs))
    process.start()
    theirs.close()

    def order(click: str, point: str, times: int) -> int | str:
        ours.send((click, point, times))
        return ours.recv()

    yield order
    ours.send(None)
    process.join()


@pytest.mark.req("R-17", "R-18", "R-21", "R-31")
@pytest.mark.parametrize(("click", "point"), [(click, point) for click, points in POINTS.items() for point in points])
def test_a_click_killed_often_is_all_there_or_not_at_all_and_heals(kill, click, point):
    times = KILLS
    if "meeting" in click and "KILLS" not in os.environ:
        if point not in MEETING_POINTS:
            pytest.skip("with KILLS: make faults")
        times = 1
    assert kill(click, point, times) == times
