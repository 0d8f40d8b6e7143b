"""Processes forked from one that has imported everything (multiprocessing's ``forkserver``): killing one costs no new start.

A test module says with ``preload`` at its import what that one process holds; it is started with the first that is wanted.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

processes = multiprocessing.get_context("forkserver")
_preloaded: list[str] = []
PLONE = "tests.support.warm_plone"


def preload(*modules: str) -> None:
    """Let the process that all are forked from import ``modules`` first, beside what others have asked for."""
    _preloaded.extend(name for name in modules if name not in _preloaded)
    processes.set_forkserver_preload(_preloaded)


def tillid(*arguments: str) -> None:
    """The command with ``arguments``."""
    from tillid.cli import main

    sys.exit(main(arguments))


class Forked:
    """``function(*arguments)`` in a process of its own, with the words of ``subprocess.Popen``.

    ``out``: the file that gets both outputs; without it ``stdout`` can be read here. ``err``: the file that gets the other
    one alone. ``more``: variables on top of the test's.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        out: Path | None = None,
        err: Path | None = None,
        **more: str,
    ) -> None:
        ours, theirs = processes.Pipe(duplex=False)
        self._process = processes.Process(target=_run, args=(function, arguments, out or theirs, err or out, more))
        self._process.start()
        theirs.close()
        self.stdout: TextIO = os.fdopen(os.dup(ours.fileno()), encoding="utf-8")
        ours.close()
        self.pid = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float = 60) -> int:
        """Its exit code, negative for the signal that ended it. Raises ``subprocess.TimeoutExpired``."""
        self._process.join(seconds)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired("forked", seconds)
        self.stdout.close()
        return code


def _run(function: Callable[..., Any], arguments: tuple[Any, ...], out: Any, err: Any, more: dict[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(more)
    for number, target in ((1, out), (2, err)):
        if isinstance(target, Path):
            with target.open("ab") as file:
                os.dup2(file.fileno(), number)
        elif target is not None:
            os.dup2(target.fileno(), number)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    function(*arguments)
