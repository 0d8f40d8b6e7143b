"""``python -m benchmarks [--quick] [NAME…]``: each benchmark in a process of its own, one table, RESULTS.md.

Takes an hour; run it on a machine that does nothing else. What was measured is kept in ``measured/`` with its day, and
RESULTS.md is made of that: one of them can be measured anew by its name, and one that fails costs only itself. ``--quick``
tries everything with tiny counts and writes no file: its numbers mean nothing.
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

from benchmarks.report import Measured, report
from benchmarks.table import Row, plain

NAMES = (
    "own_page",
    "create_document",
    "consent_click",
    "documents",
    "preview",
    "audit_row",
    "forms",
    "trust",
    "trust_clicks",
    "search",
    "search_own",
    "search_live",
    "search_live_server",
    "search_large",
    "search_growth",
    "packages",
    "due_lists",
)
RESULTS, KEPT = Path(__file__).with_name("RESULTS.md"), Path(__file__).with_name("measured")
LONGEST = 3600  # seconds


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
        if found and not quick:
            _keep(name, found)
    print("", plain(rows), sep="\n")
    if not quick:
        print(f"\nWritten to benchmarks/{RESULTS.name}.")
    return 1 if failed else 0


def _keep(name: str, rows: list[Row]) -> None:
    """Put ``rows`` in the place of what was measured before, and make RESULTS.md of all there is."""
    measured = Measured(day=datetime.now(UTC).date(), rows=rows)
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=1) + b"\n")
    there = {one: KEPT / f"{one}.json" for one in NAMES}
    kept = {one: msgspec.json.decode(file.read_bytes(), type=Measured) for one, file in there.items() if file.exists()}
    RESULTS.write_text(report(kept), "utf-8")


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
