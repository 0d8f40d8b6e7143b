"""``tillid package received LIST``: the receiving archive has approved packages; each of their documents is archived from then on
(R-83, ADR 0056). ``LIST`` is ``packages.jsonl``, or the folder with it.

Which packages: those whose id stands in the archive's receipt; or as ``--package`` or ``--all`` says, for a receipt on paper. Beside a
running Tillid the server records it. A row in ``audit/operators.jsonl`` comes before each. Exit code 1: not all were recorded.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from tillid.adapters.package_list import NAME, read_list
from tillid.archive.package_runs import Made, newest
from tillid.cli.common import add_var
from tillid.cli.reading import note, opened
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import SystemClock, local_day
from tillid.kernel.errors import TillidError
from tillid.usecases.appraise import transfer_of
from tillid.usecases.record_transfer import Outcome, Packed, Receipt
from tillid.wiring.beside import is_running
from tillid.wiring.ordering import transfers_done, transfers_ordered

SECONDS = 600.0
MAX_RECEIPT = 100_000_000
TOLD: dict[Outcome, str] = {
    "recorded": "noteret",
    "before": "var noteret i forvejen",
    "gone": "findes ikke",
    "foreign": "IKKE noteret: pakken passer ikke til dokumentet i denne database",
    "behind": "IKKE noteret: der er sket mere med dokumentet, siden det blev pakket. Pak og aflever det igen",
    "early": "IKKE noteret: det, der ligger i pakken, var ikke sket endnu den dag. Se efter, hvornår arkivet godkendte den",
}


def add_verbs(verbs: Any) -> None:
    """Which list, and what the archive said."""
    parser = verbs.add_parser("received", help="notér, at arkivet har godkendt pakkerne")
    parser.add_argument("list", type=Path, metavar="LISTE", help="packages.jsonl, eller mappen med den")
    parser.add_argument("--receipt", type=Path, required=True, metavar="FIL", help="arkivets kvittering, som den kom")
    parser.add_argument("--archive", required=True, metavar="NAVN", help="arkivets navn")
    parser.add_argument("--reference", required=True, metavar="NUMMER", help="arkivets journalnummer")
    parser.add_argument(
        "--approved-on", type=_day, required=True, metavar="ÅÅÅÅ-MM-DD", help="dagen, arkivet godkendte"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--package", action="append", metavar="NUMMER", help="kun denne pakke; kan gentages")
    which.add_argument("--all", action="store_true", help="alle pakker på listen")
    add_var(parser)


def received(args: argparse.Namespace) -> int:
    """Record each; say what became of it."""
    receipt = _receipt(args.receipt)
    packed = [_packed(one) for one in _meant(args, receipt)]
    said = Receipt(archive=args.archive, reference=args.reference, approved_on=args.approved_on, receipt=sha256(receipt),
                   by=f"operator:{os.getuid()}")  # fmt: skip
    # What nobody can record is told before the server is asked.
    transfer_of(said.archive, said.reference, said.approved_on, local_day(SystemClock().now()))
    with opened(args.var) as store:
        for one in packed:
            document = store.documents.get(one.document)
            note(args.var, "record_transfer", one.document, document.child_id if document else "")
    done = _ordered(args, said, packed) if is_running(args.var) else _alone(args, said, packed)
    for one in packed:
        print(f"{one.document}: {TOLD[done[one.document]]} (pakke {one.package}).")
    count = Counter(done.values())
    well = count["recorded"] + count["before"]
    print(f"{count['recorded']} noteret, {count['before']} i forvejen, {len(packed) - well} ikke.")
    return 0 if well == len(packed) else 1


def _meant(args: argparse.Namespace, receipt: bytes) -> list[Made]:
    """The packages that the receipt is about."""
    path = args.list / NAME if args.list.is_dir() else args.list
    try:
        known = newest(read_list(path))
    except OSError as error:
        raise _no_file(path) from error
    wanted = args.package or [one for one in known if args.all or one.encode() in receipt]
    if missing := [one for one in wanted if one not in known]:
        raise TillidError("no such package", code="received.unknown", named=missing[0][:60],
                          text="Pakken {named} står ikke på listen.")  # fmt: skip
    if not wanted:
        raise TillidError(
            "the receipt names none",
            code="received.none",
            text="Kvitteringen nævner ingen af listens pakker. Skriv hvilke den gælder med --package, eller --all for dem alle.",
        )
    # A document that was packed twice: what the archive has is the newest that it approved.
    return list({known[one].document: known[one] for one in wanted}.values())


def _packed(one: Made) -> Packed:
    return Packed(document=one.document, package=one.package, last_event=one.last_event, digest=one.mets)


def _receipt(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_RECEIPT)
    except OSError as error:
        raise _no_file(path) from error


def _no_file(path: Path) -> TillidError:
    return TillidError(
        "no file", code="received.file", text="Filen {path} findes ikke eller kan ikke læses.", path=path
    )


def _ordered(args: argparse.Namespace, said: Receipt, packed: list[Packed]) -> dict[str, Outcome]:
    """By the server that runs."""
    print("Tillid kører og noterer det selv. Vent op til ti minutter.", flush=True)
    answer = transfers_ordered(args.var, said, packed, SECONDS)
    if answer is None or answer.problem:
        raise TillidError(
            answer.problem if answer else "no answer in time",
            code="received.not-done",
            text="Tillid har ikke noteret det ({problem}). Kør kommandoen igen; intet bliver noteret to gange.",
            problem=answer.problem if answer else "tid",
        )
    return answer.done


def _alone(args: argparse.Namespace, said: Receipt, packed: list[Packed]) -> dict[str, Outcome]:
    """While no Tillid runs on ``--var``."""
    from tillid.demo.loading import demo_settings
    from tillid.wiring.running import start_installation

    installation = start_installation(args.var, demo_settings())
    try:
        return transfers_done(installation, said, packed)
    finally:
        installation.close()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke en dag som 2026-11-26") from None
