"""What is kept beside the documents about how they are kept: due days as last worked out, the municipality's KLE marks, what went by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from tillid.archive.due_index import DueEntry, DueIndex, DueTotals, FormDue
from tillid.archive.kle import KleTable
from tillid.archive.rule_run import RuleRun


class KeepingNotes(Protocol):
    """None of it decides anything: a document's own events do (``archive/keeping.py``)."""

    def put_due(self, index: DueIndex) -> None:
        """All of it anew; what has not changed is not written."""

    def due_totals(self) -> DueTotals | None:
        """``None`` before the first time."""

    def due_piece(self, key: str) -> Sequence[DueEntry]:
        """By ``piece_key``; nothing for one that is not there."""

    def due_pieces(self, place: str) -> Iterator[Sequence[DueEntry]]:
        """All of a place's, one after the other and not held."""

    def due_form(self, key: str) -> FormDue:
        """By ``form_key``."""

    def due_begins(self, key: str) -> Sequence[date]:
        """By ``begin_key``."""

    def kle(self) -> KleTable | None:
        """The table in use."""

    def put_kle(self, table: KleTable) -> None: ...
    def kle_proposed(self) -> KleTable | None:
        """One that was sent in and is not in use yet."""

    def propose_kle(self, table: KleTable | None) -> None: ...
    def add_run(self, run: RuleRun) -> None: ...
    def runs(self) -> Sequence[RuleRun]:
        """Newest first."""
