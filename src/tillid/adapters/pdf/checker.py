"""A process that stays and looks at PDFs, one after another: what qpdf says against a file, and what the validator does.

Apart, behind walls and with limits on memory and processor time: what is too heavy ends that process and nothing else. Kept: starting a
program took longer than checking.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import threading

from tillid.adapters.boxed import apart
from tillid.adapters.boxed.allocator import ALLOCATOR
from tillid.adapters.boxed.lasting import starter
from tillid.kernel.errors import Unavailable

LIMITS = {"memory": 512 << 20, "file": 128 << 20, "cpu": 2.0}
SECONDS = 30.0
INSIDE = "tillid.adapters.pdf.checker_inside"


class CheckUnavailable(Unavailable):
    """The process that checks is not there: the document waits for it and is not given up."""

    code = "documents.check-unavailable"
    text = "Dokumentet kan ikke efterses lige nu, så det venter. Intet er gået tabt. Kontakt jeres administrator."

    @property
    def why(self) -> str:
        """For the administrator: why there is no process."""
        return self.detail


def ask(question: str, pdf: bytes) -> list[str] | None:
    """What is to be said against ``pdf``; ``question``: one of ``checker_inside.QUESTIONS``. ``None`` for a file that ended the process
    by a limit or a crash: the next one meets a new process. Raises ``CheckUnavailable`` if none can be started."""
    return _checker.ask(question, pdf)


class _Checker:
    """One process for all threads; it ends with this one, for its input is closed then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._owner = 0

    def ask(self, question: str, pdf: bytes) -> list[str] | None:
        with self._lock:
            process = self._started()
            watchdog = threading.Timer(SECONDS, process.kill)
            watchdog.daemon = True
            watchdog.start()
            try:
                process.stdin.write(question.encode() + len(pdf).to_bytes(8, "big") + pdf)
                process.stdin.flush()
                line = process.stdout.readline()
            except OSError:
                line = b""
            finally:
                watchdog.cancel()
            if line.endswith(b"\n"):
                return json.loads(line)
            self._end()
            return None

    def close(self) -> None:
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen:
        if self._owner != os.getpid():  # a forked worker never shares its parent's
            self._process = None
        if self._process is not None and self._process.poll() is not None:  # ended between two documents
            self._end()
        if self._process is None:
            self._owner = os.getpid()
            self._process = self._start()
        return self._process

    @staticmethod
    def _start() -> subprocess.Popen:
        command, environment = apart.command(INSIDE, json.dumps(LIMITS), extra=ALLOCATOR)
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        try:
            process = starter.start(command, env=environment, start_new_session=True, **streams)
        except OSError as problem:
            raise CheckUnavailable(f"no process for the check: errno {problem.errno}") from problem
        if process.stdout.readline() != b"ready\n":
            process.kill()
            process.communicate()
            raise CheckUnavailable("the process for the check did not start")
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            try:
                process.communicate()
            except OSError:  # the unsent rest of a document
                process.wait()


_checker = _Checker()
atexit.register(_checker.close)
