"""One process, one ``var/``."""

from __future__ import annotations

from pathlib import Path

import zc.lockfile

from tillid.kernel.errors import TillidError


def lock_var(var: Path) -> zc.lockfile.LockFile:
    """Take ``var`` for this process; ``close()`` gives it back, and so does the end of the process, however it comes.

    Raises ``TillidError`` (``store.locked``) if another has it.
    """
    (var / "run").mkdir(parents=True, exist_ok=True)
    try:
        return zc.lockfile.LockFile(str(var / "run" / "tillid.lock"))
    except zc.lockfile.LockError as error:
        raise locked() from error


def locked() -> TillidError:
    """The error for people."""
    return TillidError(
        "another process has the database open",
        code="store.locked",
        text="Tillid kører allerede med de samme data. Stop den anden, før du fortsætter.",
    )
