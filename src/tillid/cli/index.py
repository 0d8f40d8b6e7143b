"""``tillid index status|check|rebuild|repair``: whether search finds what the store says, and having it do so.

Beside a running Tillid the server does it, for the database and the embedded index have one writer; exit code 1: differences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import datetime

import msgspec

from tillid.cli.common import add_search, add_var, require_store
from tillid.kernel.clock import COPENHAGEN
from tillid.kernel.errors import TillidError
from tillid.usecases.check_index import Difference
from tillid.wiring.beside import is_running
from tillid.wiring.ordering import AlreadyRebuilding, IndexAnswer, Progress, index_building, index_done, index_ordered

SECONDS = 120.0  # a sweep, and the work
REBUILD_SECONDS = 3600.0
VERBS = {
    "status": "hvor mange dokumenter søgningen skal finde, og om den gør det; eller hvor langt den er, når den bygges op igen",
    "check": "sammenlign søgeindekset med databasen, og nævn hver forskel",
    "rebuild": "byg søgeindekset op igen, mens der søges og skrives videre",
    "repair": "ret de forskelle, der er",
}
KIND = {
    "missing": "mangler i søgningen",
    "left": "findes i søgningen og skulle være væk",
    "older": "er ældre i søgningen end i databasen",
    "newer": "er nyere i søgningen end i databasen (brug rebuild)",
    "other": "er anderledes i søgningen end i databasen",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="HVAD", required=True)
    for verb, text in VERBS.items():
        sub = verbs.add_parser(verb, help=text)
        sub.add_argument("--json", action="store_true", help="skriv som JSON")
        add_var(sub)
        add_search(sub)


def run(args: argparse.Namespace) -> int:
    """Do one of them; 1 when differences are left."""
    verb = "check" if args.verb == "status" else args.verb
    running = is_running(args.var)
    if running and (building := index_building(args.var)) is not None:
        if args.verb != "status":
            raise AlreadyRebuilding("a build is going on, or ordered")
        print(json.dumps({"building": msgspec.to_builtins(building)}, indent=1) if args.json else how_far(building))
        return 1 if building.lost else 0
    answer = _ordered(args, verb) if running else _alone(args, verb)
    if answer.problem:
        raise TillidError(
            answer.problem,
            code="index.not-done",
            text="Tillid kunne ikke se eller rette søgeindekset ({problem}). {why}",
            problem=answer.problem,
            why=answer.why,
        )
    if args.json:
        print(json.dumps(msgspec.to_builtins(answer), ensure_ascii=False, indent=1))
    else:
        print("\n".join(told(answer, each=args.verb != "status")))
    left = len(answer.report.differences) - answer.report.repaired if answer.report else 0
    return 1 if left else 0


def how_far(now: Progress) -> str:
    """What is told of a build that is going on."""
    if now.began is None:
        return "Det er bestilt, at søgeindekset bliver bygget op igen. Tillid begynder inden for et minut."
    last = " De sidste trin er i gang." if now.looked_at >= now.of else ""
    meanwhile = (
        "Det gamle er væk, så søgninger finder ikke alt, før det nye er færdigt."
        if now.lost
        else "Imens finder søgninger det, de plejer."
    )
    began = datetime.fromtimestamp(now.began, COPENHAGEN)
    return (
        f"Søgeindekset bliver bygget op igen: {now.looked_at} af {now.of} dokumenter er set igennem siden {began:%H.%M}.{last} "
        f"{meanwhile}"
    )


def told(answer: IndexAnswer, *, each: bool) -> Iterator[str]:
    """The answer as lines; ``each``: with every difference."""
    if answer.report is None:
        yield f"Søgeindekset er bygget op igen med {answer.built} dokumenter."
        return
    report = answer.report
    yield f"Dokumenter, som søgningen skal finde: {report.wanted}. Forskelle: {len(report.differences)}."
    if each:
        yield from map(_line, report.differences)
    if report.repaired:
        yield f"Rettet: {report.repaired}."


def _line(one: Difference) -> str:
    waiting = " (en ændring er på vej, og dokumentet vises ikke imens)" if one.waiting else ""
    return f"  {one.document_id} version {one.version} {KIND[one.kind]}{waiting}"


def _alone(args: argparse.Namespace, verb: str) -> IndexAnswer:
    """While no Tillid runs on ``--var``."""
    from tillid.demo.loading import demo_settings
    from tillid.wiring.running import start_installation

    require_store(args.var)
    installation = start_installation(args.var, demo_settings(), search=args.search)
    try:
        return index_done(installation, verb)
    finally:
        installation.close()


def _ordered(args: argparse.Namespace, verb: str) -> IndexAnswer:
    """By the server that runs. Raises ``TillidError`` (``index.ordered``)."""
    if not args.json:
        print("Tillid kører og gør det selv. Vent op til to minutter.", flush=True)
    answer = index_ordered(args.var, verb, REBUILD_SECONDS if verb == "rebuild" else SECONDS)
    if answer is None:
        raise TillidError(
            "no answer in time",
            code="index.ordered",
            text="Tillid er ikke færdig endnu og gør det, når der er tid. Se efter om lidt med »tillid index status«.",
        )
    return answer
