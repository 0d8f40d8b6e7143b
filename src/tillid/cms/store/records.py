"""The few persistent shapes all repositories are made of.

They hold JSON bytes, blobs and BTrees, never core classes: renaming a class of the core needs no data migration.
Their own names are in the database: a change here needs an upgrade step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

T = TypeVar("T")


class Record(Persistent):
    """Bytes in a database record of their own, so that writing them rewrites and conflicts with nothing else."""

    def __init__(self, data: bytes) -> None:
        self.data = data


def encode(value: msgspec.Struct) -> bytes:
    """The stored form of a struct: JSON."""
    return msgspec.json.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """The inverse of ``encode``; raises ``msgspec.ValidationError`` if the stored JSON does not fit ``kind``."""
    return msgspec.json.decode(data, type=kind)


@lru_cache(maxsize=4096)
def known(data: bytes, kind: type[T]) -> T:
    """``decode``, remembered: for what is read many times per request and never changed in place (the register)."""
    return decode(data, kind)


def branch(root: MutableMapping[str, Any], name: str) -> OOBTree:
    """The BTree ``name`` of ``root``, made if missing."""
    tree = root.get(name)
    if tree is None:
        tree = root[name] = OOBTree()
    return tree


def keys_after(tree: OOBTree, after: str) -> Iterable[str]:
    """The keys of ``tree`` in order; those that follow ``after``, unless it is empty."""
    return tree.keys(min=after, excludemin=True) if after else tree.keys()


def read_current(thing: Persistent) -> None:
    """Make a later commit of this transaction fail if another changes ``thing`` meanwhile.

    Costs nothing in a transaction that writes nothing.
    """
    jar = thing._p_jar
    if jar is not None:
        thing._p_activate()
        jar.readCurrent(thing)


class Shards:
    """A mapping spread over ``count`` BTrees by the digest of the key; made if missing, and then with that count for ever.

    Two transactions that add different keys meet in a BTree when one of them splits a bucket. One BTree gave 97
    conflicts in 600 commits by four writers, 64 gave none (measured).
    """

    COUNT = 64

    def __init__(self, root: MutableMapping[str, Any], name: str, count: int = COUNT) -> None:
        self._shards, self._count = root.get(name), 0  # counted when it is asked, which loads the tree
        if self._shards is None:
            # All at once: they must not be made, and conflict, one by one later.
            self._shards = root[name] = OOBTree({number: OOBTree() for number in range(count)})

    def get(self, key: str, default: Any = None) -> Any:
        return self._of(key).get(key, default)

    def put(self, key: str, value: Any) -> None:
        self._of(key)[key] = value

    def pop(self, key: str) -> None:
        """Nothing happens if it is not there."""
        self._of(key).pop(key, None)

    def keys_after(self, after: str) -> Iterator[str]:
        """All keys in one order that stays; those that follow ``after``, a key that is there or was, unless it is empty."""
        first = self._number(after) if after else 0
        for number in range(first, len(self._shards)):
            yield from keys_after(self._shards[number], after if number == first else "")

    def values(self) -> Iterator[Any]:
        return (value for shard in self._shards.values() for value in shard.values())

    def _of(self, key: str) -> OOBTree:
        return self._shards[self._number(key)]

    def _number(self, key: str) -> int:
        if not self._count:
            self._count = len(self._shards)
        return _first_byte(key) % self._count


@lru_cache(maxsize=4096)
def _first_byte(key: str) -> int:
    return hashlib.sha256(key.encode()).digest()[0]


class Index:
    """Key → ids, for lookups that a repository keeps itself."""

    def __init__(self, tree: OOBTree) -> None:
        self._tree = tree

    def add(self, key: str, id: str) -> None:
        """Put ``id`` under ``key``."""
        ids = self._tree.get(key)
        if ids is None:
            ids = self._tree[key] = OOTreeSet()
        ids.add(id)

    def discard(self, key: str, id: str) -> None:
        """Take ``id`` from ``key``, if it is there."""
        ids = self._tree.get(key)
        if ids is not None and id in ids:
            ids.remove(id)

    def move(self, old: str | None, new: str | None, id: str) -> None:
        """``id`` was under ``old`` and is now under ``new``; ``None`` = nowhere."""
        if old == new:
            return
        if old is not None:
            self.discard(old, id)
        if new is not None:
            self.add(new, id)

    def ids(self, key: str) -> Iterator[str]:
        """The ids under ``key``, in their own order."""
        found: Iterable[str] = self._tree.get(key) or ()
        return iter(found)
