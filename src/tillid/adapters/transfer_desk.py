"""The archive's receipts, ordered by a command and recorded by the running server: the database has one writer.

In ``var/run``: ``received`` (the order) and ``received.answer``. The server looks with every sweep, in a thread of its own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from tillid.kernel.errors import TillidError
from tillid.kernel.files import put
from tillid.kernel.ids import new_id
from tillid.usecases.ports import OpenHouse
from tillid.usecases.record_transfer import Outcome, Packed, Receipt, record_transfer

log = logging.getLogger(__name__)
Repeat = Callable[[Callable[[], Any]], Any]
_POLL = 0.2


class TransferOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be recorded."""

    id: str
    said: Receipt
    packed: tuple[Packed, ...]


class TransferAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was done for an order: document → outcome; ``problem``: the code of what stopped it."""

    order: str
    done: dict[str, Outcome] = {}
    problem: str = ""


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
        self._order, self._answer = folder / "received", folder / "received.answer"
        self._thread: threading.Thread | None = None

    def place(self, said: Receipt, packed: Iterable[Packed]) -> str:
        """Order it; the order's id. Raises ``TillidError`` while another waits; ``OSError``."""
        if self.waiting() is not None:
            raise TillidError(
                "another order waits",
                code="received.busy",
                text="En anden kvittering er ved at blive noteret. Prøv igen om lidt.",
            )
        order = TransferOrder(id=new_id(), said=said, packed=tuple(packed))
        self._order.parent.mkdir(parents=True, exist_ok=True)
        put(self._order, msgspec.json.encode(order))
        return order.id

    def waiting(self) -> TransferOrder | None:
        """What is ordered and not done."""
        return _read(self._order, TransferOrder)

    def wait(self, order: str, seconds: float) -> TransferAnswer | None:
        """The answer; ``None`` when none came in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            answer = _read(self._answer, TransferAnswer)
            if answer is not None and answer.order == order:
                return answer
            time.sleep(_POLL)
        return None

    def look(self, open_house: OpenHouse, repeat: Repeat) -> None:
        """Have done what is ordered, if nothing is being done already."""
        if self._thread is not None and self._thread.is_alive() or (order := self.waiting()) is None:
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
            put(self._answer, msgspec.json.encode(answer))
            self._order.unlink(missing_ok=True)
        except Exception as error:  # the next look tries again
            log.error("archive's receipt: %s", type(error).__name__)


def _read(path: Path, kind: Any) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
