"""Which documents were destroyed, in a file beside the database: a database that is put back from a backup does not know it.

``destroyed.jsonl``: a tombstone a line, appended and on disk before the texts leave the files of the storage. It holds no
text and no name. ``tillid start`` reads it: what has come back goes again, before anybody is answered (ADR 0051).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tillid.archive.tombstone import Tombstone
from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync


class ListDamaged(TillidError):
    """Without the whole list a document that was destroyed could be read again, so nothing starts."""

    code = "keeping.list-damaged"
    text = "Listen over destruerede dokumenter ({path}) er beskadiget. Hent den fra en sikkerhedskopi, og start igen."


class DestroyedFile:
    """In folder ``folder``, which is to be in every backup, and never replaced by an older one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "destroyed.jsonl"

    def all(self) -> list[Tombstone]:
        """Oldest first. A last line that a crash left torn is not counted: its document is still to be written.
        Raises ``ListDamaged``."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        try:
            return [msgspec.json.decode(line, type=Tombstone) for line in lines[:-1] if line]
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ListDamaged(type(error).__name__, path=self.path) from error

    def add(self, stones: Iterable[Tombstone]) -> None:
        """Those that are not there yet; on disk when this returns. Raises ``OSError``."""
        known = {stone.event for stone in self.all()}
        new = [stone for stone in stones if stone.event not in known]
        if not new:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            file.seek(whole)
            file.truncate()
            file.write(b"".join(msgspec.json.encode(stone) + b"\n" for stone in new))
            file.flush()
            os.fsync(file.fileno())
        sync(self.path.parent)
