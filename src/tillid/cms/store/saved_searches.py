"""Searches that archivists keep (ADR 0054). Each is a record of its own."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

import msgspec

from tillid.archive.saved import SavedSearch
from tillid.cms.store.records import Record, branch, decode, encode

_BRANCH = "saved_searches"  # made with the first: reading an older store writes nothing


class ZodbSavedSearches:
    """The port ``SavedSearches``. All are read when something new is committed: there are few, and nobody else's click waits.
    What this program cannot read, because a newer one saved it, stays where it is and is not there for anybody: it must not
    keep a document out of the search."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def put(self, saved: SavedSearch) -> None:
        tree = branch(self._root, _BRANCH)
        record = tree.get(saved.id)
        if record is None:
            tree[saved.id] = Record(encode(saved))
        else:
            record.data = encode(saved)

    def get(self, search_id: str) -> SavedSearch | None:
        record = self._root.get(_BRANCH, {}).get(search_id)
        return None if record is None else _read(record)

    def of_person(self, person_id: str) -> Sequence[SavedSearch]:
        return [one for one in self.all() if one.owner == person_id]

    def all(self) -> Sequence[SavedSearch]:
        return [one for record in self._root.get(_BRANCH, {}).values() if (one := _read(record)) is not None]

    def remove(self, search_id: str) -> None:
        self._root.get(_BRANCH, {}).pop(search_id, None)


def _read(record: Record) -> SavedSearch | None:
    try:
        return decode(record.data, SavedSearch)
    except msgspec.ValidationError:
        return None
