"""The worker of one process: hands that wait, a runner that does, a sweep that looks for what nobody was woken for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tillid.tasks.marks import Marks
from tillid.tasks.queues import QUEUES, queue_of
from tillid.tasks.runner import GivenUp, Runner, Steps
from tillid.usecases.ports import OpenHouse
from tillid.wiring.hands import hands_of

log = logging.getLogger(__name__)

SWEEP_SECONDS = 30.0
_FORGOTTEN = 600.0  # seconds after which a key that was sent and never came is sent again


class TaskWorker:
    """Start once per process with what opens a house; ``marks``: a folder of this process alone;
    ``upkeep``: done with every sweep; ``give_way``: called before each entry, returns when nobody's click is in the way;
    ``given_up``: told of an entry that is tried no more.

    ``wake(keys)`` is called after a commit (never before, never instead: the outbox has the work). ``stop`` lets the
    running tasks end; call it on SIGTERM before the stores are closed.
    """

    def __init__(
        self,
        open_house: OpenHouse,
        steps: Steps,
        marks: Path,
        *,
        installation: str = "tillid",
        sweep_seconds: float = SWEEP_SECONDS,
        upkeep: Callable[[], None] = lambda: None,
        give_way: Callable[[], None] = lambda: None,
        given_up: GivenUp = lambda house, entry: None,
    ) -> None:
        self._installation = installation
        self._runner = Runner(open_house, steps, Marks(marks), given_up)
        self._hands = hands_of(self._run_entry, installation=installation, queues=QUEUES)
        self._sweep_seconds = sweep_seconds
        self._upkeep, self._give_way = upkeep, give_way
        self._sent: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._sweeper: threading.Thread | None = None

    def start(self) -> None:
        """Count what the last process died of, start the threads, and sweep at once."""
        self._stopping.clear()
        self._runner.count_interrupted()
        self._hands.start()
        self._sweeper = threading.Thread(target=self._sweep_forever, name="tillid-sweep", daemon=True)
        self._sweeper.start()

    def wake(self, keys: Iterable[str]) -> None:
        """Have the entries done soon. Never raises; a key that waits already is not sent twice."""
        for key in keys:
            with self._lock:
                now = time.monotonic()
                if now - self._sent.get(key, -_FORGOTTEN) < _FORGOTTEN:
                    continue
                self._sent[key] = now
            if not self._hands.send(queue_of(key), key):
                self._arrived(key)

    def sweep(self) -> int:
        """Wake what is due; how many entries that was."""
        keys = self._runner.due()
        self.wake(keys)
        return len(keys)

    def stop(self, timeout: float = 30.0) -> bool:
        """Stop sweeping, let running tasks end; ``False`` if one did not end in time."""
        self._stopping.set()
        if self._sweeper is not None:
            self._sweeper.join(timeout)
        return self._hands.stop(timeout)

    @property
    def alive(self) -> bool:
        return self._hands.alive and self._sweeper is not None and self._sweeper.is_alive()

    def _run_entry(self, installation: str, key: str) -> None:
        """What Celery's task does. Never raises: Celery would write arguments and traceback into the log."""
        self._arrived(key)
        if installation != self._installation:
            log.error("a task of another installation was refused")
            return
        self._give_way()
        try:
            self._runner.run(key)
        except Exception as error:
            log.error("task %s could not be begun: %s", key, type(error).__name__)

    def _arrived(self, key: str) -> None:
        with self._lock:
            self._sent.pop(key, None)

    def _sweep_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                if not self._hands.alive:
                    log.error("a worker thread had ended and is started again")
                    self._hands.start()
                self.sweep()
                self._upkeep()
            except Exception as error:
                log.error("sweep failed, next one in %d s: %s", self._sweep_seconds, type(error).__name__)
            self._stopping.wait(self._sweep_seconds)
