"""``ask``: bytes in, the answer of a process of its own out, or ``NoAnswer``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import msgspec


class NoAnswer(Exception):
    """The process ended without one. ``heavy``: by a limit, or by a crash in a parser; else the file is none it can read."""

    def __init__(self, detail: str, *, heavy: bool) -> None:
        super().__init__(detail)
        self.detail, self.heavy = detail, heavy


def ask(module: str, data: bytes, limits: msgspec.Struct, *, seconds: float) -> tuple[dict[str, Any], bytes]:
    """Head and bytes that ``module`` (which calls ``inside.answer``) answers to ``data`` under ``limits``; after ``seconds``
    it is ended. Raises ``NoAnswer``."""
    command = [sys.executable, "-I", "-m", module, json.dumps(msgspec.to_builtins(limits))]
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoAnswer("no answer in time", heavy=True) from None
    line, found, kept = done.stdout.partition(b"\n")
    if done.returncode < 0:
        raise NoAnswer(f"ended by signal {-done.returncode}", heavy=True)
    if done.returncode or not found:
        raise NoAnswer(f"no answer, exit {done.returncode}", heavy=False)
    return json.loads(line), kept
