"""What the municipality's journal system has answered, recorded by the running server with every sweep, in a thread of its own (ADR 0078)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from tillid.archive.journal_exchange import ReceiptRefused
from tillid.kernel.errors import TillidError
from tillid.usecases.journal_receipt import destroyed_entries, record_receipt
from tillid.usecases.ports import OpenHouse
from tillid.usecases.ports_journal import Incoming, JournalSystem

log = logging.getLogger(__name__)
Repeat = Callable[[Callable[[], Any]], Any]


def recorded(journal: JournalSystem, open_house: OpenHouse, repeat: Repeat) -> tuple[int, int]:
    """Every receipt that is here, each in a transaction of its own; how many were recorded, how many refused. Raises ``TillidError``
    while the folder or the log is away: what was begun is done the next time."""
    well = badly = 0
    for incoming in journal.receipts():

        def work(incoming: Incoming = incoming) -> None:
            with open_house() as house:
                record_receipt(house, incoming)

        try:
            repeat(work)
        except ReceiptRefused as error:
            journal.refuse(incoming, error.why)
            log.warning("journal: receipt %s refused: %s", incoming.id, error.why)
            badly += 1
        else:
            journal.keep(incoming)
            well += 1
    return well, badly


def taken_back(journal: JournalSystem, open_house: OpenHouse) -> int:
    """Entries of destroyed documents that the other side has not taken; how many."""
    with open_house() as house:
        gone = destroyed_entries(house)
    for entry in gone:
        journal.take_back(entry)
    return len(gone)


class JournalDesk:
    """``journal``: ``None`` where no system is joined."""

    def __init__(self, journal: JournalSystem | None) -> None:
        self._journal = journal
        self._thread: threading.Thread | None = None
        self._problem = ""

    def look(self, open_house: OpenHouse, repeat: Repeat) -> None:
        """Have done what has come, if it is not being done already."""
        if self._journal is None or self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(
            target=self._work, args=(self._journal, open_house, repeat), name="journal", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let what is under way end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, journal: JournalSystem, open_house: OpenHouse, repeat: Repeat) -> None:
        problem = ""
        try:
            recorded(journal, open_house, repeat)
            taken_back(journal, open_house)
        except Exception as error:  # the next look tries again; a foreign error's words could be a document's
            problem = error.code if isinstance(error, TillidError) else type(error).__name__
        if problem and problem != self._problem:
            log.error("journal: %s", problem)  # once, not with every sweep
        self._problem = problem
