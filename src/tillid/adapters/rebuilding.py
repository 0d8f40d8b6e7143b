"""An index that is built anew: one build at a time, and how far it has come, for a command that looks on beside the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.files import put

_NOTE = "index.building"
_SECONDS = 0.5  # between two notes
_ON_ITS_WAY = 600.0  # seconds: no write is longer on its way from the store to the index


class AlreadyRebuilding(TillidError):
    """A build is going on; a second one beside it would only take its room."""

    code = "index.rebuilding"
    text = (
        "Søgeindekset bliver allerede bygget op igen, eller det er bestilt. Vent, til det er færdigt. "
        "»tillid index status« siger, hvor langt det er nået."
    )


class NoRoomToRebuild(Unavailable):
    """The old index and the new one cannot both lie on the disk."""

    code = "index.no-room"
    text = (
        "Der er ikke plads til at bygge søgeindekset op igen ved siden af det gamle: der skal bruges {wanted} MB, og der er "
        "{free} MB. Intet er ændret, og der kan søges som før. Skaf plads på disken, og prøv igen."
    )


class OneBuild:
    """Whoever builds has it; a second one is told at once (``AlreadyRebuilding``) and waits for nothing."""

    def __init__(self) -> None:
        self._taken = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        if not self._taken.acquire(blocking=False):
            raise AlreadyRebuilding("a build is going on")
        try:
            yield
        finally:
            self._taken.release()


class RecentDeletes:
    """The marks of deletes of the last minutes, which a new index gets too. Older marks do not move with a build; but a write
    that was read from the store before a delete can still be on its way, and must find the mark."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: dict[str, tuple[int, float]] = {}  # key → sequence, until when; the oldest first

    def note(self, key: str, sequence: int) -> None:
        """The version ``key`` was taken out."""
        now = time.monotonic()
        with self._lock:
            before, _ = self._marks.pop(key, (0, 0.0))
            self._marks[key] = max(before, sequence), now + _ON_ITS_WAY
            for old in [one for one, (_, until) in self._marks.items() if until < now]:
                del self._marks[old]

    def all(self) -> dict[str, int]:
        """Key → sequence."""
        with self._lock:
            return {key: sequence for key, (sequence, _) in self._marks.items()}


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Of ``of`` documents ``looked_at`` were read and, where they belong there, written; all of them: the last steps are
    taken. ``began``: seconds since 1970, ``None``: ordered and not begun. ``lost``: what is searched meanwhile does not hold
    everything."""

    began: float | None = None
    looked_at: int = 0
    of: int = 0
    lost: bool = False


class ProgressNote:
    """The note in ``folder`` (``var/run``) while a build goes on. One that a killed Tillid left says nothing: it is believed
    only while a Tillid runs, and ``forget`` is what that one begins with."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NOTE
        self._next = 0.0

    def tell(self, now: Progress) -> None:
        """So far it has come; written twice a second at most. Raises ``OSError``."""
        if now.looked_at < now.of and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _SECONDS
        self._path.parent.mkdir(parents=True, exist_ok=True)
        put(self._path, msgspec.json.encode(now))

    def told(self) -> Progress | None:
        """How far it has come; ``None`` when nothing is built."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Progress)
        except (OSError, msgspec.MsgspecError):
            return None

    def forget(self) -> None:
        """Nothing is built any more. Raises ``OSError``."""
        self._path.unlink(missing_ok=True)
