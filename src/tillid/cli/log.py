"""``tillid log head|check|prove``: what the Merkle log of events holds, whether it is whole, and the proof for one event.

Reads beside a running Tillid. Exit codes: 0 whole or found; 1 something is wrong with the log, the event is not in it, or the
file is no head of this log.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from tillid.cli.common import add_var, trust_folder
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.signatures.checkpoint import MAX_BYTES, Checkpoint, CheckpointError, LogKey
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verdict import REASONS
from tillid.wiring.beside import LogFile, judged, opened_log

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid log``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    head = verbs.add_parser("head", help="skriv loggens forseglede hoved og den nøgle, det kan efterprøves med")
    check = verbs.add_parser("check", help="efterse, om loggen er hel, og om den begynder med et hoved, I har gemt")
    check.add_argument("--against", type=Path, metavar="FIL", help="et loghoved, der er gemt et andet sted")
    check.add_argument("--trust", type=Path, metavar="MAPPE", help="mappen med tillidslisten (tsa/)")
    prove = verbs.add_parser("prove", help="skriv beviset for, at en hændelse står i loggen")
    prove.add_argument("digest", metavar="DIGEST", help="hændelsens SHA-256 (64 tegn)")
    for verb in (head, check, prove):
        verb.add_argument("--json", action="store_true", help="skriv som JSON")
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """Print the answer; see the module for the exit code."""
    log, key = opened_log(args.var)
    try:
        if args.verb == "check":
            return _check(log, args)
        answer = _head(log, key) if args.verb == "head" else _proof(log, key, args.digest)
    finally:
        log.close()
    if args.json or args.verb == "prove":
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(answer["checkpoint"])
        print(f"Nøgle: {answer['key']}")
    return 0


def _head(log: LogFile, key: LogKey) -> dict[str, Any]:
    note = key.sign(Checkpoint(origin=key.verifier.name, size=log.size, root=log.root(log.size)))
    return {"checkpoint": note.decode(), "key": key.verifier.text()}


def _proof(log: LogFile, key: LogKey, digest: str) -> dict[str, Any]:
    """Everything that somebody needs to follow the event to a signed head."""
    place = log.place(digest) if _DIGEST.match(digest) else None
    if place is None:
        raise TillidError(
            "no such leaf",
            code="log.no-event",
            text="Den hændelse står ikke i loggen. Se efter, om digesten er skrevet rigtigt; en ny hændelse kommer med om lidt.",
        )
    path = [step.hex() for step in log.inclusion(place, log.size)]
    return {"leaf": digest, "index": place, "size": log.size, "path": path, **_head(log, key)}


def _check(log: LogFile, args: argparse.Namespace) -> int:
    found = list(log.problems(_note(args.against) if args.against else None))
    stamped, wrong, doubts = _stamps(log, load_trust(args.trust or trust_folder()))
    found += wrong
    if args.json:
        whole = {"whole": not found, "size": log.size, "problems": found, "stamped": stamped, "doubts": doubts}
        print(json.dumps(whole, indent=1))
        return 1 if found else 0
    if found:
        print(f"Loggen er IKKE hel ({log.size} hændelser):")
        print("\n".join(f"  {_told(problem)}" for problem in found))
    else:
        print(f"Loggen er hel ({log.size} hændelser).")
        print(
            "Bemærk: Kun et hoved, der er gemt et andet sted (--against), kan vise, at hele mappen ikke er skiftet ud."
        )
    print(f"Hoveder med tidsstempel, der holder: {len(stamped)}{f', senest {stamped[-1]}' if stamped else ''}.")
    print("".join(f"  {_told(doubt)}\n" for doubt in doubts), end="")
    return 1 if found else 0


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


def _note(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise TillidError(
            "no such file", code="log.no-file", text="Filen {path} kan ikke læses. Angiv et gemt loghoved.", path=path
        ) from None


def _told(problem: str) -> str:
    what, _, which = problem.partition(" ")
    if what == "stamp":
        name, _, step = which.partition(" ")
        if step == "head":
            return f"Loggen begynder ikke med det hoved, der fik tidsstempel {name}, eller hovedet er ødelagt."
        return f"Hovedet {name}: {REASONS[step][2].split('. ')[0]}."
    if what == "head":
        whose = "det hoved, der ligger i mappen" if which == "checkpoint" else "det hoved, I har gemt"
        return f"Loggen begynder ikke med {whose}: Noget er fjernet, ændret eller byttet om, eller en gammel kopi er lagt ind."
    return f"Mellemregning {which} passer ikke til hændelserne under den."
