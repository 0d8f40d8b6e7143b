"""``tillid definitions check`` and ``tillid definitions lock``: the form definitions and their digests."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import msgspec

from tillid.forms.loading import Definitions, load_definition, load_definitions
from tillid.forms.lock import check_lock, write_lock
from tillid.forms.problems import DefinitionError, Problem
from tillid.kernel.paths import FORM_DEFINITIONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two verbs and their options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|lock")
    check = verbs.add_parser("check", help="find alle fejl: fil, linje, felt og et forslag")
    check.add_argument(
        "path", nargs="?", type=Path, default=FORM_DEFINITIONS, help="en fil eller en mappe (standard: projektets egne)"
    )
    check.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
    lock = verbs.add_parser("lock", help="skriv kandidaternes kontrolsummer i LOCK; udgivne linjer ændres aldrig")
    lock.add_argument("path", nargs="?", type=Path, default=FORM_DEFINITIONS, help="mappen (standard: projektets egen)")


def run(args: argparse.Namespace) -> int:
    """0 = in order (candidates that differ from LOCK are only told); 1 = faults."""
    return _check(args) if args.verb == "check" else _lock(args)


def _check(args: argparse.Namespace) -> int:
    told: list[Problem] = []
    faults: list[Problem] = []
    names: list[str] = []
    try:
        if args.path.is_dir():
            definitions = load_definitions(args.path)
            names = [definition.name for definition in definitions.all()]
            told = check_lock(definitions, args.path / "LOCK")
        else:
            names = [load_definition(args.path).name]
    except DefinitionError as error:
        faults = error.problems
    if args.json:
        result = {"ok": not faults, "definitions": names, "problems": faults, "notices": told}
        print(json.dumps(msgspec.to_builtins(result), ensure_ascii=False, indent=2))
    else:
        _print(faults, told, names)
    return 1 if faults else 0


def _print(faults: list[Problem], told: list[Problem], names: list[str]) -> None:
    for problem in faults:
        print(problem, file=sys.stderr)
    for problem in told:
        print(f"Bemærk: {problem}")
    if faults:
        print(f"{len(faults)} fejl.", file=sys.stderr)
    else:
        print(f"Ingen fejl i {len(names)} definitioner: {', '.join(names)}.")


def _lock(args: argparse.Namespace) -> int:
    try:
        definitions: Definitions = load_definitions(args.path)
        changed = write_lock(definitions, args.path / "LOCK")
    except DefinitionError as error:
        _print(error.problems, [], [])
        return 1
    print(f"LOCK er skrevet. Ændret: {', '.join(changed) or 'intet'}.")
    return 0
