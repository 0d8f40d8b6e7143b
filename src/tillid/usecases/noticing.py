"""An outbox that remembers what was added, so that the worker can be woken after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tillid.usecases.ports import Outbox, OutboxEntry


class NoticingOutbox:
    """``outbox``, with the keys of new entries written to ``added``."""

    def __init__(self, outbox: Outbox, added: list[str]) -> None:
        self._outbox, self._added = outbox, added

    def add(self, step: str, ids: dict[str, str], now: datetime) -> OutboxEntry:
        """See ``ports.Outbox``."""
        entry = self._outbox.add(step, ids, now)
        self._added.append(entry.key)
        return entry

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)
