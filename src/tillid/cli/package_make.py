"""``tillid package make``: an E-ARK package (CSIP/SIP 2.2.0) of each chosen document, as a folder, in a BagIt bag, or encrypted for a
recipient; with ``packages.jsonl`` beside them (ADR 0053, 0056).

Works beside a running Tillid and only reads; a row in ``audit/operators.jsonl`` comes before each package. One document is held in
memory at a time. Killed, and run again, it goes on where it was.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from cryptography import x509

from tillid.adapters.package_envelope import SUFFIX, fingerprint, read_recipient, seal
from tillid.adapters.package_files import root_digest, write
from tillid.adapters.package_list import PackageList
from tillid.archive.package import Contents, Package, build
from tillid.archive.package_runs import Begun, Ended, Failed, Line, Made, Order, newest, resumed
from tillid.cli.judging import shown
from tillid.cli.package_house import add_choice, choice_of, chosen_by, opened_house, tell, writing_out
from tillid.cli.reading import note
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.usecases.package_choice import Chosen
from tillid.usecases.package_document import NotReady, Proving, contents_of
from tillid.usecases.restricted import PackingHeld, PackingRestricted, refuse_packing


def add_verbs(verbs: Any) -> None:
    """Which documents, where to, and as what."""
    parser = verbs.add_parser(
        "make", help="lav pakker: af et dokument, et barn, et sted, et år eller alt, der skal afleveres"
    )
    add_choice(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="MAPPE", help="mappen, pakkerne lægges i")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--bagit", action="store_true", help="læg hver pakke i en BagIt-pakke")
    how.add_argument(
        "--to",
        type=Path,
        metavar="CERTIFIKAT",
        help="krypter hver pakke til modtagerens certifikat (X.509, RSA): NUMMER.zip.p7m, som »openssl cms -decrypt« læser",
    )


def make(args: argparse.Namespace) -> int:
    """Make what is missing; 1 if something could not be packed."""
    to = read_recipient(args.to, SystemClock().now()) if args.to else None
    if to is not None:
        print(f"Krypteres til {shown(to.subject.rfc4514_string())}, SHA-256 {fingerprint(to)}.", flush=True)
    with opened_house(args) as (house, proving):
        selected = chosen_by(args, house)
        tell(args, selected)
        found = selected.chosen
        if not found:
            print("Der er intet at pakke.")
            return 0
        with writing_out(args), PackageList(args.out) as kept:
            tally = _Making(args, house, proving, kept, to, found[0].controller.id).all(found)
    more = f" {tally['failed']} kunne ikke pakkes; kør kommandoen igen." if tally["failed"] else ""
    then = "" if to else f" Efterse dem med »tillid package check {args.out}«."
    print(f"{tally['made']} pakket, {tally['there']} var der i forvejen.{more}{then}")
    return 1 if tally["failed"] else 0


class _Making:
    """One run."""

    def __init__(
        self,
        args: argparse.Namespace,
        house: SimpleNamespace,
        proving: Proving,
        kept: PackageList,
        to: x509.Certificate | None,
        controller: str,
    ) -> None:
        self._args, self._house, self._proving, self._list, self._to = args, house, proving, kept, to
        choice = choice_of(args)
        self._order = Order(kind=choice.kind, value=choice.value, controller=controller, bagit=args.bagit,
                            to=fingerprint(to) if to else "", notifications=choice.notifications)  # fmt: skip
        self._done = resumed(kept.lines(), self._order)
        self._known = newest(kept.lines())
        self._require_same()

    def all(self, found: Sequence[Chosen]) -> Counter[str]:
        """Each in its turn; how many were made, were there, failed."""
        self._list.add(Begun(order=self._order, at=self._house.moment, documents=len(found)))
        tally: Counter[str] = Counter()
        for count, one in enumerate(found, start=1):
            line = self._of_before(one) or self._now(one)
            kind = "failed" if isinstance(line, Failed) else "made" if line.new else "there"
            tally[kind] += 1
            print(f"[{count}/{len(found)}] {self._told(line)}", flush=True)
        self._list.add(Ended(at=SystemClock().now(), made=tally["made"], there=tally["there"], failed=tally["failed"]))
        return tally

    def _of_before(self, one: Chosen) -> Made | None:
        """What the run that was killed has made of it."""
        line = self._done.get(one.document_id)
        if line is None or not (self._args.out / line.file).exists():
            return None
        return msgspec.structs.replace(line, new=False)

    def _now(self, one: Chosen) -> Made | Failed:
        note(self._args.var, "make_package", one.document_id, one.child_id)
        line: Line
        try:
            refuse_packing(self._house, one.document_id, self._order.kind)
            contents = contents_of(self._house, self._proving, one.document_id, version("tillid"))
            line = self._written(build(contents), contents)
        except (NotReady, PackingHeld, PackingRestricted, Unavailable) as error:  # the others are made all the same
            print(f"{one.document_id}: {error.message} [{error.code}]")
            line = Failed(document=one.document_id, code=error.code)
        finally:
            self._house.forget()
        self._list.add(line)
        return line

    def _written(self, package: Package, contents: Contents) -> Made:
        out, sealed, before = self._args.out, "", self._known.get(package.id)
        name = package.id + (SUFFIX if self._to else "")
        if self._to is None:
            new = write(package, contents, out, bag=self._args.bagit)
            mets = root_digest(out, package.id)
        elif before and before.sealed and (out / name).exists():
            new, mets, sealed = False, before.mets, before.sealed
        else:
            sealed = seal(package, out, self._to, contents.made_at)
            new, mets = True, package.root_digest
        last = contents.events[-1].digest if contents.events else ""
        return Made(
            document=contents.document_id, version=contents.version, last_event=last, package=package.id, file=name, new=new,
            files=len(package.files), size=sum(len(one.data) for one in package.files), mets=mets, sealed=sealed,
        )  # fmt: skip

    def _told(self, line: Made | Failed) -> str:
        if isinstance(line, Failed):
            return f"{line.document}: ikke pakket"
        return f"{self._args.out / line.file}: {'pakket' if line.new else 'findes allerede'} ({line.files} filer)."

    def _require_same(self) -> None:
        """A folder is one recipient's, or in clear, and one controller's (R-05): what is handed over together is for one, of one. And
        underretninger lie apart (R-54)."""
        before = [line.order for line in self._list.lines() if isinstance(line, Begun)]
        own = (self._order.to, self._order.controller, self._order.notifications)
        if any((one.to, one.controller, one.notifications) != own for one in before):
            raise TillidError(
                "another recipient or controller",
                code="package.other-folder",
                text="Pakkerne i {folder} er en anden dataansvarligs eller til en anden modtager, kun nogle af dem er krypteret, eller kun nogle er "
                "underretninger. "
                "Vælg en anden mappe med --out.",
                folder=self._args.out,
            )
