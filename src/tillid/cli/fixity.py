"""``tillid fixity run|status``: every stored byte against its digest, and how far the daily reading has come.

Beside a running Tillid, which reads a thirtieth of everything each day by itself; ``run`` reads all of it now and writes
nothing but a row in ``audit/operators.jsonl``. Exit code 1 when something is not as it was stored.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from tillid.adapters.imported_packages import ImportedPackages
from tillid.archive.fixity import Fixity
from tillid.cli.common import add_var
from tillid.cli.reading import note, opened
from tillid.cms.reading import ReadStore
from tillid.kernel.clock import SystemClock, instant
from tillid.usecases.check_fixity import read_all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid fixity``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    whole = verbs.add_parser("run", help="læs alt igen nu")
    state = verbs.add_parser("status", help="hvor langt den daglige læsning er, og hvad den har fundet")
    for verb in (whole, state):
        verb.add_argument("--json", action="store_true", help="skriv som JSON")
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """Print what was found."""
    with opened(args.var) as store:
        note(args.var, f"fixity_{args.verb}", "")
        found = (
            store.blobs.fixity() if args.verb == "status" else read_all(_stored(args.var, store), SystemClock().now())
        )
    if args.json:
        print(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_told(found, args.verb)))
    return 1 if found is not None and found.damages else 0


def _stored(var: Path, store: ReadStore) -> SimpleNamespace:
    """What is in the database, and what lies beside it."""
    return SimpleNamespace(blobs=store.blobs, documents=store.documents, ledger=store.ledger,
                           imported=ImportedPackages(var / "imported"))  # fmt: skip


def _told(found: Fixity | None, verb: str) -> list[str]:
    if found is None:
        return ["Intet er læst igen endnu. Tillid begynder selv, når den har kørt lidt."]
    if verb == "run":
        lines = [f"{found.things} ting læst ({found.size} byte)."]
    else:
        whole: Any = instant(found.whole_at) if found.whole_at else "aldrig"
        lines = [f"{found.done} af {found.things} ting læst i denne runde, senest {instant(found.ran_at)}.",
                 f"Alt var sidst læst igennem: {whole}."]  # fmt: skip
    lines += [f"Deraf {found.imported} pakker fra andre."] if found.imported else []
    lines += [f"BESKADIGET: {one.what} ({one.how}), set {instant(one.at)}" for one in found.damages]
    return lines if found.damages else [*lines, "Alt, der er læst, er, som det blev gemt."]
