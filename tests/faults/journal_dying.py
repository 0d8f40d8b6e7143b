"""A process of its own that gives to the municipality's journal system, and takes its answers, and kills itself at one named point
(test_journal_kill.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.faults.dying import Dying, die
from tests.support.world import World
from tillid.adapters.journal_desk import recorded
from tillid.adapters.journal_folder import JournalFolder
from tillid.adapters.renderer import DocumentRenderer
from tillid.kernel.ids import new_id
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS
from tillid.usecases.hand_to_journal import STEP
from tillid.usecases.ports import House
from tillid.wiring.repeating import again_on_conflict

# In the order in which one entry meets them on its way out, and one receipt on its way in.
OUT = ("begun", "rendered", "row", "staged", "marked", "moved", "commit-begun", "voted", "committed", "done")
IN = ("claimed", "row", "commit-begun", "voted", "committed", "kept")


def journal_of(folder: Path, point: str = "") -> JournalFolder:
    return JournalFolder(folder / "journal", lambda step: die() if step == point else None)


def hand_over(folder: Path, made: dict[str, str], moment: datetime, point: str) -> None:
    """Everything in the outbox that is due, until ``point``; all of it with an empty one."""
    world = opened(folder, made, moment, point)

    def step(_open: Any, entry: Any) -> None:
        if point == "begun":
            die()
        STEPS[STEP](lambda: dying_house(world, point), entry)
        if point == "done":
            die()

    runner = Runner(world.house, {**STEPS, STEP: step}, Marks(folder / "marks"))
    runner.count_interrupted()
    world.clock.move(hours=2)  # what the last kill interrupted waits for a while
    for key in runner.due():
        runner.run(key)
    world.close()


def take_answers(folder: Path, made: dict[str, str], moment: datetime, point: str) -> None:
    """What has come, until ``point``."""
    world = opened(folder, made, moment, point)
    journal = world.parts.journal
    if point == "kept":
        real = journal.keep  # type: ignore[union-attr]
        journal.keep = lambda one: (real(one), die())  # type: ignore[method-assign,union-attr]
    recorded(journal, lambda: dying_house(world, point), again_on_conflict)  # type: ignore[arg-type]
    world.close()


def opened(folder: Path, made: dict[str, str], moment: datetime, point: str) -> World:
    world = World(folder, DocumentRenderer(), made=made)
    world.clock.moment = moment
    world.parts.journal = journal_of(folder, point)
    if point == "rendered":
        real = world.parts.renderer.render
        world.parts.renderer.render = lambda job: (real(job), die())  # type: ignore[method-assign,assignment]
    if point == "row":
        write = world.parts.audit.write
        world.parts.audit.write = lambda *rows: (write(*rows), die())  # type: ignore[method-assign,assignment]
    return world


@contextmanager
def dying_house(world: World, point: str) -> Iterator[House]:
    if point == "claimed":
        die()
    with world.store.open() as (stores, manager):
        house = world.parts.house(stores, world.clock.now(), new_id())
        before = len(house.ledger.of_document(world.made["document"]))
        yield house
        if len(house.ledger.of_document(world.made["document"])) > before:  # of the transaction that writes the event
            manager.get().join(Dying(point))
        manager.commit()
