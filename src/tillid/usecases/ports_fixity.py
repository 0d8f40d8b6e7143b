"""What the reading of all that is stored needs of the world (``check_fixity``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from tillid.archive.tombstone import Tombstone
from tillid.signatures.personal import Expected
from tillid.signatures.verdict import Verdict
from tillid.usecases.ports import (
    Blobs,
    Designs,
    Documents,
    EventLog,
    Evidence,
    ImportedPackages,
    Ledger,
    Outbox,
    Templates,
)

Pace = Callable[[], None]
"""Called after each little piece of work: lets others go first, and lets go of what was read."""


class Stored(Protocol):
    """What is read: a house, or the store alone."""

    @property
    def blobs(self) -> Blobs: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def designs(self) -> Designs: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def event_log(self) -> EventLog: ...
    @property
    def evidence(self) -> Evidence | None: ...
    @property
    def imported(self) -> ImportedPackages | None: ...


class FixityParts(Protocol):
    """The files beside the database, and who judges what is signed."""

    def names(self) -> Sequence[str]:
        """Of the files, and of folders of them, that are there and have digests of their own."""

    def look_at(self, name: str, pace: Pace) -> tuple[str, int]:
        """What is wrong with one (a code, empty: nothing), and how many bytes were read."""

    def destroyed(self) -> Sequence[Tombstone]:
        """As the list beside the database has them. Raises ``TillidError`` (``keeping.list-damaged``)."""

    def record(self, record: bytes, token: bytes | None, at: datetime) -> Verdict: ...
    def personal(self, data: bytes, expected: Expected, token: bytes | None, at: datetime) -> Verdict: ...
