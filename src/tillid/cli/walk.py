"""``tillid walk``: the whole job without a browser, on a fresh store with the real parts; one line per station."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tillid.kernel.errors import TillidError

if TYPE_CHECKING:
    from tillid.demo.walking import Station, Walk
    from tillid.wiring.running import Installation

SETTLE_SECONDS = 40.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="MAPPE", help="mappen, som dokument, poster og log skrives til")
    parser.add_argument("--json", action="store_true", help="skriv walk.json på skærmen i stedet for linjer")


def run(args: argparse.Namespace) -> int:
    """Exit 0 only if every check of every station held; 1 with ``walk.json`` saying which station did not."""
    out = _folder(args.out)
    screen = sys.stdout
    logging.getLogger().setLevel(logging.ERROR)
    store = Path(tempfile.mkdtemp(prefix="tillid-walk-"))
    try:
        # Whatever a library prints is not part of the answer.
        with contextlib.redirect_stdout(sys.stderr):
            walk = _walk(store, out, None if args.json else screen, bool(getattr(args, "debug", False)))
    finally:
        shutil.rmtree(store, ignore_errors=True)
    if args.json:
        json.dump(walk.report(), screen, ensure_ascii=False, indent=2)
        print(file=screen)
    return 0 if walk.ok else 1


def _walk(store: Path, out: Path, screen: TextIO | None, debug: bool) -> Walk:
    """1. the real parts on ``store`` 2. the demo's people 3. the worker 4. the stations 5. what they leave, to ``out``."""
    from tillid.demo.loading import accounts, demo_settings, load_people
    from tillid.demo.walking import Walk
    from tillid.tasks.starting import start_worker
    from tillid.wiring.running import fill_once, start_installation

    installation = start_installation(store, demo_settings())
    worker = None
    try:
        fill_once(installation, lambda house: load_people(house.people, house.moment), accounts())
        worker = start_worker(installation)
        assert installation.test_login is not None, "the walk is a demo"
        walk = Walk(
            installation.parts,
            installation.open_house,
            installation.test_login,
            lambda: left_after(installation, SETTLE_SECONDS),
            debug=debug,
        )
        for station in walk.stations():
            if screen is not None:
                print(_line(station), file=screen, flush=True)
        walk.write(out, audit=store / "audit" / "audit.jsonl")
        return walk
    finally:
        if worker is not None:
            worker.stop()
        installation.close()


def left_after(installation: Installation, seconds: float) -> list[str]:
    """Wait until the worker has emptied the outbox: nothing left. Else, at the first failed attempt or after ``seconds``,
    what is left: step, and code of its error."""
    until = time.monotonic() + seconds
    while True:
        with installation.open_house() as house:
            pending = house.outbox.pending()
        if not pending:
            return []
        failed = [entry for entry in pending if entry.attempts or entry.dead]
        if failed or time.monotonic() > until:
            return sorted(f"{entry.step} ({entry.last_error or 'venter'})" for entry in failed or pending)
        time.sleep(0.05)


def _line(station: Station) -> str:
    mark = "ok  " if station.ok else "FEJL"
    code = f" [{station.code}]" if station.code else ""
    return f"{mark} {station.number} {station.name:<12} {station.seconds:6.2f} s  {station.said}{code}"


def _folder(name: str) -> Path:
    """The folder after ``--out``, made if it is missing, and without the files of an earlier walk: a walk that fails
    leaves none that are not its own. Raises ``TillidError`` (``walk.out``)."""
    from tillid.demo.walking import FILES

    if not name.strip():
        raise _refused("no name", "Skriv en mappe efter --out.")
    path = Path(name)
    if path.exists() and not path.is_dir():
        raise _refused("not a folder", "Det, der står efter --out, er en fil. Vælg en mappe.")
    try:
        path.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            (path / file).unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=path, prefix=".tillid-walk-"):
            pass
    except OSError as error:
        raise _refused(
            type(error).__name__,
            "Der kan ikke skrives i {folder}, som står efter --out. Vælg en anden mappe, eller ret rettighederne.",
            folder=str(path),
        ) from error
    return path


def _refused(detail: str, text: str, **params: str) -> TillidError:
    return TillidError(f"--out: {detail}", code="walk.out", text=text, **params)
