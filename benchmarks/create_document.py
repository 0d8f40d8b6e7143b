"""Beginning a document, committed to FileStorage, against creating a stock Dexterity object with the same answers.

Ours: may the person?, the first draft, ledger event, audit row on disk, commit. The peer: ``createContentInContainer`` with
the behaviours of a Page (events, catalog, workflow, first version), commit; no audit row and no ledger.
"""

from __future__ import annotations

from itertools import pairwise

from benchmarks.stage import SET, Stage, running
from benchmarks.stock import add_type, create, site, values_of
from benchmarks.table import Row, compare, sample
from benchmarks.timing import in_turn, seconds
from tillid.usecases.start_document import start_document

ROUNDS, QUICK_ROUNDS = 60, 3
PEER = "stock Dexterity create with commit"


def run(quick: bool = False) -> list[Row]:
    """Milliseconds per document and what the database grows by."""
    with running() as stage:
        author = stage.player.staff(SET.author_id)
        definition, values = _first_answers(stage)
        add_type(definition, list(values))

        def ours() -> None:
            with stage.installation.open_house() as house:
                start_document(house, author, SET.child_id, SET.form_id)

        def stock() -> None:
            with site() as plone:
                create(plone, definition.title, values)

        found = in_turn({"ours": ours, "stock": stock}, QUICK_ROUNDS if quick else ROUNDS, seconds)
        grown = {name: _grown_by(stage, work) for name, work in (("ours", ours), ("stock", stock))}
    ms = {name: sample((value * 1000 for value in times), "ms") for name, times in found.items()}
    kb = {name: sample(values_, "kB") for name, values_ in grown.items()}
    note = f"{len(values)} fields filled; both commit to the same FileStorage"
    return [
        compare("begin a document, committed", ms["ours"], PEER, ms["stock"], better="less", note=note),
        compare("what the database grows by", kb["ours"], PEER, kb["stock"], better="less", note=note),
    ]


def _first_answers(stage: Stage):  # type: ignore[no-untyped-def]
    """What a new document holds already, as the stock type's fields take it."""
    author = stage.player.staff(SET.author_id)
    with stage.installation.open_house() as house:
        document = start_document(house, author, SET.child_id, SET.form_id)
        draft = house.documents.draft(document.id)
        definition = house.definitions.get(document.definition.form_id, document.definition.version)
    return definition, values_of(definition, {name: field.value for name, field in draft.fields.items()})


def _grown_by(stage: Stage, work) -> list[float]:  # type: ignore[no-untyped-def]
    """kB of ``Data.fs`` per call, five times."""
    data = stage.installation.var / "data" / "Data.fs"
    sizes = [data.stat().st_size]
    for _ in range(5):
        work()
        sizes.append(data.stat().st_size)
    return [(after - before) / 1000 for before, after in pairwise(sizes)]
