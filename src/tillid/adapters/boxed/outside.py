"""``ask``: bytes in, the answer of a process of its own out, or ``NoAnswer``."""

from __future__ import annotations

import json
import logging
import subprocess
from typing import Any

import msgspec

from tillid.adapters.boxed import apart
from tillid.adapters.boxed.inside import STARTED
from tillid.adapters.boxed.walls import signal_of
from tillid.kernel.errors import Unavailable

log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """The process ended without one. ``heavy``: by a limit, or by a crash in a parser; else the file is none it can read."""

    def __init__(self, detail: str, *, heavy: bool) -> None:
        super().__init__(detail)
        self.detail, self.heavy = detail, heavy


class NoProcess(Unavailable):
    """No process could be started to open the file in: that is not the file's fault."""

    code = "boxed.no-process"
    text = "Filen kan ikke åbnes lige nu. Intet er gået tabt. Prøv igen om lidt, eller kontakt jeres administrator."


def ask(
    module: str, data: bytes, limits: msgspec.Struct, *, seconds: float, read: tuple[str, ...] = ()
) -> tuple[dict[str, Any], bytes]:
    """Head and bytes that ``module`` (which calls ``inside.answer``) answers to ``data`` under ``limits``; after ``seconds``
    it is ended. ``read``: what else of the machine it must see. Raises ``NoAnswer``, ``NoProcess``."""
    command, environment = apart.command(module, json.dumps(msgspec.to_builtins(limits)), read=read)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, input=data, env=environment, timeout=seconds, check=False, **streams)
    except subprocess.TimeoutExpired:
        raise NoAnswer("no answer in time", heavy=True) from None
    except OSError as problem:
        raise NoProcess(f"no process: errno {problem.errno}") from problem
    if ended := signal_of(done.returncode):
        raise NoAnswer(f"ended by signal {ended}", heavy=True)
    if not done.stdout.startswith(STARTED):
        log.error("%s did not start, exit %d", module, done.returncode)
        raise NoProcess(f"it did not start: exit {done.returncode}")
    line, found, kept = done.stdout[len(STARTED) :].partition(b"\n")
    if done.returncode or not found:
        raise NoAnswer(f"no answer, exit {done.returncode}", heavy=False)
    return json.loads(line), kept
