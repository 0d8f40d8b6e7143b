"""``tillid package make`` is killed wherever it may be, again and again; then it goes on, and all that is there is whole.

In ``make faults``; what a kill leaves of the list is tried in each run by ``tests/contract/test_package.py``.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import msgspec
import pytest

from tests.contract.test_package import as_var, made_in, make
from tests.support.world import SET
from tillid.adapters.package_list import NAME, read_list
from tillid.adapters.package_sources import opened
from tillid.archive.package_check import check
from tillid.archive.package_runs import Ended, Made
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import new_id

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "0"))
DOCUMENTS = 6


@pytest.mark.skipif(not ROUNDS, reason="make faults")
@pytest.mark.req("R-84")
def test_however_often_it_is_killed_each_package_is_whole_and_in_the_list(stages, tmp_path):
    world = as_var(stages.at("signed"))
    ids = {world.made["document"], *more_documents(world, DOCUMENTS - 1)}
    chance, out = random.Random(7), tmp_path / "out"
    for _ in range(ROUNDS):
        killed(world, out, chance.uniform(0.0, 2.5))
        for path in made_in(out) if out.exists() else ():
            if not path.name.startswith("."):
                check(opened(path))
    assert make(world, out, "--child", SET.child_id) == 0
    lines = list(read_list(out / NAME))
    made = {line.document: line for line in lines if isinstance(line, Made)}
    assert isinstance(lines[-1], Ended) and lines[-1].failed == 0 and set(made) == ids
    assert {path.name for path in out.iterdir()} == {NAME, *(line.file for line in made.values())}
    for line in made.values():
        check(opened(out / line.file))
        assert sha256((out / line.file / "METS.xml").read_bytes()) == line.mets
    world.close()


def more_documents(world, count: int) -> list[str]:
    """Closed documents of the same child."""
    made = []
    with world.house() as house:
        kept = house.documents.get(world.made["document"])
        for number in range(count):
            other = msgspec.structs.replace(kept, id=new_id(), number=f"TD-{number:07d}", state="closed")
            house.documents.add(other, msgspec.structs.replace(house.documents.draft(kept.id), document_id=other.id))
            for one in range(1, kept.versions + 1):
                version = house.documents.version(kept.id, one)
                house.documents.add_version(msgspec.structs.replace(version, document_id=other.id))
            made.append(other.id)
    return made


def killed(world, out: Path, seconds: float) -> None:
    """A run in a process of its own, killed so long after it has begun to write; one that is done already is none the worse."""
    pid = os.fork()
    if pid == 0:
        try:
            make(world, out, "--child", SET.child_id)
        finally:
            os._exit(0)
    until = time.monotonic() + 60
    while not (out / NAME).exists() and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
