"""Documents that search must not show, written in the click's own transaction (design 7)."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from tillid.cms.store.records import Shards

NAME, ONE_SET = "excluded", "exclusions"  # the second: one set for everybody, until version 1002


class ZodbExclusions:
    """The port ``Exclusions``. Spread over shards, so that two parents who withdraw at once do not meet here: one set for
    everybody made them wait for each other whenever it split a bucket, or emptied one."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root
        self._causes = Shards(root, NAME)

    def add(self, document_id: str, cause: str) -> None:
        self._causes.put(f"{document_id}:{cause}", document_id)

    def remove(self, document_id: str, cause: str) -> None:
        """Nothing happens if it is not excluded for that cause; other causes stay."""
        self._causes.pop(f"{document_id}:{cause}")

    def all(self) -> frozenset[str]:
        return frozenset(self._causes.values())

    def take_over(self) -> None:
        """Bring what stands in the one set of before into the shards (an upgrade step); again without harm."""
        for key in self._root.pop(ONE_SET, ()):
            document_id, _, cause = key.partition(":")
            self.add(document_id, cause)
