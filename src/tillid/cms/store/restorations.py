"""Which backups were put back in this store's place (port ``Restorations``). Reading a store that never was writes nothing."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

import msgspec

from tillid.cms.store.records import Record, known, read_current
from tillid.consents.restored import LookedAt, Restored

_NAME = "restorations"


class ZodbRestorations:
    """The port ``Restorations``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def all(self) -> Sequence[Restored]:
        """Oldest first. A transaction that writes by what it says is not committed beside one that changes it."""
        record = self._root.get(_NAME)
        if record is None:
            return ()
        read_current(record)
        return known(record.data, tuple[Restored, ...])

    def add(self, one: Restored) -> None:
        self._put((*self.all(), one))

    def look_at(self, restored_id: str, looked_at: LookedAt) -> None:
        self._put(
            msgspec.structs.replace(one, looked_at=looked_at)
            if one.id == restored_id and one.looked_at is None
            else one
            for one in self.all()
        )

    def _put(self, every: Any) -> None:
        data = msgspec.json.encode(list(every))
        record = self._root.get(_NAME)
        if record is None:
            self._root[_NAME] = Record(data)
        else:
            record.data = data
