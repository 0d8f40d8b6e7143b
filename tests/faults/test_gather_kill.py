"""kill -9 while a round's documents are made: the next process goes on where that one was, and makes none twice (ADR 0034)."""

from __future__ import annotations

import signal

import pytest

from tests.faults.gather_dying import POINTS, reopened, work
from tests.support.forked import preload, processes
from tests.walks.test_round_pages import MIKKEL, SOFIE, submit
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS
from tillid.usecases.gather_copies import begin_gathering
from tillid.usecases.gather_progress import gather_progress
from tillid.usecases.gathered_zip import take_copy

preload("tests.faults.gather_dying")


def made(world):
    """Digest of each document's copy that is there."""
    with world.house() as house:
        versions = [house.documents.version(one.id, 1) for one in house.documents.of_round(SOFIE.round_id)]
    return {one.document_id: one.copies["team"].sha256 for one in versions if one.copies}


@pytest.mark.req("R-71")
def test_killed_twice_on_the_way_it_ends_with_every_document_once(world_at):
    world = world_at("people")
    for username, answers in (("sofie", SOFIE.professional), ("mikkel", MIKKEL.professional)):
        submit(world, username, answers)
    with world.house() as house:
        order = begin_gathering(house, world.staff("sofie"), SOFIE.round_id, "team_meeting")
    assert len(order.items) == 2 and made(world) == {}
    folder, second = world.folder, world.second._path
    world.close()
    halfway = []
    for minute, point in enumerate(POINTS, start=1):
        process = processes.Process(target=work, args=(folder, second, minute, point))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL, point
        again = reopened(folder, second, world.renderer)
        halfway.append(made(again))
        again.close()
    assert halfway[0] == {} and len(halfway[1]) == 1
    again = reopened(folder, second, world.renderer)
    again.clock.move(minutes=10)
    runner = Runner(again.house, STEPS, Marks(folder / "marks"))
    runner.count_interrupted()
    again.clock.move(minutes=10)
    assert all(runner.run(key) for key in runner.due())
    with again.house() as house:
        assert house.outbox.pending() == []
        progress = gather_progress(house, again.staff("sofie"), SOFIE.round_id)
        assert (progress.ready, progress.waiting, progress.held) == (2, 0, ())
        assert all(take_copy(house, progress.gathering, one).data.startswith(b"%PDF-") for one in order.items)
    assert halfway[1].items() <= made(again).items(), "what was stored was not made again"
    again.close()
