"""How things are timed: ours and the peer's in turn, in the same process and run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cpu_seconds(work: Work) -> float:
    """How much of the processor one call takes, over all threads; not the waiting for the disk."""
    began = time.process_time()
    work()
    return time.process_time() - began


def per_second(work: Work, window: float) -> float:
    """Calls per second, over at least ``window`` seconds and one call."""
    done, began = 0, time.perf_counter()
    while True:
        work()
        done += 1
        took = time.perf_counter() - began
        if took >= window:
            return done / took


def in_turn(works: dict[str, Work], rounds: int, measure: Callable[[Work], float]) -> dict[str, list[float]]:
    """``measure`` of each work, ``rounds`` times, the order turned round each time, after one call to warm up."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    names = list(works)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            gc.collect()
            found[name].append(measure(works[name]))
    return found
