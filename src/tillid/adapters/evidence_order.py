"""What a command orders of a running Tillid: keep the evidence now, with the records. Two small files in the evidence's folder.

The database has one writer, so the command cannot do it beside the server; the server looks here with every sweep.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tillid.kernel.files import put
from tillid.kernel.ids import new_id

_POLL = 0.2


class EvidenceOrder:
    """In ``folder``: ``order`` (its id) and ``order.answer`` (the id, and the code of what went wrong or nothing)."""

    def __init__(self, folder: Path) -> None:
        self._order, self._answer = folder / "order", folder / "order.answer"

    def place(self) -> str:
        """Order it; the order's id. A second order before the first was done takes its place. Raises ``OSError``."""
        order = new_id()
        self._order.parent.mkdir(parents=True, exist_ok=True)
        put(self._order, order.encode())
        return order

    def waiting(self) -> str:
        """The id of what is ordered and not done; empty where nothing is."""
        return _text(self._order)

    def done(self, order: str, code: str = "") -> None:
        """It was done, or could not be (``code``). Raises ``OSError``."""
        put(self._answer, f"{order} {code}".encode())
        if self.waiting() == order:
            self._order.unlink(missing_ok=True)

    def wait(self, order: str, seconds: float) -> str | None:
        """The code, empty when it was done; ``None`` when no answer came in time."""
        until = time.monotonic() + seconds
        while True:
            answered, _, code = _text(self._answer).partition(" ")
            if answered == order:
                return code
            if time.monotonic() > until:
                return None
            time.sleep(_POLL)


def _text(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes())
    except OSError:
        return ""
