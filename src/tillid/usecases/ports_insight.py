"""Where the cases of insight are found (ADR 0058); what happened in each is in the child's ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol


class Insights(Protocol):
    """The list of cases; a case is never taken out of it: of one whose period is over the ledger has a stone."""

    def add(self, case_id: str, child_id: str) -> None: ...
    def all(self) -> Mapping[str, str]:
        """Case id → child id."""

    def forgotten(self, case_id: str) -> None:
        """The case went; the files of the storage may still hold it."""

    def unpacked(self) -> Sequence[str]:
        """Ids of those that the files may still hold."""

    def packed(self, ids: Iterable[str]) -> None:
        """The files were written anew without them."""
