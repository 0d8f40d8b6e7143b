"""What a command orders of a running Tillid, and what it answers: two small files in a folder.

The database has one writer, so a command cannot write it beside the server; the server looks here with every sweep.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from tillid.kernel.files import put
from tillid.kernel.ids import new_id

_POLL = 0.2


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done. An order of a kind says more of what."""

    id: str = msgspec.field(default_factory=new_id)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The order with that id was done, or could not be: ``problem`` is the code of what stopped it."""

    order: str
    problem: str = ""


AnOrder = TypeVar("AnOrder", bound=Order)
AnAnswer = TypeVar("AnAnswer", bound=Answer)


class Orders(Generic[AnOrder, AnAnswer]):
    """One kind of them. In ``folder``: ``name``, the order that waits, and ``name.answer``, the newest answer."""

    def __init__(self, folder: Path, name: str, order: type[AnOrder], answer: type[AnAnswer]) -> None:
        self._order, self._answer = folder / name, folder / f"{name}.answer"
        self._kinds = order, answer

    def place(self, order: AnOrder) -> str:
        """Order it; its id. It takes the place of one that was not done yet. Raises ``OSError``."""
        self._order.parent.mkdir(parents=True, exist_ok=True)
        put(self._order, msgspec.json.encode(order))
        return order.id

    def waiting(self) -> AnOrder | None:
        """What is ordered and not done; none where the file cannot be read."""
        return _read(self._order, self._kinds[0])

    def answer(self, answer: AnAnswer) -> None:
        """It was done, or could not be. Raises ``OSError``."""
        put(self._answer, msgspec.json.encode(answer))
        if (left := self.waiting()) is not None and left.id == answer.order:
            self._order.unlink(missing_ok=True)

    def wait(self, order: str, seconds: float) -> AnAnswer | None:
        """The answer to the order with that id; ``None`` when none came in time."""
        until = time.monotonic() + seconds
        while True:
            answer = _read(self._answer, self._kinds[1])
            if answer is not None and answer.order == order:
                return answer
            if time.monotonic() > until:
                return None
            time.sleep(_POLL)


_Kind = TypeVar("_Kind")


def _read(path: Path, kind: type[_Kind]) -> _Kind | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
