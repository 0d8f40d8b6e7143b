"""Work in the background that goes on for long lets others go first: clicks, and the other threads of the process."""

from __future__ import annotations

import time
from collections.abc import Callable

STRETCH = 0.05  # seconds of work in one go
REST = 0.05  # and of rest after it: half of one processor at the most


class Pace:
    """To be called after each little piece of work. ``give_way``: returns when no click is being answered."""

    def __init__(
        self, give_way: Callable[[], None] = lambda: None, stretch: float = STRETCH, rest: float = REST
    ) -> None:
        self._give_way, self._stretch, self._rest = give_way, stretch, rest
        self._since = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._since >= self._stretch:
            time.sleep(self._rest)
            self._give_way()
            self._since = time.monotonic()
