"""What the use cases need to know of the folder in which heads of the log lie for a witness."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class WitnessState(msgspec.Struct, frozen=True, kw_only=True):
    """As of the last look. ``problem``: a code, empty when all is well, ``said`` what it means and what to do; ``newest``: when the newest
    head there was dropped."""

    problem: str = ""
    said: str = ""
    newest: datetime | None = None


class HeadWitness(Protocol):
    """A folder outside the installation."""

    def state(self) -> WitnessState:
        """Remembered, never asked: a disk that is away keeps nobody waiting."""
