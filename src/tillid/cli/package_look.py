"""``tillid package check|list``: is a package whole, and, with ``--trust``, does what lies in it hold? Needs no Tillid (ADR 0053, 0057).

Exit codes as ``tillid verify``: 0 whole, and all that was judged passed; 1 refused, or something failed; 2 something cannot be told;
3 not readable as a package of Tillid's; 4 two engines disagree. Of several the worst counts. ``list``: 0, or 1 for a refused one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tillid.adapters import package_judges
from tillid.adapters.package_judges import judges_of
from tillid.adapters.package_sources import opened, packages_in
from tillid.archive.package_check import Checked, check, listing
from tillid.archive.package_held import Found
from tillid.archive.package_pdf import prove_pdf
from tillid.archive.package_proof import Judges, prove
from tillid.archive.package_read import PackageRefused
from tillid.cli.judging import shown
from tillid.cli.verify import EXIT, WORST, headline
from tillid.kernel.clock import SystemClock, parse_instant


def add_verbs(verbs: Any) -> None:
    """The arguments of ``check`` and ``list``."""
    whole = verbs.add_parser(
        "check", help="efterse, at en pakke er hel, og med --trust også de poster, svar og hændelser, der ligger i den"
    )
    whole.add_argument(
        "--trust", type=Path, metavar="MAPPE", help="afsenderens tillidsliste (ca/, seals/, tsa/ og log/)"
    )
    whole.add_argument(
        "--at", type=_moment, metavar="TID", help="kontrollér for dette tidspunkt (2026-11-25T12:00:00Z)"
    )
    names = verbs.add_parser("list", help="vis, hvad METS.xml siger, der er i en pakke; intet efterses")
    for verb in (whole, names):
        verb.add_argument("path", type=Path, metavar="STI", help="pakken (mappe eller zip), eller en mappe med pakker")
        verb.add_argument("--json", action="store_true", help="skriv som JSON")


def look(args: argparse.Namespace) -> int:
    """Each package in its own lines; one that is refused does not hide the others."""
    trust = args.trust if args.verb == "check" else None
    judges = judges_of(trust, args.at or SystemClock().now(), second=True) if trust else None
    told, codes = [], [0]
    for path in packages_in(args.path):
        name = shown(str(path))
        try:
            code, one = _one(args, path, name, judges)
        except PackageRefused as error:
            code, one = 1, {"status": "refused", "code": error.code, "file": error.path}
            _say(args, f"{name}: AFVIST. {error.message} [{error.code}]")
        told.append({"path": name, **one})
        codes.append(code)
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif judges is None and any(one["status"] == "whole" for one in told):
        print("Posterne er ikke efterprøvet. Angiv afsenderens tillidsliste med --trust.")
    return min(codes, key=WORST.index)


def _one(args: argparse.Namespace, path: Path, name: str, judges: Judges | None) -> tuple[int, dict[str, Any]]:
    source = opened(path)
    if args.verb == "list":
        found = listing(source, source.entries())
        _say(args, *_listed(name, found))
        return 0, {"status": "listed", **_public(found)}
    found = check(source)
    _say(args, f"{name}: hel. {len(found.files)} filer, {found.size} byte, alle som METS.xml siger.")
    if judges is None:
        return 0, {"status": "whole", **_public(found)}
    parts = prove_pdf(source, found, prove(source, found, judges), package_judges.revisions).found
    _say(args, *_judged(parts))
    code = min((EXIT[one.status] for _, one in parts), key=WORST.index)
    status = next(word for word, number in EXIT.items() if number == code)
    judged = [{"part": shown(of), **one.public()} for of, one in parts]
    return code, {"status": "whole", "holds": status, **_public(found), "parts": judged}


def _judged(parts: tuple[Found, ...]) -> Iterator[str]:
    for of, one in parts:
        yield f"  {headline(shown(of), one)}"
        yield from (f"    {line}" for line in (one.sentence, *one.warnings))
        if "seal" in one.details:
            yield f"    Segl: {shown(one.details['seal'])}"
    limits = dict.fromkeys(line for _, one in parts for line in one.does_not_prove)
    yield from ("  Bemærk:", *(f"    - {limit}" for limit in limits))


def _say(args: argparse.Namespace, *lines: str) -> None:
    if not args.json:
        print(*lines, sep="\n", flush=True)


def _listed(name: str, found: Checked) -> Iterator[str]:
    yield f"{name}: {shown(found.mets.label)}, lavet {shown(found.mets.made_at)}"
    yield f"  fra {', '.join(map(shown, found.mets.agents))}"
    yield from (f"  {one.size:>10}  {shown(one.path)}" for one in found.files)


def _public(found: Checked) -> dict[str, object]:
    mets = found.mets
    return {
        "id": mets.id,
        "label": mets.label,
        "made_at": mets.made_at,
        "agents": mets.agents,
        "files": msgspec.to_builtins(found.files),
    }


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke et tidspunkt som 2026-11-25T12:00:00Z") from None
