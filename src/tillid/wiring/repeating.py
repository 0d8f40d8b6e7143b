"""Who met another's commit begins again: what the door does with a request, for tasks and the command line (design 19)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from transaction.interfaces import TransientError

T = TypeVar("T")
TRIES = 4


def again_on_conflict(work: Callable[[], T]) -> T:
    """``work``, which opens its own transactions and may run twice; again when a transaction of it met another one. Raises the
    ``TransientError`` of the last try."""
    for attempt in range(1, TRIES):
        try:
            return work()
        except TransientError:
            time.sleep(0.02 * attempt)
    return work()
