"""What the keeping of evidence needs of the world (``keep_evidence``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from tillid.signatures.evidence_book import Act, Kept
from tillid.signatures.running_out import RunsOut
from tillid.signatures.verdict import Verdict

Digests = Callable[[str, str], Mapping[bytes, bytes]]
"""For a renewal of hash trees: the digest by the first algorithm of every frozen object → its digest by the second."""


class EvidenceState(msgspec.Struct, frozen=True, kw_only=True):
    """How the evidence stands. ``noted``: records and signatures that are to be frozen, ``waiting``: objects in no batch yet; ``newest``: when
    the newest batch was closed; ``holds_until``: when the first chain ends; ``alarm``: empty, or ``evidence.due`` (nothing
    renewed it in time so far), ``evidence.late`` (a chain has ended), ``evidence.copies`` (``problems`` of the files), ``evidence.away``
    (further copies that have long not been written: the folders ``away``), ``evidence.below`` (so many are frozen at level T, ``below``,
    and wait for revocation lists to be frozen at LT, too), ``evidence.unstamped`` (a record or signature has waited for a week for its
    timestamp, ``unstamped_since``)."""

    objects: int
    batches: int
    renewals: int
    noted: int
    waiting: int
    newest: datetime | None
    holds_until: datetime | None
    alarm: str
    problems: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    below: int = 0
    unstamped_since: datetime | None = None


class Evidence(Protocol):
    """What a use case over the database needs of it."""

    def note(self, name: str) -> None:
        """Remember, on disk, that a record or a person's own signature (``freeze_record``: its name) has its timestamp and is to be
        frozen. Raises ``Unavailable``."""

    def state(self, now: datetime) -> EvidenceState: ...
    def running_out(self) -> tuple[RunsOut, ...]:
        """What is about to end of what new proofs rest on. Raises ``TillidError`` (``trust.…``, ``keys.…``)."""

    def record_of(self, frozen: bytes) -> bytes | None:
        """The ``.er`` of frozen bytes as it is now; ``None`` as long as they are in no batch, or it cannot be made."""

    def knows(self, name: str, frozen: bytes) -> bool:
        """Whether the digest of those frozen bytes is among the leaves, or is to come."""

    def judged(self, frozen: bytes, at: datetime) -> Verdict | None:
        """What that evidence proves of them at ``at`` (``details``: ``proven_at``, ``renewed_at``, ``holds_until``); ``None`` as above."""


class EvidenceStore(Kept, Protocol):
    """Leaves, acts and tokens, in several copies; and which records are to be frozen."""

    def note(self, name: str) -> None:
        """As ``Evidence.note``."""

    def noted(self) -> list[str]: ...
    def done(self, names: Sequence[str]) -> None:
        """Those are in a batch, or will never be."""

    def enter(self, leaf: bytes, algorithm: str) -> int:
        """The place of a digest, on disk in every copy when this returns; the same one twice is one. Raises ``Unavailable``."""

    def locked(self) -> AbstractContextManager[None]:
        """Alone among all that write."""

    def size(self, algorithm: str) -> int: ...
    def between(self, algorithm: str, begin: int, end: int) -> list[bytes]: ...
    def add(self, act: Act, token: bytes, leaves: Sequence[bytes]) -> Act:
        """On disk in every copy when this returns; only while ``locked``. Raises ``Unavailable``."""

    def problems(self) -> list[str]: ...
    def mend(self) -> list[str]: ...
