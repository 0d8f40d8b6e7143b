"""What keeps the full text of a running Tillid whole: built anew when it was lost, and what a command orders beside the server.

All in a thread of its own, for which no sweep and no click waits.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

import msgspec

from tillid.adapters.search import SearchBackend
from tillid.archive.query import SearchEntry
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put
from tillid.kernel.ids import new_id
from tillid.usecases.check_index import IndexReport, check_index, repair_index
from tillid.usecases.follow_up import all_entries
from tillid.usecases.ports import OpenHouse

log = logging.getLogger(__name__)

_POLL = 0.2


class IndexAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was done for an order. ``problem``: the code of what stopped it; ``built``: entries of a new index."""

    order: str
    report: IndexReport | None = None
    built: int | None = None
    problem: str = ""


def rebuild(search: SearchBackend, open_house: OpenHouse) -> int:
    """Build the index anew of what the store holds; searches and writes go on. Returns how many entries that were."""

    def entries() -> list[SearchEntry]:
        with open_house() as house:
            return all_entries(house)

    return search.purge(entries)


def done(search: SearchBackend, open_house: OpenHouse, verb: str, order: str = "") -> IndexAnswer:
    """Do ``verb``: check, repair or rebuild. Raises ``TillidError``."""
    if verb == "rebuild":
        return IndexAnswer(order=order, built=rebuild(search, open_house))
    with open_house() as house:
        work = repair_index if verb == "repair" else check_index
        return IndexAnswer(order=order, report=work(house, search.held()))


class IndexOrder:
    """In ``folder``: ``index`` (an order's id and its verb) and ``index.answer``. The database has one writer, so a command
    cannot do it beside the server; the server looks here with every sweep."""

    def __init__(self, folder: Path) -> None:
        self._order, self._answer = folder / "index", folder / "index.answer"

    def place(self, verb: str) -> str:
        """Order it; the order's id. A second order before the first was done takes its place. Raises ``OSError``."""
        order = new_id()
        self._order.parent.mkdir(parents=True, exist_ok=True)
        put(self._order, f"{order} {verb}".encode())
        return order

    def waiting(self) -> tuple[str, str] | None:
        """The id and the verb of what is ordered and not done."""
        order, _, verb = _text(self._order).partition(" ")
        return (order, verb) if verb in ("check", "repair", "rebuild") else None

    def answer(self, answer: IndexAnswer) -> None:
        """It was done. Raises ``OSError``."""
        put(self._answer, msgspec.json.encode(answer))
        if (self.waiting() or ("", ""))[0] == answer.order:
            self._order.unlink(missing_ok=True)

    def wait(self, order: str, seconds: float) -> IndexAnswer | None:
        """The answer; ``None`` when none came in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                answer = msgspec.json.decode(_text(self._answer), type=IndexAnswer)
            except msgspec.DecodeError:
                answer = None
            if answer is not None and answer.order == order:
                return answer
            time.sleep(_POLL)
        return None


class IndexKeeper:
    """``folder``: where orders lie (``var/run``)."""

    def __init__(self, folder: Path, search: SearchBackend) -> None:
        self._order, self._search = IndexOrder(folder), search
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
            if (ordered := self._order.waiting()) is not None:
                self._do(open_house, *ordered)
            elif self._search.needs_rebuild:
                log.warning(
                    "the search index was lost or is of another make: built anew with %d",
                    rebuild(self._search, open_house),
                )
        except Exception as error:  # the next look tries again; its words could be a document's
            log.error("search index: %s", error.code if isinstance(error, TillidError) else type(error).__name__)

    def _do(self, open_house: OpenHouse, order: str, verb: str) -> None:
        try:
            answer = done(self._search, open_house, verb, order)
        except TillidError as error:
            answer = IndexAnswer(order=order, problem=error.code)
        self._order.answer(answer)


def _text(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes())
    except OSError:
        return ""
