"""``tillid package import|remove``: take in what another installation handed over, to be read by the archivists and never changed; and
take it away again when it has served its purpose (ADR 0057).

Works beside a running Tillid; a row in ``audit/operators.jsonl`` comes before anything is written. A package that is not whole, or in
which something does not hold under the sender's trust list, is not taken. Exit codes: 0 done, 1 not.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import msgspec

from tillid.adapters.imported_packages import NotProven
from tillid.cli.common import add_var
from tillid.cli.judging import shown
from tillid.cli.package_house import require_controller
from tillid.cli.reading import note, opened, reading_of
from tillid.cli.verify import headline
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.usecases.archive_purpose import operators_purpose
from tillid.wiring.beside import imported_of


def add_verbs(verbs: Any) -> None:
    """The arguments of both."""
    take = verbs.add_parser("import", help="tag en pakke ind fra et andet anlæg, så arkivarerne kan læse den")
    take.add_argument("path", type=Path, metavar="STI", help="pakken (mappe, BagIt eller zip)")
    take.add_argument(
        "--trust",
        type=Path,
        required=True,
        metavar="MAPPE",
        help="afsenderens tillidsliste (ca/, seals/, tsa/ og log/)",
    )
    take.add_argument("--purpose", required=True, metavar="TEKST", help="hvad pakken skal bruges til; gemmes i loggen")
    take.add_argument(
        "--controller", default="", metavar="NUMMER", help="den dataansvarlige, der modtager (standard: kommunen selv)"
    )
    take.add_argument(
        "--accept-doubts",
        action="store_true",
        help="tag den også ind, hvis noget i den ikke kan afgøres (aldrig, hvis det fejler)",
    )
    take.add_argument("--json", action="store_true", help="skriv som JSON")
    add_var(take)
    gone = verbs.add_parser("remove", help="fjern en pakke, der er taget ind, når den ikke skal bruges mere")
    gone.add_argument("package", metavar="NUMMER", help="pakkens nummer, som det står på dens side")
    gone.add_argument("--purpose", required=True, metavar="TEKST", help="hvorfor pakken fjernes; gemmes i loggen")
    add_var(gone)


def take(args: argparse.Namespace) -> int:
    """Take one package in."""
    purpose = operators_purpose(args.purpose)
    note(args.var, "import_package", "", purpose=purpose)
    controller = _controller(args)
    try:
        taken = imported_of(args.var).take(
            args.path, args.trust, controller=controller, purpose=purpose, by=f"operator:{os.getuid()}",
            moment=SystemClock().now(), doubts=args.accept_doubts,
        )  # fmt: skip
    except NotProven as error:
        for of, one in error.found:
            print(f"  {headline(shown(of), one)}\n    {one.sentence}")
        raise
    note(args.var, "imported_package", taken.id, purpose=purpose)
    if args.json:
        print(json.dumps(msgspec.to_builtins(taken), ensure_ascii=False, indent=1))
        return 0
    print(f"{shown(taken.label)}: taget ind som {taken.id}. {len(taken.parts)} dele er efterprøvet.")
    print(f"SHA-256 {taken.sha256}. Arkivarerne kan læse den under »Modtaget fra andre«.")
    return 0


def remove(args: argparse.Namespace) -> int:
    """Take one package away, whole. It can be taken in again."""
    purpose = operators_purpose(args.purpose)
    kept = imported_of(args.var)
    if not kept.has(args.package):
        raise TillidError(
            "no such package",
            code="imported.unknown",
            text="Der er ikke taget nogen pakke ind med nummeret {asked}.",
            asked=shown(args.package),
        )
    note(args.var, "remove_package", args.package, purpose=purpose)
    kept.remove(args.package, purpose=purpose, by=f"operator:{os.getuid()}", moment=SystemClock().now())
    print(f"Pakken {args.package} er fjernet.")
    return 0


def _controller(args: argparse.Namespace) -> str:
    """Whose archivists are to read it. Raises ``TillidError`` for an id that no unit here has."""
    with opened(args.var) as store:
        own = args.controller or reading_of(store, None).settings.municipality_id
        require_controller(store.people, own)
    return own
