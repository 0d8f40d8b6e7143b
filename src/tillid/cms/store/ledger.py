"""The append-only ledger, bucketed per child (design 15, 21; R-21).

Everything of one child hangs on one persistent ``ChildLedger``. Every append changes it, and a plain persistent object
has no conflict resolution: of two transactions that append for one child at the same time only the first commits; the
second runs again on what the first wrote. Lookups by event, document, request and series lead to the child only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from tillid.cms.store.file_users import OF_EVENTS, FileUsers
from tillid.cms.store.records import Shards, branch, read_current
from tillid.consents.events import Event, forgotten, scans_in
from tillid.kernel.errors import TillidError

_HOLDS = "open_holds"  # ids of the events; made with the first
_ORDERS = "open_orders"  # ids of documents whose destruction was asked for
_ENDS_ORDER = ("destruction_cancelled", "document_appraised", "document_destroyed")
# An event never changes, and each page asks the events of its document twice.
_event = lru_cache(maxsize=4096)(Event.from_json)


class Entry(Persistent):
    """One event. ``evidence`` is an object of its own, so that deciding access never loads signed XML."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.evidence = Evidence()


class Evidence(Persistent):
    """Attachments of one event, each kind once: kind → bytes."""

    def __init__(self) -> None:
        self.kinds: dict[str, bytes] = {}


class ChildLedger(Persistent):
    """One child's events by position, and their positions under ``event:…``, ``document:…`` and so on."""

    def __init__(self) -> None:
        self.length = 0
        self.entries = IOBTree()
        self.places = OOBTree()

    def append(self, event: Event) -> None:
        """Add at the end. The change of ``length`` is what makes concurrent appends conflict."""
        at = self.length
        self.length = at + 1
        self.entries[at] = Entry(event.json())
        for key in _keys(event):
            self.places[key] = (*self.places.get(key, ()), at)

    def under(self, key: str) -> Iterator[bytes]:
        """The stored events under ``document:…``, ``request:…`` or ``series:…``, in the order appended."""
        return (self.entries[at].data for at in self.places.get(key, ()))


class ZodbLedger:
    """The port ``Ledger``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._children = Shards(root, "ledger_children")
        # event:…, document:…, request:…, series:… → child id
        self._child_of = Shards(root, "ledger_lookup")
        self._by_file = FileUsers(root, OF_EVENTS)
        self._root = root

    def append(self, event: Event) -> None:
        child = self._children.get(event.child_id)
        if child is None:
            child = ChildLedger()
            self._children.put(event.child_id, child)
        self._check(child, event)
        child.append(event)
        for key in _keys(event):
            if self._child_of.get(key) is None:
                self._child_of.put(key, event.child_id)
        self._by_file.add(scans_in(event.payload), event.id)
        if event.kind == "hold_placed":
            branch(self._root, _HOLDS)[event.id] = True
        elif event.kind == "hold_lifted":
            branch(self._root, _HOLDS).pop(event.payload.get("hold"), None)
        elif event.kind == "destruction_ordered":
            branch(self._root, _ORDERS)[event.document_id] = True
        elif event.kind in _ENDS_ORDER and event.document_id in self._root.get(_ORDERS, ()):
            del self._root[_ORDERS][event.document_id]

    def open_orders(self) -> list[str]:
        return list(self._root.get(_ORDERS, ()))

    def open_holds(self) -> list[Event]:
        found = [event for id_ in self._root.get(_HOLDS, ()) if (event := self.event(id_)) is not None]
        return sorted(found, key=lambda event: (event.at, event.id))

    def list_standing(self) -> None:
        """Make the lists of holds and orders that stand anew, of the whole ledger."""
        standing: dict[str, bool] = {}
        ordered: dict[str, bool] = {}
        for event in self._each():
            if event.kind == "hold_placed":
                standing[event.id] = True
            elif event.kind == "hold_lifted":
                standing.pop(event.payload.get("hold"), None)
            elif event.kind == "destruction_ordered":
                ordered[event.document_id] = True
            elif event.kind in _ENDS_ORDER:
                ordered.pop(event.document_id, None)
        self._root[_HOLDS], self._root[_ORDERS] = OOBTree(standing), OOBTree(ordered)

    def list_scans(self) -> None:
        """Enter the scans that the events of the whole ledger name anew (an upgrade step)."""
        self._by_file.begin_anew()
        for event in self._each():
            self._by_file.add(scans_in(event.payload), event.id)

    def _each(self) -> Iterator[Event]:
        """Every event of the whole ledger, which is more than memory holds: for an upgrade step."""
        for child in self._children.values():
            for at in child.entries:
                entry = child.entries[at]
                yield Event.from_json(entry.data)
                entry._p_deactivate()
            child._p_deactivate()

    def names_scan(self, digest: str) -> bool:
        """Whether an event names that file as the scan of an answer on paper; those are read that are known to (ADR 0100)."""
        found = (self.event(event_id) for event_id in self._by_file.of(digest))
        return any(digest in scans_in(event.payload) for event in found if event is not None)

    def event(self, event_id: str) -> Event | None:
        entry = self._entry(event_id)
        return None if entry is None else _event(entry.data)

    def of_document(self, document_id: str) -> list[Event]:
        return self._under("document:" + document_id)

    def of_child(self, child_id: str) -> list[Event]:
        child = self._current(child_id)
        return [] if child is None else [_event(entry.data) for entry in child.entries.values()]

    def all(self) -> Iterator[list[Event]]:
        """The events of each child in the order appended: for who reads the whole ledger."""
        for child in self._children.values():
            yield [_event(entry.data) for entry in child.entries.values()]

    def children(self, after: str = "") -> Iterable[str]:
        """Their ids in one order that stays, those that follow ``after``, which was one of them."""
        return self._children.keys_after(after)

    def stored(self, child_id: str) -> Iterator[tuple[str, bytes]]:
        """Each event's id and its bytes as they are stored, in the order appended: for who reads what may be damaged."""
        child = self._children.get(child_id)
        if child is None:
            return
        ids = {child.places[key][0]: key.removeprefix("event:") for key in child.places.keys("event:", "event;")}
        for at in child.entries:
            entry = child.entries[at]
            yield ids.get(at, ""), entry.data
            entry._p_deactivate()  # a long series is more than memory should hold

    def series(self, series_id: str) -> list[Event]:
        return self._under("series:" + series_id)

    def of_request(self, request_id: str) -> list[Event]:
        return self._under("request:" + request_id) if request_id else []

    def attach(self, event_id: str, kind: str, data: bytes) -> bool:
        """Raises ``TillidError`` (``ledger.unknown-event``) if there is no such event."""
        entry = self._entry(event_id)
        if entry is None:
            raise TillidError("evidence for an unknown event", code="ledger.unknown-event")
        evidence = entry.evidence
        if kind in evidence.kinds:
            return False
        evidence.kinds = {**evidence.kinds, kind: data}
        return True

    def forget(self, document_id: str, stays: Collection[str]) -> None:
        """The document's events but those of the kinds in ``stays`` give way to their digests, with all their evidence: once
        their own period is over (R-90), and never undone."""
        child = self._current(self._child_of.get("document:" + document_id))
        for at in child.places.get("document:" + document_id, ()) if child is not None else ():
            entry = child.entries[at]
            if (event := _event(entry.data)).kind not in stays:
                self._by_file.drop(scans_in(event.payload), event.id)
                entry.data, entry.evidence.kinds = forgotten(event).json(), {}
                child.length = child.length  # whoever appends for the child meanwhile conflicts

    def attachments(self, event_id: str) -> dict[str, bytes]:
        entry = self._entry(event_id)
        return {} if entry is None else dict(entry.evidence.kinds)

    def _check(self, child: ChildLedger, event: Event) -> None:
        """The event is new, its series, document and request belong to this child, and it follows its series."""
        if self._child_of.get("event:" + event.id) is not None:
            raise _conflict("the event id is there already")
        if any(self._child_of.get(key, event.child_id) != event.child_id for key in _keys(event)):
            raise _conflict("series, document or request of another child")
        series = list(child.under("series:" + event.series_id))
        expected = (len(series) + 1, _event(series[-1]).digest if series else None)
        if event.kind == "forgotten":
            raise _conflict("nothing begins as forgotten")
        if (event.sequence, event.previous) != expected:
            raise _conflict(f"sequence {event.sequence} where {expected[0]} follows, or a broken link")

    def _current(self, child_id: str | None) -> ChildLedger | None:
        """The child's ledger. A transaction that read it and writes anything conflicts with a concurrent append:
        nothing is decided on a ledger that has moved on."""
        child = None if child_id is None else self._children.get(child_id)
        if child is not None:
            read_current(child)
        return child

    def _under(self, key: str) -> list[Event]:
        child = self._current(self._child_of.get(key))
        return [] if child is None else [_event(data) for data in child.under(key)]

    def _entry(self, event_id: str) -> Entry | None:
        child = self._current(self._child_of.get("event:" + event_id))
        return None if child is None else child.entries[child.places["event:" + event_id][0]]


def _keys(event: Event) -> tuple[str, ...]:
    """Everything an event is found by."""
    keys = ("event:" + event.id, "document:" + event.document_id, "series:" + event.series_id)
    return (*keys, "request:" + event.request_id) if event.request_id else keys


def _conflict(detail: str) -> TillidError:
    return TillidError(
        detail,
        code="ledger.conflict",
        text="Nogen har ændret noget imens. Intet er registreret. Hent siden igen, og prøv en gang til.",
    )
