"""What the use cases need of the packages that came from other installations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from tillid.archive.imported import Imported
from tillid.archive.package_held import Proof


class ImportedPackages(Protocol):
    """Kept as they came, and never written to again. Everything raises ``TillidError`` (``imported.damaged``) where that is no longer so."""

    def all(self) -> Sequence[Imported]: ...
    def get(self, package_id: str) -> Imported | None: ...
    def ids(self, after: str = "") -> Iterable[str]:
        """All that follow ``after``, in order, whole or damaged; raises nothing."""

    def read_again(self, package_id: str) -> int:
        """Every byte is what came: how many there are; 0 for one that is not there."""

    def judged(self, note: Imported, moment: datetime) -> Proof:
        """What is so of its parts at ``moment``, with the trust list that came with it."""

    def read(self, note: Imported, path: str) -> bytes | None:
        """A file of it, once every byte was found to be what came."""
