"""``tillid backup make|list|check|rotate|restore``: copies of everything but the keys, and of no more days than the rule says.

Beside a running Tillid; only ``restore`` writes a folder of data, and only a new one (ADR 0073).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tillid.archive.retention_rules import our_rules
from tillid.cli.common import add_var, require_store
from tillid.cli.reading import note
from tillid.kernel.clock import SystemClock, instant
from tillid.wiring.backing_up import NoBackup, backups, check, is_too_old, made, require_backup, restore, rotated
from tillid.wiring.beside import evidence_copies_before


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid backup``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    new = verbs.add_parser("make", help="lav en ny, og fjern dem, der er for gamle")
    listed = verbs.add_parser("list", help="hvilke der er")
    old = verbs.add_parser("rotate", help="fjern dem, der er for gamle")
    for verb in (new, listed, old):
        verb.add_argument("--to", type=Path, required=True, metavar="MAPPE", help="mappen med sikkerhedskopier")
    look = verbs.add_parser("check", help="læs hver byte igen, og sammenlign med kontroltallene")
    look.add_argument("backup", type=Path, metavar="KOPI", help="en af sikkerhedskopierne")
    back = verbs.add_parser("restore", help="lav en ny mappe med data af en sikkerhedskopi")
    back.add_argument("backup", type=Path, metavar="KOPI", help="en af sikkerhedskopierne")
    back.add_argument("--keys", type=Path, required=True, metavar="MAPPE", help="nøglerne, som I har gemt for sig")
    back.add_argument("--lost", type=Path, metavar="MAPPE", help="den mappe med data, den skal træde i stedet for")
    back.add_argument("--accept-lost", action="store_true", help="også når der er sket mere, end kopien ved")
    for verb in (new, look, back):
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """0; 1 when a copy is not as it was made."""
    return {"make": _make, "list": _list, "rotate": _rotate, "check": _check, "restore": _restore}[args.verb](args)


def _make(args: argparse.Namespace) -> int:
    require_store(args.var)
    note(args.var, "backup_make", "")
    new, gone = made(args.to, args.var, SystemClock().now())
    print(f"Lavet: {new.path}")
    _say_gone(gone)
    wrong = _wrong(new.path, args.var)
    print(f"Nøglerne er ikke med. Gem {args.var / 'keys'} et andet sted, hver gang en nøgle er ny.")
    return 1 if wrong else 0


def _list(args: argparse.Namespace) -> int:
    now = SystemClock().now()
    for one in backups(args.to):
        print(f"{instant(one.made_at)}  {one.path}{'  for gammel' if is_too_old(one, now) else ''}")
    if not backups(args.to):
        print(f"Der er ingen sikkerhedskopier i {args.to}.")
    return 0


def _rotate(args: argparse.Namespace) -> int:
    if not args.to.is_dir():
        raise NoBackup("no folder", folder=args.to)
    _say_gone(rotated(args.to, SystemClock().now()))
    left = backups(args.to)
    if left and is_too_old(left[0], SystemClock().now()):
        print(f"Den nyeste, {left[0].path}, er også for gammel, men den eneste. Lav en ny, så fjernes den.")
    return 0


def _check(args: argparse.Namespace) -> int:
    require_backup(args.backup)
    return 1 if _wrong(args.backup, args.var) else 0


def _wrong(backup: Path, var: Path) -> bool:
    """Every byte read again and said; the newest's verdict is what doctor and the page Drift tell."""
    said = {"missing": "mangler", "changed": "er ændret", "foreign": "hører ikke til"}
    wrong = [f"{name}: {said[what]}" for what, name in check(backup, var, SystemClock().now())]
    print("\n".join(wrong) if wrong else "Alt er læst igen og er, som det blev gemt.")
    return bool(wrong)


def _restore(args: argparse.Namespace) -> int:
    now = SystemClock().now()
    count, held = restore(args.backup, args.var, args.keys, now, args.lost, accept_lost=args.accept_lost)
    note(args.var, "backup_restore", "")
    print(f"Lagt tilbage i {args.var}. Start Tillid med --var {args.var}.")
    for folder in evidence_copies_before(args.var):
        print(
            f"Beviserne blev også gemt i {folder}. Det gør de igen, når I kører: tillid evidence copies --add {folder}"
        )
    if held:
        print(
            "Hvad der er sket efter kopien, ved den ikke: også tilbagekaldelser er væk. Derfor kan ingen modtager læse noget, før nogen har "
            "bekræftet, at intet mangler: administratoren for det hele på siden Drift, eller lederen på hvert dokuments side. Hold loggen op "
            "mod et hoved, som andre har gemt: tillid log check --against FIL. Forældre kan trække tilbage med det samme."
        )
    else:
        print("Den mappe, den træder i stedet for, viser, at intet er sket efter kopien. Intet bliver holdt tilbage.")
    if count:
        print(f"{count} dokumenter er destrueret; de destrueres igen, før nogen får svar.")
    return 0


def _say_gone(gone: list) -> None:  # type: ignore[type-arg]
    for one in gone:
        print(f"Fjernet, for den var ældre end reglen ({our_rules().backups_keep}): {one.path}")
