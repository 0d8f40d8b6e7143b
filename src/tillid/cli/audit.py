"""``tillid audit export|check``: the access log about one child as one file, and whether such a file, or a log, is as it was written.

``export`` works beside a running Tillid and only reads; a row in ``audit/operators.jsonl`` comes before. ``check`` of a file needs
no Tillid but the key that signed it. Exit codes: 0 whole (of a file: and signed), 1 changed, 2 it cannot be told whose it is, 3 no log.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tillid.adapters.audit_export import Checked, NotAnExport, check_export, held_against
from tillid.cli.common import add_var, trust_folder
from tillid.cli.reading import note, opened
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put_where_told
from tillid.signatures.checkpoint import CheckpointError, LogVerifier
from tillid.signatures.trust import log_keys
from tillid.usecases.archive_purpose import operators_purpose
from tillid.usecases.export_audit import ChildAudit, packed, read_log
from tillid.web.log_words import table
from tillid.wiring.beside import OPERATORS, SERVER, access_log, broken_links, log_key, opened_log

EXIT = {"whole": 0, "changed": 1, "unsigned": 2}
_WHAT = {
    "unreadable": "Linje {n} i {file} kan ikke læses.",
    "changed": "Linje {n} i {file} er ændret, efter at den blev skrevet.",
    "order": "Linje {n} i {file} følger ikke linjen før den: Noget er byttet om, fjernet eller sat ind.",
    "missing": "Linje {n} i loggen mangler i {file} eller er en anden dér.",
    "unknown": "Linje {n} i {file} står ikke i loggen.",
    "count": "{file} har ikke så mange linjer, som beviset siger.",
    "file": "{file} er ikke, som da den blev skrevet.",
    "head": "{file} er kortere, eller en anden, end da filen blev lavet.",
    "chain": "Kæden i {file} er brudt ved linje {n}.",
    "form": "Filen er skrevet på en anden måde, end Tillid skriver den.",
    "signature": "Seglet passer ikke til beviset.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid audit``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    export = verbs.add_parser("export", help="skriv loggen om ét barn som en fil, der kan efterses (zip)")
    export.add_argument("--child", required=True, metavar="NUMMER", help="barnets id")
    export.add_argument("--out", type=Path, required=True, metavar="FIL", help="filen, den skrives i")
    export.add_argument("--purpose", required=True, metavar="TEKST", help="hvad den skal bruges til; skrives i loggen")
    check = verbs.add_parser("check", help="efterse en fil fra export, eller (uden fil) de to logge selv")
    check.add_argument("path", type=Path, nargs="?", metavar="FIL", help="filen (zip), eller log.jsonl fra den")
    check.add_argument("--key", metavar="NØGLE", help="nøglen, som »tillid log head« viser, eller en fil med den")
    check.add_argument("--trust", type=Path, metavar="MAPPE", help="mappen med tillidslisten (log/)")
    check.add_argument("--logs", type=Path, metavar="MAPPE", help="hold filen op mod loggene i denne mappe (var/audit)")
    check.add_argument("--json", action="store_true", help="skriv som JSON")
    for verb in (export, check):
        add_var(verb)


def run(args: argparse.Namespace) -> int:
    """Do one of them; see the module for the exit code."""
    if args.verb == "export":
        return _export(args)
    return _check_file(args) if args.path else _check_logs(args)


def _export(args: argparse.Namespace) -> int:
    purpose = operators_purpose(args.purpose)
    with opened(args.var) as store:
        child = store.people.child(args.child)
        unit = store.people.unit(child.unit_id) if child else None
        if child is None or unit is None:
            raise TillidError(
                "no such child", code="audit.no-child", text="Der er intet barn med nummeret {named}.", named=args.child
            )
        note(args.var, "export_audit", child.id, child.id, purpose=purpose)
        found = ChildAudit(
            child_id=child.id, controller_id=unit.controller.id, by=f"operator:{os.getuid()}", at=SystemClock().now(),
            server=read_log(access_log(args.var, SERVER), child.id), operators=read_log(access_log(args.var, OPERATORS), child.id),
        )  # fmt: skip
        log = opened_log(args.var)
        try:
            data = packed(found, table(store, found, "da"), log.vouch)
        finally:
            log.close()
    _written(args.out, data)
    print(f"{args.out}: {len(found.server.lines) + len(found.operators.lines)} linjer om barnet.")
    print(f"Efterse den med »tillid audit check {args.out}«.")
    return 0


def _written(path: Path, data: bytes) -> None:
    try:
        if path.exists():
            raise FileExistsError(path)
        put_where_told(path, data, mode=0o600)
    except OSError:
        raise TillidError(
            "--out",
            code="audit.out",
            text="Der kan ikke skrives i {path}, eller den findes allerede. Angiv en anden fil med --out.",
            path=path,
        ) from None


def _check_logs(args: argparse.Namespace) -> int:
    looked = {name: broken_links(args.var, name) for name in (SERVER, OPERATORS)}
    found = {name: wrong for name, wrong in looked.items() if wrong is not None}
    if not found:
        raise NotAnExport("no log in the folder")
    if args.json:
        print(json.dumps(found, indent=1))
    else:
        for name, wrong in found.items():
            print(f"{name}: {'IKKE hel' if wrong else 'hel'}")
            print("".join(f"  {_told(f'chain {name} {_place(one)}')}\n" for one in wrong), end="")
    return 1 if any(found.values()) else 0


def _check_file(args: argparse.Namespace) -> int:
    try:
        checked = check_export(_read(args.path), _keys(args))
        wrong = [*checked.problems, *(held_against(args.logs, checked) if args.logs else ())]
    except NotAnExport as error:
        print(f"{args.path}: {error.message} [{error.code}]")
        return 3
    status = "changed" if wrong else checked.status
    if args.json:
        print(json.dumps(_public(status, wrong, checked), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(args, status, wrong, checked)))
    return EXIT[status]


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():  # nor is a pipe waited for
            raise NotAnExport("no file")
        return path.read_bytes()
    except OSError:
        raise NotAnExport("no such file") from None


def _keys(args: argparse.Namespace) -> list[LogVerifier]:
    """The one that was given; else those of the trust list that was; else the usual ones and the installation's own."""
    if args.key:
        path = Path(args.key)
        texts = [path.read_text("utf-8", "replace") if "+" not in args.key and path.is_file() else args.key]
    else:
        texts = [*(log_keys(args.trust) if args.trust else log_keys(trust_folder()) | log_keys(args.var / "trust"))]
        if not args.trust and (own := log_key(args.var)):
            texts.append(own)
    found = []
    for text in texts:
        try:
            found.append(LogVerifier.parsed(text))
        except CheckpointError:
            if args.key:
                raise
    return found


def _lines(args: argparse.Namespace, status: str, wrong: list[str], checked: Checked) -> Iterator[str]:
    word = {"whole": "HEL", "changed": "ÆNDRET", "unsigned": "KAN IKKE AFGØRES"}[status]
    yield f"{args.path}: {word} ({checked.lines} linjer)"
    yield from (f"  {_told(one)}" for one in wrong)
    if checked.proof is not None:
        then = checked.proof.logs
        yield f"  Lavet {checked.proof.made_at}, da loggen havde {then['log.jsonl'].n} linjer."
    if status == "whole":
        yield f"  Forseglet med {checked.key}. Ingen linje er ændret, fjernet eller sat ind."
    if status == "unsigned" and checked.proof is not None:
        yield "  Intet er galt med filen, men seglet er ikke sat med en kendt nøgle. Angiv nøglen med --key."
    elif status == "unsigned":
        yield "  Hver linje er, som den blev skrevet. Om der mangler linjer, kan kun hele filen (zip) vise."
    if not args.logs and status != "changed" and checked.proof is not None:
        yield "  Om loggen selv siger det samme, viser --logs."


def _told(problem: str) -> str:
    first, *rest = problem.split(" ")
    if first in _WHAT:
        file, n = [*rest, "", ""][:2]
        return _WHAT[first].format(file=file, n=n)
    n, what = [*rest, ""][:2] if len(rest) > 1 else ("", rest[0])
    return _WHAT[what].format(file=first, n=n)


def _place(sentence: str) -> str:
    return sentence.partition(":")[0].split(" ")[1]


def _public(status: str, wrong: list[str], checked: Checked) -> dict[str, Any]:
    proof = checked.proof
    return {
        "status": status,
        "problems": wrong,
        "lines": checked.lines,
        "key": checked.key,
        "child": proof.child if proof else "",
        "made_at": proof.made_at if proof else "",
    }
