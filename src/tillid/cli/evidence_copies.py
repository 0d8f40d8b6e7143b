"""``tillid evidence copies``: on which other disks or shares the evidence is kept, too (docs/adr/0085).

Whatever reads or writes evidence looks at the list in the evidence's own folder, so it is set once, beside a running Tillid or not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tillid.kernel.clock import SystemClock, instant
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import evidence_copies_before, evidence_desk, trust_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid evidence copies``."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument(
        "--add", type=Path, metavar="MAPPE", help="gem også beviserne i den, på en anden disk eller et netværksdrev"
    )
    one.add_argument(
        "--remove", type=Path, metavar="MAPPE", help="skriv ikke mere i den; det, der ligger der, bliver liggende"
    )
    parser.add_argument(
        "--take-in", action="store_true", help="hent det ind, der ligger i mappen, når jeres egne beviser er tabt"
    )


def run(args: argparse.Namespace) -> int:
    """0; 1 where a copy has not been made whole for days, or was none."""
    now = SystemClock().now()
    trust = trust_of(args.var, demo=args.demo)
    copies = evidence_desk(args.var, trust.now).copies
    if args.add is not None:
        if not (args.var / "evidence").is_dir() and not args.take_in:
            raise TillidError("no evidence", code="evidence.none-yet",
                              text="Der er ingen beviser i {folder}. Start Tillid først, eller angiv mappen med --var.",
                              folder=args.var)  # fmt: skip
        copies.add(args.add, now, trust.now(), take_in=args.take_in)
    if args.remove is not None and not copies.remove(args.remove):
        print(f"{args.remove} er ikke en af kopierne.")
        return 1
    away = copies.away()
    for one in copies.all():
        whole = f"hel {instant(one.whole_at)}" if one.whole_at else "ikke skrevet endnu"
        print(f"{one.folder}: {whole}{'; er der ikke nu' if one.folder in away else ''}")
    if not copies.all():
        print("Beviserne ligger kun på disken med data. Tilføj en mappe på en anden disk med --add.")
    for folder in evidence_copies_before(args.var):
        print(f"{folder}: brugt, før data blev lagt tilbage fra en sikkerhedskopi. Tilføj den igen med --add.")
    return 1 if copies.late(now) else 0
