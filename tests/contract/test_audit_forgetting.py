"""Rows whose period is over leave the log; the chain goes on, and a gap that no row tells of is a damage (R-71, R-90)."""

from __future__ import annotations

import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.contract.audit_rows import CHILD, OTHER, a_row
from tillid.adapters.audit_file import AuditUnavailable, FileAudit, verify_file
from tillid.adapters.audit_forgetting import LogDamaged
from tillid.kernel.ids import new_id

BEGAN = datetime(2020, 1, 15, 12, tzinfo=UTC)
BEFORE = datetime(2020, 4, 1, tzinfo=UTC)


def row(month, child=CHILD, **more):
    return msgspec.structs.replace(a_row(child, **more), at=BEGAN + timedelta(days=31 * month))


def told(said):
    return msgspec.structs.replace(
        a_row(""), id=new_id(), phase="outcome", action="forget_log", outcome=said, at=BEGAN + timedelta(days=2000)
    )


def forget(audit, before=BEFORE, held=lambda one: False):
    return audit.forget_before(before, held, told)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "log" / "audit.jsonl"


@pytest.fixture
def audit(path):
    """Six rows, one a month; the first three are over."""
    made = FileAudit(path)
    for month in range(6):
        made.write(row(month, OTHER if month == 1 else CHILD, purpose=f"formaal {month}"))
    yield made
    made.close()


@pytest.mark.req("R-71", "R-90")
def test_the_rows_are_in_no_byte_and_the_chain_goes_on(audit, path):
    head = audit.head()
    assert forget(audit) == 3
    data = path.read_bytes()
    assert not [n for n in range(3) if f"formaal {n}".encode() in data] and OTHER.encode() not in data
    lines = [json.loads(line) for line in data.splitlines()]
    assert (lines[0]["gone"], lines[0]["n"]) == (1, 3) and lines[1]["n"] == 4
    assert audit.verify() == [] and audit.head()[0] == head[0] + 1
    assert [one.purpose for one in audit.of_child(CHILD)] == ["formaal 3", "formaal 4", "formaal 5"]
    assert audit.of_child(OTHER) == [] and list(audit.export(OTHER)) == []
    audit.write(row(7))
    assert audit.verify() == [] and len(audit.of_child(CHILD)) == 4
    assert forget(audit) == 0, "nothing more"
    assert forget(audit, BEGAN + timedelta(days=31 * 5)) == 2, "gaps grow together"
    assert [("gone" in json.loads(line)) for line in path.read_bytes().splitlines()].count(True) == 1
    audit.close()
    assert verify_file(path) == [] and FileAudit(path).verify() == []
    assert path.stat().st_mode & 0o777 == 0o600 and list(path.parent.iterdir()) == [path]


@pytest.mark.req("R-71", "R-90")
def test_what_is_held_stays_between_the_gaps(audit, path):
    assert forget(audit, held=lambda one: one.child_id == OTHER) == 2
    assert audit.verify() == [] and [one.purpose for one in audit.of_child(OTHER)] == ["formaal 1"]
    assert forget(audit) == 1 and audit.of_child(OTHER) == [], "once nothing holds it"
    assert audit.verify() == []


@pytest.mark.req("R-71")
@pytest.mark.parametrize("tampering", ["the rows cut", "one more row gone", "gap widened", "its row gone", "digest"])
def test_a_gap_that_no_row_tells_of_is_a_damage(audit, path, tampering):
    forget(audit)
    audit.close()
    lines = path.read_bytes().splitlines(keepends=True)
    if tampering == "the rows cut":
        del lines[0]
    elif tampering == "one more row gone":
        del lines[1]
    elif tampering == "gap widened":  # what a forger would write
        gap, row_ = json.loads(lines[0]), json.loads(lines[1])
        wider = {"digest": row_["digest"], "gone": gap["gone"], "n": row_["n"], "prev": gap["prev"]}
        lines[:2] = [json.dumps(wider, separators=(",", ":")).encode() + b"\n"]
    elif tampering == "its row gone":
        del lines[-1]
    else:
        lines[0] = lines[0].replace(b'"n":3', b'"n":2')
    path.write_bytes(b"".join(lines))
    assert verify_file(path) != []


@pytest.mark.req("R-71")
def test_a_damaged_beginning_is_looked_into_and_not_destroyed(audit, path):
    audit.close()
    path.write_bytes(path.read_bytes().replace(b"formaal 1", b"formaal 9"))
    again = FileAudit(path)
    before = path.read_bytes()
    with pytest.raises(LogDamaged):
        forget(again)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_a_disk_that_fails_leaves_the_old_log_whole(audit, path, monkeypatch):
    before = path.read_bytes()

    def failing(*_):
        raise OSError(28, "No space left on device")

    for broken in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, broken, failing)
            with pytest.raises(AuditUnavailable):
                forget(audit)
        assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]
    audit.write(row(6))
    assert forget(audit) == 3 and audit.verify() == []


def test_rows_that_come_meanwhile_are_all_there(audit):
    done, written = threading.Event(), []

    def write():
        while not done.is_set():
            audit.write(row(10))
            written.append(1)
            audit.of_child(CHILD, 5)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert forget(audit) == 3
    done.set()
    for thread in threads:
        thread.join()
    assert audit.verify() == [] and len(audit.of_child(CHILD, 100_000)) == 3 + len(written)


@pytest.mark.req("R-90")
@pytest.mark.parametrize("point", ["written", "renamed"])
def test_killed_in_the_middle_it_is_the_old_log_or_the_new_one(audit, path, point):
    audit.close()
    before = path.read_bytes()
    child = os.fork()
    if child == 0:
        real = os.replace

        def die(*arguments):
            if point == "renamed":
                real(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        try:
            os.replace = die
            forget(FileAudit(path))
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert (path.read_bytes() == before) == (point == "written")
    again = FileAudit(path)
    assert again.verify() == [] and list(path.parent.iterdir()) == [path]
    assert forget(again) == (3 if point == "written" else 0)
    again.write(row(8))
    assert again.verify() == [] and [one.purpose for one in again.of_child(CHILD)][:1] == ["formaal 3"]
    again.close()
