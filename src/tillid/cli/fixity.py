"""``tillid fixity run|status``: every stored byte against its digest, and how far the daily reading has come.

Beside a running Tillid, which reads a thirtieth of everything each day by itself; ``run`` reads all of it now and writes
nothing but a row in ``audit/operators.jsonl``. Exit code 1 when something is not as it was stored.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from tillid.archive.fixity import Fixity
from tillid.cli.common import add_var, is_demo
from tillid.cli.reading import note, opened
from tillid.kernel.clock import SystemClock, instant
from tillid.signatures.trust import Trust
from tillid.usecases.check_fixity import read_all
from tillid.wiring.beside import LogFile, evidence_desk, fixity_parts, imported_of, opened_log, trust_of
from tillid.wiring.reading import ReadStore

_TOGETHER = 200  # pieces read before they are let go of


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
    note(args.var, f"fixity_{args.verb}", "")
    found = _status(args.var) if args.verb == "status" else _read(args.var)
    if args.json:
        print(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_told(found, args.verb)))
    return 1 if found is not None and found.damages else 0


def _status(var: Path) -> Fixity | None:
    with opened(var) as store:
        return store.blobs.fixity()


def _read(var: Path) -> Fixity:
    """All of it. An event is committed before it is entered: what the log has before the store is opened, the store has too; and what
    the store has and does not wait for, the log has that is opened after it."""
    early = opened_log(var)
    leaves = early.size
    early.close()
    with opened(var) as store:
        log = opened_log(var)
        try:
            log.know_places()
            trust = trust_of(var, demo=is_demo(var)).now
            return read_all(
                _stored(var, store, log, trust),
                fixity_parts(var, trust),
                SystemClock().now(),
                leaves,
                _letting_go(store),
            )
        finally:
            log.close()


def _stored(var: Path, store: ReadStore, log: LogFile, trust: Callable[[], Trust]) -> SimpleNamespace:
    """What is in the database, and what lies beside it."""
    evidence = evidence_desk(var, trust) if (var / "evidence").is_dir() else None
    named = ("blobs", "documents", "ledger", "outbox", "designs", "templates")
    return SimpleNamespace(**{name: getattr(store, name) for name in named}, event_log=log, evidence=evidence,
                           imported=imported_of(var))  # fmt: skip


def _letting_go(store: ReadStore) -> Callable[[], None]:
    """Memory does not grow with what is read."""
    turns = count(1)

    def pace() -> None:
        if next(turns) % _TOGETHER == 0:
            store.forget()

    return pace


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
