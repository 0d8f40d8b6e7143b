"""What the keeping of evidence needs of the world (``keep_evidence``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tillid.signatures.evidence_book import Act, Kept

Digests = Callable[[str, str], Mapping[bytes, bytes]]
"""For a renewal of hash trees: the digest by the first algorithm of every frozen object → its digest by the second."""


class EvidenceLeaves(Protocol):
    """Where the digest of a frozen record goes."""

    def enter(self, leaf: bytes, algorithm: str) -> int:
        """Its place, on disk in every copy when this returns; the same one twice is one. Raises ``Unavailable``."""


class EvidenceStore(Kept, EvidenceLeaves, Protocol):
    """Leaves, acts and tokens, in several copies."""

    def locked(self) -> AbstractContextManager[None]:
        """Alone among all that write."""

    def size(self, algorithm: str) -> int: ...
    def between(self, algorithm: str, begin: int, end: int) -> list[bytes]: ...
    def add(self, act: Act, token: bytes, leaves: Sequence[bytes]) -> Act:
        """On disk in every copy when this returns; only while ``locked``. Raises ``Unavailable``."""

    def problems(self) -> list[str]: ...
    def mend(self) -> list[str]: ...
