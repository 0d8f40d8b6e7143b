"""``tillid journal``: what is entered in the journal, oldest first, as lines or as CSV for the municipality's own system (R-80).

Read beside a running Tillid: date, number, theme, place and the case number that came back; no child, no name, no text. The look is a row in
``audit/operators.jsonl``.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from datetime import date

import msgspec

from tillid.archive.journal import JOURNALLED, Confirmed, Journalled, confirmed
from tillid.cli.common import add_var
from tillid.cli.reading import note, opened
from tillid.wiring.reading import ReadStore

HEAD = ("dato", "nummer", "emne", "sted", "journalsag", "journaldag")


class Line(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One entry. ``number``, ``place``: empty of a document that was destroyed before tombstones had them; ``case``, ``case_day``: what
    the municipality's own system has answered, empty where it has not (docs/journal.md)."""

    date: date
    number: str
    theme: str
    place: str
    case: str = ""
    case_day: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid journal``."""
    parser.add_argument(
        "--from", dest="first", type=_day, default=date.min, metavar="DATO", help="fra og med, 2026-11-25"
    )
    parser.add_argument("--to", dest="last", type=_day, default=date.max, metavar="DATO", help="til og med")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--csv", action="store_true", help="skriv som CSV med semikolon")
    how.add_argument("--json", action="store_true", help="skriv som JSON")
    add_var(parser)


def run(args: argparse.Namespace) -> int:
    """Print it."""
    with opened(args.var) as store:
        note(args.var, "journal_list", "")
        lines = sorted(_entries(store, args.first, args.last))
    if args.json:
        print(json.dumps(msgspec.to_builtins(lines), ensure_ascii=False, indent=1))
    elif args.csv:
        writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
        writer.writerows([HEAD, *map(msgspec.structs.astuple, lines)])
    else:
        told = (f"{one.date}  {one.number}  {one.theme}  ({one.place}){_case(one)}" for one in lines)
        print("\n".join(told) or "Intet er journalført i den tid.")
    return 0


def _entries(store: ReadStore, first: date, last: date) -> Iterator[Line]:
    for events in store.ledger.all():
        for event in events:
            if event.kind != JOURNALLED:
                continue
            entry = msgspec.convert(event.payload, Journalled)
            if first <= entry.date <= last:
                yield _line(store, event.document_id, entry, confirmed(events, event.id))
        store.forget()


def _line(store: ReadStore, document_id: str, entry: Journalled, said: Confirmed | None) -> Line:
    found = store.documents.get(document_id) or store.documents.tombstone(document_id)
    unit = store.people.unit(found.unit_id) if found else None
    return Line(
        date=entry.date,
        number=found.number if found else "",
        theme=entry.theme,
        place=unit.name if unit else "",
        case=said.case if said else "",
        case_day=said.day.isoformat() if said else "",
    )


def _case(one: Line) -> str:
    return f"  journalsag {one.case}, {one.case_day}" if one.case else ""


def _day(text: str) -> date:
    """A day for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke en dato som 2026-11-25") from None
