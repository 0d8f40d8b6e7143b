"""Notes beside the documents about how they are kept (port ``KeepingNotes``). Made with the first: reading an older store writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from datetime import date
from typing import Any

import msgspec

from tillid.archive.due_index import DueEntry, DueIndex, DueTotals, FormDue
from tillid.archive.kle import KleTable
from tillid.archive.rule_run import RuleRun
from tillid.cms.store.records import Record, branch, decode, encode

_NOTES, _PIECES, _FORMS, _BEGINS = "keeping_notes", "due_pieces", "due_forms", "due_begins"
_TOTALS, _KLE, _PROPOSED, _RUNS = "totals", "kle", "kle_proposed", "runs"
_MOST_RUNS = 200


class ZodbKeepingNotes:
    """The port ``KeepingNotes``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def put_due(self, index: DueIndex) -> None:
        self._write(_PIECES, index.pieces)
        self._write(_FORMS, index.forms)
        self._write(_BEGINS, index.begins)
        self._put(_TOTALS, encode(index.totals))

    def _write(self, name: str, found: Mapping[str, Any]) -> None:
        kept = branch(self._root, name)
        for key in [one for one in kept if one not in found]:
            del kept[key]
        for key, value in found.items():
            data, record = msgspec.json.encode(value), kept.get(key)
            if record is None:
                kept[key] = Record(data)
            elif record.data != data:
                record.data = data
            else:
                record._p_deactivate()

    def due_totals(self) -> DueTotals | None:
        return self._get(_TOTALS, DueTotals)

    def due_piece(self, key: str) -> Sequence[DueEntry]:
        record = self._root.get(_PIECES, {}).get(key)
        return () if record is None else msgspec.json.decode(record.data, type=list[DueEntry])

    def due_pieces(self, place: str) -> Iterator[Sequence[DueEntry]]:
        tree = self._root.get(_PIECES)
        for record in tree.values(f"{place} ", f"{place}!", excludemax=True) if tree is not None else ():
            yield msgspec.json.decode(record.data, type=list[DueEntry])
            record._p_deactivate()

    def due_form(self, key: str) -> FormDue:
        record = self._root.get(_FORMS, {}).get(key)
        return FormDue() if record is None else decode(record.data, FormDue)

    def due_begins(self, key: str) -> Sequence[date]:
        record = self._root.get(_BEGINS, {}).get(key)
        return () if record is None else msgspec.json.decode(record.data, type=list[date])

    def forget_due(self) -> None:
        """Nothing was worked out: of a layout of before (upgrade step 1003)."""
        for name in ("due_months", _PIECES, _FORMS, _BEGINS):
            self._root.pop(name, None)
        self._root.get(_NOTES, {}).pop(_TOTALS, None)

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
