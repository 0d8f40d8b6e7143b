"""``tillid package make|check|list``: documents as E-ARK packages (CSIP/SIP 2.2.0), in a BagIt bag if wanted (ADR 0053).

``make`` works beside a running Tillid and only reads; a row in ``audit/operators.jsonl`` comes before each package. Run again it
makes what is missing. ``check`` and ``list`` need no Tillid. Exit codes: 0 done, 1 not, or refused.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import msgspec

from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.keys.places import trust_of
from tillid.adapters.package_files import opened as opened_package
from tillid.adapters.package_files import packages_in, write
from tillid.archive.package import build
from tillid.archive.package_check import Checked, check, listing
from tillid.archive.package_read import PackageRefused
from tillid.cli.common import add_var
from tillid.cli.judging import Judging, shown
from tillid.cli.log import opened_log
from tillid.cli.reading import note, opened, reading_of
from tillid.forms.in_use import DefinitionsInUse
from tillid.forms.lock import load_locked
from tillid.kernel.clock import SystemClock, local_day
from tillid.kernel.errors import TillidError, Unavailable
from tillid.usecases.package_document import NotReady, Proving, UnknownDocument, contents_of, documents_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid package``."""
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    make = verbs.add_parser("make", help="lav en pakke af et dokument, eller en af hvert af et barns dokumenter")
    which = make.add_mutually_exclusive_group(required=True)
    which.add_argument("--document", metavar="NUMMER", help="dokumentets id")
    which.add_argument("--child", metavar="NUMMER", help="barnets id: alle dokumenter, der er arkivets")
    make.add_argument(
        "--controller", default="", metavar="NUMMER", help="kun denne dataansvarliges dokumenter (med --child)"
    )
    make.add_argument("--out", type=Path, required=True, metavar="MAPPE", help="mappen, pakkerne lægges i")
    make.add_argument("--bagit", action="store_true", help="læg hver pakke i en BagIt-pakke")
    make.add_argument("--demo", action="store_true", help="demoen (også TILLID_MODE=demo)")
    add_var(make)
    whole = verbs.add_parser("check", help="efterse, at en pakke er hel: alle filer, kontroltal, intet for meget")
    names = verbs.add_parser("list", help="vis, hvad METS.xml siger, der er i en pakke; intet efterses")
    for verb in (whole, names):
        verb.add_argument("path", type=Path, metavar="STI", help="pakken (mappe eller zip), eller en mappe med pakker")
        verb.add_argument("--json", action="store_true", help="skriv som JSON")


def run(args: argparse.Namespace) -> int:
    """Do one of them."""
    return _make(args) if args.verb == "make" else _look(args)


def _make(args: argparse.Namespace) -> int:
    made = there = failed = 0
    with _house(args) as (house, proving):
        for document_id, child_id in _wanted(args, house):
            note(args.var, "make_package", document_id, child_id)
            try:
                contents = contents_of(house, proving, document_id, version("tillid"))
            except (NotReady, Unavailable) as error:  # the others are made all the same
                failed += 1
                print(f"{document_id}: {error.message} [{error.code}]")
                continue
            package = build(contents)
            new = _written(package, contents, args)
            made, there = made + new, there + (not new)
            print(f"{args.out / package.id}: {'pakket' if new else 'findes allerede'} ({len(package.files)} filer).")
    more = f" {failed} kunne ikke pakkes; kør kommandoen igen." if failed else ""
    print(f"{made} pakket, {there} var der i forvejen.{more} Efterse dem med »tillid package check {args.out}«.")
    return 1 if failed else 0


def _wanted(args: argparse.Namespace, house: SimpleNamespace) -> list[tuple[str, str]]:
    """Document and child, of each package."""
    if args.document:
        document = house.documents.get(args.document)
        return [(args.document, document.child_id if document else "")]
    if house.people.child(args.child) is None:
        raise UnknownDocument("no such child", named=shown(args.child))
    note(args.var, "list_packages", args.child, args.child)
    found, controllers = documents_of(house, args.child, args.controller)
    if len(controllers) > 1:
        named = ", ".join(f"{one.name} ({one.id})" for one in controllers)
        raise TillidError(
            "several controllers",
            code="package.controllers",
            text="Barnets dokumenter har flere dataansvarlige. Vælg en med --controller: {named}.",
            named=named,
        )
    return [(one, args.child) for one in found]


@contextmanager
def _house(args: argparse.Namespace) -> Iterator[tuple[SimpleNamespace, Proving]]:
    """The store as a house to read from, and what proves."""
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
                documents=store.documents, ledger=store.ledger, people=store.people, blobs=store.blobs,
                designs=designs, settings=reading.settings, moment=reading.moment, definitions=definitions,
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


def _written(package: object, contents: object, args: argparse.Namespace) -> bool:
    try:
        return write(package, contents, args.out, bag=args.bagit)  # type: ignore[arg-type]
    except FileExistsError as error:
        raise _no_place(args) from error
    except (NotADirectoryError, PermissionError) as error:
        raise _no_place(args) from error


def _no_place(args: argparse.Namespace) -> TillidError:
    return TillidError(
        "--out",
        code="package.out",
        text="Der kan ikke skrives i {folder}. Angiv en anden mappe med --out.",
        folder=args.out,
    )


def _look(args: argparse.Namespace) -> int:
    """Each package in its own line; one that is refused does not hide the others."""
    told, bad = [], 0
    for path in packages_in(args.path):
        name = shown(str(path))
        try:
            source = opened_package(path)
            found = check(source) if args.verb == "check" else listing(source, source.entries())
        except PackageRefused as error:
            bad += 1
            told.append({"path": name, "status": "refused", "code": error.code, "file": error.path})
            _say(args, f"{name}: AFVIST. {error.message} [{error.code}]")
            continue
        told.append({"path": name, "status": "whole" if args.verb == "check" else "listed", **_public(found)})
        _say(args, *_lines(args, name, found))
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 1 if bad else 0


def _say(args: argparse.Namespace, *lines: str) -> None:
    if not args.json:
        print(*lines, sep="\n", flush=True)


def _lines(args: argparse.Namespace, name: str, found: Checked) -> Iterator[str]:
    if args.verb == "check":
        yield f"{name}: hel. {len(found.files)} filer, {found.size} byte, alle som METS.xml siger."
        return
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
