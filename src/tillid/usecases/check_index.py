"""Whether the archive's full text holds what the store says, and nothing else: every difference by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from tillid.archive.query import Held, SearchEntry, held_of
from tillid.usecases.follow_up import all_entries
from tillid.usecases.ports import House

# missing: not in the index; left: there, though it must not be found; older, newer: of another moment than the store;
# other: of the same moment and not the same.
Kind = Literal["missing", "left", "older", "newer", "other"]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One version. ``waiting``: a change is under way, and the document is shown in no search until it is there."""

    kind: Kind
    document_id: str
    version: int
    waiting: bool = False


class IndexReport(msgspec.Struct, frozen=True, kw_only=True):
    """``wanted``: how many versions the store says shall be found; ``repaired``: how many differences were mended."""

    wanted: int = 0
    differences: tuple[Difference, ...] = ()
    repaired: int = 0


def check_index(house: House, held: Iterable[Held]) -> IndexReport:
    """Compare ``held``, all that the index holds, with the store as it is in this transaction."""
    entries = list(all_entries(house))
    return IndexReport(wanted=len(entries), differences=_differences(entries, held, house.exclusions.all()))


def _differences(entries: list[SearchEntry], held: Iterable[Held], waiting: frozenset[str]) -> tuple[Difference, ...]:
    wanted = {(one.document_id, one.version): held_of(one, one.text, one.filed, one.sequence) for one in entries}
    found: list[tuple[Kind, str, int]] = []
    for one in held:
        expected = wanted.pop((one.document_id, one.version), None)
        kind = _kind(one, expected)
        if kind is not None:
            found.append((kind, one.document_id, one.version))
    found += [("missing", document_id, version) for document_id, version in wanted]
    return tuple(
        Difference(kind=kind, document_id=id_, version=version, waiting=id_ in waiting)
        for kind, id_, version in sorted(found)
    )


def _kind(held: Held, expected: Held | None) -> Kind | None:
    if expected is None:
        return "left"
    if held.sequence != expected.sequence:
        return "older" if held.sequence < expected.sequence else "newer"
    return None if held.digest == expected.digest else "other"


def repair_index(house: House, held: Iterable[Held]) -> IndexReport:
    """Mend each difference by writing what the store says. What is ``newer`` than the store (which was set back to a backup)
    stays: no write may be older than what is there; building anew mends that. Raises ``Unavailable``."""
    kept = list(held)
    report, repaired = check_index(house, kept), 0
    entries = {(one.document_id, one.version): one for one in all_entries(house)}
    sequences = {(one.document_id, one.version): one.sequence for one in kept}
    for one in report.differences:
        key = (one.document_id, one.version)
        if one.kind == "newer":
            continue
        if one.kind == "left":
            house.search.delete(*key, max(sequences[key], len(house.ledger.of_document(one.document_id))))
        else:
            house.search.put(entries[key])
        repaired += 1
    return msgspec.structs.replace(report, repaired=repaired)
