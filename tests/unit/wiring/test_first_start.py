"""The first start's mark: what it takes away, and what it never touches."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from persistent.timestamp import TimeStamp

from tillid.kernel.errors import TillidError
from tillid.wiring import first_start
from tillid.wiring.first_start import LOCK, MARK, FirstStart

OURS = (
    "zope.conf", "cache/a.py", "instance/etc/site.zcml", "data/Data.fs", "data/Data.fs.lock", "data/blobs/00/x.blob",
    "data/sessions.fs", "data/reserve", "keys/municipality.key", "keys/nonce.keyab12_x9z", "keys/.0123456789abcdef.new",
    "keys/seal/ring.json", "log/leaves", "log/level-3", "log/stamped/2026/a.tsr", "audit/audit.jsonl", "index/f/meta.json",
)  # fmt: skip
OTHERS = (
    "noter.txt", "keys/search.key", "keys/municipality.key.gammel", "data/Dokumenter.txt", "data/blobs.txt", "log/tillid-fejl.log",
    "audit/audit.jsonl.gz", "mine/log/leaves",
)  # fmt: skip


def write(var: Path, *names: str, text: bytes = b"x") -> None:
    for name in names:
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_bytes(text)


def files(var: Path) -> set[str]:
    return {path.relative_to(var).as_posix() for path in var.rglob("*") if not path.is_dir()}


def database(var: Path, moment: datetime) -> None:
    """A file that begins with a transaction of ``moment``, as far as anybody here reads."""
    stamp = TimeStamp(*moment.timetuple()[:5], moment.second + moment.microsecond / 1e6).raw()
    write(var, "data/Data.fs", text=b"FS30" + stamp + bytes(100))


def code_of(act) -> str:
    with pytest.raises(TillidError) as refusal:
        act()
    return refusal.value.code


def died(one: FirstStart) -> None:
    """As the end of the process gives the lock back."""
    one._lock.close()


@pytest.mark.req("R-17", "R-18")
def test_a_backup_that_was_laid_there_by_hand_is_not_started(tmp_path):
    """It would not know that a withdrawal may be missing (ADR 0082); and nothing of it is taken away."""
    var = tmp_path / "var"
    database(var, datetime.now(UTC))
    write(var, "manifest-sha256.txt")
    before = files(var)
    assert code_of(lambda: FirstStart(var)) == "start.is-backup"
    assert files(var) - {LOCK} == before
    (var / "manifest-sha256.txt").unlink()
    FirstStart(var).close()


def test_what_failed_is_taken_away_and_nothing_of_others(tmp_path):
    var = tmp_path / "over" / "var"
    one = FirstStart(var)
    one.begin()
    write(var, *OURS)
    one.close()
    assert not (tmp_path / "over").exists()

    write(var, *OTHERS, "keys/seal/ring.json")
    (var / "data" / "blobs").mkdir()
    there = set(var.rglob("*"))
    for make in (OURS, ()):
        one = FirstStart(var)
        one.begin()
        write(var, *(name for name in make if name != "keys/seal/ring.json"))
        one.close()
        assert set(var.rglob("*")) == there


def test_a_killed_one_is_taken_away_by_the_next(tmp_path):
    var = tmp_path / "over" / "var"
    one = FirstStart(var)
    one.begin()
    write(var, *OURS)
    database(var, datetime.now(UTC))
    write(var, "data/imellem.txt")
    died(one)
    again = FirstStart(var)
    assert again.again and again.needed
    assert files(var) == {LOCK, MARK, "data/imellem.txt"}
    died(again)  # before it has begun
    assert FirstStart(var).again
    (var / "data" / "imellem.txt").unlink()
    last = FirstStart(var)
    last.begin()
    last.close()
    assert not (tmp_path / "over").exists(), "the first one made it, and that is remembered"


def test_what_is_whole_stays(tmp_path, monkeypatch):
    """The mark is gone from the disk, not only from what the system remembers, when whole() returns: a power cut afterwards must
    not bring it back."""
    written = []
    monkeypatch.setattr(first_start, "sync", lambda path: written.append((path, (tmp_path / MARK).exists())))
    one = FirstStart(tmp_path)
    one.begin()
    assert written == [(tmp_path, True)]
    write(tmp_path, *OURS)
    one.whole()
    assert written[-1] == (tmp_path, False) and (tmp_path / "data", True) in written
    one.close()
    assert files(tmp_path) == {*OURS, LOCK}
    again = FirstStart(tmp_path)
    assert not again.needed and not again.again
    again.begin()
    again.close()
    assert files(tmp_path) == {*OURS, LOCK}


@pytest.mark.parametrize("left", ["data/Data.fs", "data/Data.fs.old", "data/Data.fs.pack"])
def test_data_are_never_taken_for_a_first_start(tmp_path, left):
    """Nor is what a pack that was killed leaves, which may lack the file itself."""
    write(tmp_path, left)
    one = FirstStart(tmp_path)
    one.begin()
    assert not (tmp_path / MARK).exists()
    one.close()
    assert files(tmp_path) == {left, LOCK}


@pytest.mark.parametrize("off", [timedelta(days=-40), timedelta(seconds=-5), timedelta(hours=2)])
def test_a_database_that_did_not_begin_with_the_mark_is_not_touched(tmp_path, off):
    """A backup laid over what a killed first start had left."""
    one = FirstStart(tmp_path)
    one.begin()
    died(one)
    write(tmp_path, *OURS)
    database(tmp_path, datetime.now(UTC) + off)
    before = files(tmp_path)
    assert code_of(lambda: FirstStart(tmp_path)) == "start.other-data"
    assert files(tmp_path) == before
    (tmp_path / MARK).unlink()
    FirstStart(tmp_path).close()
    assert files(tmp_path) == before - {MARK}


@pytest.mark.parametrize("text", ["", '{"begun": 17', "[]", '{"begun": 1}'])
def test_a_mark_that_says_nothing(tmp_path, text):
    """Of one that was not written to its end nothing was made yet; one of an earlier Tillid stands beside data."""
    write(tmp_path, MARK, text=text.encode())
    write(tmp_path, "keys/municipality.key")
    one = FirstStart(tmp_path)
    assert one.needed and not one.again
    one.begin()
    assert json.loads((tmp_path / MARK).read_text())["before"] == ["keys", "keys/municipality.key"]
    one.close()
    assert files(tmp_path) == {"keys/municipality.key"}

    write(tmp_path, MARK, text=text.encode())
    write(tmp_path, "data/Data.fs")
    assert code_of(lambda: FirstStart(tmp_path)) == "start.unfinished"
    assert files(tmp_path) == {"keys/municipality.key", "data/Data.fs", MARK, LOCK}


def test_what_another_process_is_making_is_not_touched(tmp_path):
    one = FirstStart(tmp_path)
    one.begin()
    write(tmp_path, *OURS)
    assert code_of(lambda: FirstStart(tmp_path)) == "store.locked"
    assert files(tmp_path) == {*OURS, LOCK, MARK}
    one.close()


def test_links_of_others_are_followed_for_ours_and_stay(tmp_path):
    """The data on another disk, by a link."""
    var, disk = tmp_path / "var", tmp_path / "disk"
    var.mkdir(), disk.mkdir()
    os.symlink(disk, var / "data")
    one = FirstStart(var)
    one.begin()
    write(var, "data/Data.fs", "data/blobs/00/x.blob")
    one.close()
    assert (var / "data").is_symlink() and not any(disk.iterdir())


def test_a_disk_that_lacks_room_is_seen_in_what_failed(tmp_path, monkeypatch):
    one = FirstStart(tmp_path)
    monkeypatch.setattr(first_start, "_LITTLE", 0)
    wrapped = RuntimeError()
    wrapped.__context__ = OSError(28, "No space left on device")
    assert one.lacked_room(wrapped) and not one.lacked_room(RuntimeError())
    assert one.lacked_room(TillidError("", code="store.full")) and not one.lacked_room(TillidError("", code="x.y"))
    monkeypatch.setattr(first_start, "_LITTLE", 2**60)
    assert one.lacked_room(RuntimeError())
    one.close()
    assert not one.lacked_room(OSError(28, ""))
