"""The store as packages are made of it: a view beside a running Tillid, what proves, and which controller's it is (R-05)."""

from __future__ import annotations

import argparse
import errno
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from tillid.cli.common import add_demo, add_var, is_demo
from tillid.cli.judging import Judging, shown
from tillid.cli.reading import note, opened, reading_of
from tillid.forms.in_use import DefinitionsInUse
from tillid.forms.lock import load_locked
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.usecases.package_choice import Choice, Selection, documents_of
from tillid.usecases.package_document import Proving
from tillid.wiring.beside import evidence_desk, opened_log, trust_of

MAX_LIST = 50_000_000  # bytes of a search's result
# What the system says of a folder in which nothing can be made; a full disk is told by itself.
_NO_PLACE = (FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError, FileNotFoundError)
_NOR_HERE = (errno.EROFS, errno.ELOOP, errno.ENAMETOOLONG)
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_WHICH = {
    "child": ("--child", "NUMMER", "barnets id: alle dokumenter, der er arkivets"),
    "unit": ("--unit", "NUMMER", "stedets id, med stederne under det"),
    "year": ("--year", "ÅR", "det år, udgaven blev låst eller delt"),
}


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Which documents, the same in every verb that makes something of them."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--document", metavar="NUMMER", help="dokumentets nummer (TD-…), som siderne viser det, eller dets id"
    )
    for name, (option, metavar, text) in _WHICH.items():
        which.add_argument(option, dest=name, metavar=metavar, help=text, type=_year if name == "year" else str)
    which.add_argument(
        "--search",
        type=Path,
        metavar="FIL",
        help="resultatet af en søgning i arkivet, hentet på siden som CSV; eller en fil med dokumenters id",
    )
    which.add_argument(
        "--all-due",
        action="store_true",
        help="alt, der skal bevares, hvis frist er nået, og som arkivet ikke har godkendt endnu",
    )
    parser.add_argument(
        "--underretninger", dest="notifications", action="store_true", help="kun underretninger; de pakkes for sig"
    )
    parser.add_argument("--controller", default="", metavar="NUMMER", help="kun denne dataansvarliges dokumenter")
    add_demo(parser)
    add_var(parser)


def _year(text: str) -> str:
    """A year for argparse."""
    if not re.fullmatch(r"[0-9]{4}", text):
        raise argparse.ArgumentTypeError(f"{text} er ikke et år som 2026")
    return text


def choice_of(args: argparse.Namespace) -> Choice:
    """What was asked for. Raises ``TillidError`` for a list that cannot be read."""
    if args.search is not None:
        digest, named = _found(args.search)
        return Choice(
            kind="search", value=digest, named=named, controller=args.controller, notifications=args.notifications
        )
    # Asked for with nothing in it, as a variable that is not set, is never all that is due.
    kind = "due" if args.all_due else next(one for one in ("document", *_WHICH) if getattr(args, one) is not None)
    value = getattr(args, kind, "")
    return Choice(kind=kind, value=value, controller=args.controller, notifications=args.notifications)  # type: ignore[arg-type]


def _found(path: Path) -> tuple[str, tuple[str, ...]]:
    """The list's digest, and the documents in it: each row of the page's list has the address of one, with its id. The search was
    the archivist's, with a purpose and a row for each child; packing has rows of its own."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_LIST)
    except OSError:
        data = b""
    named = tuple(dict.fromkeys(_ID.findall(data.decode("utf-8", "replace"))))
    if not named:
        raise TillidError(
            "no ids",
            code="package.search",
            text="Der er ingen dokumenter i {file}. Brug listen, der kan hentes som CSV efter en søgning i arkivet.",
            file=path.name,
        )
    return sha256(data), named


def chosen_by(args: argparse.Namespace, house: SimpleNamespace) -> Selection:
    """The documents, of one controller, and what is left out; a row says that somebody asked. Raises ``TillidError``."""
    choice = choice_of(args)
    if choice.controller:
        require_controller(house.people, choice.controller)
    if choice.kind == "document" and (known := house.documents.by_number(choice.value)) is not None:
        choice = msgspec.structs.replace(choice, value=known.id)
    note(args.var, "list_packages", choice.value, choice.value if choice.kind == "child" else "")
    return documents_of(house, choice, local_day(house.moment), house.forget)


@contextmanager
def writing_out(args: argparse.Namespace) -> Iterator[None]:
    """What is written in ``--out``. Raises ``TillidError`` where nothing can be."""
    try:
        yield
    except OSError as error:
        if not isinstance(error, _NO_PLACE) and error.errno not in _NOR_HERE:
            raise
        raise TillidError(
            "--out",
            code="package.out",
            text="Der kan ikke skrives i {folder}. Angiv en anden mappe med --out.",
            folder=args.out,
        ) from error


def require_controller(people: Any, asked: str) -> None:
    """Raises ``TillidError`` for an id that no unit's data controller has."""
    known = {unit.controller.id: unit.controller.name for unit in people.organigram().units.values()}
    if asked in known:
        return
    named = ", ".join(f"{name} ({id_})" for id_, name in sorted(known.items(), key=lambda one: one[1]))
    raise TillidError(
        "no such controller",
        code="package.controller",
        text="Der er ingen dataansvarlig med nummeret {asked}. Vælg en med --controller: {named}.",
        asked=shown(asked),
        named=named,
    )


def tell(args: argparse.Namespace, selected: Selection) -> None:
    """Print what was asked for and is left out: each with its reason, and how many by reason."""
    for one in selected.left_out:
        print(f"{one.number}: ikke med. {one.why.message} [{one.why.code}]")
    counted = Counter(one.why.code for one in selected.left_out)
    if counted:
        each = ", ".join(f"{count} {code}" for code, count in sorted(counted.items()))
        print(f"{counted.total()} er ikke med: {each}.")
    if selected.undecided:
        print(
            f"{selected.undecided} har nået fristen og er uafklaret. De kan afleveres, når en arkivar har vurderet dem."
        )
    if args.all_due or args.unit or args.year:  # said whether there are any or not
        words = (
            "Kun underretninger er med"
            if args.notifications
            else "Underretninger er ikke med; de pakkes for sig med --underretninger"
        )
        print(f"{words}.")


@contextmanager
def opened_house(args: argparse.Namespace) -> Iterator[tuple[SimpleNamespace, Proving]]:
    """The store as a house to read from, and what proves. ``house.forget()``: let go of what was read, so that memory does not
    grow with the documents."""
    demo = is_demo(args.var, said=args.demo)
    trust = trust_of(args.var, demo=demo)
    desk = evidence_desk(args.var, trust.now)
    with opened(args.var) as store:
        log = opened_log(args.var)
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
                restored=store.restorations.all(),
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
