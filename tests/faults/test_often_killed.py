"""kill -9, many times at each named point of giving and withdrawing: nothing acknowledged is lost, nothing is there twice.

``test_walk_kill.py`` looks at each point once with everything that follows, LibreOffice too. ``make faults`` kills as often
as ``KILLS`` says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.followed_often import LATER, Followed
from tests.faults.killed_often import POINTS, Killed, serve
from tests.faults.test_walk_kill import half_answered, released  # noqa: F401
from tests.support.forked import preload, processes
from tests.support.world import World
from tests.walks.test_meeting_consent import answer, ask, meeting_called

KILLS = int(os.environ.get("KILLS", "20"))
# The clicks about a meeting go the same ways; by default one kill at each point where they could differ.
MEETING_POINTS = {"half-written", "voted", "committed", "acknowledged", "seal_meeting:worked"}
preload("tests.faults.followed_often")


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


def warm(
    prepared: dict[str, World], scratch: Path, kind: type[Killed]
) -> Iterator[Callable[[str, str, int], int | str]]:
    """``kill(click, point, times)`` says how often, in one warm process for all tests."""
    ours, theirs = processes.Pipe()
    stores = {click: (world.folder, world.made) for click, world in prepared.items()}
    process = processes.Process(target=serve, args=(stores, scratch, theirs, kind))
    process.start()
    theirs.close()

    def order(click: str, point: str, times: int) -> int | str:
        ours.send((click, point, times))
        return ours.recv()

    yield order
    ours.send(None)
    process.join()


@pytest.fixture(scope="module")
def kill(half_answered, released, stages, in_memory_for_all):  # noqa: F811
    prepared = {
        "consent": half_answered,
        "withdrawal": released,
        "meeting": asked_about_a_meeting(stages, by=1),
        "meeting_withdrawal": asked_about_a_meeting(stages, by=2),
    }
    yield from warm(prepared, in_memory_for_all / "clicks", Killed)


@pytest.fixture(scope="module")
def kill_later(half_answered, released, in_memory_for_all):  # noqa: F811
    """The same, of what follows with an authority that stamps."""
    prepared = {"consent": half_answered, "withdrawal": released, "withdrawal_unlogged": released}
    yield from warm(prepared, in_memory_for_all / "later", Followed)


@pytest.mark.req("R-17", "R-18", "R-21", "R-31")
@pytest.mark.parametrize(("click", "point"), [(click, point) for click, points in POINTS.items() for point in points])
def test_a_click_killed_often_is_all_there_or_not_at_all_and_heals(kill, click, point):
    times = KILLS
    if "meeting" in click and "KILLS" not in os.environ:
        if point not in MEETING_POINTS:
            pytest.skip("with KILLS: make faults")
        times = 1
    assert kill(click, point, times) == times


@pytest.mark.req("R-17", "R-21", "R-71", "R-104")
@pytest.mark.parametrize(("click", "point"), [(click, point) for click, points in LATER.items() for point in points])
def test_what_follows_later_killed_often_is_done_once(kill_later, click, point):
    """Timestamp, revision of the archive's copy, and the row of a withdrawal that could not be written at the click. A revision takes
    a second: by default it is killed as often as there is time for."""
    times = KILLS if "KILLS" in os.environ or "add_revision" not in point else 3
    assert kill_later(click, point, times) == times
