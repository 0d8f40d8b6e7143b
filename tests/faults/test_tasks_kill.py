"""Killed at every point, the outbox loses nothing and does nothing twice: processes with a real ZODB and Celery."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.faults.tasks_process import run
from tests.support.forked import Forked, preload

preload("tests.faults.tasks_process")
KILLED = -signal.SIGKILL


def start(folder: Path, *arguments: str, **environment: str) -> Forked:
    return Forked(run, folder, *arguments, **environment)


def ran(folder: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    process = start(folder, *arguments, **environment)
    lines = process.stdout.read().splitlines()
    return process.wait(), lines


@pytest.mark.req("R-17")
def test_killed_between_commit_and_task(tmp_path):
    assert ran(tmp_path, "commit-and-die", "seal_withdrawal", "a", "b")[0] == KILLED
    assert ran(tmp_path, "report")[1] == ["pending seal_withdrawal:a 0 ", "pending seal_withdrawal:b 0 "]
    assert ran(tmp_path, "work")[0] == 0
    assert ran(tmp_path, "report")[1] == ["done seal_withdrawal:a 1", "done seal_withdrawal:b 1"]


def test_killed_during_the_task(tmp_path):
    ran(tmp_path, "commit-and-die", "die_before", "a")
    assert ran(tmp_path, "work", DIE="1")[0] == KILLED
    assert ran(tmp_path, "report")[1] == ["pending die_before:a 0 "]
    # The next process counts the attempt that ended the last one, waits, and then does it.
    assert ran(tmp_path, "work")[0] == 0
    assert ran(tmp_path, "report")[1] == ["done die_before:a 1"]


def test_a_task_that_kills_every_process_is_given_up(tmp_path):
    ran(tmp_path, "commit-and-die", "die_before", "a")
    ran(tmp_path, "tire", "die_before:a")
    for _ in range(2):
        assert ran(tmp_path, "work", DIE="1")[0] == KILLED
    process = start(tmp_path, "serve", "seal_withdrawal", DIE="1")
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    pending = [line for line in ran(tmp_path, "report")[1] if "die_before" in line]
    assert pending == ["pending die_before:a 8 tasks.process-died"]


def test_killed_between_the_steps_write_and_the_entrys_end(tmp_path):
    ran(tmp_path, "commit-and-die", "die_after", "a")
    assert ran(tmp_path, "work", DIE="1")[0] == KILLED
    lines = ran(tmp_path, "report")[1]
    assert lines == ["pending die_after:a 0 ", "done die_after:a 1"]
    assert ran(tmp_path, "work")[0] == 0
    assert ran(tmp_path, "report")[1] == ["done die_after:a 1"]


@pytest.mark.req("R-17")
def test_killed_at_any_moment_nothing_is_lost_and_nothing_done_twice(tmp_path):
    committed: set[str] = set()
    for lines_before_the_kill in (3, 10, 17):
        process = start(tmp_path, "serve", "seal_withdrawal", "render_copies")
        for _ in range(lines_before_the_kill):
            committed.add(process.stdout.readline().split()[1])
        process.kill()
        committed |= {line.split()[1] for line in process.stdout if line.startswith("committed") and line[-1] == "\n"}
        process.wait()
    assert ran(tmp_path, "work")[0] == 0
    lines = ran(tmp_path, "report")[1]
    done = {line.split()[1]: int(line.split()[2]) for line in lines if line.startswith("done")}
    assert not [line for line in lines if line.startswith("pending")]
    assert committed <= set(done)
    assert set(done.values()) == {1}


def test_sigterm_lets_the_running_task_end(tmp_path):
    process = start(tmp_path, "serve", "slow")
    assert process.stdout.readline().startswith("committed")
    assert process.stdout.readline() == "slow\n"
    process.send_signal(signal.SIGTERM)
    out = process.stdout.read()
    assert process.wait() == 0
    assert out == "stopped True\n"
    (line,) = ran(tmp_path, "report")[1]
    assert line.startswith("done slow:") and line.endswith(" 1")
