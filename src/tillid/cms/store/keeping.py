"""Notes beside the documents about how they are kept (port ``KeepingNotes``). Made with the first: reading an older store writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tillid.archive.due_index import DueEntry, DueTotals, totals
from tillid.archive.kle import KleTable
from tillid.archive.rule_run import RuleRun
from tillid.cms.store.records import Record, branch, decode, encode

_DUE, _NOTES = "due_months", "keeping_notes"
_TOTALS, _KLE, _PROPOSED, _RUNS = "totals", "kle", "kle_proposed", "runs"
_MOST_RUNS = 200


class ZodbKeepingNotes:
    """The port ``KeepingNotes``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def put_due(self, months: Mapping[str, Sequence[DueEntry]], at: datetime) -> None:
        kept = branch(self._root, _DUE)
        for month in [one for one in kept if one not in months]:
            del kept[month]
        for month, entries in months.items():
            data, record = msgspec.json.encode(entries), kept.get(month)
            if record is None:
                kept[month] = Record(data)
            elif record.data != data:
                record.data = data
        self._put(_TOTALS, encode(totals({month: list(ones) for month, ones in months.items()}, at)))

    def due_totals(self) -> DueTotals | None:
        return self._get(_TOTALS, DueTotals)

    def due_in(self, months: Iterable[str]) -> Sequence[DueEntry]:
        kept = self._root.get(_DUE, {})
        records = [kept[month] for month in months if month in kept]
        return [one for record in records for one in msgspec.json.decode(record.data, type=list[DueEntry])]

    def kle(self) -> KleTable | None:
        return self._get(_KLE, KleTable)

    def put_kle(self, table: KleTable) -> None:
        self._put(_KLE, encode(table))

    def kle_proposed(self) -> KleTable | None:
        return self._get(_PROPOSED, KleTable)

    def propose_kle(self, table: KleTable | None) -> None:
        if table is None:
            branch(self._root, _NOTES).pop(_PROPOSED, None)
        else:
            self._put(_PROPOSED, encode(table))

    def add_run(self, run: RuleRun) -> None:
        self._put(_RUNS, msgspec.json.encode([run, *self.runs()][:_MOST_RUNS]))

    def runs(self) -> Sequence[RuleRun]:
        record = self._root.get(_NOTES, {}).get(_RUNS)
        return [] if record is None else msgspec.json.decode(record.data, type=list[RuleRun])

    def _get(self, name: str, kind: type) -> Any:
        record = self._root.get(_NOTES, {}).get(name)
        return None if record is None else decode(record.data, kind)

    def _put(self, name: str, data: bytes) -> None:
        kept = branch(self._root, _NOTES)
        record = kept.get(name)
        if record is None:
            kept[name] = Record(data)
        else:
            record.data = data
