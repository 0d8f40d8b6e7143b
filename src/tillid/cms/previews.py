"""Rendered previews, and orders of many documents: for one person, for a short while, in no backup (design 18).

What holds a document's text says whose it is, and goes when that is destroyed, however long it would have lived (R-90).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
from persistent import Persistent

from tillid.cms.store.records import Record, branch, read_current
from tillid.kernel.ids import new_id

LIFE = timedelta(minutes=30)
REFUSED = timedelta(days=1)  # longer than anything is under way
_GONE = "gone"  # made with the first


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that one person may see."""

    data: bytes
    media_type: str


class _Kept(Persistent):
    """A preview in the storage, a record of its own, and its bytes in another: who looks through all of them reads no bytes. ``of``: the
    document whose text it holds; ``None``: put there before that was written down, so it may be any, and its bytes stand in ``data``."""

    of: str | None = None

    def __init__(self, person_id: str, until: str, media_type: str, data: bytes, of: str) -> None:
        self.person_id = person_id
        self.until = until
        self.media_type = media_type
        self.data: Record | bytes = Record(data)
        self.of = of


class _Gone(Persistent):
    """Destroyed documents, of which something may still be under way → until when that is refused. One object, so that a ``put`` and
    a destruction that meet conflict."""

    def __init__(self) -> None:
        self.until: dict[str, str] = {}


class Previews:
    """Made by ``SecondStore``."""

    def __init__(self, read: Callable[..., Any], write: Callable[..., Any]) -> None:
        self._read = read
        self._write = write

    def put(self, person_id: str, data: bytes, media_type: str, now: datetime, id: str = "",
            life: timedelta = LIFE, *, of: str = "") -> str:  # fmt: skip
        """Keep it for ``life``, in the place of what had the same ``id``; returns that, a random one if none is given. ``of``: the
        document whose text it holds; of one that was destroyed meanwhile nothing is kept."""
        id = id or new_id()

        def action(root: Any) -> None:
            gone = root.get(_GONE)
            read_current(root if gone is None else gone)  # destroyed before this commits: run again, and refused
            if gone is None or of not in gone.until:
                branch(root, "previews")[id] = _Kept(person_id, (now + life).isoformat(), media_type, data, of)

        self._write(action, can_wait=True)
        return id

    def get(self, id: str, person_id: str, now: datetime) -> Preview | None:
        """The preview if it is that person's and has not expired, else ``None``."""

        def action(root: Any) -> Preview | None:
            if not _is_theirs(kept := root.get("previews", {}).get(id), person_id, now):
                return None
            data = kept.data if isinstance(kept.data, bytes) else kept.data.data
            return Preview(data=data, media_type=kept.media_type)

        return self._read(action)

    def holds(self, id: str, person_id: str, now: datetime) -> bool:
        """Whether ``get`` would find it; reads none of its bytes."""
        return self._read(lambda root: _is_theirs(root.get("previews", {}).get(id), person_id, now))

    def drop(self, id: str) -> None:
        """Forget it; nothing happens if it is gone."""
        self._write(lambda root: branch(root, "previews").pop(id, None))

    def forget_text(self, documents: Collection[str], now: datetime) -> None:
        """Whatever holds text of those documents goes, whoever it was made for, and what is being made of them is not kept."""

        def mark(root: Any) -> None:
            gone = root.get(_GONE)
            if gone is None:
                gone = root[_GONE] = _Gone()
            gone.until = {**gone.until, **dict.fromkeys(documents, (now + REFUSED).isoformat())}

        def drop(root: Any) -> None:
            previews = branch(root, "previews")
            for id, kept in list(previews.items()):
                if kept.of is None or kept.of in documents:
                    del previews[id]

        # Two transactions: whatever was put before the first is seen by the second, and nothing is put after it.
        self._write(mark)
        self._write(drop)

    def sweep(self, now: datetime) -> None:
        """Forget what has expired."""

        def action(root: Any) -> None:
            previews = branch(root, "previews")
            for id, kept in list(previews.items()):
                if now >= datetime.fromisoformat(kept.until):
                    del previews[id]
            gone = root.get(_GONE)
            if gone is not None and any(now >= datetime.fromisoformat(until) for until in gone.until.values()):
                gone.until = {of: until for of, until in gone.until.items() if now < datetime.fromisoformat(until)}

        self._write(action)


def _is_theirs(kept: _Kept | None, person_id: str, now: datetime) -> bool:
    return kept is not None and kept.person_id == person_id and now < datetime.fromisoformat(kept.until)
