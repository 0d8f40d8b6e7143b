"""``tillid verify PATH…``: is this record what the platform sealed? Needs the file and a trust list, nothing else.

Exit codes: 0 passed, 1 failed, 2 indeterminate (also: no trust list), 3 not readable as a record, 4 two engines disagree, or one broke off. Of
several the worst counts, worst first 4, 1, 3, 2, 0: a forgery is never hidden by a file beside it that cannot be read or
judged, and a verifier with a fault is worse than any file. ``--all``: folders to their bottom, both engines (ADR 0038).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from tillid.cli.common import VAR, add_var, trust_folder
from tillid.cli.judging import Judging, Pdfs, shown
from tillid.cli.progress import Progress
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import SystemClock, parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.timed import TIMESTAMP_NOT_CONFIRMED
from tillid.signatures.trust import Trust, load_trust, log_keys
from tillid.signatures.verdict import REASONS, Verdict

EXIT = {"passed": 0, "failed": 1, "indeterminate": 2, "unreadable": 3, "disputed": 4}
WORST = (4, 1, 3, 2, 0)  # exit codes, worst first
WORD = {
    "passed": "GODKENDT",
    "failed": "IKKE GODKENDT",
    "indeterminate": "KAN IKKE AFGØRES",
    "unreadable": "ULÆSELIG",
    "disputed": "ALARM",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid verify``."""
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="STI", help="en XML-post, en PDF, en kvittering (zip) eller en mappe"
    )
    parser.add_argument(
        "--trust", type=Path, metavar="MAPPE", help="mappen med tillidslisten (ca/, seals/, tsa/ og log/)"
    )
    parser.add_argument(
        "--at", type=_moment, metavar="TID", help="kontrollér for dette tidspunkt (2026-11-25T12:00:00Z)"
    )
    parser.add_argument(
        "--all", action="store_true", help="også mapper i mapper, og hver post med to uafhængige kontroller"
    )
    parser.add_argument(
        "--store", action="store_true", help="efterprøv alle poster i den installerede database (--var), med --all"
    )
    parser.add_argument(
        "--state", type=Path, metavar="FIL", help="husk, hvad der er efterprøvet, og fortsæt dér næste gang"
    )
    parser.add_argument("--json", action="store_true", help="skriv som JSON")
    parser.epilog = (
        "Afslutningskoder: 0 godkendt, 1 ikke godkendt, 2 kan ikke afgøres (også forkert brug), 3 ulæselig, 4 to kontroller er "
        "uenige, eller en brød af. Af flere filer tæller den værste: 4, 1, 3, 2, 0."
    )
    parser.set_defaults(failure=EXIT["indeterminate"])
    add_var(parser)


def run(args: argparse.Namespace) -> int:
    """Print one verdict per record; the exit code of the worst."""
    lack = None
    try:
        trust = load_trust(args.trust) if args.trust else default_trust(os.environ, args.var, own=args.store)
    except TillidError as error:
        # Forgeries and unreadable files are still found; what is left cannot be told.
        trust, lack = Trust(), error
    if lack is not None:
        print(f"tillid: {lack.message} [{lack.code}]", file=sys.stderr)
    judging = Judging(
        trust=trust,
        at=args.at or SystemClock().now(),
        both=args.all or args.store,
        log_keys=log_keys(args.trust)
        if args.trust
        else log_keys(trust_folder(of=args.var if args.store else None)) | log_keys(args.var / "trust"),
        lack=lack,
    )
    if args.state or args.store:
        # Only here: a record must be verifiable without any store.
        from tillid.cli.verify_many import verify_many

        return verify_many(args, judging)
    if not args.paths:
        raise TillidError(
            "nothing to verify",
            code="verify.nothing",
            text="Skriv, hvad der skal efterprøves: en fil, en mappe eller --store.",
        )
    progress, results = Progress("efterprøvet"), []
    for found in (found for path in args.paths for found in judging.path(path)):
        results.append(found)
        progress.at(len(results))
    pdfs = judging.pdfs
    for step in sorted({one.step for _, one in results if one.status == "disputed"}):
        print(f"tillid: {REASONS[step][2]} [{step}]", file=sys.stderr)
    if args.json:
        print(json.dumps([_public(name, one, pdfs) for name, one in results], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_text(results, pdfs)))
    return min((EXIT[one.status] for _, one in results), key=WORST.index)


def default_trust(environment: os._Environment[str] | dict[str, str], var: Path = VAR, *, own: bool = False) -> Trust:
    """The list where none is named; raises ``TillidError`` if it pins nothing. ``own``: it is the store in ``var`` that is judged."""
    trust = load_trust(trust_folder(environment, of=var if own else None), var / "trust")
    if not trust.seals:
        raise TillidError(
            "no pinned seal",
            code="trust.none",
            text="Der er ingen tillidsliste, så det kan ikke afgøres, hvis segl det er. "
            "Angiv mappen med --trust, eller kør demoen med TILLID_MODE=demo.",
        )
    return trust


def headline(name: str, one: Verdict) -> str:
    """What is said of ``name`` first, by whatever command."""
    return f"{name}: {WORD[one.status]} ({one.in_words}, {one.step})"


def _public(name: str, one: Verdict, pdfs: Pdfs) -> dict[str, Any]:
    made = {"file": name, **one.public()}
    if pdf := pdfs.get(name.partition("!")[0]):
        from tillid.cli.verify_pdf import public

        made["pdf"] = public(pdf)
    return made


def _text(results: list[tuple[str, Verdict]], pdfs: Pdfs) -> list[str]:
    lines: list[str] = []
    limits: dict[str, None] = {}
    for name, one in results:
        lines += [headline(name, one), *(f"  {line}" for line in (one.sentence, *one.warnings))]
        lines += [
            f"  {label}: {_KINDS.get(one.details[key], one.details[key])}"
            for key, label in (_LABELS if TIMESTAMP_NOT_CONFIRMED not in one.does_not_prove else _UNCONFIRMED).items()
            if key in one.details
        ]
        if one.signed is not None:
            lines.append(f"  Omfatter: {len(one.signed)} byte med SHA-256 {sha256(one.signed)}")
        limits |= dict.fromkeys(one.does_not_prove)
    for name, pdf in pdfs.items():
        from tillid.cli.verify_pdf import lines as pdf_lines

        lines += [f"{name}:", *(f"  {line}" for line in said)] if (said := pdf_lines(pdf, shown)) else []
    return [*lines, "", "Bemærk:", *(f"  - {limit}" for limit in limits)]


_LABELS = {"kind": "Post", "created_at": "Registreret", "sealed_at": "Forseglet", "seal": "Segl",
           "revision": "Ligger i filens udgave", "shown_pdf": "Den viste PDF's SHA-256",
           "timestamped_at": "Fandtes senest", "timestamp_authority": "Tidsstempel fra",
           "holds_until": "Fornyet bevis holder til", "level": "Niveau (XAdES)", "login_level": "Loginets sikringsniveau",
           "assurance": "Certifikatet er (udstederens ord)"}  # fmt: skip
# A moment that a timestamp says, and one that it proves, are not the same.
_UNCONFIRMED = _LABELS | {"timestamped_at": "Tidsstemplet siger (ikke bekræftet)"}
_KINDS = {
    "ConsentGiven": "samtykke",
    "ConsentRefused": "nej til samtykke",
    "ConsentWithdrawn": "tilbagekaldelse af samtykke",
    "DocumentAttested": "attestation",
    "ReceptionAcknowledged": "modtagerens kvittering",
    "MeetingConsentGiven": "samtykke til et møde",
    "MeetingConsentRefused": "nej til et møde",
    "MeetingConsentWithdrawn": "tilbagekaldelse af samtykke til et møde",
    # What a person's certificate says of itself (``signing/policies/personal-1.yaml``).
    "qualified-device": "kvalificeret, med nøglen i godkendt udstyr",
    "qualified": "kvalificeret",
    "normalised-device": "normaliseret, med nøglen i sikkert udstyr",
    "normalised": "normaliseret",
    "lightweight": "let",
    "unstated": "uden angivet niveau",
}


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke et tidspunkt som 2026-11-25T12:00:00Z") from None
