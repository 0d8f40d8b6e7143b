"""``python -m benchmarks [--quick] [NAME…]``: each benchmark in a process of its own, one table, RESULTS.md.

Takes some minutes; run it on a machine that does nothing else. ``--quick`` tries everything with tiny counts and writes no
file: its numbers mean nothing.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.report import report
from benchmarks.table import Row, plain

NAMES = (
    "own_page",
    "create_document",
    "consent_click",
    "documents",
    "audit_row",
    "forms",
    "trust",
    "trust_clicks",
    "search",
)
RESULTS = Path(__file__).with_name("RESULTS.md")
LONGEST = 900  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Tillid against named others.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="tiny counts, to see that they run; writes no file")
    parser.add_argument("--rows", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if unknown := set(args.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if args.rows:
        rows = importlib.import_module(f"benchmarks.{args.names[0]}").run(args.quick)
        args.rows.write_bytes(msgspec.json.encode(rows))
        return 0
    return _all(tuple(args.names) or NAMES, args.quick)


def _all(names: tuple[str, ...], quick: bool) -> int:
    rows: list[Row] = []
    failed: list[str] = []
    for name in names:
        print(f"{name} …", end=" ", flush=True)
        began = time.monotonic()
        found = _apart(name, quick)
        print(f"{time.monotonic() - began:.0f} s{'' if found else ', failed'}", flush=True)
        rows += found
        failed += [] if found else [name]
    print("", plain(rows), sep="\n")
    if names != NAMES:  # no file is written, which would have the notes
        print(
            "", *(f"{' / '.join(filter(None, (row.name, row.peer)))}: {row.note}" for row in rows if row.note), sep="\n"
        )
    if not quick and not failed and names == NAMES:
        RESULTS.write_text(report(rows, datetime.now(UTC).date()), "utf-8")
        print(f"\nWritten to benchmarks/{RESULTS.name}.")
    return 1 if failed else 0


def _apart(name: str, quick: bool) -> list[Row]:
    """The rows of one benchmark, run in a fresh process; none when it failed, whose reason is on stderr."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "rows.json")
        command = [sys.executable, "-m", "benchmarks", name, "--rows", str(out), *(["--quick"] if quick else [])]
        # A warning of a library's is not the reader's business; an error is.
        done = subprocess.run(
            command, timeout=LONGEST, env={**os.environ, "PYTHONWARNINGS": "ignore"}, stdout=sys.stderr
        )
        return msgspec.json.decode(out.read_bytes(), type=list[Row]) if done.returncode == 0 else []


if __name__ == "__main__":
    sys.exit(main())
