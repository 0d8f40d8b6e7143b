"""Ctrl-C and SIGTERM, from the first thing a command makes to its end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Stop:
    """The first of them interrupts what is done (``KeyboardInterrupt``), later ones change nothing: what is begun then is
    tidying up. Made in the main thread."""

    def __init__(self) -> None:
        self.asked: int | None = None
        self._held, self._event = 0, threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """What is done inside is not interrupted; it is short."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    def look(self) -> None:
        """Interrupt now if it was asked for meanwhile, or where somebody else's code went on in spite of it."""
        if self.asked is not None:
            raise KeyboardInterrupt

    def wait(self) -> None:
        """Until it is asked for; from now on it interrupts nothing."""
        self._held += 1
        while not self._event.wait(0.5):
            pass

    def end(self) -> None:
        """After ``KeyboardInterrupt``: end by SIGTERM where that was sent, as who sent it expects."""
        if self.asked == signal.SIGTERM:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)

    def _take(self, number: int, _frame: object) -> None:
        first, self.asked = self.asked is None, self.asked or number
        self._event.set()
        if first and not self._held:
            raise KeyboardInterrupt
