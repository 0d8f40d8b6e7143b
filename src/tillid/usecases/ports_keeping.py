"""What is kept beside the documents about how they are kept: due days as last worked out, the municipality's KLE marks, what went by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tillid.archive.due_index import DueEntry, DueTotals
from tillid.archive.kle import KleTable
from tillid.archive.rule_run import RuleRun


class KeepingNotes(Protocol):
    """None of it decides anything: a document's own events do (``archive/keeping.py``)."""

    def put_due(self, months: Mapping[str, Sequence[DueEntry]], at: datetime) -> None:
        """All of it anew; a month that has not changed is not written."""

    def due_totals(self) -> DueTotals | None:
        """``None`` before the first time."""

    def due_in(self, months: Iterable[str]) -> Sequence[DueEntry]:
        """What was due in them, in the order given; ``""``: what had no day."""

    def kle(self) -> KleTable | None:
        """The table in use."""

    def put_kle(self, table: KleTable) -> None: ...
    def kle_proposed(self) -> KleTable | None:
        """One that was sent in and is not in use yet."""

    def propose_kle(self, table: KleTable | None) -> None: ...
    def add_run(self, run: RuleRun) -> None: ...
    def runs(self) -> Sequence[RuleRun]:
        """Newest first."""
