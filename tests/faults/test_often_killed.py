"""kill -9, many times at each named point of giving and withdrawing: nothing acknowledged is lost, nothing is there twice.

Each named point twenty times, ``make faults`` as often as ``KILLS`` says. ``test_walk_kill.py`` looks at each once with everything that
follows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.dying import AFTER_COMMIT, BEFORE_COMMIT, CONSENT_STEPS, INSIDE, WITHDRAWAL_STEPS, WORK
from tests.faults.followed_often import GONE, LATER, Followed
from tests.faults.killed_often import GIVES, POINTS, Killed, points_of, serve
from tests.faults.test_walk_kill import half_answered, released  # noqa: F401
from tests.support.forked import preload, processes
from tests.support.world import World
from tests.walks.test_meeting_consent import answer, ask, meeting_called

LEAST = 20
KILLS = int(os.environ.get("KILLS", LEAST))
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
) -> Iterator[Callable[[str, str, int], int | str | list[str]]]:
    """``kill(click, point, times)`` says how often, in one warm process for all tests."""
    ours, theirs = processes.Pipe()
    stores = {click: (world.folder, world.made) for click, world in prepared.items()}
    process = processes.Process(target=serve, args=(stores, scratch, theirs, kind))
    process.start()
    theirs.close()

    def order(click: str, point: str, times: int) -> int | str | list[str]:
        ours.send((click, point, times))
        return ours.recv()

    yield order
    ours.send(None)
    process.join()


@pytest.fixture(scope="module")
def stores(half_answered, released, stages):  # noqa: F811
    """Click → the store before it."""
    return {
        "consent": half_answered,
        "withdrawal": released,
        "withdrawal_unlogged": released,
        "meeting": asked_about_a_meeting(stages, by=1),
        "meeting_withdrawal": asked_about_a_meeting(stages, by=2),
    }


@pytest.fixture(scope="module")
def kill(stores, in_memory_for_all):
    yield from warm(stores, in_memory_for_all / "clicks", Killed)


@pytest.fixture(scope="module")
def kill_later(stores, in_memory_for_all):
    """The same, of what follows with an authority that stamps."""
    yield from warm(stores, in_memory_for_all / "later", Followed)


def pairs(table):
    return [(click, point) for click, points in table.items() for point in points]


@pytest.mark.req("R-17", "R-18", "R-21", "R-31")
@pytest.mark.parametrize(("click", "point"), pairs(POINTS))
def test_a_click_killed_often_is_all_there_or_not_at_all_and_heals(kill, click, point):
    assert kill(click, point, KILLS) == KILLS >= LEAST


@pytest.mark.req("R-17", "R-21", "R-71", "R-104")
@pytest.mark.parametrize(("click", "point"), pairs(LATER))
def test_what_follows_later_killed_often_is_done_once(kill_later, click, point):
    """The receiver's copy, also while LibreOffice makes it, the timestamp, the revision of the archive's copy, and the row of a withdrawal
    that could not be written at the click."""
    assert kill_later(click, point, KILLS) == KILLS >= LEAST


@pytest.mark.req("R-17", "R-21")
def test_no_named_point_of_giving_and_withdrawing_is_left_out():
    """Whoever names a new point puts it where it is died at."""
    named = {*BEFORE_COMMIT, *AFTER_COMMIT, *INSIDE, *points_of(*WORK), *CONSENT_STEPS, *WITHDRAWAL_STEPS}
    assert {point for _, point in (*pairs(POINTS), *pairs(LATER))} == named
    assert all({*BEFORE_COMMIT, *AFTER_COMMIT} < {*points} for points in POINTS.values())


@pytest.mark.req("R-17", "R-21")
@pytest.mark.parametrize("click", [*GIVES, *GONE])
def test_no_step_that_follows_by_itself_is_left_out(kill_later, click):
    """Nor a new one: it is died at when it begins, when its work is done and before it is taken out."""
    found = kill_later(click, "", 0)
    assert isinstance(found, list) and "enter_log" in found, found
    plain = click.removesuffix("_unlogged")
    table = [*POINTS[plain], *LATER.get(plain, ()), *LATER.get(click, ())]
    assert {*points_of(*found)} <= {*table}
