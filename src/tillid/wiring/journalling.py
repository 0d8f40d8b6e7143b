"""The municipality's own journal system, where one is joined (U23, ADR 0078)."""

from __future__ import annotations

from pathlib import Path

from tillid.adapters.journal_folder import JournalFolder
from tillid.usecases.ports_journal import JournalSystem


def journal_at(folder: str) -> JournalSystem | None:
    """By files in ``folder``; ``None`` where none is named."""
    return JournalFolder(Path(folder).absolute()) if folder else None
