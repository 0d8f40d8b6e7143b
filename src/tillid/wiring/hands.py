"""What the worker works with: Celery's threads, one for each of its queues (design 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from tillid.adapters.celery_hands import CeleryHands


class Hands(Protocol):
    """Threads that wait for keys; see ``adapters/celery_hands``."""

    @property
    def alive(self) -> bool: ...
    def start(self) -> None: ...
    def send(self, queue: str, key: str) -> bool: ...
    def stop(self, timeout: float = 30.0) -> bool: ...


def hands_of(run: Callable[[str, str], None], *, installation: str, queues: Sequence[str]) -> Hands:
    """One pair for each of ``queues``; ``run(installation, key)`` must not raise. They start when told to."""
    return CeleryHands(run, installation=installation, queues=queues)
