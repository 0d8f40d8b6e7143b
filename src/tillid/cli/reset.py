"""``tillid reset``: remove the demo's data after asking; refused while Tillid runs on them."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from tillid.cli.common import add_var, require_folder
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import evidence_copies, lock_var

# What only a folder of ours has. Nothing else is ever removed.
MARK = Path("zope.conf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_var(parser)
    parser.add_argument("--yes", action="store_true", help="spørg ikke")


def run(args: argparse.Namespace) -> int:
    """0: removed, or nothing was there; 1: the answer was no, Tillid runs, or the folder is not one of ours."""
    require_folder(args.var)
    var = args.var.resolve()
    if not var.exists() or not any(var.iterdir()):
        print(f"Der er ingen demodata i {args.var}.")
        return 0
    if not (var / MARK).is_file():
        raise TillidError(
            f"no {MARK} in the folder",
            code="reset.foreign-folder",
            text="Mappen {var} ligner ikke Tillids data. Intet er fjernet.",
            var=args.var,
        )
    lock = lock_var(var)
    try:
        if not args.yes and not _agreed(args.var):
            print("Intet er fjernet.")
            return 1
        left = evidence_copies(var)
        _remove(var)
    finally:
        lock.close()
    print(f"Demodata i {args.var} er fjernet.")
    for folder in left:
        print(f"Kopien af beviserne i {folder} er ikke fjernet. Fjern den selv, hvis den ikke skal bruges.")
    return 0


def _agreed(var: Path) -> bool:
    """Asks; everything but ``ja`` is a no, the end of the input too."""
    print(f"Alt i {var} bliver fjernet: børn, dokumenter, samtykker, log og nøgler. Det kan ikke fortrydes.")
    print("Skriv ja for at fjerne det: ", end="", flush=True)
    return sys.stdin.readline().strip().casefold() == "ja"


def _remove(var: Path) -> None:
    """Renamed first, so that a removal that is interrupted leaves no half a database to start on."""
    doomed = var.with_name(f".{var.name}.removing")
    if doomed.exists():
        shutil.rmtree(doomed)
    var.rename(doomed)
    shutil.rmtree(doomed)
