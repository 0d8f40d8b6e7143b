"""A process of its own that makes all of a round's documents with a LibreOffice of its own, until it is done or killed (test_gather_many.py)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.faults.gather_dying import reopened
from tests.support.office import office_processes
from tillid.adapters.office import Limits, OfficeBox
from tillid.adapters.renderer import DocumentRenderer
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS

# LibreOffice keeps some of each document and is replaced after 300: after fewer here, so that several follow each other.
SHARE = 40


def work(folder: Path, second: Path, minutes: int, told: Path) -> None:
    """What is due ``minutes`` after the order; a line in ``told`` for each document that was rendered, with what the process and
    its LibreOffice hold then."""
    box = OfficeBox(Limits(documents=SHARE))
    world = reopened(folder, second, DocumentRenderer(office=box))
    world.clock.move(minutes=minutes)
    real = world.parts.renderer.render

    def render(job: Any) -> Any:
        made = real(job)
        office = sum(held(pid) for pid in office_processes(box))
        say(told, {"document": job.document_id, "process": held(os.getpid()), "office": office, "starts": box.starts})
        return made

    world.parts.renderer.render = render  # type: ignore[method-assign]
    runner = Runner(world.house, STEPS, Marks(folder / "marks"))
    runner.count_interrupted()
    world.clock.move(minutes=10)  # what was under way when it was killed is tried again after a while
    while keys := runner.due():
        for key in keys:
            assert runner.run(key), key
    world.close()


def held(pid: int) -> int:
    """Megabytes in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def say(told: Path, line: dict[str, Any]) -> None:
    with told.open("a") as file:
        file.write(json.dumps(line) + "\n")
