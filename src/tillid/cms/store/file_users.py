"""Who names a stored file: asked when something is destroyed, of which no file may go that another document or event names (ADR 0100).

What stands here is where to look, and whoever asks looks: a name too many costs a read. None may be missing, so a name is entered by
whoever stores it, in the same transaction, and goes with the document or the event alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

import msgspec
from BTrees.OOBTree import OOTreeSet

from tillid.cms.store.records import Shards
from tillid.documents.model import Draft

OF_DOCUMENTS, OF_EVENTS = "documents_by_file", "events_by_file"
_DIGEST = re.compile(rb'"([0-9a-f]{64})"')  # a whole string of JSON: within a text the quotes would be escaped


class FileUsers:
    """Digest → ids of those that name it. One more or one less for a file never meets one for another."""

    def __init__(self, root: MutableMapping[str, Any], name: str) -> None:
        self._root, self._name = root, name
        self._users = Shards(root, name)

    def add(self, digests: Iterable[str], user: str) -> None:
        """Nothing is written for those that are known."""
        for digest in digests:
            users = self._users.get(digest)
            if users is None:
                self._users.put(digest, OOTreeSet([user]))
            elif user not in users:
                users.add(user)

    def drop(self, digests: Iterable[str], user: str) -> None:
        for digest in digests:
            users = self._users.get(digest)
            if users is not None and user in users:
                users.remove(user)
                if not users:
                    self._users.pop(digest)

    def of(self, digest: str) -> Iterator[str]:
        return iter(self._users.get(digest) or ())

    def begin_anew(self) -> None:
        """Nobody is known (an upgrade step enters all)."""
        self._root.pop(self._name, None)
        self._users = Shards(self._root, self._name)


def digests_in(value: Any) -> set[str]:
    """Whatever could be a file's digest in plain data or in structs."""
    return {digest.decode() for digest in _DIGEST.findall(msgspec.json.encode(value))}


def digests_in_draft(draft: Draft, data: bytes) -> set[str]:
    """Of all texts that ``draft``, which is stored as ``data``, holds; its other digests are of no file."""
    if not _DIGEST.search(data):
        return set()
    kept = [field.value for fields in draft.kept.values() for field in fields]
    undone = [undo.value for undo in draft.undo.values()]
    return digests_in([*draft.answers.values(), *kept, *undone])
