"""kill -9 while the embedded index is built anew beside the old one: the old one or the new one is there, whole, with every
write that was acknowledged; nothing is left of the other (ADR 0062)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time

import pytest

from tests.contract.search.searching import ask, found
from tests.faults.rebuild_dying import NAMED, ROWS, UNNAMED, build, build_and_write, build_on_a_small_disk, rows
from tests.faults.test_disk_full import can_mount
from tests.support.effort import EVERYTHING
from tests.support.forked import Forked, preload
from tillid.adapters.tantivy import TantivyIndex
from tillid.adapters.tantivy.place import CURRENT, LOCK

preload("tests.faults.rebuild_dying")
KILLS = int(os.environ.get("KILLS", "2"))  # at random moments
FEW = ("half-filled", "taken-in", "name-written", "named", "half-cleared")
KILLED_AT = (
    (*UNNAMED, *NAMED) if EVERYTHING or "KILLS" in os.environ else FEW
)  # all of them in the night, and in `make faults`


@pytest.fixture
def prepared(in_memory):
    """An index of the rows ``old``, closed."""
    index = TantivyIndex(in_memory / "index")
    index.rebuild(lambda: rows("old"))
    index.close()
    return index.path


@pytest.mark.req("R-17", "R-70")
@pytest.mark.parametrize("point", KILLED_AT)
def test_killed_at_a_point_of_a_build_one_index_is_there_and_whole(prepared, point):
    process = Forked(build, prepared, "new", point)
    told = process.stdout.read().splitlines()
    assert process.wait() == -signal.SIGKILL
    index = TantivyIndex(prepared)
    assert nothing_else_in(index) and not index.needs_rebuild
    put, gone = "put 0" in told, "delete 1" in told
    assert (put, gone) == (point not in ("folder-made", "begun"), point not in ("folder-made", "begun", "half-filled"))
    state = "new" if point in NAMED else "old"
    assert states(index) == {state: ROWS - put - gone, **({"written": 1} if put else {})}
    assert ("doc-1" in found(index, size=100)) is not gone
    # It is built anew then, as if nothing had been.
    assert index.rebuild(lambda: rows("after")) == ROWS
    assert nothing_else_in(index) and states(index) == {"after": ROWS}
    index.close()


def states(index: TantivyIndex) -> dict[str, int]:
    return dict(index.search(ask(size=1)).facets["state"])


def nothing_else_in(index: TantivyIndex) -> bool:
    return {path.name for path in index.path.iterdir()} == {CURRENT, LOCK, index.folder.name}


@pytest.mark.req("R-17", "R-70")
def test_killed_at_any_moment_of_builds_no_acknowledged_write_is_lost_and_no_delete_undone(prepared):
    chance, put, gone = random.Random(11), set(), set()
    index = TantivyIndex(prepared)
    index.rebuild(list)
    index.close()
    for number in range(KILLS):
        process = Forked(build_and_write, prepared, number * 10_000)
        told = [process.stdout.readline().split() for _ in range(chance.randrange(10, 40))]
        while not any(words[0] == "built" for words in told):
            told.append(process.stdout.readline().split())
        time.sleep(chance.uniform(0.0, 0.2))
        process.kill()
        told += [line.split() for line in process.stdout if line.endswith("\n")]
        assert process.wait() == -signal.SIGKILL
        for what, which in told:
            if what != "built":
                (put if what == "put" else gone).add(int(which))
        index = TantivyIndex(prepared)
        assert nothing_else_in(index) and not index.needs_rebuild
        held = [int(one.document_id.removeprefix("doc-")) for one in index.held()]
        index.close()
        assert len(held) == len(set(held))
        assert not gone & set(held)
        on_the_way = {one - 2 for one in put if one % 5 == 4}  # taken out, perhaps, and not acknowledged
        assert put - on_the_way <= set(held)
    assert put and gone, "nothing was written before the kills: this test showed nothing"


def test_without_room_for_two_a_build_is_refused_and_the_old_index_goes_on(tmp_path):
    folder, given = tmp_path / "disk", tmp_path / "given"
    folder.mkdir()
    if shutil.which("unshare") is None or not can_mount(folder):
        pytest.skip("this machine lets nobody mount a tmpfs")
    index = TantivyIndex(given / "index")
    index.rebuild(lambda: rows("old"))
    index.close()
    process = Forked(build_on_a_small_disk, folder, given)
    told = process.stdout.read().splitlines()
    assert process.wait() == 0, told
    meanwhile, first, at_once, second, read, built, third = told
    for refused, free in ((meanwhile, "er 1 MB"), (at_once, "er 33 MB")):
        assert refused.startswith("index.no-room Der er ikke plads til at bygge søgeindekset op igen")
        assert free in refused
    assert (first, second) == (f"{ROWS + 1} documents, 3 names", f"{ROWS + 2} documents, 3 names")
    assert (read, built, third) == ("the store is read", f"built {ROWS}", f"{ROWS + 1} documents, 3 names")
