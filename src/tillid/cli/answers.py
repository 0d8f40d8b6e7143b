"""``tillid answers check|move``: answers in a JSON file against a version, and what a move to a newer one would do.

Exit codes: 0 in order (``move``: everything found a place); 1 ``check``: something is wrong or missing, or a file or version
cannot be used; 2 wrong use; 3 ``move``: something was left over. Nothing is ever written.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import msgspec

from tillid.cli.forms import read_answers, version, way
from tillid.forms.answers import check_answers
from tillid.forms.definition import FormDefinition
from tillid.forms.upcasts import Moved, move_along
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import FORM_DEFINITIONS

CODES = (
    "Afslutningskoder: 0 i orden, 1 fejl fundet, eller en fil eller version kan ikke bruges, 2 forkert brug, 3 noget kunne "
    "ikke føres med (move)."
)
HOW = {
    "kept": "beholdes",
    "recoded": "beholdes, med nye koder",
    "renamed": "flyttes til",
    "split": "deles ud på",
    "merged": "samles i",
    "moved": "teksten flyttes til",
    "dropped": "føres ikke med",
    "no_place": "har ingen plads",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two verbs."""
    parser.epilog = CODES
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|move")
    check = _verb(verbs, "check", "efterse svar mod en version")
    check.add_argument("name", metavar="SKEMA/vN", help="versionen, fx overgangsbeskrivelse/v3, eller en YAML-fil")
    check.add_argument("file", type=Path, metavar="FIL.json", help="svarene: {felt: svar}")
    check.add_argument("--complete", action="store_true", help="find også det, der mangler")
    check.add_argument("--phase", default="content", metavar="FASE", help="fasen (standard: content)")
    move = _verb(verbs, "move", "vis, hvad der sker med svar, som flyttes til en nyere version")
    move.add_argument("old", metavar="SKEMA/vN", help="versionen, svarene er i")
    move.add_argument("new", metavar="SKEMA/vM", help="den nyere version af samme skema")
    move.add_argument("file", type=Path, metavar="FIL.json", help="svarene: {felt: svar}")


def _verb(verbs: Any, name: str, text: str) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=CODES)
    one.add_argument("--variant", metavar="VARIANT", help="skemaets variant, fx bh_sk")
    one.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
    one.add_argument("--root", type=Path, default=FORM_DEFINITIONS, metavar="MAPPE", help="mappen med definitioner")
    return one


def run(args: argparse.Namespace) -> int:
    """The exit code of the verb; see the module."""
    return _check(args) if args.verb == "check" else _move(args)


def _check(args: argparse.Namespace) -> int:
    definition = version(args.name, args.root)
    _known_variant(definition, args.variant)
    answers = read_answers(args.file)
    facts = {"variant": args.variant} if args.variant else {}
    problems = check_answers(definition, answers, facts, complete=args.complete, phase=args.phase)
    if args.json:
        rows = [{"field": p.field_id, "code": p.code, "text": p.message} for p in problems]
        _print_json({"ok": not problems, "version": definition.name, "problems": rows})
    else:
        for problem in problems:
            print(f"{problem.field_id or '?'} {problem.code}: {problem.message}")
        print(f"{len(problems)} fejl i {len(answers)} svar ({definition.name})." if problems
              else f"Ingen fejl i {len(answers)} svar ({definition.name}).")  # fmt: skip
    return 1 if problems else 0


def _move(args: argparse.Namespace) -> int:
    versions = way(args.old, args.new, args.root)
    _known_variant(versions[0], args.variant)
    moved = move_along(read_answers(args.file), versions, variant=args.variant)
    if args.json:
        _print_json({"old": versions[0].name, "new": versions[-1].name, **msgspec.to_builtins(moved)})
    else:
        print("\n".join(_lines(moved, versions)))
    return 3 if moved.left_over else 0


def _lines(moved: Moved, versions: list[FormDefinition]) -> list[str]:
    labels = {field.id: field.label for field in versions[-1].fields}
    lines = [f"Fra {versions[0].name} til {versions[-1].name}", *moved.notes, ""]
    for fate in moved.fates:
        to = ", ".join(f"»{labels[name]}«" for name in fate.to) if fate.how not in ("kept", "recoded") else ""
        lines.append(f"  »{fate.label}« ({fate.field}) {HOW[fate.how]}{' ' + to if to else ''}")
    if moved.left_over:
        lines += ["", "Kunne ikke føres med:"]
        lines += [
            f"  »{one.label}« ({one.field}, v{one.version}): {one.text}\n    {one.why}" for one in moved.left_over
        ]
    if moved.hidden:
        lines += ["", "Skjult i den nye version: " + ", ".join(f"»{labels[name]}«" for name in moved.hidden)]
    return lines


def _known_variant(definition: FormDefinition, variant: str | None) -> None:
    if variant is not None and variant not in [one.id for one in definition.variants]:
        known = ", ".join(one.id for one in definition.variants) or "ingen"
        raise TillidError(
            "unknown variant",
            code="cli.variant",
            text="Skemaet har ikke varianten {variant}. Det har: {known}.",
            variant=variant[:60],
            known=known,
        )


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
