"""What every process of its own does: limits on itself first, then one file from stdin, one answer to stdout.

The answer is ``STARTED``, a line of JSON (the head; ``reason`` refuses the file) and the bytes that belong to it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

Limits = dict[str, Any]
STARTED = b"started\n"  # said before the file is read, so that a box that could not be made is not taken for a bad file


def answer(read: Callable[[bytes, Limits], tuple[dict[str, Any], bytes]]) -> None:
    """Answer with what ``read`` makes of the file under the limits in ``sys.argv[1]`` (``memory`` in bytes, ``cpu`` in
    seconds from here on); it writes no files and leaves no core behind."""
    os.write(1, STARTED)
    limits = json.loads(sys.argv[1])
    limit_memory(limits["memory"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit_cpu(limits["cpu"])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but the answer may reach the pipe
    head, data = read(sys.stdin.buffer.read(), limits)
    out.write(json.dumps(head).encode() + b"\n" + data)
    out.flush()


def limit_memory(most: int) -> None:
    """From now on the process may hold ``most`` bytes, all counted, never more than before."""
    most = _at_most(resource.RLIMIT_AS, most)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_cpu(seconds: float) -> None:
    """From now on the process may use ``seconds`` of processor time, if it may use that much at all; then the kernel ends it.

    By the timer, for ``RLIMIT_CPU`` counts whole seconds; that one stands behind it, for a parser that blocks the signal."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    most = _at_most(resource.RLIMIT_CPU, int(time.process_time() + seconds) + 2)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _at_most(what: int, most: int) -> int:
    """``most``, or what is allowed at all (the hard limit, which nobody but root can raise) where that is less."""
    hard = resource.getrlimit(what)[1]
    return most if hard == resource.RLIM_INFINITY else min(most, hard)
