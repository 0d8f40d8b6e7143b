"""What keeps the full text of a running Tillid whole: built anew when it was lost, and what a command orders beside the server.

All in a thread of its own, for which no sweep and no click waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Literal

from tillid.adapters.orders import Answer, Order, Orders
from tillid.adapters.rebuilding import Progress, ProgressNote
from tillid.adapters.search import SearchBackend
from tillid.archive.query import SearchEntry
from tillid.kernel.errors import TillidError
from tillid.usecases.check_index import IndexReport, check_index, repair_index
from tillid.usecases.follow_up import all_entries
from tillid.usecases.ports import OpenHouse
from tillid.usecases.retry_step import retry_index

log = logging.getLogger(__name__)

Verb = Literal["check", "repair", "rebuild"]


class IndexOrder(Order, frozen=True, kw_only=True):
    """What is to be done."""

    verb: Verb


class IndexAnswer(Answer, frozen=True, kw_only=True):
    """What was done for an order. ``built``: entries of a new index; ``why``: what people are told of a ``problem``."""

    report: IndexReport | None = None
    built: int | None = None
    why: str = ""


def rebuild(search: SearchBackend, open_house: OpenHouse, folder: Path) -> int:
    """Build the index anew of what the store holds, and say in ``folder`` (``var/run``) how far it is; searches and writes go
    on. Returns how many entries that were. Raises what ``SearchBackend.rebuild`` does, ``OSError``."""
    began, lost, note = time.time(), search.needs_rebuild, ProgressNote(folder)

    def entries() -> Generator[SearchEntry, None, None]:
        # One view of the store for all, taken when every write is noted for the new index; no list, for the texts are many.
        with open_house() as house:
            yield from all_entries(house, looked_at)

    def looked_at(count: int, of: int) -> None:
        note.tell(Progress(began=began, looked_at=count, of=of, lost=lost))

    def entries_now() -> Iterator[SearchEntry]:
        asked.append(entries())
        return asked[0]

    asked: list[Generator[SearchEntry, None, None]] = []
    try:
        return search.rebuild(entries_now)
    finally:
        for one in asked:  # none of them: another is building, and the note is its own
            one.close()
            note.forget()


def done(search: SearchBackend, open_house: OpenHouse, verb: Verb, folder: Path, order: str = "") -> IndexAnswer:
    """Do ``verb``: check, repair or rebuild. ``folder``: as in ``rebuild``. Raises ``TillidError``."""
    if verb == "rebuild":
        answer = IndexAnswer(order=order, built=rebuild(search, open_house, folder))
    else:
        with open_house() as house:
            work = repair_index if verb == "repair" else check_index
            answer = IndexAnswer(order=order, report=work(house, search.held()))
    if verb != "check":
        with open_house() as house:
            retry_index(house)
    return answer


def made_whole(search: SearchBackend, open_house: OpenHouse, folder: Path) -> int | None:
    """At the start, before anybody searches: built anew when it was lost or is of another make, and when that is ordered: by who put
    a backup back, for a server's index goes on knowing what the store does not know any more. How many entries that were; ``None``
    if nothing was needed. Raises as ``rebuild``; then the order stays."""
    orders = index_orders(folder)
    ordered = orders.waiting()
    if ordered is None or ordered.verb != "rebuild":
        return done(search, open_house, "rebuild", folder).built if search.needs_rebuild else None
    answer = done(search, open_house, "rebuild", folder, ordered.id)
    orders.answer(answer)
    return answer.built


def index_orders(folder: Path) -> Orders[IndexOrder, IndexAnswer]:
    """What is ordered of the index in ``folder`` (``var/run``)."""
    return Orders(folder, "index", IndexOrder, IndexAnswer)


class IndexKeeper:
    """``folder``: where orders lie, and how far a build is (``var/run``)."""

    def __init__(self, folder: Path, search: SearchBackend) -> None:
        self._folder, self._orders, self._search = folder, index_orders(folder), search
        self._thread: threading.Thread | None = None
        ProgressNote(folder).forget()  # what a killed one left

    def look(self, open_house: OpenHouse) -> None:
        """Have done what is ordered or needed, if nothing is being done already."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._work, args=(open_house,), name="search-index", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let what is under way end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, open_house: OpenHouse) -> None:
        try:
            if (ordered := self._orders.waiting()) is not None:
                self._do(open_house, ordered)
            elif self._search.needs_rebuild:
                log.warning(
                    "the search index was lost or is of another make: built anew with %d",
                    done(self._search, open_house, "rebuild", self._folder).built,
                )
        except Exception as error:  # the next look tries again; its words could be a document's
            log.error("search index: %s", error.code if isinstance(error, TillidError) else type(error).__name__)

    def _do(self, open_house: OpenHouse, order: IndexOrder) -> None:
        try:
            answer = done(self._search, open_house, order.verb, self._folder, order.id)
        except TillidError as error:
            answer = IndexAnswer(order=order.id, problem=error.code, why=error.message)
        self._orders.answer(answer)
