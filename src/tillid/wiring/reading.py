"""The installed store for reading, beside a running Tillid: for the operator's commands (ADR 0039)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tillid.adapters.secretfile import secret_from
from tillid.cms.reading import ReadStore, read_store

__all__ = ["ReadStore", "opened_store"]


@contextmanager
def opened_store(var: Path) -> Iterator[ReadStore]:
    """The store in ``var``. Raises ``TillidError`` (``store.none``, ``keys.…``)."""
    with read_store(var, secret_from(var / "keys" / "municipality.key", may_make=False)) as store:
        yield store
