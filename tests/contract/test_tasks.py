"""The outbox's hands: a real Celery worker in this process over a small outbox (the ZODB's own is in tests/faults)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from transaction.interfaces import TransientError

from tillid.adapters.pdf.checker import CheckUnavailable
from tillid.adapters.pdf.refusals import BadPdf
from tillid.adapters.renderer import RenderFailed
from tillid.kernel.clock import FixedClock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.tasks import TaskWorker
from tillid.tasks.marks import Marks
from tillid.tasks.queues import queue_of
from tillid.tasks.runner import DIED, UNKNOWN, Runner, dead_letters
from tillid.usecases.add_revision import NotAPrefix, PartMissing
from tillid.usecases.ports import OutboxEntry

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SOON = 15.0  # seconds a test waits at most for a thread; it goes on as soon as the thread is there


class ListOutbox:
    """An outbox in memory with the port's rules: eight attempts, doubling waits."""

    def __init__(self) -> None:
        self.entries: dict[str, OutboxEntry] = {}
        self.lock = threading.Lock()

    def add(self, step: str, ids: dict[str, str], now: datetime) -> OutboxEntry:
        key = ":".join([step, *ids.values()])
        entry = OutboxEntry(key=key, step=step, ids=ids, created_at=now, due_at=now)
        return self.entries.setdefault(key, entry)

    def due(self, now: datetime, limit: int = 100) -> list[OutboxEntry]:
        with self.lock:
            return [entry for entry in self.entries.values() if not entry.dead and entry.due_at <= now][:limit]

    def get(self, key: str) -> OutboxEntry | None:
        return self.entries.get(key)

    def remove(self, key: str) -> None:
        with self.lock:
            self.entries.pop(key, None)

    def failed(self, key: str, error_code: str, now: datetime, *, may_die: bool = True, why: str = "") -> None:
        with self.lock:
            entry = self.entries[key]
            attempts = entry.attempts + 1
            self.entries[key] = msgspec.structs.replace(
                entry,
                attempts=attempts,
                due_at=now + timedelta(seconds=15 * 2 ** (attempts - 1)),
                dead=may_die and attempts >= 8,
                last_error=error_code,
                why=why,
            )

    def pending(self) -> list[OutboxEntry]:
        return list(self.entries.values())


class Place:
    """An outbox, a clock that stands still, and houses on them."""

    def __init__(self) -> None:
        self.outbox = ListOutbox()
        self.clock = FixedClock(AT)
        self.down = False

    @contextmanager
    def open_house(self) -> Iterator[SimpleNamespace]:
        if self.down:
            raise Unavailable("store away")
        yield SimpleNamespace(outbox=self.outbox, moment=self.clock.now())

    def add(self, step: str, subject: str) -> str:
        return self.outbox.add(step, {"subject": subject}, self.clock.now()).key


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def working(place, tmp_path):
    """Start workers with steps; all are stopped at the end."""
    workers: list[TaskWorker] = []

    def start(steps, sweep_seconds: float = 3600.0) -> TaskWorker:
        worker = TaskWorker(place.open_house, steps, tmp_path / "marks", sweep_seconds=sweep_seconds)
        worker.start()
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        assert worker.stop()


def a_runner(place: Place, tmp_path, step) -> Runner:
    return Runner(place.open_house, {"step": step}, Marks(tmp_path / "marks"))


@pytest.mark.req("R-17")
def test_a_woken_entry_is_done_once_and_goes(place, working):
    done: list[tuple[str, str]] = []
    arrived = threading.Event()

    def step(open_house, entry):
        done.append((entry.key, threading.current_thread().name))
        arrived.set()

    worker = working({"index": step})
    key = place.add("index", "d1")
    worker.wake([key])
    assert arrived.wait(SOON)
    assert worker.stop()
    assert [k for k, _ in done] == [key]
    assert "urgent" in done[0][1]
    assert place.outbox.pending() == []


def test_the_sweep_finds_what_nobody_was_woken_for(place, working):
    arrived = threading.Event()
    place.add("index", "d1")
    working({"index": lambda open_house, entry: arrived.set()})
    assert arrived.wait(SOON)


def test_the_sweep_comes_again(place, working):
    arrived = threading.Event()
    working({"index": lambda open_house, entry: arrived.set()}, sweep_seconds=0.05)
    place.add("index", "late")
    assert arrived.wait(SOON)


@pytest.mark.req("R-17")
def test_a_withdrawals_follow_up_does_not_wait_behind_a_render(place, working):
    release, rendering, sealed = threading.Event(), threading.Event(), threading.Event()

    def render(open_house, entry):
        rendering.set()
        assert release.wait(SOON)

    worker = working({"render_copies": render, "seal_withdrawal": lambda open_house, entry: sealed.set()})
    worker.wake([place.add("render_copies", f"d{n}") for n in range(3)])
    assert rendering.wait(SOON)
    worker.wake([place.add("seal_withdrawal", "e1")])
    assert sealed.wait(SOON)
    assert not release.is_set()
    release.set()


def test_a_preview_does_not_wait_behind_what_was_ordered_at_once(place, working):
    release, rendering, shown = threading.Event(), threading.Event(), threading.Event()

    def gather(open_house, entry):
        rendering.set()
        assert release.wait(SOON)

    worker = working({"gather_copy": gather, "render_preview": lambda open_house, entry: shown.set()})
    worker.wake([place.add("gather_copy", f"d{n}") for n in range(3)])
    assert rendering.wait(SOON)
    worker.wake([place.add("render_preview", "d9")])
    assert shown.wait(SOON)
    assert not release.is_set()
    release.set()


def test_every_step_has_its_queue():
    assert {queue_of(f"{step}:x") for step in ("seal_withdrawal", "audit_withdrawal", "index")} == {"urgent"}
    assert {queue_of(f"{step}:x") for step in ("render_copies", "render_released", "something_new")} == {"render"}
    assert queue_of("gather_copy:x") == "many"


def test_a_key_that_waits_is_not_sent_again(place, working):
    release, begun = threading.Event(), threading.Event()
    runs: list[str] = []

    def render(open_house, entry):
        runs.append(entry.key)
        begun.set()
        assert release.wait(SOON)

    worker = working({"render_copies": render})
    first, second = place.add("render_copies", "a"), place.add("render_copies", "b")
    worker.wake([first])
    assert begun.wait(SOON)
    for _ in range(50):
        worker.wake([second])
    assert list(worker._sent) == [second]
    release.set()
    assert worker.stop()
    # The worker may stop before it takes the second; what is left is in the outbox.
    assert runs in ([first], [first, second])
    assert [entry.key for entry in place.outbox.pending()] == ([second] if runs == [first] else [])


def test_the_same_key_at_the_same_time_runs_once(place, tmp_path):
    inside, release = threading.Event(), threading.Event()
    runs: list[str] = []

    def step(open_house, entry):
        runs.append(entry.key)
        inside.set()
        assert release.wait(SOON)

    runner = a_runner(place, tmp_path, step)
    key = place.add("step", "x")
    thread = threading.Thread(target=runner.run, args=(key,))
    thread.start()
    assert inside.wait(SOON)
    assert runner.run(key) is False
    release.set()
    thread.join()
    assert runner.run(key) is False
    assert runs == [key]


def test_a_part_that_is_away_for_days_kills_no_work(place, tmp_path):
    """A withdrawal's seal must come, however long the key is away (R-17)."""

    def step(open_house, entry):
        raise Unavailable("away", code="seal.unavailable")

    runner = a_runner(place, tmp_path, step)
    key = place.add("step", "x")
    for _ in range(12):
        assert runner.run(key) is False
        place.clock.moment = place.outbox.get(key).due_at
    entry = place.outbox.get(key)
    assert (entry.dead, entry.attempts, entry.last_error) == (False, 12, "seal.unavailable")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (RenderFailed, "documents.render-failed"),
        (lambda detail: BadPdf("broken", detail), "pdf.refused"),  # a revision that broke a rule
        (NotAPrefix, "archive.not-a-prefix"),
        (lambda detail: PartMissing(detail, code="archive.copy-damaged"), "archive.copy-damaged"),
        (CheckUnavailable, "documents.check-unavailable"),
    ],
    ids=["copy", "revision", "prefix", "part", "check"],
)
def test_what_a_document_was_refused_for_is_kept_for_the_administrator(place, tmp_path, caplog, made, code):
    def step(open_house, entry):
        raise made("not valid PDF/UA-1: rule X" + "x" * 1000)

    runner = a_runner(place, tmp_path, step)
    key = place.add("step", "x")
    assert runner.run(key) is False
    entry = place.outbox.get(key)
    assert entry.last_error == code and len(entry.why) == 300
    assert "not valid PDF/UA-1: rule X" in entry.why and "rule X" not in caplog.text


def test_failures_wait_longer_each_time_and_end_as_a_visible_dead_letter(place, tmp_path, caplog):
    def step(open_house, entry):
        raise TillidError("Mettes hemmelighed", code="render.office-died")

    runner = a_runner(place, tmp_path, step)
    key = place.add("step", "x")
    waits = []
    with caplog.at_level(logging.INFO):
        for _ in range(8):
            assert runner.run(key) is False
            assert runner.run(key) is False  # not due yet: not counted
            entry = place.outbox.get(key)
            waits.append((entry.due_at - place.clock.now()).total_seconds())
            place.clock.moment = entry.due_at
    assert waits == sorted(set(waits))
    with place.open_house() as house:
        (dead,) = dead_letters(house)
    assert (dead.key, dead.attempts, dead.last_error, dead.why) == (key, 8, "render.office-died", "")
    assert runner.run(key) is False
    assert runner.due() == []
    assert place.outbox.get(key).attempts == 8
    assert "hemmelighed" not in caplog.text


def test_a_foreign_errors_text_is_neither_stored_nor_logged(place, tmp_path, caplog):
    def step(open_house, entry):
        raise ValueError("Alma Solskin, 610119-1234")

    key = place.add("step", "x")
    a_runner(place, tmp_path, step).run(key)
    assert place.outbox.get(key).last_error == "ValueError"
    assert "Alma" not in caplog.text


def test_an_unknown_step_is_counted(place, tmp_path):
    key = place.add("forgotten", "x")
    a_runner(place, tmp_path, None).run(key)
    assert place.outbox.get(key).last_error == UNKNOWN


def test_a_conflict_is_done_again_without_counting(place, tmp_path):
    runs: list[int] = []

    def step(open_house, entry):
        runs.append(1)
        if len(runs) < 3:
            raise TransientError

    key = place.add("step", "x")
    assert a_runner(place, tmp_path, step).run(key) is True
    assert len(runs) == 3
    assert place.outbox.pending() == []


def test_a_store_that_is_away_stops_nothing_for_good(place, working):
    arrived = threading.Event()
    worker = working({"index": lambda open_house, entry: arrived.set()}, sweep_seconds=0.05)
    place.down = True
    worker.wake([place.add("index", "d1")])
    assert not arrived.is_set()
    place.down = False
    assert arrived.wait(SOON)


def test_a_task_that_kills_its_process_is_counted_and_given_up(place, tmp_path):
    key = place.add("step", "x")
    for _ in range(8):
        # What a killed process leaves: the mark of the running task.
        (tmp_path / "marks").mkdir(exist_ok=True)
        context = Marks(tmp_path / "marks").during(key)
        context.__enter__()
        runner = a_runner(place, tmp_path, lambda open_house, entry: None)
        runner.count_interrupted()
        assert Marks(tmp_path / "marks").left_over() == []
        place.clock.moment = place.outbox.get(key).due_at
    entry = place.outbox.get(key)
    assert (entry.dead, entry.last_error) == (True, DIED)
    assert runner.run(key) is False


def test_a_worker_can_be_stopped_and_started_again(place, working):
    arrived = threading.Event()
    worker = working({"index": lambda open_house, entry: arrived.set()})
    assert worker.alive
    assert worker.stop()
    assert not worker.alive
    place.add("index", "d1")
    worker.start()
    assert arrived.wait(SOON)
