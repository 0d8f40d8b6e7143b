"""What keeps the full text of a running Tillid whole: built anew when it was lost, and what a command orders beside the server.

All in a thread of its own, for which no sweep and no click waits.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Literal

from tillid.adapters.orders import Answer, Order, Orders
from tillid.adapters.search import SearchBackend
from tillid.archive.query import SearchEntry
from tillid.kernel.errors import TillidError
from tillid.usecases.check_index import IndexReport, check_index, repair_index
from tillid.usecases.follow_up import all_entries
from tillid.usecases.ports import OpenHouse

log = logging.getLogger(__name__)

Verb = Literal["check", "repair", "rebuild"]


class IndexOrder(Order, frozen=True, kw_only=True):
    """What is to be done."""

    verb: Verb


class IndexAnswer(Answer, frozen=True, kw_only=True):
    """What was done for an order. ``built``: entries of a new index."""

    report: IndexReport | None = None
    built: int | None = None


def rebuild(search: SearchBackend, open_house: OpenHouse) -> int:
    """Build the index anew of what the store holds; searches and writes go on. Returns how many entries that were."""

    def entries() -> list[SearchEntry]:
        with open_house() as house:
            return all_entries(house)

    return search.purge(entries)


def done(search: SearchBackend, open_house: OpenHouse, verb: Verb, order: str = "") -> IndexAnswer:
    """Do ``verb``: check, repair or rebuild. Raises ``TillidError``."""
    if verb == "rebuild":
        return IndexAnswer(order=order, built=rebuild(search, open_house))
    with open_house() as house:
        work = repair_index if verb == "repair" else check_index
        return IndexAnswer(order=order, report=work(house, search.held()))


def index_orders(folder: Path) -> Orders[IndexOrder, IndexAnswer]:
    """What is ordered of the index in ``folder`` (``var/run``)."""
    return Orders(folder, "index", IndexOrder, IndexAnswer)


class IndexKeeper:
    """``folder``: where orders lie (``var/run``)."""

    def __init__(self, folder: Path, search: SearchBackend) -> None:
        self._orders, self._search = index_orders(folder), search
        self._thread: threading.Thread | None = None

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
                    rebuild(self._search, open_house),
                )
        except Exception as error:  # the next look tries again; its words could be a document's
            log.error("search index: %s", error.code if isinstance(error, TillidError) else type(error).__name__)

    def _do(self, open_house: OpenHouse, order: IndexOrder) -> None:
        try:
            answer = done(self._search, open_house, order.verb, order.id)
        except TillidError as error:
            answer = IndexAnswer(order=order.id, problem=error.code)
        self._orders.answer(answer)
