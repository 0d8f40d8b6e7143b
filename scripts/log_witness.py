"""A witness of other people's transparency logs (litewitness of torchwood), run here and asked to cosign our heads.

It speaks C2SP tlog-witness: what it is sent is the file that `tillid log prove --from` writes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

NAME = "witness.example/w1"


class Witness:
    """One that listens at ``port`` of this machine and keeps what it saw in ``database``."""

    def __init__(self, port: int, database: Path) -> None:
        self._url, self._database = f"http://127.0.0.1:{port}/add-checkpoint", database

    def knows(self, origin: str, key: str) -> None:
        """It has been told of a log, as its operator does with a command of its own."""
        empty = base64.b64encode(hashlib.sha256(b"").digest()).decode()
        with sqlite3.connect(self._database) as database:
            database.execute("INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)", (origin, empty))
            database.execute("INSERT INTO key (origin, key) VALUES (?, ?)", (origin, key))

    def asked(self, body: bytes) -> tuple[int, bytes]:
        """Status and answer."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self._url, data=body), timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()


@contextmanager
def running(program: Path) -> Iterator[Witness]:
    """A witness with a new key, which lies with an agent as its authors want it."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        key, agent, port = folder / "key", folder / "agent", _free_port()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        _started(ends, ["ssh-agent", "-D", "-a", str(agent)])
        _until(agent.exists)
        environment = {**os.environ, "SSH_AUTH_SOCK": str(agent)}
        subprocess.run(["ssh-add", "-q", key], check=True, env=environment)
        listed = subprocess.run(["ssh-keygen", "-lf", f"{key}.pub"], check=True, capture_output=True, text=True)
        database, listen = folder / "witness.db", f"127.0.0.1:{port}"
        words = ["-name", NAME, "-db", str(database), "-ssh-agent", str(agent), "-key", listed.stdout.split()[1]]
        _started(ends, [str(program), *words, "-listen", listen])
        witness = Witness(port, database)
        _until(lambda: _answers(witness))
        yield witness


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _started(ends: ExitStack, command: list[str]) -> None:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends.callback(process.wait)
    ends.callback(process.terminate)


def _answers(witness: Witness) -> bool:
    try:
        return witness.asked(b"")[0] > 0
    except OSError:
        return False


def _until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not ready():
        if time.monotonic() > end:
            raise SystemExit("the witness did not start")
        time.sleep(0.05)
