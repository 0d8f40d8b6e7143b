"""A Merkle tree over an append-only list, by RFC 6962 section 2.1: heads, inclusion and consistency proofs.

Only complete subtrees are ever stored: the hash at ``(level, index)`` covers the leaves from ``index * 2**level`` to
``(index + 1) * 2**level``, never changes once it is there, and everything else is made of a few of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

EMPTY = hashlib.sha256(b"").digest()  # the head of a tree without leaves


class Nodes(Protocol):
    """Where the complete subtrees are kept."""

    def node(self, level: int, index: int) -> bytes:
        """The 32 bytes of the complete subtree; asked only for those that are complete."""


def leaf_hash(leaf: bytes) -> bytes:
    """What the tree holds of ``leaf``: its first byte tells it from an inner node (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    """The node above ``left`` and ``right``."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed_by(size: int) -> list[tuple[int, int]]:
    """The subtrees (level, index) above level 0 that the leaf number ``size`` (counted from 1) completes, lowest first."""
    done, level = [], 1
    while size % (1 << level) == 0:
        done.append((level, (size >> level) - 1))
        level += 1
    return done


def head(nodes: Nodes, size: int) -> bytes:
    """The head (root hash) of the tree of the first ``size`` leaves."""
    return _over(nodes, 0, size) if size else EMPTY


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The audit path of leaf ``index`` (from 0) in the tree of ``size`` leaves, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of that size")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_over(nodes, middle, high))
            high = middle
        else:
            path.append(_over(nodes, low, middle))
            low = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """The proof that the tree of the first ``old`` leaves is the beginning of the tree of ``size`` leaves."""
    if not 0 < old <= size:
        raise ValueError("no such older tree")
    path, low, high, whole = [], 0, size, True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_over(nodes, middle, high))
            high = middle
        else:
            path.append(_over(nodes, low, middle))
            low, whole = middle, False
    # Who has the older head needs no proof of it.
    return ([] if whole else [_over(nodes, low, high)]) + path[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` leads from ``leaf`` at ``index`` to the head ``root`` of a tree of ``size`` leaves
    (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf_hash(leaf)
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = inner_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = inner_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree with head ``root`` begins with the one with head ``old_root`` (RFC 9162 section 2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = inner_hash(step, was), inner_hash(step, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = inner_hash(now, step)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old_root and now == root


def _over(nodes: Nodes, low: int, high: int) -> bytes:
    """The head over the leaves from ``low`` to ``high``; ``low`` is where such a subtree can begin."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return nodes.node(level, low >> level)
    middle = low + _split(width)
    return inner_hash(_over(nodes, low, middle), _over(nodes, middle, high))


def _split(width: int) -> int:
    """The largest power of two below ``width``."""
    return 1 << (width - 1).bit_length() - 1
