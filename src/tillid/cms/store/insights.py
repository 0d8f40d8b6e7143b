"""Which cases of insight there are: the cases themselves are events in the child's ledger (ADR 0058)."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from tillid.cms.store.records import branch

_CASES = "insight_cases"  # made with the first: reading an older store writes nothing


class ZodbInsights:
    """The port ``Insights``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def add(self, case_id: str, child_id: str) -> None:
        branch(self._root, _CASES)[case_id] = child_id

    def all(self) -> Mapping[str, str]:
        """Case id → child id."""
        return dict(self._root.get(_CASES, {}).items())
