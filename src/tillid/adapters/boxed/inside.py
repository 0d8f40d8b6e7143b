"""What every process of its own does: limits on itself first, then one file from stdin, one answer to stdout.

The answer is a line of JSON (the head; ``reason`` refuses the file) and the bytes that belong to it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

Limits = dict[str, int]


def answer(read: Callable[[bytes, Limits], tuple[dict[str, Any], bytes]], limit_cpu: Callable[[Limits], None]) -> None:
    """Answer with what ``read`` makes of the file under the limits in ``sys.argv[1]``; it writes no files and leaves no
    core behind. ``limit_cpu`` sets the processor time that ``read`` may use."""
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit_cpu(limits)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but the answer may reach the pipe
    head, data = read(sys.stdin.buffer.read(), limits)
    out.write(json.dumps(head).encode() + b"\n" + data)
    out.flush()
