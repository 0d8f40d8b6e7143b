"""``tillid log head|check|prove|verify``: what the Merkle log of events holds, whether it is whole, and proofs of it.

Reads beside a running Tillid; ``verify`` reads nothing but the files it is given. Exit codes: 0 whole, found or held; 1 something is
wrong with the log, the event is not in it, the proof does not hold, the file is none, or where heads should lie is none.
"""

from __future__ import annotations

import argparse
import json

from tillid.cli import log_check, log_proofs
from tillid.cli.common import add_var
from tillid.wiring.beside import LogFile, opened_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid log``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    head = verbs.add_parser("head", help="skriv loggens forseglede hoved og den nøgle, det kan efterprøves med")
    check = verbs.add_parser("check", help="efterse, om loggen er hel, og om den begynder med de hoveder, I har gemt")
    log_check.add_check(check)
    prove = verbs.add_parser(
        "prove", help="skriv beviset for, at en hændelse står i loggen, eller at den kun er vokset"
    )
    log_proofs.add_prove(prove)
    verify = verbs.add_parser("verify", help="efterprøv et bevis, der ligger i en fil, uden loggen")
    log_proofs.add_verify(verify)
    for verb in (head, check, prove, verify):
        verb.add_argument("--json", action="store_true", help="skriv som JSON")
    for verb in (head, check, prove):
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """Print the answer; see the module for the exit code."""
    if args.verb == "verify":
        return log_proofs.verify(args)
    log = opened_log(args.var)
    try:
        if args.verb == "check":
            return log_check.check(log, args)
        return log_proofs.prove(log, args) if args.verb == "prove" else _head(log, args)
    finally:
        log.close()


def _head(log: LogFile, args: argparse.Namespace) -> int:
    note, key = log.signed().decode(), log.verifier.text()
    if args.json:
        print(json.dumps({"checkpoint": note, "key": key}, ensure_ascii=False, indent=1))
    else:
        print(f"{note}\nNøgle: {key}")
    return 0
