"""Where the cases of insight are found (ADR 0058); what happened in each is in the child's ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Insights(Protocol):
    """The list of cases; a case is never taken out of it."""

    def add(self, case_id: str, child_id: str) -> None: ...
    def all(self) -> Mapping[str, str]:
        """Case id → child id."""
