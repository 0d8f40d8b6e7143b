"""Rows that wait for no disk (outcomes), and rows that are written together."""

from __future__ import annotations

import os
import threading

import pytest

from tests.contract.audit_rows import CHILD, OTHER, a_row
from tillid.adapters.audit_file import AuditUnavailable, FileAudit


@pytest.fixture
def path(tmp_path):
    return tmp_path / "log" / "audit.jsonl"


@pytest.mark.req("R-71")
def test_a_later_row_waits_for_no_disk_and_is_in_the_chain(path, monkeypatch):
    audit = FileAudit(path)
    attempt, outcome = a_row(), a_row(phase="outcome", outcome="ok")
    audit.write(attempt)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: pytest.fail("waited for the disk"))
        audit.later(outcome)
        assert audit.head()[0] == 2
    assert list(audit.tail(2)) == [attempt, outcome] and list(audit.of_child(CHILD)) == [attempt, outcome]
    audit.close()
    again = FileAudit(path)
    again.write(a_row())
    assert again.verify() == [] and again.head()[0] == 3


def test_a_later_row_that_cannot_be_written_stops_nothing(path, monkeypatch):
    audit = FileAudit(path)
    audit.write(a_row())
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        audit.later(a_row(phase="outcome"))
        assert audit.head()[0] == 1, "asked for what was written, it tried"
    audit.write(a_row())
    assert audit.verify() == [] and audit.head()[0] == 2


def test_a_failing_sync_takes_the_later_rows_before_it_along_and_the_chain_stays_whole(path, monkeypatch):
    audit = FileAudit(path)
    audit.write(a_row())
    audit.later(a_row(phase="outcome"))
    assert len(audit.of_child(CHILD)) == 2
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(5, "disk")))
        with pytest.raises(AuditUnavailable):
            audit.write(a_row())
    audit.write(a_row())
    assert audit.verify() == [] and audit.head()[0] == 2 and len(audit.of_child(CHILD)) == 2


def test_later_rows_of_many_threads_are_all_written(path):
    audit = FileAudit(path)

    def work():
        for _ in range(20):
            audit.write(a_row())
            audit.later(a_row(phase="outcome"))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.head()[0] == 240 and audit.verify() == [] and len(audit.of_child(CHILD)) == 240


@pytest.mark.req("R-71")
def test_a_later_row_waits_in_memory_for_the_next_write_and_goes_before_it(path):
    audit = FileAudit(path)
    first, outcome, second = a_row(), a_row(phase="outcome", outcome="ok"), a_row()
    audit.write(first)
    stored = path.read_bytes()
    audit.later(outcome)
    audit.write(second)
    assert path.read_bytes().startswith(stored)
    assert list(audit.tail(3)) == [first, outcome, second] and audit.verify() == []


@pytest.mark.parametrize("ask", ["head", "verify", "tail", "close", "of_child", "export"])
def test_whoever_reads_or_closes_the_log_finds_the_later_rows(path, ask):
    audit = FileAudit(path)
    audit.write(a_row())
    audit.later(a_row(phase="outcome"))
    found = getattr(audit, ask)(*([CHILD] if ask in ("of_child", "export") else []))
    if ask == "export":
        assert len(list(found)) == 2
    assert path.read_bytes().count(b"\n") == 2


def test_a_later_row_that_nobody_takes_along_is_written_all_the_same(path):
    audit = FileAudit(path)
    audit.later(a_row(phase="outcome"))
    for _ in range(200):
        if path.read_bytes():
            break
        threading.Event().wait(0.05)
    assert path.read_bytes().count(b"\n") == 1


@pytest.mark.req("R-71")
def test_rows_written_together_are_all_there_or_none(path, monkeypatch):
    audit = FileAudit(path)
    rows = [a_row(), a_row(OTHER), a_row()]
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(5, "disk")))
        with pytest.raises(AuditUnavailable):
            audit.write(*rows)
    assert path.read_bytes() == b""
    audit.write(*rows)
    assert list(audit.tail(9)) == rows
