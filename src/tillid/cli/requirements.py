"""``tillid requirements``: every requirement and law rule with the tests that carry its number."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tillid.kernel.errors import TillidError
from tillid.kernel.paths import PROJECT
from tillid.requirements.catalogue import load_catalogue
from tillid.requirements.marks import find_marks
from tillid.requirements.table import Row, Table, build_table


class NoTests(TillidError):
    """The folder with the tests is not there: an installation without the checkout."""

    code = "requirements.no-tests"
    text = "Mappen {folder} med tests findes ikke. Kør kommandoen i en udtjekket udgave af Tillid, eller brug --tests."


class BrokenTest(TillidError):
    """A test file cannot be read as Python; ``where`` in it, if that is known."""

    code = "requirements.broken-test"
    text = "Testfilen {file} kan ikke læses som Python{where}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid requirements``."""
    parser.add_argument("--json", action="store_true", help="skriv som JSON")
    parser.add_argument("--without", action="store_true", help="vis kun dem uden test")
    parser.add_argument("--tests", type=Path, default=PROJECT / "tests", metavar="MAPPE", help="mappen med tests")


def run(args: argparse.Namespace) -> int:
    """Print the table; 1 when a test carries a number that the catalogue does not know."""
    if not args.tests.is_dir():
        raise NoTests(str(args.tests), folder=args.tests)
    try:
        marks = find_marks(args.tests)
    except SyntaxError as error:
        where = f" (linje {error.lineno})" if error.lineno else ""
        raise BrokenTest(str(error), file=error.filename, where=where) from error
    table = build_table(load_catalogue(), marks)
    print(json.dumps(_as_json(table), ensure_ascii=False, indent=1) if args.json else _as_text(table, args.without))
    for mark in table.unknown:
        print(f"tillid: Ukendt nummer »{mark.number}« på {mark.test} (linje {mark.line}).", file=sys.stderr)
    return 1 if table.unknown else 0


def _as_json(table: Table) -> dict[str, object]:
    rows = [
        {
            "number": row.requirement.number,
            "kind": row.requirement.kind,
            "group": row.requirement.group,
            "statement": row.requirement.statement,
            "provision": row.requirement.provision or None,
            "tests": row.tests,
        }
        for row in table.rows
    ]
    unknown = [{"number": mark.number, "test": mark.test, "line": mark.line} for mark in table.unknown]
    return {"requirements": rows, "without_tests": table.without, "unknown": unknown}


def _as_text(table: Table, only_without: bool) -> str:
    lines: list[str] = []
    group = ""
    for row in table.rows:
        if only_without and row.tests:
            continue
        if row.requirement.group != group:
            group = row.requirement.group
            lines += ["", group]
        lines += _row(row)
    without = table.without
    lines += ["", f"{len(table.rows)} numre, {len(table.rows) - len(without)} med test, {len(without)} uden."]
    if without and not only_without:
        lines += ["Uden test: " + " ".join(without)]
    return "\n".join(lines).lstrip("\n")


def _row(row: Row) -> list[str]:
    source = f"  ({row.requirement.provision})" if row.requirement.provision else ""
    head = f"  {row.requirement.number:<6} {row.requirement.statement}{source}"
    return [head, *(f"           {test}" for test in row.tests)]
