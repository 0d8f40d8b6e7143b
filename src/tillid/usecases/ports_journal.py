"""What the use cases need of the municipality's own journal system (U23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tillid.archive.journal_exchange import Refusal


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that lies here. ``id``: ours; what the file was called is forgotten. ``refusal``: it was not read. ``again``: this
    installation had it before it was killed."""

    id: str
    data: bytes = b""
    refusal: Refusal | None = None
    again: bool = False


class JournalState(msgspec.Struct, frozen=True, kw_only=True):
    """``waiting``: entries that the other side has not taken, ``oldest``: since when; ``refused``: name and reason of each receipt that
    a person has to look at."""

    waiting: int = 0
    oldest: datetime | None = None
    refused: tuple[tuple[str, str], ...] = ()


class JournalSystem(Protocol):
    """Everything raises ``Unavailable`` (``journal.unavailable``) while it cannot be reached; trying later may help."""

    def handed(self, entry: str) -> str | None:
        """The digest with which the entry was handed over, or begun to be; ``None``: nothing of it has left."""

    def hand_over(self, entry: str, files: Mapping[str, bytes]) -> str:
        """Whole, and once however often this is called: what was begun with is what goes. Returns its digest."""

    def lying(self) -> Sequence[str]:
        """The entries that can still be taken back."""

    def take_back(self, entry: str) -> None:
        """What of it the other side has not taken is gone."""

    def receipts(self) -> Iterator[Incoming]:
        """What has come; each is ours from then on, and must be kept or refused."""

    def keep(self, incoming: Incoming) -> None: ...
    def refuse(self, incoming: Incoming, why: Refusal) -> None:
        """Put aside for a person; nothing is lost."""

    def state(self) -> JournalState: ...
