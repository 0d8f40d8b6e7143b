"""``tillid package avid --out DIR``: the feed for a Danish archive version: tables, documents, indices with digests, context
documentation (R-84, ADR 0056, docs/archive_feed.md). It is no archive version, and says so.

Works beside a running Tillid and only reads; a row in ``audit/operators.jsonl`` comes before each document. All or nothing: the folder
gets its name when it is whole, and one document without its proofs ends it. Exit codes: 0 written, 1 not.
"""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tillid.adapters.avid_files import Feed
from tillid.archive.avid import Numbers, pieces
from tillid.cli.package_house import add_choice, chosen_by, opened_house, tell, writing_out
from tillid.cli.reading import note
from tillid.forms.definition import FormDefinition
from tillid.usecases.avid_feed import ABOUT, contexts_of, entry_of

NAME = "tillid"


def add_verbs(verbs: Any) -> None:
    """Which documents, and where to."""
    parser = verbs.add_parser("avid", help="skriv grundlaget for en arkiveringsversion: tabeller, dokumenter, indeks")
    add_choice(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="MAPPE", help="mappen, der skrives; den må ikke findes"
    )


def avid(args: argparse.Namespace) -> int:
    """Write it."""
    with opened_house(args) as (house, proving):
        selected = chosen_by(args, house)
        tell(args, selected)
        found = sorted(selected.chosen, key=lambda one: one.document_id)
        forms: dict[str, FormDefinition] = {}
        numbers = Numbers()
        with writing_out(args), Feed(args.out, NAME) as feed:
            for count, one in enumerate(found, start=1):
                note(args.var, "make_feed", one.document_id, one.child_id)
                entry = entry_of(house, proving, one.document_id, version("tillid"))
                feed.add(pieces(entry, numbers))
                forms[entry.definition.digest + "".join(entry.definition.overlays)] = entry.definition
                house.forget()
                print(f"[{count}/{len(found)}] {one.document_id}", flush=True)
            files = feed.end(contexts_of(forms.values()), ABOUT.encode())
    print(f"{args.out}: {len(found)} dokumenter, {numbers.last} filer i docIndex, {files} filer i alt.")
    print("Det er et grundlag for en arkiveringsversion og ikke en arkiveringsversion. Læs about.txt.")
    return 0
