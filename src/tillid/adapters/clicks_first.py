"""People's clicks go before what follows from them: who works in the background waits while a click is being answered.

The front door and the worker are threads of one process, so each entry of the outbox that is done in the middle of a rush is
time that every waiting parent pays. A rush of fifty clicks is over in a second; what follows from them can wait that long, for a
withdrawal holds from its own transaction (R-17) and not from what follows. Waiting has an end: clicks that never pause slow the
worker down and never stop it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0  # seconds that entries wait at most
RESPITE = 4.0  # seconds after that in which none waits
PAUSE = 0.03  # seconds without a click that count as the end of a rush: the next one may be on its way to a thread

PAGES = 256  # so many pages can be clicked on side by side; two that fall together wait for each other


class ClicksFirst:
    """One per process. ``click`` is the front door's, ``give_way`` the worker's; both from any thread."""

    def __init__(self, patience: float = PATIENCE, respite: float = RESPITE, pause: float = PAUSE) -> None:
        self._patience, self._respite, self._pause = patience, respite, pause
        self._changed = threading.Condition()
        self._pages = [threading.Lock() for _ in range(PAGES)]
        self._clicks = 0
        self._since: float | None = None  # when the first of those that wait now began to wait
        self._none_before = 0.0

    @contextmanager
    def click(self, path: str) -> Iterator[None]:
        """While somebody's click on the page at ``path`` is being answered, its commit and its repetitions included.

        Clicks on one page come one after the other: both parents' write to the same child's ledger, and side by side the later
        one would be worked out twice. That saves time and proves nothing: the database alone decides who was first.
        """
        with self._changed:
            self._clicks += 1
        try:
            with self._pages[hash(path) % len(self._pages)]:
                yield
        finally:
            with self._changed:
                self._clicks -= 1
                self._changed.notify_all()

    def give_way(self) -> None:
        """Return when no click has been in the house for a moment, or when all who wait have waited long enough together."""
        with self._changed:
            while self._clicks and (left := self._patience_left()) > 0:
                self._changed.wait_for(lambda: not self._clicks, left)
                # Let go of meanwhile, so that the next click can come in; then it is looked at again.
                self._changed.wait_for(lambda: self._clicks, self._pause)
            self._since = None

    def _patience_left(self) -> float:
        """Seconds; none in the respite after a time of waiting that clicks filled to its end."""
        now = time.monotonic()
        if now < self._none_before:
            return 0.0
        if self._since is None:
            self._since = now
        left = self._since + self._patience - now
        if left <= 0:
            self._none_before = now + self._respite
        return left
