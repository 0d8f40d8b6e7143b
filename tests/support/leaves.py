"""A log in memory, for the functions of the tree."""

from __future__ import annotations

from collections.abc import Sequence

from tillid.signatures.merkle import inner_hash, leaf_hash


class Leaves:
    """The complete subtrees over a list of leaves, each worked out when it is asked for."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves

    def node(self, level: int, index: int) -> bytes:
        if level == 0:
            return leaf_hash(self.leaves[index])
        return inner_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))
