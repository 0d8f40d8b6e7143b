"""The archive's receipts, ordered by a command and recorded by the running server: the database has one writer.

In ``var/run``: ``received`` (the order) and ``received.answer``. The server looks with every sweep, in a thread of its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tillid.adapters.orders import Answer, Order, Orders
from tillid.kernel.errors import TillidError
from tillid.usecases.ports import OpenHouse
from tillid.usecases.record_transfer import Outcome, Packed, Receipt, record_transfer

log = logging.getLogger(__name__)
Repeat = Callable[[Callable[[], Any]], Any]


class TransferOrder(Order, frozen=True, kw_only=True):
    """What is to be recorded."""

    said: Receipt
    packed: tuple[Packed, ...]


class TransferAnswer(Answer, frozen=True, kw_only=True):
    """What was done for an order: document → outcome."""

    done: dict[str, Outcome] = {}


def recorded(open_house: OpenHouse, repeat: Repeat, said: Receipt, packed: Iterable[Packed]) -> dict[str, Outcome]:
    """Each document in a transaction of its own. ``repeat``: runs work again that met another's commit. Raises ``TillidError``."""
    done: dict[str, Outcome] = {}
    for one in packed:

        def work(one: Packed = one) -> Outcome:
            with open_house() as house:
                return record_transfer(house, one, said)

        done[one.document] = repeat(work)
    return done


class TransferDesk:
    """``folder``: where orders lie (``var/run``)."""

    def __init__(self, folder: Path) -> None:
        self._orders = Orders(folder, "received", TransferOrder, TransferAnswer)
        self._thread: threading.Thread | None = None

    def place(self, said: Receipt, packed: Iterable[Packed]) -> str:
        """Order it; the order's id. Raises ``TillidError`` while another waits; ``OSError``."""
        if self._orders.waiting() is not None:
            raise TillidError(
                "another order waits",
                code="received.busy",
                text="En anden kvittering er ved at blive noteret. Prøv igen om lidt.",
            )
        return self._orders.place(TransferOrder(said=said, packed=tuple(packed)))

    def wait(self, order: str, seconds: float) -> TransferAnswer | None:
        """The answer; ``None`` when none came in time."""
        return self._orders.wait(order, seconds)

    def look(self, open_house: OpenHouse, repeat: Repeat) -> None:
        """Have done what is ordered, if nothing is being done already."""
        if self._thread is not None and self._thread.is_alive() or (order := self._orders.waiting()) is None:
            return
        self._thread = threading.Thread(
            target=self._work, args=(open_house, repeat, order), name="received", daemon=True
        )
        self._thread.start()

    def close(self, seconds: float) -> None:
        """Let what is under way end; what is not done is done after the next start, nothing twice."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, open_house: OpenHouse, repeat: Repeat, order: TransferOrder) -> None:
        try:
            try:
                answer = TransferAnswer(order=order.id, done=recorded(open_house, repeat, order.said, order.packed))
            except TillidError as error:
                answer = TransferAnswer(order=order.id, problem=error.code)
            self._orders.answer(answer)
        except Exception as error:  # the next look tries again
            log.error("archive's receipt: %s", type(error).__name__)
