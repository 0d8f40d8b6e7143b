"""What is written into the search index stays: other processes, damage, threads, kill -9 (design 7)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from tests.contract.search.searching import ask, entry, found
from tillid.adapters.tantivy import SearchLocked, SearchUnavailable, TantivyIndex
from tillid.adapters.tantivy.one_index import OneIndex
from tillid.adapters.tantivy.place import CURRENT, LOCK
from tillid.adapters.tantivy.store import REBUILD, new_index
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import PROJECT


@pytest.fixture
def index(tmp_path):
    index = TantivyIndex(tmp_path / "index")
    yield index
    index.close()


def test_a_second_process_is_told(index):
    with pytest.raises(SearchLocked) as told:
        TantivyIndex(index.path)
    assert told.value.code == "search.locked"


def test_what_was_written_is_there_after_reopening(tmp_path):
    first = TantivyIndex(tmp_path)
    assert first.needs_rebuild
    first.rebuild(list)
    first.put(entry(1, "leg"))
    first.close()
    again = TantivyIndex(tmp_path)
    assert found(again, "leg") == {"doc-1"}
    assert not again.needs_rebuild
    again.put(entry(1, "ældre", sequence=0))
    assert found(again, "leg") == {"doc-1"}
    again.close()


def test_when_it_is_closed_nothing_writes_into_the_folder_any_more(tmp_path):
    """Merges that were under way too: who deletes the folder then has deleted it."""
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        one = OneIndex(folder, new_index(folder))
        for batch in range(8):  # as many as are merged into one
            changes = (entry(1_000 * batch + place, "leg") for place in range(300))
            one.write({made.document_id: (made.sequence, made) for made in changes})
        one.close()
        left = [(path.name, path.stat().st_size) for path in folder.iterdir()]
        time.sleep(0.2)
        assert sorted(left) == sorted((path.name, path.stat().st_size) for path in folder.iterdir())


@pytest.mark.parametrize("damage", ["meta", "segment", "layout", "name", "no-name", "no-folder"])
def test_a_damaged_index_is_begun_anew_and_says_so(tmp_path, damage):
    index = TantivyIndex(tmp_path)
    index.rebuild(lambda: [entry(1, "leg")])
    index.close()
    spoil(index.folder, damage)
    again = TantivyIndex(tmp_path)
    assert (again.folder / REBUILD).exists() and again.needs_rebuild
    assert {path.name for path in tmp_path.iterdir()} == {CURRENT, LOCK, again.folder.name}
    again.rebuild(lambda: [entry(1, "leg")])
    assert found(again, "leg") == {"doc-1"} and not again.needs_rebuild
    again.close()


def spoil(folder, damage):
    match damage:
        case "meta":
            (folder / "meta.json").write_bytes(b"{")
        case "layout":
            (folder / "tillid-layout").write_text("schema 0")
        case "segment":
            for segment in folder.glob("*.term"):
                segment.write_bytes(b"")
        case "name":
            (folder.parent / CURRENT).write_bytes(b"../elsewhere\xff")
        case "no-name":
            (folder.parent / CURRENT).unlink()
        case "no-folder":
            shutil.rmtree(folder)


def test_an_excerpt_is_of_what_is_stored_now(index):
    """Texts of listed hits are remembered until the next commit, no longer."""
    index.put(entry(1, "Hun leger inde"))
    (hit,) = index.search(ask("leger")).hits
    assert "inde" in index.excerpts([hit], ask("leger"))[0] and index._texts
    index.put(entry(1, "Hun leger ude", sequence=2))
    assert not index._texts
    assert "ude" in index.excerpts([hit], ask("leger"))[0]
    index.search(ask("leger"))
    index.delete("doc-1", 1, sequence=3)
    assert index.excerpts([hit], ask("leger"))[0] == ""


def test_threads_write_and_read_at_once(index):
    errors: list[BaseException] = []

    def write(start: int) -> None:
        try:
            for n in range(start, start + 5):
                index.put(entry(n, "leg"))
                index.search(ask("leg"))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert index.search(ask("leg")).total == 20


def test_a_build_leaves_one_folder_and_who_reads_the_old_one_reads_on(index):
    index.put_many(entry(n, f"leg{n}") for n in range(30))
    old, reading = index.folder, index.held()
    first = next(reading)
    index.rebuild(lambda: [entry(1, "noget andet")])
    assert not old.exists() and {path.name for path in index.path.iterdir()} == {CURRENT, LOCK, index.folder.name}
    assert len({first.digest, *(one.digest for one in reading)}) == 30
    assert found(index) == {"doc-1"}
    index.put(entry(2, "efter"))
    index.close()
    again = TantivyIndex(index.path)
    assert found(again) == {"doc-1", "doc-2"} and again.folder == index.folder
    again.close()


def test_an_index_that_is_closed_while_it_is_built_is_the_old_one(index):
    index.put(entry(1, "leg"))
    refused = []

    def entries():
        yield entry(2, "leg")
        index.close()
        try:
            TantivyIndex(index.path)  # not before the build has given up
        except TillidError as error:
            refused.append(error.code)
        yield entry(3, "leg")

    with pytest.raises(SearchUnavailable):
        index.rebuild(entries)
    assert refused == ["search.locked"]
    with pytest.raises(SearchUnavailable):
        index.put(entry(4, "leg"))
    again = TantivyIndex(index.path)
    assert found(again) == {"doc-1"}
    assert {path.name for path in index.path.iterdir()} == {CURRENT, LOCK, again.folder.name}
    again.close()


def test_more_that_is_written_meanwhile_than_fits_the_last_step_is_taken_in_before(index):
    def entries():
        index.put_many(entry(n, "leg", sequence=2) for n in range(60))
        for n in range(0, 60, 6):
            index.delete(f"doc-{n}", 1, 3)
        yield from (entry(n, "leg") for n in range(60))

    assert index.rebuild(entries) == 60
    assert {one.document_id for one in index.held()} == {f"doc-{n}" for n in range(60) if n % 6}


KILLED = """
import sys
sys.path.insert(0, {here!r})
from tests.contract.search.searching import TantivyIndex, entry
index = TantivyIndex({path!r})
for n in range({start}, 10_000):
    index.put(entry(n, "leg"))
    print(n, flush=True)
"""


def test_acknowledged_writes_survive_kill_9(tmp_path):
    acknowledged: set[int] = set()
    for round_ in range(3):
        script = KILLED.format(here=str(PROJECT), path=str(tmp_path / "index"), start=round_ * 1000)
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert child.stdout
        for _ in range(4 + round_):
            acknowledged.add(int(child.stdout.readline()))
        os.kill(child.pid, signal.SIGKILL)
        acknowledged |= {int(line) for line in child.stdout if line.endswith("\n")}
        child.wait()
        child.stdout.close()
    index = TantivyIndex(tmp_path / "index")
    result = [hit.document_id for page in (1, 2, 3) for hit in index.search(ask("leg", size=100, page=page)).hits]
    assert {f"doc-{n}" for n in acknowledged} <= set(result)
    assert len(result) == len(set(result))
    index.close()


def test_what_a_writer_left_that_died_within_its_commit_stops_no_later_one(tmp_path):
    """A list of deleted documents is on disk before the commit that counts it; its name comes again with the next try."""
    with closing(TantivyIndex(tmp_path)) as index:
        index.put_many([entry(1, "leger"), entry(2, "tegner")])
    folder = index.folder
    (segment,) = json.loads((folder / "meta.json").read_text())["segments"]
    managed = folder / ".managed.json"
    left = [f"{segment['segment_id'].replace('-', '')}.{number}.del" for number in range(40)]
    for name in left:
        (folder / name).write_bytes(b"half a list")
    managed.write_text(json.dumps(json.loads(managed.read_text()) + left))
    with closing(TantivyIndex(tmp_path)) as index:
        index.put(entry(1, "synger", sequence=2))
        assert found(index, "synger") == {"doc-1"}
        assert found(index, "leger") == set()
        assert found(index, "tegner") == {"doc-2"}
