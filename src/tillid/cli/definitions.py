"""``tillid definitions list|check|diff|format|lock|export``: the form definitions, their versions and digests.

Exit codes: 0 done (candidates that differ from LOCK are only told); 1 faults found, or the file or version cannot be used;
2 wrong use of the command; 3 ``diff --exit-code``: the versions differ, ``format --check``: a file is not in canonical form.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tillid.cli.definition_files import export, formatted
from tillid.cli.forms import file_problems, folder_problems, version
from tillid.forms.diff import diff_definitions, diff_lines
from tillid.forms.loading import load_definitions
from tillid.forms.lock import check_lock, load_beside_lock, read_lock, write_lock
from tillid.forms.problems import DefinitionError, Problem
from tillid.kernel.paths import FORM_DEFINITIONS

CODES = (
    "Afslutningskoder: 0 i orden, 1 fejl fundet eller kan ikke bruges, 2 forkert brug, 3 der er en forskel (diff "
    "--exit-code, format --check)."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs and their options."""
    parser.epilog = CODES
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|check|diff|format|lock|export")
    _verb(verbs, "list", "vis alle versioner med status og kontrolsum")
    check = _verb(verbs, "check", "find alle fejl: fil, linje, felt og et forslag", root=False)
    check.add_argument(
        "path", nargs="?", type=Path, default=FORM_DEFINITIONS, help="en fil eller en mappe (standard: projektets egne)"
    )
    diff = _verb(verbs, "diff", "vis felt for felt, hvad der er ændret mellem to versioner")
    diff.add_argument("old", metavar="A", help="den gamle, fx overgangsbeskrivelse/v2 eller en YAML-fil")
    diff.add_argument("new", metavar="B", help="den nye")
    diff.add_argument("--exit-code", action="store_true", help="slut med 3, hvis der er en forskel")
    layout = _verb(verbs, "format", "skriv filer i den faste form; indhold og kontrolsum ændres ikke", root=False)
    layout.add_argument(
        "paths", nargs="*", type=Path, default=[FORM_DEFINITIONS], help="filer eller mapper (standard: projektets egne)"
    )
    layout.add_argument("--check", action="store_true", help="skriv intet; slut med 3, hvis en fil ser anderledes ud")
    lock = _verb(verbs, "lock", "skriv kandidaternes kontrolsummer i LOCK; udgivne linjer ændres aldrig", root=False)
    lock.add_argument("path", nargs="?", type=Path, default=FORM_DEFINITIONS, help="mappen (standard: projektets egen)")
    schema = _verb(verbs, "export", "skriv svarenes JSON Schema (2020-12) for en version eller for alle")
    schema.add_argument("name", nargs="?", metavar="SKEMA/vN", help="versionen; uden den skrives alle til --to")
    schema.add_argument("--to", type=Path, metavar="MAPPE", help="skriv <skema>/v<N>.schema.json i denne mappe")


def _verb(verbs: Any, name: str, text: str, *, root: bool = True) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=CODES)
    one.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
    if root:
        one.add_argument("--root", type=Path, default=FORM_DEFINITIONS, metavar="MAPPE", help="mappen med definitioner")
    return one


def run(args: argparse.Namespace) -> int:
    """The exit code of the verb; see the module."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "check": _check,
        "diff": _diff,
        "format": formatted,
        "lock": _lock,
        "export": export,
    }
    try:
        return verbs[args.verb](args)
    except DefinitionError as error:
        return _report(error.problems, [], [], args.json)


def _list(args: argparse.Namespace) -> int:
    definitions = load_definitions(args.root)
    locked = read_lock(args.root / "LOCK") if (args.root / "LOCK").is_file() else {}
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "status": one.status,
            "digest": one.digest,
            "locked": locked[one.name].digest == one.digest if one.name in locked else None,
            "fields": len(one.fields),
        }
        for one in definitions.all()
    ]
    if args.json:
        _print_json(rows)
    else:
        width = max(len(str(row["name"])) for row in rows)
        for row in rows:
            print(f"{row['name']!s:{width}}  {row['status']!s:9}  {row['digest'][:12]}  {row['title']}")  # type: ignore[index]
    return 0


def _check(args: argparse.Namespace) -> int:
    told: list[Problem] = []
    if args.path.is_dir():
        names, faults, definitions = folder_problems(args.path)
        if definitions is not None:
            try:
                told = check_lock(definitions, args.path / "LOCK")
            except DefinitionError as error:
                faults = [*faults, *error.problems]
    else:
        names, faults = file_problems(args.path)
    return _report(faults, told, names, args.json)


def _report(faults: list[Problem], told: list[Problem], names: list[str], as_json: bool) -> int:
    if as_json:
        _print_json({"ok": not faults, "definitions": names, "problems": faults, "notices": told})
        return 1 if faults else 0
    for problem in faults:
        print(problem, file=sys.stderr)
    for problem in told:
        print(f"Bemærk: {problem}")
    if faults:
        print(f"{len(faults)} fejl.", file=sys.stderr)
    else:
        print(f"Ingen fejl i {len(names)} definitioner: {', '.join(names)}.")
    return 1 if faults else 0


def _diff(args: argparse.Namespace) -> int:
    found = diff_definitions(version(args.old, args.root), version(args.new, args.root))
    if args.json:
        _print_json({"same": found.same, **msgspec.to_builtins(found)})
    else:
        print("\n".join(diff_lines(found)))
    return 3 if args.exit_code and not found.same else 0


def _lock(args: argparse.Namespace) -> int:
    changed = write_lock(load_beside_lock(args.path), args.path / "LOCK")
    if args.json:
        _print_json({"ok": True, "changed": changed})
    else:
        print(f"LOCK er skrevet. Ændret: {', '.join(changed) or 'intet'}.")
    return 0


def _print_json(value: Any) -> None:
    print(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))
