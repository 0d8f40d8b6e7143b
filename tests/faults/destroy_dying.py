"""A process of its own that destroys, and kills itself at one named point (test_destroy_kill.py)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.faults.dying import Dying, die
from tests.support.world import World
from tillid.adapters.archive_keeper import ArchiveKeeper
from tillid.adapters.renderer import DocumentRenderer
from tillid.kernel.ids import new_id
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS
from tillid.usecases.order_destruction import STEP
from tillid.usecases.ports import House

# In the order in which one destruction meets them; in the first two the click's own transaction dies.
POINTS = ("commit-begun", "voted", "committed", "forgotten", "listed", "purged", "renamed", "packed")


def work(folder: Path, made: dict[str, str], moment: datetime, point: str) -> None:
    """Do everything that is due, and what the keeper does, until ``point``; all of it with an empty one."""
    world = World(folder, DocumentRenderer(), made=made)
    world.clock.moment = moment
    steps = {**STEPS, STEP: lambda _house, entry: STEPS[STEP](lambda: dying_house(world, point), entry)}
    runner = Runner(world.house, steps, Marks(folder / "marks"))
    runner.count_interrupted()
    world.clock.move(hours=12)  # what the last kill interrupted waits for a while
    for key in runner.due():
        runner.run(key)
    if point == "forgotten":
        die()
    keeper = keeper_of(world, point)
    keeper.wipe(world.house)
    world.close()


@contextmanager
def dying_house(world: World, point: str) -> Iterator[House]:
    with world.store.open() as (stores, manager):
        yield world.parts.house(stores, world.clock.now(), new_id())
        manager.get().join(Dying(point))
        manager.commit()


def keeper_of(world: World, point: str) -> ArchiveKeeper:
    def pack() -> None:
        if point == "purged":
            die()
        if point == "renamed":
            os.rename = lambda source, target, real=os.rename: (real(source, target), target.endswith(".old") and die())
        world.store.db.pack()
        world.second.pack()
        if point == "packed":
            die()

    keeper = ArchiveKeeper(world.folder, world.parts.search, pack, world.clock)
    if point == "listed":
        world.parts.search.rebuild = lambda _entries: die()  # type: ignore[method-assign]
    return keeper
