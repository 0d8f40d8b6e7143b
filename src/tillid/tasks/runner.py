"""One key, one step: read the entry, do the step, take the entry out; count what fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tillid.kernel.errors import TillidError, Unavailable
from tillid.tasks.marks import Marks
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.wiring.repeating import again_on_conflict

log = logging.getLogger(__name__)

Steps = Mapping[str, Callable[[OpenHouse, OutboxEntry], None]]
GivenUp = Callable[[House, OutboxEntry], None]

DIED = "tasks.process-died"
UNKNOWN = "tasks.unknown-step"
_LONGEST_WHY = 300
_MOST_DUE = 1000


class Runner:
    """Does the entries of one installation's outbox.

    ``steps``: name → function that opens houses itself (read, close, work, open, check, write) and may run twice. The
    entry goes in a transaction after the step's last one, so a crash between the two repeats the step, never loses it.
    ``given_up``: told of an entry with the attempt that was its last, in the same transaction.
    """

    def __init__(
        self, open_house: OpenHouse, steps: Steps, marks: Marks, given_up: GivenUp = lambda house, entry: None
    ) -> None:
        self._open_house = open_house
        self._steps = steps
        self._marks = marks
        self._given_up = given_up
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def run(self, key: str) -> bool:
        """Do the entry if it is there, alive, due and not being done already; whether it was done with success."""
        with self._alone(key) as alone:
            if not alone:
                return False
            entry = self._entry(key)
            if entry is None:
                return False
            with self._marks.during(key):
                return self._attempt(entry)

    def due(self) -> list[str]:
        """The keys whose moment has come, oldest first."""
        with self._open_house() as house:
            return [entry.key for entry in house.outbox.due(house.moment, _MOST_DUE)]

    def count_interrupted(self) -> None:
        """Count an attempt for each task that was running when the last process died. Once, before the first ``run``."""
        for key in self._marks.left_over():
            log.warning("task %s was running when the process ended", key)
            self._count(key, DIED)
            self._marks.clear(key)

    def _entry(self, key: str) -> OutboxEntry | None:
        with self._open_house() as house:
            entry = house.outbox.get(key)
            if entry is None or entry.dead or entry.due_at > house.moment:
                return None
            return entry

    def _attempt(self, entry: OutboxEntry) -> bool:
        try:
            step = self._steps.get(entry.step)
            if step is None:
                raise TillidError(code=UNKNOWN)
            again_on_conflict(lambda: step(self._open_house, entry))
            self._change(lambda house: house.outbox.remove(entry.key))
        except Exception as error:
            # Class and code only: the text of a foreign error may hold what somebody wrote.
            code = error.code if isinstance(error, TillidError) else type(error).__name__
            log.warning("task %s failed: %s", entry.key, code)
            # Said by those alone that have one for the administrator: which rule a document broke.
            why = str(getattr(error, "why", ""))[:_LONGEST_WHY]
            self._count(entry.key, code, may_die=not isinstance(error, Unavailable), why=why)
            return False
        return True

    def _count(self, key: str, code: str, *, may_die: bool = True, why: str = "") -> None:
        def count(house: House) -> None:
            house.outbox.failed(key, code, house.moment, may_die=may_die, why=why)
            entry = house.outbox.get(key)
            if entry is not None and entry.dead:
                self._given_up(house, entry)

        try:
            self._change(count)
        except Exception as error:
            # The store is away: the entry stays as it is, the sweep tries again.
            log.error("attempt of %s could not be counted: %s", key, type(error).__name__)

    def _change(self, change: Callable[[House], None]) -> None:
        def once() -> None:
            with self._open_house() as house:
                change(house)

        again_on_conflict(once)

    @contextmanager
    def _alone(self, key: str) -> Iterator[bool]:
        with self._lock:
            alone = key not in self._running
            self._running.add(key)
        try:
            yield alone
        finally:
            if alone:
                with self._lock:
                    self._running.discard(key)


def dead_letters(house: House) -> Sequence[OutboxEntry]:
    """What was given up, for the administrator's list: step, ids, attempts and the last error's code."""
    return [entry for entry in house.outbox.pending() if entry.dead]
