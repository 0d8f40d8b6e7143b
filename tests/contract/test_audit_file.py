"""The file audit log: durable when ``write`` returns, chained, closed when it cannot be written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from tests.contract.audit_rows import CHILD, OTHER, a_row
from tillid.adapters.audit_file import AuditLocked, AuditUnavailable, FileAudit, verify_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "log" / "audit.jsonl"


@pytest.mark.req("R-70", "R-71")
def test_rows_are_chained_and_come_back_per_child(path):
    audit = FileAudit(path)
    rows = [a_row(), a_row(OTHER), a_row(phase="outcome", outcome="shown")]
    for row in rows:
        audit.write(row)
    assert list(audit.of_child(CHILD)) == [rows[0], rows[2]]
    assert list(audit.of_child(CHILD, limit=1)) == [rows[2]]
    assert list(audit.tail(2)) == rows[1:]
    assert audit.of_child("") == []
    assert audit.verify() == []
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [line["n"] for line in lines] == [1, 2, 3]
    assert [line["prev"] for line in lines] == ["0" * 64, lines[0]["digest"], lines[1]["digest"]]
    assert audit.head() == (3, lines[2]["digest"])
    audit.write(a_row())
    assert len(audit.of_child(CHILD)) == 3


@pytest.mark.req("R-71")
def test_a_childs_export_is_the_stored_lines(path):
    audit = FileAudit(path)
    for child in (CHILD, OTHER, CHILD):
        audit.write(a_row(child))
    stored = path.read_bytes().splitlines(keepends=True)
    assert list(audit.export(CHILD)) == [stored[0], stored[2]]


@pytest.mark.req("R-71")
def test_the_row_is_synced_before_write_returns(path, monkeypatch):
    audit = FileAudit(path)
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_size), real(fd))[1])
    audit.write(a_row())
    assert synced == [path.stat().st_size]


def test_threads_share_one_chain(path):
    audit = FileAudit(path)
    threads = [threading.Thread(target=lambda: [audit.write(a_row()) for _ in range(25)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.head()[0] == 200
    assert audit.verify() == []
    assert len({row.id for row in audit.of_child(CHILD)}) == 200


def test_only_the_owner_may_read_the_file(path):
    FileAudit(path).write(a_row())
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.req("R-111")
def test_a_cpr_number_in_a_stated_purpose_is_not_stored(path):
    audit = FileAudit(path)
    audit.write(a_row(purpose="aktindsigt for 610119-1234, sag 4"))
    assert b"1234" not in path.read_bytes()
    assert audit.tail(1)[0].purpose == "aktindsigt for [cpr], sag 4"


@pytest.mark.parametrize("damage", ["change", "drop", "swap", "garbage"])
def test_damage_in_the_middle_is_reported_and_not_cut(path, damage):
    audit = FileAudit(path)
    for _ in range(5):
        audit.write(a_row())
    audit.close()
    lines = path.read_bytes().splitlines(keepends=True)
    if damage == "change":
        lines[2] = lines[2].replace(b"document.read", b"document.list")
    elif damage == "drop":
        del lines[2]
    elif damage == "swap":
        lines[2], lines[3] = lines[3], lines[2]
    else:
        lines[2] = b"{broken\n"
    path.write_bytes(b"".join(lines))
    assert any("line 3" in problem for problem in verify_file(path))
    again = FileAudit(path)
    again.write(a_row())
    assert len(path.read_bytes().splitlines()) == len(lines) + 1
    assert any("line 3" in problem for problem in again.verify())


def test_a_broken_last_line_does_not_stop_the_log(path):
    audit = FileAudit(path)
    audit.write(a_row())
    audit.close()
    with path.open("ab") as stream:
        stream.write(b"not json\n")
    again = FileAudit(path)
    again.write(a_row())
    assert again.verify() == ["line 2: not readable"]


@pytest.mark.parametrize("torn", [b'{"digest":"no', b"\x00" * 4096, b'{"digest"\x00\x00'])
def test_a_torn_last_line_is_cut_with_a_notice(path, torn, caplog):
    audit = FileAudit(path)
    audit.write(a_row())
    audit.close()
    whole = path.read_bytes()
    with path.open("ab") as stream:
        stream.write(torn)
    again = FileAudit(path)
    assert path.read_bytes().startswith(whole)
    assert torn not in path.read_bytes()
    assert "unfinished last line" in caplog.text
    assert again.tail(1)[0].action == "audit.torn_line_cut"
    again.write(a_row())
    assert again.verify() == []


@pytest.mark.req("R-71")
def test_unavailable_when_the_folder_is_gone_and_back_after(path):
    audit = FileAudit(path)
    audit.write(a_row())
    away = path.parent.with_name("away")
    path.parent.rename(away)
    with pytest.raises(AuditUnavailable) as told:
        audit.write(a_row())
    assert told.value.code == "audit.unavailable"
    away.rename(path.parent)
    audit.write(a_row())
    assert audit.verify() == []
    assert audit.head()[0] == 2


def test_a_deleted_or_cut_log_is_not_silently_begun_again(path):
    audit = FileAudit(path)
    audit.write(a_row())
    audit.write(a_row())
    data = path.read_bytes()
    path.unlink()
    with pytest.raises(AuditUnavailable):
        audit.write(a_row())
    path.write_bytes(data.splitlines(keepends=True)[0])
    with pytest.raises(AuditUnavailable):
        audit.write(a_row())
    path.write_bytes(data)
    audit.write(a_row())
    assert audit.verify() == []


def test_a_failing_sync_leaves_nothing_and_recovers(path, monkeypatch):
    audit = FileAudit(path)
    audit.write(a_row())
    before = path.read_bytes()

    def failing(fd: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(AuditUnavailable):
            audit.write(a_row())
    assert path.read_bytes() == before
    audit.write(a_row())
    assert audit.head()[0] == 2
    assert audit.verify() == []


@pytest.mark.req("R-71")
def test_no_thread_of_a_failed_batch_believes_in_its_row(path, monkeypatch):
    audit = FileAudit(path)
    told: list[type] = []

    def work() -> None:
        try:
            audit.write(a_row())
            told.append(type(None))
        except AuditUnavailable:
            told.append(AuditUnavailable)

    for broken in (OSError(28, "No space left on device"), RuntimeError("anything")):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", lambda fd, broken=broken: (_ for _ in ()).throw(broken))
            threads = [threading.Thread(target=work) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert told == [AuditUnavailable] * 12
    assert path.read_bytes() == b""
    audit.write(a_row())
    assert audit.verify() == []


def test_no_text_keeps_a_row_from_being_written(path):
    audit = FileAudit(path)
    audit.write(a_row(purpose="sag \ud800 \x00 \n linje"))
    audit.write(a_row())
    assert audit.verify() == []
    assert len(audit.tail(5)) == 2


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from test_audit_file import FileAudit, AuditUnavailable, a_row
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path({path!r})
audit = FileAudit(path)
audit.write(a_row())
size = path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
try:
    audit.write(a_row())
except AuditUnavailable:
    print("unavailable", path.stat().st_size == size)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
audit.write(a_row())
print(audit.head()[0], audit.verify())
"""


def test_a_full_disk_refuses_and_recovers(path):
    """A file size limit stands in for the full disk: the write stops in the middle of the line, as there."""
    script = FULL.format(here=os.path.dirname(__file__), path=str(path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.split("\n")[:2] == ["unavailable True", "2 []"], done.stderr


def test_a_second_process_is_refused(path):
    audit = FileAudit(path)
    with pytest.raises(AuditLocked):
        FileAudit(path)
    audit.close()
    FileAudit(path).close()


KILLED = """
import sys, threading
sys.path.insert(0, {here!r})
from test_audit_file import FileAudit, a_row
audit = FileAudit({path!r})
lock = threading.Lock()
def work():
    while True:
        row = a_row()
        audit.write(row)
        with lock:
            print(row.id, flush=True)
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
threading.Event().wait()
"""


@pytest.mark.req("R-71")
def test_no_acknowledged_row_is_lost_by_kill_9(path):
    script = textwrap.dedent(KILLED.format(here=os.path.dirname(__file__), path=str(path)))
    acknowledged: set[str] = set()
    for stop_after in (10, 40):
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert child.stdout
        for _ in range(stop_after):
            acknowledged.add(child.stdout.readline().strip())
        os.kill(child.pid, signal.SIGKILL)
        acknowledged |= {line.strip() for line in child.stdout if line.endswith("\n")}
        child.wait()
        child.stdout.close()
    audit = FileAudit(path)
    stored = {row.id for row in audit.of_child(CHILD, limit=100_000)}
    assert acknowledged
    assert acknowledged <= stored
    assert audit.verify() == []
