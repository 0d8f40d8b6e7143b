"""What is left of destroyed documents, and which of them the storage's files may still hold (R-90, ADR 0051)."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any

from tillid.archive.drafts import goes_by_rule
from tillid.archive.keeping import DESTROYED, keeping_of
from tillid.archive.tombstone import Tombstone
from tillid.cms.store.records import Index, Record, branch, decode, encode
from tillid.consents.events import Event
from tillid.kernel.errors import TillidError

# Made with the first: reading an older store writes nothing.
_STONES, _BY_UNIT, _UNPACKED = "tombstones", "tombstones_by_unit", "unpacked"


class NotFree(TillidError):
    """Somebody, or a fault in the program, tried to destroy what may not be destroyed; nothing has happened."""

    code = "keeping.not-free"
    text = "Dokumentet må ikke destrueres: det er holdt tilbage, ikke afgjort, ikke afleveret eller ikke bekræftet af to. Intet er ændret."


class Tombstones:
    """Write-once, but for a document that came back with a backup and went again."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def put(self, stone: Tombstone) -> None:
        branch(self._root, _STONES)[stone.id] = Record(encode(stone))
        Index(branch(self._root, _BY_UNIT)).add(stone.unit_id, stone.id)
        branch(self._root, _UNPACKED)[stone.id] = True

    def get(self, document_id: str) -> Tombstone | None:
        record = self._root.get(_STONES, {}).get(document_id)
        return None if record is None else decode(record.data, Tombstone)

    def ids(self) -> Iterable[str]:
        return self._root.get(_STONES, {}).keys()

    def of_unit(self, unit_id: str) -> Sequence[Tombstone]:
        """The newest first."""
        ids = self._root.get(_BY_UNIT, {}).get(unit_id, ())
        found = [stone for id_ in ids if (stone := self.get(id_)) is not None]
        return tuple(sorted(found, key=lambda one: (one.destroyed_at, one.id), reverse=True))

    def unpacked(self) -> Sequence[str]:
        """Ids of those whose texts the files of the storage may still hold."""
        return tuple(self._root.get(_UNPACKED, ()))

    def packed(self, ids: Iterable[str]) -> None:
        """The files were written anew without them."""
        waiting = branch(self._root, _UNPACKED)
        for id_ in ids:
            waiting.pop(id_, None)


def refuse_unless_free(events: Sequence[Event], *, draft: bool = False) -> None:
    """The last line, whichever way the call came (R-82, R-83, R-90): no hold, no restriction, a decided mark, archived if kept, ordered and
    confirmed by two, and the ledger says that it is destroyed. ``draft``: nobody was ever shown it, so its rule is enough, and its
    author was warned. Raises ``NotFree``."""
    if draft and goes_by_rule(list(events)):
        return
    keeping = keeping_of(events)
    order = keeping.order
    free = (
        not keeping.holds
        and not keeping.restricted
        and keeping.mark != "uafklaret"
        and (keeping.mark == "kasseres" or keeping.transfer is not None)
        and order is not None
        and order.confirmed_by not in ("", order.by)
        and events[-1].kind == DESTROYED
    )
    if not free:
        raise NotFree("the ledger does not allow it")
