"""The hash tree of an archive timestamp (RFC 4998 section 4.2): a node is the digest of its children's values, sorted.

Another tree than the log's (``merkle``): there is no order and no prefix byte, as the standard has it, and whoever follows a
path needs the values alone. A value in a group of one is not hashed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Groups = list[list[bytes]]
SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}  # the digest algorithms of evidence, and their octets


def digest(algorithm: str, data: bytes) -> bytes:
    """The digest of ``data`` by one of ``SIZES``."""
    return hashlib.new(algorithm, data).digest()


def levels(leaves: Sequence[bytes], algorithm: str) -> Groups:
    """The binary tree over ``leaves``, from them up to the one value that is stamped; the odd one out goes up unchanged.
    Raises ``ValueError`` where there are no leaves."""
    if not leaves:
        raise ValueError("a tree needs a leaf")
    made, hashed = [list(leaves)], getattr(hashlib, algorithm)
    while len(made[-1]) > 1:
        below, up = made[-1], []
        for at in range(0, len(below) - 1, 2):
            one, two = below[at], below[at + 1]
            up.append(hashed(one + two if one < two else two + one).digest())
        made.append(up + below[len(below) & ~1 :])
    return made


def reduced(tree: Groups, place: int) -> Groups:
    """The reduced hash tree of the leaf at ``place``: the leaf alone, then its neighbour at each level that has one."""
    groups = [[tree[0][place]]]
    for level in tree[:-1]:
        if place ^ 1 < len(level):
            groups.append([level[place ^ 1]])
        place >>= 1
    return groups


def top(groups: Sequence[Sequence[bytes]], algorithm: str) -> bytes:
    """What ``groups`` lead to (section 4.3): the value under the timestamp. Raises ``ValueError`` for an empty group."""
    value: bytes | None = None
    for group in groups:
        values = sorted([*group, *([value] if value is not None else [])])
        if not group or (value is not None and len(values) < 2):
            raise ValueError("an empty group")
        value = values[0] if len(values) == 1 else digest(algorithm, b"".join(values))
    if value is None:
        raise ValueError("no group")
    return value
