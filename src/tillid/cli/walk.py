"""``tillid walk``: the whole job without a browser, on a fresh store with the real parts; one line per station."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from tillid.kernel.errors import TillidError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="mappen, som dokument, poster og log skrives til")
    parser.add_argument("--json", action="store_true", help="skriv walk.json på skærmen i stedet for linjer")


def run(args: argparse.Namespace) -> int:
    """Exit 0 only if every check of every station held."""
    from tillid.demo.loading import accounts, demo_settings, load_people
    from tillid.demo.walking import Walk
    from tillid.wiring import fill_once, start_installation

    logging.getLogger().setLevel(logging.ERROR)
    out = _folder(args.out)
    store = Path(tempfile.mkdtemp(prefix="tillid-walk-"))
    installation = None
    try:
        installation = start_installation(store, demo_settings())
        fill_once(installation, lambda house: load_people(house.people, house.moment), accounts())
        walk = Walk(installation.parts, installation.open_house, installation.test_login)
        for station in walk.stations():
            if not args.json:
                mark = "ok  " if station.ok else "FEJL"
                print(f"{mark} {station.number} {station.name:<12} {station.seconds:6.2f} s  {station.said}", flush=True)
        walk.write(out, audit=store / "audit" / "audit.jsonl", certificate=store / "keys" / "seal.chain.pem")
    finally:
        if installation is not None:
            installation.close()
        shutil.rmtree(store, ignore_errors=True)
    if args.json:
        json.dump(walk.report(), sys.stdout, ensure_ascii=False, indent=2)
        print()
    return 0 if walk.ok else 1


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".tillid-walk"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise TillidError(
            f"--out: {error.strerror}",
            code="walk.out",
            text="Der kan ikke skrives i mappen efter --out ({why}). Vælg en anden mappe.",
            why=error.strerror or "ukendt grund",
        ) from error
    return path
