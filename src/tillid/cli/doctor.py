"""``tillid doctor``: every external part, whether it is found and usable, and what to do if not."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tillid.cli import probes
from tillid.cli.common import (
    add_clamd,
    add_journal,
    add_port,
    add_search,
    add_var,
    add_witness,
    is_demo,
    require_folder,
)
from tillid.cli.probe_backup import backup
from tillid.cli.probe_evidence import evidence
from tillid.cli.probe_fixity import fixity
from tillid.cli.probe_journal import journal_system
from tillid.cli.probe_keys import certificates, seal_key
from tillid.cli.probe_log import heads
from tillid.cli.probe_office import conversion
from tillid.cli.probe_parsers import opening
from tillid.cli.probe_scanner import virus_scanner
from tillid.cli.probe_search import search_server
from tillid.cli.probes import Finding
from tillid.kernel.clock import SystemClock
from tillid.wiring.beside import log_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid doctor``."""
    parser.add_argument("--json", action="store_true", help="skriv som JSON")
    add_var(parser)
    add_port(parser)
    add_clamd(parser)
    add_search(parser)
    add_journal(parser)
    add_witness(parser)


def run(args: argparse.Namespace) -> int:
    """Print a line per part; 0 when all needed ones are usable, else 1."""
    require_folder(args.var)
    findings = list(examine(args.var, args.port, args.clamd, args.search, args.journal, args.witness))
    ready = all(finding.usable for finding in findings if finding.needed)
    if args.json:
        print(json.dumps({"ready": ready, "parts": msgspec.to_builtins(findings)}, ensure_ascii=False, indent=1))
    else:
        print(as_text(findings, ready))
    return 0 if ready else 1


def examine(
    var: Path, port: int, clamd: str, search: str = "", journal: str = "", witness: str = ""
) -> Iterator[Finding]:
    """All findings, in the order to show them."""
    yield probes.python()
    yield from probes.libraries()
    with tempfile.TemporaryDirectory(prefix="tillid-doctor-") as scratch:
        for program in probes.programs(Path(scratch)):
            yield probes.try_program(program)
    yield probes.uno()
    yield conversion()
    yield opening()
    yield from probes.fonts()
    yield virus_scanner(clamd)
    yield search_server(search, var)
    yield journal_system(journal, SystemClock().now(), log_key(var))
    yield from seal_key(var, SystemClock().now())
    yield from certificates(var, demo=is_demo(var))
    yield from evidence(var)
    yield from heads(var, witness, SystemClock().now())
    yield from fixity(var, SystemClock().now())
    yield from backup(var, SystemClock().now())
    yield from probes.disk(var)
    yield probes.port(port)


def as_text(findings: list[Finding], ready: bool) -> str:
    """The report for people: a word, never a colour alone (R-122), and the advice under the part it is for."""
    lines, warned = [], False
    for finding in findings:
        warned |= finding.usable and bool(finding.advice)
        word = _word(finding)
        lines.append(f"  {word:<8} {finding.name:<27} {finding.version:<27} {finding.purpose}".rstrip())
        if finding.advice:
            lines.append(f"{'':11}{finding.advice}")
    lines.append("")
    if not ready:
        lines.append("Tillid kan ikke køre, før det, der mangler, er på plads.")
    else:
        lines.append(
            "Alt det nødvendige virker, men læs advarslen ovenfor." if warned else "Alt det nødvendige virker."
        )
    return "\n".join(lines)


def _word(finding: Finding) -> str:
    if finding.usable:
        return "ADVARSEL" if finding.advice else "ok"
    return "MANGLER" if finding.needed else "mangler"
