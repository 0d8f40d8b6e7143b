"""What became of an archived document beside its events: who read it, when it was packed, when its bytes were read again.

From the access log by the kind of reader alone: names are for the data protection officer (R-71).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from tillid.archive.fixity import Damage, Fixity, of_events
from tillid.documents.model import Document, Version
from tillid.kernel.clock import local_day
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.see_log import SHOWN, LogRow, with_outcomes

# What shows somebody the frozen text or a record of it.
READING = frozenset({
    "read_team_copy", "read_parent_copy", "read_released", "read_archived", "read_archived_version", "compare_archived",
    "read_individual", "read_attachment", "open_archived", "export_record", "search_hit", "search_own_hit",
    "fetch_receipt", "fetch_hand_out",
})  # fmt: skip
PACKED = "make_package"  # what ``tillid package make`` writes before each


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """``times`` that readers in ``role`` did ``action`` on one day, the last of them ``at``."""

    at: datetime
    action: str
    role: str
    times: int


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """When its stored bytes were last read again: ``since`` … ``at`` in the round that is under way; with ``since=None`` ``at`` is
    when the last whole round ended. ``at=None``: not yet. ``damages``: of what is its own."""

    at: datetime | None = None
    since: datetime | None = None
    damages: tuple[Damage, ...] = ()


class History(msgspec.Struct, frozen=True, kw_only=True):
    """``reads``: oldest first, of the newest ``SHOWN`` rows about the child (``more``: there are older ones)."""

    reads: tuple[Read, ...]
    more: bool
    packed: tuple[datetime, ...]
    checked: Checked


def history_of(house: House, document: Document) -> History:
    """For who was asked and logged already."""
    rows = house.audit.of_child(document.child_id, 2 * SHOWN)
    versions = (house.documents.version(document.id, number) for number in range(1, document.versions + 1))
    return History(
        reads=reads_among(with_outcomes([row for row in rows if row.object_id == document.id])),
        more=len(rows) == 2 * SHOWN,
        packed=packings(house.audit.operators.about(document.id)),
        checked=checked(
            house.blobs.fixity(),
            document.id,
            [one for one in versions if one is not None],
            [event.id for event in house.ledger.of_document(document.id)],
        ),
    )


def reads_among(rows: Iterable[LogRow]) -> tuple[Read, ...]:
    """The readings among ``rows`` that were not refused, those of a day, kind and role as one; oldest first."""
    found: dict[tuple[date, str, str], Read] = {}
    for one in rows:
        row = one.row
        if row.action not in READING or one.outcome in ("refused", "failed"):
            continue
        key = (local_day(row.at), row.action, row.role)
        so_far = found.get(key)
        last, times = (max(so_far.at, row.at), so_far.times) if so_far else (row.at, 0)
        found[key] = Read(at=last, action=row.action, role=row.role, times=times + 1)
    return tuple(sorted(found.values(), key=lambda one: one.at))


def packings(rows: Iterable[AuditRow]) -> tuple[datetime, ...]:
    """When a package of it was asked for, by the operators' own log."""
    return tuple(row.at for row in rows if row.action == PACKED and row.phase == "attempt")


def checked(state: Fixity | None, document_id: str, versions: Iterable[Version], events: Iterable[str] = ()) -> Checked:
    """What the reading of all stored bytes says of one document and its ``events`` (ids). Things are read in one order, first files, then documents; what was
    stored after a round had begun may have come behind its back and waits for the next."""
    if state is None:
        return Checked()
    digests, newest = set(), None
    for version in versions:
        copies = (*version.copies.values(), *version.receiver_copies.values())
        digests |= {one.sha256 for one in copies} | {one.tail for one in version.archive_revisions}
        moments = (version.frozen_at, *(one.made_at for one in (*copies, *version.archive_revisions)))
        newest = max(filter(None, (newest, *moments)))
    names = {f"document:{document_id}", *(f"blob:{digest}" for digest in digests)}
    damages = tuple(one for one in state.damages if one.what in names) + of_events(state, events)
    if state.after >= f"document:{document_id}" and (newest is None or newest < state.began_at):
        return Checked(at=state.ran_at, since=state.began_at, damages=damages)
    if state.whole_from is not None and (newest is None or newest < state.whole_from):
        return Checked(at=state.whole_at, damages=damages)
    return Checked(damages=damages)
