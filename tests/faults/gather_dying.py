"""A process of its own that makes what was ordered of a round, and kills itself at one named point (test_gather_kill.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.dying import die
from tests.support.world import World
from tillid.adapters.renderer import DocumentRenderer
from tillid.cms.second import SecondStore
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS
from tillid.usecases.gather_copies import STEP

POINTS = ("rendering", "stored")


def work(folder: Path, second: Path, minutes: int, point: str) -> None:
    """Do what is due, ``minutes`` after the order, and die while the first document is rendered, or once it is stored and its
    entry is not yet taken out."""
    world = reopened(folder, second, DocumentRenderer())
    world.clock.move(minutes=minutes)
    if point == "rendering":
        world.parts.renderer.render = lambda job: die()  # type: ignore[method-assign]
    runner = Runner(world.house, {**STEPS, STEP: dying(STEPS[STEP], point)}, Marks(folder / "marks"))
    runner.count_interrupted()
    for key in runner.due():
        runner.run(key)


def dying(step: Callable, point: str) -> Callable:
    def run(open_house: Any, entry: Any) -> None:
        step(open_house, entry)
        if point == "stored":
            die()

    return run


def reopened(folder: Path, second: Path, renderer: Any) -> World:
    """The world in ``folder`` with the second store it had, as after a restart."""
    world = World(folder, renderer)
    world.second.close()
    world.second = SecondStore(second)
    world.parts.previews, world.parts.presence = world.second.previews, world.second.presence
    return world
