"""Peers' packages, each list of them in an environment of its own below ``var/``, made once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PLACE = Path("var/bench-peers")


def environment(packages: Sequence[str]) -> Path:
    """The Python of an environment with ``packages`` (``name==version``), made if it is not there. Raises
    ``CalledProcessError``."""
    key = hashlib.sha256(" ".join((*packages, sys.version)).encode()).hexdigest()[:12]
    place = (PLACE / key).resolve()
    python, done = place / "bin" / "python", place / "installed"
    if not done.exists():
        _run([sys.executable, "-m", "venv", "--clear", str(place)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
        done.touch()
    return python


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
