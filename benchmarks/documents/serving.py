"""A hand's side of the talk with the benchmark; the standard library alone, for it runs in the peers' environment too.

In: one line, how many documents. Out: one line of JSON, ``{"seconds": [of each document]}``. First line out: ready.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def serve(make: Callable[[int], bytes], warm: int, last: Path) -> None:
    """Answer every order with ``make(number)``, the number counting on; ``warm`` documents first. ``last``: where the
    newest document is written for whoever wants to look. Raises ``AssertionError`` for what is no PDF."""
    number = 0

    def one() -> float:
        nonlocal number
        began = time.perf_counter()
        pdf = make(number)
        took = time.perf_counter() - began
        assert pdf.startswith(b"%PDF-"), "not a PDF"
        number += 1
        last.write_bytes(pdf)
        return took

    for _ in range(warm):
        one()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps({"seconds": [one() for _ in range(int(line))]}), flush=True)
