"""What an employee's search of the own unit costs, beside the archivist's search of the same documents and the employee's front page.

One place with many children, each with the documents of some years, which are copies of one closed case with all its events, no two of the same text. The own
search has no index: it asks about each document and looks through what may be read (ADR 0072); the front page asks about each too.
For the first time: with nothing remembered of the texts.
Each is the use case on a fresh view of the store, with its audit rows; of the archive's with the excerpts of its page.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import msgspec

from benchmarks.stage import SET, Stage, running
from benchmarks.table import Row, compare, sample
from benchmarks.timing import cpu_seconds, in_turn
from tillid.archive.entry import build_entry
from tillid.archive.query import SearchEntry, SearchQuery
from tillid.kernel.canonical import json_digest
from tillid.kernel.ids import new_id
from tillid.kernel.once import forget_all
from tillid.usecases.lists import staff_home
from tillid.usecases.ports import House
from tillid.usecases.search_archive import excerpts_of, search_archive
from tillid.usecases.search_own import search_own
from tillid.usecases.writing import record_event

CHILDREN, QUICK_CHILDREN = 200, 6
DOCUMENTS = 10  # of each child
ROUNDS, QUICK_ROUNDS = 9, 2
EMPLOYEE, ARCHIVIST = "sofie", "ove"
EVERYWHERE, NOWHERE = "dyrehospital", "frostmappe"
PURPOSE = "Tilsyn eller revision: overgange, sag 26-4711"


def run(quick: bool = False) -> list[Row]:
    children = QUICK_CHILDREN if quick else CHILDREN
    with running() as stage:
        _fill(stage, children)
        works = _works(stage)
        found = {name: sample([one * 1000 for one in values], "ms") for name, values in
                 in_turn(works, QUICK_ROUNDS if quick else ROUNDS, cpu_seconds).items()}  # fmt: skip
    note = (
        f"processor time of the use case with its audit rows; {children * DOCUMENTS:,} documents of {children} children"
    )
    peers = {"the archive's search of the same": "archive", "the employee's front page": "home"}
    return [
        compare(f"search of the own unit, a word that {what}", found[f"own {what}"], peer,
                found[f"{name} {what}" if name == "archive" else name], better="less", note=note)
        for what in WORDS
        for peer, name in peers.items()
    ]  # fmt: skip


WORDS = {"all have": EVERYWHERE, "none has": NOWHERE, "none has, for the first time": NOWHERE}


def _works(stage: Stage) -> dict[str, Callable[[], None]]:
    employee, archivist = (stage.player.staff_named(one) for one in (EMPLOYEE, ARCHIVIST))

    def asked(work: Callable[[House], object]) -> Callable[[], None]:
        def once() -> None:
            with stage.installation.open_house() as house:
                work(house)

        return once

    def archive(house: House, words: str) -> None:
        query = SearchQuery(allowed_units=(), words=words)
        excerpts_of(house, search_archive(house, archivist, query, PURPOSE).hits, query)

    def own(house: House, words: str, *, anew: bool) -> None:
        if anew:
            forget_all()
        search_own(house, employee, words)

    works = {"home": asked(lambda house: staff_home(house, employee))}
    for what, words in WORDS.items():
        works[f"own {what}"] = asked(
            lambda house, words=words, what=what: own(house, words, anew=what.endswith("time"))
        )
        works[f"archive {what}"] = asked(lambda house, words=words: archive(house, words))
    return works


def _fill(stage: Stage, children: int) -> None:
    """Each child in a transaction of its own; the index is built of the same documents."""
    of, entries = stage.declined_document(), []
    for number in range(children):
        with stage.installation.open_house() as house:
            entries += list(islice(_child(house, of, number), DOCUMENTS))
    stage.installation.parts.search.rebuild(lambda: entries)


def _child(house: House, of: str, number: int):  # type: ignore[no-untyped-def]
    kept, draft, events = house.documents.get(of), house.documents.draft(of), house.ledger.of_document(of)
    assert kept is not None
    versions = [house.documents.version(of, one) for one in range(1, kept.versions + 1)]
    like, custody = house.people.child(kept.child_id), house.people.custody(kept.child_id)
    child = msgspec.structs.replace(like, id=new_id(), name=f"Barn {number}")
    cpr = f"{1 + number % 28:02}{1 + number // 28 % 12:02}15{4000 + number:04}"
    house.people.put_child(child, cpr, msgspec.structs.replace(custody, child_id=child.id))
    for copy in range(DOCUMENTS):
        one = msgspec.structs.replace(
            kept, id=new_id(), number=f"TD-S{number * DOCUMENTS + copy:08}", child_id=child.id
        )
        house.documents.add(one, msgspec.structs.replace(draft, document_id=one.id))
        for version in versions:
            answers = version.answers | {"u_greb": f"{version.answers['u_greb']} Nummer {number}, {copy}."}
            house.documents.add_version(
                msgspec.structs.replace(
                    version, document_id=one.id, answers=answers, answers_digest=json_digest(answers)
                )
            )
        for event in events:
            record_event(house, one, event.kind, event.actor, event.payload)
        yield _entry(house, one.id)


def _entry(house: House, document_id: str) -> SearchEntry:
    document = house.documents.get(document_id)
    assert document is not None
    version = house.documents.version(document_id, document.versions)
    assert version is not None
    form, controller = house.definitions.of(version.definition), house.people.organigram().units[SET.unit_id].controller
    return build_entry(form, document, version, state="closed", controller_id=controller.id, sequence=1)
