"""``tillid log check``: whether the log is whole in itself, and whether it begins with every head that was kept of it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tillid.cli.common import trust_folder
from tillid.cli.log_proofs import read
from tillid.kernel.clock import SystemClock
from tillid.signatures.checkpoint import CheckpointError
from tillid.signatures.merkle import extends
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verdict import REASONS
from tillid.wiring.beside import LogFile, judged


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A head that somebody kept, of which this log is the continuation. ``steps``: of the proof of it."""

    name: str
    size: int
    steps: int


def add_check(check: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid log check``."""
    check.add_argument(
        "--against",
        type=Path,
        default=os.environ.get("TILLID_WITNESS") or None,
        metavar="FIL",
        help="et loghoved, der er gemt et andet sted, eller en mappe med dem (standard: TILLID_WITNESS)",
    )
    check.add_argument("--trust", type=Path, metavar="MAPPE", help="mappen med tillidslisten (tsa/)")


def check(log: LogFile, args: argparse.Namespace) -> int:
    """Print what was found; 0 when the log is whole and begins with all heads, of which there is one where a place was named; else 1: a
    disk that is not mounted has none."""
    against, trust = args.against, load_trust(args.trust or trust_folder(of=args.var))
    notes = list(_notes(against)) if against else []
    found = list(_problems(log))
    kept, other = _kept(log, notes, alone=against is not None and not against.is_dir())
    stamped, wrong, doubts = _stamps(log, trust)
    found += other + wrong
    failed = 1 if found or against is not None and not notes else 0
    if args.json:
        whole = {"whole": not found, "size": log.size, "problems": found, "kept": msgspec.to_builtins(kept)}
        print(json.dumps({**whole, "stamped": stamped, "doubts": doubts}, indent=1))
        return failed
    if found:
        print(f"Loggen er IKKE hel ({log.size} hændelser):")
        print("\n".join(f"  {_told(problem)}" for problem in found))
    else:
        print(f"Loggen er hel ({log.size} hændelser).")
    print(_about(kept, against, notes))
    print(f"Hoveder med tidsstempel, der holder: {len(stamped)}{f', senest {stamped[-1]}' if stamped else ''}.")
    print("".join(f"  {_told(doubt)}\n" for doubt in doubts), end="")
    return failed


def _problems(log: LogFile) -> Iterator[str]:
    """What the log says of itself, and ``own`` where the head that lies beside it is none of it."""
    try:
        yield from log.problems()
    except CheckpointError:
        yield "own"


def _notes(against: Path) -> Iterator[tuple[str, bytes]]:
    """The head, or each in the folder, by name: what is no file there (a pipe that somebody put would never end) is no head. Raises
    ``TillidError`` (``log.no-file``)."""
    if not against.is_dir():
        yield "against", read(against)
        return
    for path in sorted(against.rglob("*.note")):
        yield str(path.relative_to(against).with_suffix("")), read(path) if path.is_file() else b""


def _kept(log: LogFile, notes: list[tuple[str, bytes]], *, alone: bool) -> tuple[list[Kept], list[str]]:
    """Those that this log is the continuation of, by the proof that others would get of it, and what is wrong. Raises
    ``CheckpointError`` where the only one is no head of this log."""
    held, wrong = [], []
    for name, note in notes:
        try:
            head = log.verifier.read(note)
        except CheckpointError:
            if alone:
                raise
            wrong.append(f"kept {name}")
            continue
        begins = log.begins_with(note)
        path = log.consistency(head.size, log.size) if begins and head.size else []
        if begins and (not head.size or extends(head.size, head.root, log.size, log.root(log.size), path)):
            held.append(Kept(name=name, size=head.size, steps=len(path)))
        else:
            wrong.append(f"head {name}")
    return held, wrong


def _about(kept: list[Kept], against: Path | None, notes: list[tuple[str, bytes]]) -> str:
    if len(kept) == 1:
        return f"Den er kun vokset siden det hoved, I har gemt ({kept[0].size} hændelser). Beviset, som andre kan efterprøve: »tillid log prove --from HOVED«."
    if kept:
        sizes = [one.size for one in kept]
        return f"Den er kun vokset siden hvert af de {len(kept)} hoveder, I har gemt ({min(sizes)} til {max(sizes)} hændelser)."
    if against is not None and not notes:
        return f"I {against} ligger intet hoved (*.note), så intet er holdt op mod loggen. Se efter, om disken er der."
    if against is not None:
        return "Intet hoved, der er gemt et andet sted, passer til loggen."
    return "Bemærk: Kun et hoved, der er gemt et andet sted (--against), kan vise, at hele mappen ikke er skiftet ud."


def _stamps(log: LogFile, trust: Trust) -> tuple[list[str], list[str], list[str]]:
    """The stamped heads: names of those that hold, what is wrong, what cannot be told (``stamp NAME STEP``)."""
    held, wrong, doubts, now = [], [], [], SystemClock().now()
    for name, note, token in log.stamps.all():
        try:
            begins = log.begins_with(note)
        except CheckpointError:
            begins = False
        step, status = judged(token, note, trust, now)
        if not begins:
            wrong.append(f"stamp {name} head")
        elif status == "passed":
            held.append(name)
        else:
            (doubts if status == "indeterminate" else wrong).append(f"stamp {name} {step}")
    return held, wrong, doubts


def _told(problem: str) -> str:
    what, _, which = problem.partition(" ")
    if what == "stamp":
        name, _, step = which.partition(" ")
        if step == "head":
            return f"Loggen begynder ikke med det hoved, der fik tidsstempel {name}, eller hovedet er ødelagt."
        return f"Hovedet {name}: {REASONS[step][2].split('. ')[0]}."
    if what == "own":
        return (
            "Det hoved, der ligger i loggens egen mappe (checkpoint), er ikke et, som denne logs nøgle har forseglet."
        )
    if what == "kept":
        return f"Filen {which} er ikke et hoved, som denne logs nøgle har forseglet."
    if what == "head":
        whose = {"checkpoint": "det hoved, der ligger i mappen", "against": "det hoved, I har gemt"}
        return (
            f"Loggen begynder ikke med {whose.get(which, f'det hoved, I har gemt som {which}')}: "
            "Noget er fjernet, ændret eller byttet om, eller en gammel kopi er lagt ind."
        )
    return f"Mellemregning {which} passer ikke til hændelserne under den."
