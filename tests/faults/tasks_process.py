"""A process of its own for test_tasks_kill: a real ZODB with the real outbox, a real worker, steps that may die.

Forked (``tests/support/forked.py``) with ``run``. The clock runs 20,000 times as fast, so that no test waits for a back-off.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import transaction
import ZODB
from BTrees.OOBTree import OOBTree
from ZODB.FileStorage import FileStorage
from ZODB.POSException import ConflictError

from tillid.cms.store.outbox import ZodbOutbox
from tillid.tasks import TaskWorker

SPEED = 20_000


class Here:
    """This process's store; ``run`` opens it."""

    folder: Path
    began: float
    db: ZODB.DB


@contextmanager
def open_house():
    manager = transaction.TransactionManager()
    connection = Here.db.open(manager)
    try:
        with manager:
            root = connection.root()
            now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=int((time.time() - Here.began) * SPEED))
            yield SimpleNamespace(outbox=ZodbOutbox(root), moment=now, root=root)
    finally:
        connection.close()


def add(step: str, *subjects: str) -> None:
    for _ in range(20):
        try:
            with open_house() as house:
                for subject in subjects:
                    house.outbox.add(step, {"subject": subject}, house.moment)
            return
        except ConflictError:  # the worker took an entry out of the same bucket
            continue


def tire(*keys: str) -> None:
    """Leave the entries two attempts."""
    with open_house() as house:
        for key in keys:
            for _ in range(6):
                house.outbox.failed(key, "render.office-died", house.moment)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def count(open_house, entry) -> None:
    """Writes its effect and takes its entry out in one transaction, as steps with an effect outside themselves do."""
    with open_house() as house:
        done = house.root["done"]
        done[entry.key] = done.get(entry.key, 0) + 1
        house.outbox.remove(entry.key)


def die_before(open_house, entry) -> None:
    if "DIE" in os.environ:
        die()
    count(open_house, entry)


def die_after(open_house, entry) -> None:
    """Writes an effect that can be written twice, then dies before the runner took the entry out."""
    with open_house() as house:
        house.root["done"][entry.key] = 1
    if "DIE" in os.environ:
        die()


def slow(open_house, entry) -> None:
    print("slow", flush=True)
    time.sleep(0.5)
    count(open_house, entry)


STEPS = {
    "seal_withdrawal": count,
    "render_copies": count,
    "die_before": die_before,
    "die_after": die_after,
    "slow": slow,
}


def report() -> None:
    with open_house() as house:
        for entry in house.outbox.pending():
            print("pending", entry.key, entry.attempts, entry.last_error)
        for key, times in house.root["done"].items():
            print("done", key, times)


def a_worker(**settings: float) -> TaskWorker:
    return TaskWorker(open_house, STEPS, Here.folder / "marks", **settings)


def work_until_done() -> None:
    worker = a_worker(sweep_seconds=0.2)
    worker.start()
    while True:
        with open_house() as house:
            if not house.outbox.pending():
                break
        time.sleep(0.02)
    worker.stop()


def serve(*steps: str) -> None:
    """Commit and wake for ever, and say what was committed; SIGTERM ends it cleanly."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    worker = a_worker()
    worker.start()
    number = 0
    while not stopping.is_set():
        number += 1
        for step in steps:
            subject = f"{os.getpid()}-{number}"
            add(step, subject)
            print("committed", f"{step}:{subject}", flush=True)
            worker.wake([f"{step}:{subject}"])
        stopping.wait(0.01 if steps[0] != "slow" else 60)
    print("stopped", worker.stop(), flush=True)


def commit_and_die(*words: str) -> None:
    add(*words)
    die()


COMMANDS = {"commit-and-die": commit_and_die, "tire": tire, "work": work_until_done, "report": report, "serve": serve}


def run(folder: Path, command: str, *words: str) -> None:
    """Open the store in ``folder`` and do one of ``COMMANDS``."""
    began = folder / "began"
    if not began.exists():
        began.write_text(str(time.time()))
    Here.folder, Here.began = folder, float(began.read_text())
    Here.db = ZODB.DB(FileStorage(str(folder / "data.fs")), pool_size=20)
    with open_house() as first:
        if "done" not in first.root:
            first.root["done"] = OOBTree()
    COMMANDS[command](*words)
    Here.db.close()
