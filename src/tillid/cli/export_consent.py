"""``tillid export-consent ID --out FILE.zip``: the evidence of one answer as the receipt that its parent can fetch, or of all answers
to a question or about a document (its attestation too) as a bundle of receipts; also beside a running Tillid.

A row in ``audit/operators.jsonl`` comes before the file, which is for its owner alone. Exit codes: 0 written, 1 not.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tillid.cli.common import add_var
from tillid.cli.reading import note, opened, unknown
from tillid.kernel.errors import TillidError
from tillid.signatures.receipt import bundle
from tillid.signatures.trust import Trust
from tillid.usecases.fetch_receipt import beside_of, zip_of
from tillid.usecases.ledger_report import sealed_named
from tillid.wiring.beside import evidence_desk, opened_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid export-consent``."""
    parser.add_argument("id", metavar="NUMMER", help="hændelsens, spørgsmålets eller dokumentets nummer")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FIL.zip", help="filen, der skrives; den må ikke findes"
    )
    add_var(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file; say what is in it."""
    with opened(args.var) as store:
        events = sealed_named(store.ledger, args.id)
        if not events:
            raise unknown(args.id)
        note(args.var, "export_consent", args.id, events[0].child_id)
        desk = evidence_desk(args.var, Trust)  # looked at only: whom it trusts is not asked
        log = opened_log(args.var)
        try:
            made = {}
            for event in events:
                kinds = store.ledger.attachments(event.id)
                made[event.id] = zip_of(kinds, log.proof(event.digest), beside_of(kinds, desk.record_of))
        finally:
            log.close()
    one = len(events) == 1 and events[0].id == args.id
    _write(args.out, made[args.id] if one else bundle(made))
    print(
        f"{args.out}: {'kvittering' if one else f'{len(made)} kvittering' + 'er' * (len(made) > 1)}. Efterprøv med »tillid verify {args.out}«."
    )
    return 0


def _write(path: Path, data: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise TillidError(
            type(error).__name__,
            code="export.out",
            text="Filen {path} findes allerede eller kan ikke skrives. Vælg en anden med --out.",
            path=path,
        ) from error
