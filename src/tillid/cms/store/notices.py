"""Messages in a person's own list."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from BTrees.OOBTree import OOBTree

from tillid.cms.store.records import branch, decode, encode
from tillid.usecases.ports import Notice


class ZodbNotices:
    """The port ``Notices``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._people = branch(root, "notices")

    def add(self, notice: Notice) -> None:
        own = self._people.get(notice.to_person)
        if own is None:
            own = self._people[notice.to_person] = OOBTree()
        if notice.id not in own:
            own[notice.id] = encode(notice)

    def of_person(self, person_id: str) -> Sequence[Notice]:
        """The newest first."""
        found = [decode(data, Notice) for data in (self._people.get(person_id) or {}).values()]
        return sorted(found, key=lambda notice: (notice.at, notice.id), reverse=True)
