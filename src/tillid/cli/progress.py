"""How far a long command has come, for who waits at the terminal; the result alone goes to standard output."""

from __future__ import annotations

import sys
import time

EVERY = 5.0  # seconds between two lines


class Progress:
    """Says on standard error, now and then, how many of something are done. ``what``: the Danish word after the number."""

    def __init__(self, what: str) -> None:
        self._what, self._next = what, time.monotonic() + EVERY

    def at(self, done: int) -> None:
        """A line, if the last one is long ago."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            print(f"tillid: {done} {self._what}", file=sys.stderr, flush=True)
