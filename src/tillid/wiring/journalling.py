"""The municipality's own journal system, where one is joined (U23, ADR 0078)."""

from __future__ import annotations

from pathlib import Path

from tillid.adapters.journal_folder import JournalFolder


def journal_at(folder: str, owner: str = "") -> JournalFolder | None:
    """By files in ``folder``, joined to the installation ``owner`` (the text of its log's key); ``None`` where none is named."""
    return JournalFolder(Path(folder).absolute(), owner=owner) if folder else None
