"""Starts processes that outlive the call that needs them: bubblewrap ends with the *thread* that started it (die-with-parent), and
one that answers requests may end long before its process does."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from concurrent.futures import Future
from typing import Any


class Starter:
    """One thread that lives as long as this process; a forked one makes its own at its first start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: queue.SimpleQueue = queue.SimpleQueue()
        self._owner = 0

    def start(self, command: list[str], **how: Any) -> subprocess.Popen:
        """``subprocess.Popen(command, **how)``. Raises ``OSError``."""
        with self._lock:
            if self._owner != os.getpid():
                self._owner, self._orders = os.getpid(), queue.SimpleQueue()
                # A daemon: it is there until the very end, and the end does not wait for it.
                threading.Thread(target=_serve, args=(self._orders,), name="box-starter", daemon=True).start()
        started: Future = Future()
        self._orders.put((started, command, how))
        return started.result()


def _serve(orders: queue.SimpleQueue) -> None:
    while True:
        started, command, how = orders.get()
        try:
            started.set_result(subprocess.Popen(command, **how))
        except BaseException as problem:  # told to who waits for it
            started.set_exception(problem)


starter = Starter()
