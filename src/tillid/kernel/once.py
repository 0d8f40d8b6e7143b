"""Remembering what was made of something that never changes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakSet

T = TypeVar("T")
HALF_AN_HOUR = 1800.0
_ALL: WeakSet[Once[Any]] = WeakSet()


class _Made(NamedTuple):
    value: Any
    until: float
    weight: int


class Once(Generic[T]):
    """The last ``size`` values by key, each for ``seconds`` after it was made, safe for threads.

    The key must say everything the value depends on, never who asks; whether somebody may see it is asked before, every
    time. ``weight``: of a value; together they weigh at most ``most``, and one that is heavier is not kept.
    """

    def __init__(self, size: int, *, seconds: float = HALF_AN_HOUR, weight: Callable[[T], int] = lambda value: 1,
                 most: int = 0, clock: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        self._size, self._seconds, self._clock = size, seconds, clock
        self._weight, self._most = weight, most or size
        self._made: OrderedDict[Hashable, _Made] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()
        _ALL.add(self)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of ``key``, made now if it is not remembered."""
        now = self._clock()
        with self._lock:
            found = self._made.get(key)
            if found is not None and now < found.until:
                self._made.move_to_end(key)
                return found.value
        value = make()
        self._keep(key, _Made(value, now + self._seconds, self._weight(value)))
        return value

    def forget_old(self) -> None:
        """Drop what is older than it may get; what nobody asks for again goes too."""
        now = self._clock()
        with self._lock:
            for key in [key for key, made in self._made.items() if made.until <= now]:
                self._drop(key)

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._made.clear()
            self._total = 0

    def __len__(self) -> int:
        return len(self._made)

    def _keep(self, key: Hashable, made: _Made) -> None:
        with self._lock:
            self._drop(key)
            if made.weight > self._most:
                return
            self._made[key] = made
            self._total += made.weight
            while len(self._made) > self._size or self._total > self._most:
                self._drop(next(iter(self._made)))

    def _drop(self, key: Hashable) -> None:
        gone = self._made.pop(key, None)
        self._total -= gone.weight if gone is not None else 0


def forget_old() -> None:
    """``Once.forget_old`` for all there are; part of the upkeep."""
    for once in list(_ALL):
        once.forget_old()


def forget_all() -> None:
    """Everything is made anew."""
    for once in list(_ALL):
        once.forget()
