"""Secrets of one installation in files for its owner alone: 32 random bytes each."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync

LENGTH = 32


def secret_from(path: Path, *, may_make: bool = True) -> bytes:
    """The secret in ``path``, made if it is missing and ``may_make``.

    Raises ``TillidError``: ``keys.missing``; ``keys.mode`` when others may read it or it is another user's;
    ``keys.damaged`` when it cannot be read or is not a secret of ours.
    """
    if not path.exists():
        if not may_make:
            raise _fault(
                "missing",
                path,
                "Nøglefilen {name} mangler. Hent den fra sikkerhedskopien; uden den kan data ikke læses.",
            )
        _make(path)
    try:
        with path.open("rb") as file:
            status, data = os.fstat(file.fileno()), file.read(LENGTH + 1)
    except OSError as error:
        raise _fault("damaged", path, _DAMAGED) from error
    if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.geteuid():
        raise _fault(
            "mode",
            path,
            "Nøglefilen {name} kan læses af andre. Sæt dens rettigheder til 0600 og ejeren til platformens bruger.",
        )
    if len(data) != LENGTH:
        raise _fault("damaged", path, _DAMAGED)
    return data


_DAMAGED = "Nøglefilen {name} kan ikke læses eller er beskadiget. Hent den fra sikkerhedskopien."


def _make(path: Path) -> None:
    """Whole or not at all, and on the disk before anything is encrypted with it; of two who make it the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        os.unlink(made)
    sync(path.parent)


def _fault(what: str, path: Path, text: str) -> TillidError:
    return TillidError(f"{path.name} is {what}", code=f"keys.{what}", text=text, name=path.name)
