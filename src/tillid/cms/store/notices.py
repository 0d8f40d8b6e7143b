"""Messages in a person's own list."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from tillid.cms.store.records import Shards, branch, decode, encode
from tillid.usecases.ports import Notice

NAME, ONE_TREE_EACH = "notice_boards", "notices"  # the second: one tree for each person, until version 1003
COUNT = 16


class ZodbNotices:
    """The port ``Notices``. What one person is told is spread over shards: fifty parents who answer at once each tell the same
    leader, and one tree for the leader made a fourth of their clicks meet there and be worked out again."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root
        self._boards = branch(root, NAME)

    def add(self, notice: Notice) -> None:
        """Nothing happens if it is there already."""
        board = Shards(self._boards, notice.to_person, COUNT)
        if board.get(notice.id) is None:
            board.put(notice.id, encode(notice))

    def of_person(self, person_id: str) -> Sequence[Notice]:
        """The newest first."""
        if person_id not in self._boards:
            return []
        found = [decode(data, Notice) for data in Shards(self._boards, person_id, COUNT).values()]
        return sorted(found, key=lambda notice: (notice.at, notice.id), reverse=True)

    def take_over(self) -> None:
        """Bring what stands in the trees of before into the shards (an upgrade step); again without harm."""
        for notices in self._root.pop(ONE_TREE_EACH, {}).values():
            for data in notices.values():
                self.add(decode(data, Notice))
