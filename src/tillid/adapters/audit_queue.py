"""Who waits for the disk and who writes for all: rows of threads that come at the same time share one fsync."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
Row = dict[str, str]
Append = Callable[[list[Row], bool], None]
log = logging.getLogger(__name__)
_LONGEST_WAIT = 1.0  # seconds that a row nobody waits for stays in memory
_MOST_KEPT = 1000


class _Ticket:
    """Rows waiting to be written, and what came of it. ``durable``: somebody waits until they are on disk."""

    def __init__(self, rows: Sequence[Row], *, durable: bool) -> None:
        self.rows, self.durable = rows, durable
        self.done = False
        self.error: BaseException | None = None


class Batches:
    """Calls ``append(rows, sync)`` for one batch at a time, in the order the rows came; it writes all or raises."""

    def __init__(self, append: Append) -> None:
        self._append = append
        self._turn = threading.Condition()
        self._waiting: list[_Ticket] = []
        self._writing = False
        self._timer: threading.Timer | None = None

    def write(self, rows: Sequence[Row]) -> BaseException | None:
        """Returns when ``rows`` are on disk, or the error that kept them from it: then none of them is in the log."""
        ticket = _Ticket(rows, durable=True)
        with self._turn:
            self._waiting.append(ticket)
            while self._writing and not ticket.done:
                self._turn.wait()
            batch = [] if ticket.done else self._take()
        if batch:
            self._lead(batch)
        return ticket.error

    def later(self, row: Row) -> None:
        """Keep ``row`` for the next ``write``, which takes it along; ``flush`` writes it after a second at the latest."""
        with self._turn:
            self._waiting.append(_Ticket([row], durable=False))
            full = len(self._waiting) >= _MOST_KEPT
            if self._timer is None:
                self._timer = threading.Timer(_LONGEST_WAIT, self._flush_in_time)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush()

    def flush(self) -> None:
        """Hand every row that waits to the operating system. Never raises: an error stands in the technical log."""
        with self._turn:
            while self._writing:
                self._turn.wait()
            batch = self._take() if self._waiting else []
        if batch:
            self._lead(batch)

    def alone(self, work: Callable[[], T]) -> T:
        """Do ``work`` while nothing is written; rows that come meanwhile wait for its end."""
        with self._turn:
            while self._writing:
                self._turn.wait()
            self._writing = True
        try:
            return work()
        finally:
            with self._turn:
                self._writing = False
                self._turn.notify_all()

    def close(self) -> None:
        """``flush``, and no timer is left."""
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        self.flush()

    def _flush_in_time(self) -> None:
        with self._turn:
            self._timer = None
        self.flush()

    def _take(self) -> list[_Ticket]:
        """Everything that waits is now the caller's to write."""
        batch, self._waiting, self._writing = self._waiting, [], True
        return batch

    def _lead(self, batch: list[_Ticket]) -> None:
        """Write ``batch`` for all its threads; the next batch gathers meanwhile."""
        error: BaseException | None = None
        try:
            self._append([row for ticket in batch for row in ticket.rows], any(ticket.durable for ticket in batch))
        except BaseException as caught:
            # Whatever it was, no thread of the batch may believe that its row is on disk.
            error = caught
            log.error("audit log cannot be written: %s", type(caught).__name__)
            if not isinstance(caught, Exception):
                raise
        finally:
            with self._turn:
                for ticket in batch:
                    ticket.done, ticket.error = True, error
                self._writing = False
                self._turn.notify_all()
