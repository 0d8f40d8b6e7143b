"""A process of its own that builds the embedded index anew while it is written, and kills itself at one named point, or goes on
until it is killed (test_rebuild_kill.py). Each write is told when it is acknowledged."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.contract.search.searching import entry
from tests.faults.dying import die
from tests.faults.small_disk import on_a_small_disk
from tests.faults.test_disk_full import MEGABYTES
from tillid.adapters.tantivy import TantivyIndex
from tillid.adapters.tantivy.one_index import OneIndex
from tillid.adapters.tantivy.place import CURRENT, MARGIN, Place
from tillid.archive.query import SearchEntry
from tillid.kernel.errors import TillidError

# In the order in which one build meets them. From the first of NAMED on the new index is the one that is opened.
UNNAMED = ("folder-made", "begun", "half-filled", "filled", "committed", "taken-in", "name-written")
NAMED = ("named", "exchanged", "half-cleared", "done")
ROWS = 40


def rows(state: str) -> Iterator[SearchEntry]:
    """What the store holds: ``state`` tells which index a hit is of."""
    return (entry(n, f"leg {state}", state=state) for n in range(ROWS))


def build(folder: Path, state: str, point: str) -> None:
    """Build anew with the rows of ``state``, and die at ``point``. Number 0 is written anew and number 1 taken out meanwhile."""
    index = TantivyIndex(folder)
    arrange(point)

    def entries() -> Iterator[SearchEntry]:
        at("begun", point)
        index.put(entry(0, "leg skrevet", state="written", sequence=5))
        tell("put 0")
        for row in rows(state):
            if row.document_id == f"doc-{ROWS // 2}":
                at("half-filled", point)
            yield row
        index.delete("doc-1", 1, 5)
        tell("delete 1")
        at("filled", point)

    index.rebuild(entries)
    at("done", point)
    index.close()


def arrange(point: str) -> None:
    """Have the parts die that are not called from here."""
    after(Place, "fresh", "folder-made", point)
    after(OneIndex, "fill", "committed", point)
    before(Place, "use", "taken-in", point)
    after(Place, "use", "exchanged", point)
    real_replace, real_rmtree = os.replace, shutil.rmtree

    def replace(source: Any, target: Any) -> None:
        if Path(target).name == CURRENT:
            at("name-written", point)
        real_replace(source, target)
        if Path(target).name == CURRENT:
            at("named", point)

    def rmtree(folder: Any) -> None:
        if point == "half-cleared":
            files = sorted(Path(folder).iterdir())
            for file in files[: len(files) // 2]:
                file.unlink()
            die()
        real_rmtree(folder)

    os.replace, shutil.rmtree = replace, rmtree  # type: ignore[assignment]


def before(owner: type, name: str, here: str, point: str) -> None:
    real = getattr(owner, name)
    setattr(owner, name, lambda *arguments: (at(here, point), real(*arguments))[1])


def after(owner: type, name: str, here: str, point: str) -> None:
    real = getattr(owner, name)

    def run(*arguments: Any) -> Any:
        done = real(*arguments)
        at(here, point)
        return done

    setattr(owner, name, run)


def at(here: str, point: str) -> None:
    if here == point:
        die()


def tell(words: str) -> None:
    print(words, flush=True)


def build_and_write(folder: Path, first: int) -> None:
    """Build anew again and again, and write one document after the other from ``first`` on, until it is killed."""
    index = TantivyIndex(folder)
    written: list[SearchEntry] = []

    def write() -> None:
        for number in itertools.count(first):
            made = entry(number, "leg", sequence=1)
            index.put(made)
            written.append(made)
            tell(f"put {number}")
            if number % 5 == 4:
                index.delete(f"doc-{number - 2}", 1, 2)
                tell(f"delete {number - 2}")

    kept = [one.document_id for one in index.held()]
    threading.Thread(target=write, daemon=True).start()
    for number in itertools.count():
        # The store is read when the build has begun: what was written until then is in it.
        index.rebuild(lambda: store(kept, list(written)))
        tell(f"built {number}")


def store(kept: list[str], written: list[SearchEntry]) -> Iterator[SearchEntry]:
    """What was there before, and what has been written since; what was taken out meanwhile still stands in it."""
    yield from (entry(int(one.removeprefix("doc-")), "leg") for one in kept)
    yield from written


def build_on_a_small_disk(folder: Path, given: Path) -> None:
    """Say how building anew ends on a small disk that goes full meanwhile, that is full, and that has room again."""
    on_a_small_disk(folder, MEGABYTES, given)
    index = TantivyIndex(folder / "index")
    filler = folder / "filler"

    def told(entries: Callable[[], Iterator[SearchEntry]]) -> None:
        try:
            tell(f"built {index.rebuild(entries)}")
        except TillidError as error:
            tell(f"{error.code} {error.message}")
        index.put(entry(len(list(index.held())), "leg"))
        tell(f"{len(list(index.held()))} documents, {len(list(index.path.iterdir()))} names")

    def filling() -> Iterator[SearchEntry]:
        for number, row in enumerate(itertools.chain.from_iterable(rows(str(n)) for n in range(100))):
            if number == 10:
                filler.write_bytes(bytes(shutil.disk_usage(folder).free - 2**20))
            yield row

    def reading() -> Iterator[SearchEntry]:
        tell("the store is read")
        yield from rows("new")

    told(filling)
    filler.write_bytes(b"")
    filler.write_bytes(bytes(shutil.disk_usage(folder).free - MARGIN - 2**12))
    told(reading)  # there is room to go on with, and not for a second index
    filler.unlink()
    told(reading)
    index.close()
