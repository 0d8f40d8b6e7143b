"""The real thing: ``tillid start`` in a process of its own, on a fresh store and a free port."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tillid.kernel.paths import PROJECT

STARTING = 600  # seconds before we give up; nothing is asserted about it


class Served:
    """A running demo municipality. ``url``: where it is; ``log``: everything it said."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = folder / "tillid.log"
        command = [sys.executable, "-m", "tillid", "start", "--var", str(folder / "var"), "--port", str(self.port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def wait(self) -> None:
        """Until it says "klar". Raises ``RuntimeError`` with its log when it ends or never says so."""
        until = time.monotonic() + STARTING
        while not any(line.endswith("s  klar") for line in self.log.splitlines()):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"tillid start did not come up:\n{self.log}")
            time.sleep(0.3)

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
