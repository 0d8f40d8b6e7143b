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
    """A running demo municipality. ``url``: where it is; ``var``: its data; ``log``: everything it said."""

    def __init__(self, folder: Path) -> None:
        self.port, self.var = free_port(), folder / "var"
        self.url = f"http://localhost:{self.port}"
        self._log, self._clock = folder / "tillid.log", folder / "days"
        self._begin("tillid")

    def _begin(self, *module: str) -> None:
        with self._log.open("wb") as log:
            command = [sys.executable, "-m", *module, "start", "--var", str(self.var), "--port", str(self.port)]
            self._process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)

    def again_on_a_clock(self, days: int) -> None:
        """End it, and start it on the same data with a clock that many days ahead (``moved.py``), which ``move`` moves."""
        code = self.stop()
        assert code == 0, f"tillid start ended with {code}:\n{self.log}"
        self._days = 0
        self.move(days)
        self._begin("tests.browser.moved", str(self._clock))
        self.wait()

    def again_from_a_backup(self) -> None:
        """A backup is made beside it; then it ends, and what is put back stands in its place, with nothing left to compare with."""
        copies, lost = self.var.with_name("copies"), self.var.with_name("lost")
        self._tillid("backup", "make", "--to", copies, "--var", self.var)
        code = self.stop()
        assert code == 0, f"tillid start ended with {code}:\n{self.log}"
        self.var.rename(lost)
        (made,) = (one for one in copies.iterdir() if one.is_dir())
        self._tillid("backup", "restore", made, "--keys", lost / "keys", "--var", self.var)
        self._begin("tillid")
        self.wait()

    @staticmethod
    def _tillid(*words: str | Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tillid", *map(str, words)], cwd=PROJECT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def move(self, days: int) -> None:
        """Time passes, for the server that runs."""
        self._days += days
        written = self._clock.with_suffix(".new")
        written.write_text(str(self._days))
        written.replace(self._clock)  # the server asks many times a second, and never meets half a number

    def command(self, *words: str) -> subprocess.Popen[str]:
        """``tillid …`` beside the server, on its moved clock."""
        run = [sys.executable, "-m", "tests.browser.moved", str(self._clock), *words]
        return subprocess.Popen(run, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

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
