"""Which cases of insight there are: the cases themselves are events in the child's ledger (ADR 0058)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from tillid.cms.store.records import branch

# Made with the first: reading an older store writes nothing.
_CASES, _UNPACKED = "insight_cases", "insight_unpacked"


class ZodbInsights:
    """The port ``Insights``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def add(self, case_id: str, child_id: str) -> None:
        branch(self._root, _CASES)[case_id] = child_id

    def all(self) -> Mapping[str, str]:
        """Case id → child id."""
        return dict(self._root.get(_CASES, {}).items())

    def forgotten(self, case_id: str) -> None:
        branch(self._root, _UNPACKED)[case_id] = True

    def unpacked(self) -> Sequence[str]:
        return tuple(self._root.get(_UNPACKED, ()))

    def packed(self, ids: Iterable[str]) -> None:
        waiting = branch(self._root, _UNPACKED)
        for id_ in ids:
            waiting.pop(id_, None)
