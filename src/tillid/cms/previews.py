"""Rendered previews, and orders of many documents: for one person, for a short while, in no backup (design 18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from persistent import Persistent

from tillid.cms.store.records import branch
from tillid.kernel.ids import new_id

LIFE = timedelta(minutes=30)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that one person may see."""

    data: bytes
    media_type: str


class _Kept(Persistent):
    """A preview in the storage, a record of its own."""

    def __init__(self, person_id: str, until: str, media_type: str, data: bytes) -> None:
        self.person_id = person_id
        self.until = until
        self.media_type = media_type
        self.data = data


class Previews:
    """Made by ``SecondStore``."""

    def __init__(self, read: Callable[..., Any], write: Callable[..., Any]) -> None:
        self._read = read
        self._write = write

    def put(self, person_id: str, data: bytes, media_type: str, now: datetime, id: str = "",
            life: timedelta = LIFE) -> str:  # fmt: skip
        """Keep it for ``life``, in the place of what had the same ``id``; returns that, a random one if none is given."""
        id = id or new_id()
        kept = (person_id, (now + life).isoformat(), media_type, data)
        self._write(lambda root: branch(root, "previews").__setitem__(id, _Kept(*kept)), can_wait=True)
        return id

    def get(self, id: str, person_id: str, now: datetime) -> Preview | None:
        """The preview if it is that person's and has not expired, else ``None``."""

        def action(root: Any) -> Preview | None:
            kept = root.get("previews", {}).get(id)
            if kept is None or kept.person_id != person_id or now >= datetime.fromisoformat(kept.until):
                return None
            return Preview(data=kept.data, media_type=kept.media_type)

        return self._read(action)

    def drop(self, id: str) -> None:
        """Forget it; nothing happens if it is gone."""
        self._write(lambda root: branch(root, "previews").pop(id, None))

    def sweep(self, now: datetime) -> None:
        """Forget what has expired."""

        def action(root: Any) -> None:
            previews = branch(root, "previews")
            for id, kept in list(previews.items()):
                if now >= datetime.fromisoformat(kept.until):
                    del previews[id]

        self._write(action)
