"""The store as packages are made of it: a view beside a running Tillid, what proves, and which controller's it is (R-05)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.keys.places import trust_of
from tillid.cli.common import add_var
from tillid.cli.judging import Judging
from tillid.cli.log import opened_log
from tillid.cli.reading import note, opened, reading_of
from tillid.forms.in_use import DefinitionsInUse
from tillid.forms.lock import load_locked
from tillid.kernel.clock import SystemClock, local_day
from tillid.usecases.package_choice import Choice, Chosen, documents_of
from tillid.usecases.package_document import Proving

_WHICH = {
    "child": ("--child", "NUMMER", "barnets id: alle dokumenter, der er arkivets"),
    "unit": ("--unit", "NUMMER", "stedets id, med stederne under det"),
    "year": ("--year", "ÅR", "det år, udgaven blev låst eller delt"),
}


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Which documents, the same in every verb that makes something of them."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--document", metavar="NUMMER", help="dokumentets id")
    for name, (option, metavar, text) in _WHICH.items():
        which.add_argument(option, dest=name, metavar=metavar, help=text)
    which.add_argument(
        "--all-due",
        action="store_true",
        help="alt, der skal bevares, hvis frist er nået, og som arkivet ikke har godkendt endnu",
    )
    parser.add_argument("--controller", default="", metavar="NUMMER", help="kun denne dataansvarliges dokumenter")
    parser.add_argument("--demo", action="store_true", help="demoen (også TILLID_MODE=demo)")
    add_var(parser)


def choice_of(args: argparse.Namespace) -> Choice:
    """What was asked for."""
    kind = next((one for one in ("document", *_WHICH) if getattr(args, one)), "due")
    return Choice(kind=kind, value=getattr(args, kind, "") or "", controller=args.controller)  # type: ignore[arg-type]


def chosen_by(args: argparse.Namespace, house: SimpleNamespace) -> list[Chosen]:
    """The documents, of one controller; a row says that somebody asked. Raises ``TillidError``."""
    choice = choice_of(args)
    note(args.var, "list_packages", choice.value, choice.value if choice.kind == "child" else "")
    return documents_of(house, choice, local_day(house.moment))


@contextmanager
def opened_house(args: argparse.Namespace) -> Iterator[tuple[SimpleNamespace, Proving]]:
    """The store as a house to read from, and what proves. ``house.forget()``: let go of what was read, so that memory does not
    grow with the documents."""
    clock, demo = SystemClock(), args.demo or os.environ.get("TILLID_MODE") == "demo"
    trust = trust_of(args.var, demo=demo)
    desk = EvidenceDesk(args.var / "evidence", trust.now, clock)
    with opened(args.var) as store:
        log, _ = opened_log(args.var)
        try:
            reading, designs = reading_of(store, None), store.designs
            definitions = DefinitionsInUse(load_locked()).at(
                designs.mark,
                local_day(reading.moment),
                lambda: (designs.published(), designs.withdrawn(), designs.published_additions()),
            )
            house = SimpleNamespace(
                documents=store.documents, ledger=store.ledger, people=store.people, blobs=store.blobs, designs=designs,
                settings=reading.settings, moment=reading.moment, definitions=definitions, forget=store.forget,
            )  # fmt: skip
            judging = Judging(trust=trust.now(), at=reading.moment)
            yield (
                house,
                Proving(
                    proof_of=log.proof,
                    record_of=desk.record_of,
                    verify=lambda record, token, _at: judging.record(record, token),
                ),
            )
        finally:
            log.close()
