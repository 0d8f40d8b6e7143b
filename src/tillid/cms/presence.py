"""Who is writing in which section now: ids only, forgotten after a minute, in no backup (design 18, ADR 0023)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tillid.cms.store.records import branch
from tillid.kernel.errors import Unavailable

LIFE = timedelta(seconds=60)
# A mark is written again when it is this old: pages ask more often than that.
_AGAIN = timedelta(seconds=25)


class _Mark(msgspec.Struct, frozen=True, kw_only=True):
    section: str
    at: datetime


class Presence:
    """Made by ``SecondStore``."""

    def __init__(self, read: Callable[..., Any], write: Callable[..., Any]) -> None:
        self._read = read
        self._write = write

    def mark(self, document_id: str, person_id: str, section: str, now: datetime) -> None:
        """``person_id`` has ``section`` of the document open. Nobody is stopped when it cannot be written."""
        known = self._marks(document_id).get(person_id)
        if known is not None and known.section == section and now - known.at < _AGAIN:
            return

        def action(root: Any) -> None:
            tree = branch(root, "presence")
            marks = _alive(tree.get(document_id), now) | {person_id: _Mark(section=section, at=now)}
            tree[document_id] = msgspec.json.encode(marks)

        with suppress(Unavailable):
            self._write(action, can_wait=True)

    def of(self, document_id: str, now: datetime) -> dict[str, str]:
        """Person id → section, of the last minute."""
        return {person: mark.section for person, mark in self._marks(document_id).items() if now - mark.at < LIFE}

    def sweep(self, now: datetime) -> None:
        """Forget what has expired."""

        def action(root: Any) -> None:
            tree = branch(root, "presence")
            for document_id, data in list(tree.items()):
                if not _alive(data, now):
                    del tree[document_id]

        self._write(action)

    def _marks(self, document_id: str) -> dict[str, _Mark]:
        return _decoded(self._read(lambda root: root.get("presence", {}).get(document_id)))


def _alive(data: bytes | None, now: datetime) -> dict[str, _Mark]:
    return {person: mark for person, mark in _decoded(data).items() if now - mark.at < LIFE}


def _decoded(data: bytes | None) -> dict[str, _Mark]:
    return {} if data is None else msgspec.json.decode(data, type=dict[str, _Mark])
