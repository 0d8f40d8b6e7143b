"""Documents that search must not show, written in the click's own transaction (design 7)."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from tillid.cms.store.records import leaf_set


class ZodbExclusions:
    """The port ``Exclusions``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._ids = leaf_set(root, "exclusions")

    def add(self, document_id: str, cause: str) -> None:
        self._ids.add(f"{document_id}:{cause}")

    def remove(self, document_id: str, cause: str) -> None:
        """Nothing happens if it is not excluded for that cause; other causes stay."""
        if f"{document_id}:{cause}" in self._ids:
            self._ids.remove(f"{document_id}:{cause}")

    def all(self) -> frozenset[str]:
        return frozenset(key.partition(":")[0] for key in self._ids)
