"""``tillid verify PATH…``: is this record what the platform sealed? Needs the file and a trust list, nothing else.

Exit codes: 0 passed, 1 failed, 2 indeterminate (also: no trust list), 3 not readable as a record, 4 two engines disagree. Of
several the worst counts, worst first 4, 1, 3, 2, 0: a forgery is never hidden by a file beside it that cannot be read or
judged, and a verifier with a fault is worse than any file. ``--all``: folders to their bottom, both engines (ADR 0038).
"""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tillid.cli.common import VAR, trust_folder
from tillid.kernel.clock import SystemClock, parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_token import MAX_BYTES as MAX_TOKEN_BYTES
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verdict import REASONS, Verdict, verdict
from tillid.signatures.verify import verify
from tillid.signatures.xml import MAX_BYTES

if TYPE_CHECKING:
    from tillid.cli.verify_pdf import PdfJudged

Pdfs = dict[str, "PdfJudged"]
EXIT = {"passed": 0, "failed": 1, "indeterminate": 2, "unreadable": 3, "disputed": 4}
WORST = (4, 1, 3, 2, 0)
WORD = {
    "passed": "GODKENDT",
    "failed": "IKKE GODKENDT",
    "indeterminate": "KAN IKKE AFGØRES",
    "unreadable": "ULÆSELIG",
    "disputed": "ALARM",
}
MAX_PDF_BYTES = 100_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid verify``."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="STI", help="en XML-post, en PDF eller en mappe")
    parser.add_argument("--trust", type=Path, metavar="MAPPE", help="mappen med tillidslisten (ca/ og seals/)")
    parser.add_argument(
        "--at", type=_moment, metavar="TID", help="kontrollér for dette tidspunkt (2026-11-25T12:00:00Z)"
    )
    parser.add_argument(
        "--all", action="store_true", help="også mapper i mapper, og hver post med to uafhængige kontroller"
    )
    parser.add_argument("--json", action="store_true", help="skriv som JSON")


def run(args: argparse.Namespace) -> int:
    """Print one verdict per record; the exit code of the worst."""
    lack = None
    try:
        trust = load_trust(args.trust) if args.trust else default_trust(os.environ)
    except TillidError as error:
        # Forgeries and unreadable files are still found; what is left cannot be told.
        trust, lack = Trust(), error
    at = args.at or SystemClock().now()
    pdfs: Pdfs = {}
    results = [
        (name, _without_trust(one, lack)) for path in args.paths for name, one in judge(path, trust, at, pdfs, args.all)
    ]
    if lack is not None:
        print(f"tillid: {lack.message} [{lack.code}]", file=sys.stderr)
    if any(one.status == "disputed" for _, one in results):
        print(f"tillid: {REASONS['engines.disagree'][2]} [engines.disagree]", file=sys.stderr)
    if args.json:
        print(json.dumps([_public(name, one, pdfs) for name, one in results], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_text(results, pdfs)))
    return min((EXIT[one.status] for _, one in results), key=WORST.index)


def _without_trust(one: Verdict, lack: TillidError | None) -> Verdict:
    """What cannot be told without a list: the reason is that there is no list, and what to do about it."""
    if lack is None or one.status != "indeterminate":
        return one
    return msgspec.structs.replace(one, step=lack.code, sentence=lack.message)


def default_trust(environment: os._Environment[str] | dict[str, str]) -> Trust:
    """The list where none is named; raises ``TillidError`` if it pins nothing."""
    trust = load_trust(trust_folder(environment), VAR / "trust")
    if not trust.seals:
        raise TillidError(
            "no pinned seal",
            code="trust.none",
            text="Der er ingen tillidsliste, så det kan ikke afgøres, hvis segl det er. "
            "Angiv mappen med --trust, eller kør demoen med TILLID_MODE=demo.",
        )
    return trust


def judge(
    path: Path, trust: Trust, at: datetime, pdfs: Pdfs, everything: bool = False
) -> Iterator[tuple[str, Verdict]]:
    """A verdict per record in ``path``: a folder's ``*.xml``, a PDF's embedded ``*.xml``, or the file itself. What a PDF's
    records say together goes to ``pdfs``. ``everything``: folders to their bottom, and a second engine."""
    name, verifier = _shown(str(path)), _both if everything else verify
    try:
        if path.is_dir():
            inside = sorted([*path.rglob("*.xml"), *path.rglob("*.pdf")] if everything else path.glob("*.xml"))
            for file in inside:
                yield from judge(file, trust, at, pdfs, everything)
            if not inside:
                yield name, verdict("unreadable.no-records")
            return
        data = _read(path)
    except OSError:
        yield name, verdict("unreadable.no-file")
        return
    if data.startswith(b"%PDF-"):
        # Only here: a plain record must be verifiable without any PDF library.
        from tillid.cli.verify_pdf import judge_pdf

        pdfs[name] = found = judge_pdf(
            data, lambda record, token: verify_timed(record, trust, at=at, token=token, verifier=verifier), _shown
        )
        for record, one in found.records:
            yield f"{name}!{record}" if record else name, one
    else:
        yield name, verify_timed(data, trust, at=at, token=_beside(path), verifier=verifier)


def _both(data: bytes, trust: Trust, *, at: datetime) -> Verdict:
    """The verdict with the second engine asked too."""
    # Only here: a record must be verifiable without it.
    from tillid.adapters.xmlsec_engine import libxmlsec

    return verify(data, trust, at=at, second=libxmlsec)


def _beside(path: Path) -> bytes | None:
    """The timestamp of a record lies beside it under the same name: ``consent-1.xml``, ``consent-1.tst``. One that cannot be
    read is as good as none: whoever can take it away can take it away altogether."""
    try:
        return _read(path.with_suffix(".tst"), MAX_TOKEN_BYTES)
    except (OSError, ValueError):
        return None


def _read(path: Path, most: int = MAX_BYTES) -> bytes:
    """At most a record's bytes, or a PDF's. Raises ``OSError`` for all but a regular file: a pipe would never end."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("not a regular file")
        head = file.read(most + 1)
        return head + (file.read(MAX_PDF_BYTES) if head.startswith(b"%PDF-") else b"")


def _shown(name: str) -> str:
    """A name fit for a terminal: whoever made the file chose it."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[-200:])


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
        lines += [f"{name}: {WORD[one.status]} ({one.reason}, {one.step})", f"  {one.sentence}"]
        for key in ("kind", "created_at", "sealed_at", "seal", "timestamped_at", "timestamp_authority"):
            if key in one.details:
                lines.append(f"  {_LABELS[key]}: {_KINDS.get(one.details[key], one.details[key])}")
        limits |= dict.fromkeys(one.does_not_prove)
    for name, pdf in pdfs.items():
        from tillid.cli.verify_pdf import lines as pdf_lines

        lines += [f"{name}:", *(f"  {line}" for line in said)] if (said := pdf_lines(pdf, _shown)) else []
    return [*lines, "", "Bemærk:", *(f"  - {limit}" for limit in limits)]


_LABELS = {"kind": "Post", "created_at": "Registreret", "sealed_at": "Forseglet", "seal": "Segl",
           "timestamped_at": "Fandtes senest", "timestamp_authority": "Tidsstempel fra"}  # fmt: skip
_KINDS = {
    "ConsentGiven": "samtykke",
    "ConsentRefused": "nej til samtykke",
    "ConsentWithdrawn": "tilbagekaldelse af samtykke",
}


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke et tidspunkt som 2026-11-25T12:00:00Z") from None
