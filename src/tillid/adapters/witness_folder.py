"""Heads of the log in a folder outside the installation: another disk, a share that somebody else keeps. Who can write there and not
here can tell later whether this log is still the one it was.

    log-key.txt                     the log's key
    2026/20261126T091500Z.note      a signed head, one an hour: those with an authority's timestamp, or of its own where there is none
    2026/20261126T091500Z.tst       its timestamp

Nothing there is ever changed or removed. What could not be written is written when the folder is there again. Before anything is
added, the log must begin with the newest head that lies there and with the largest: one that was put back from an older copy does not,
whatever name somebody gave to an old head.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tillid.adapters.log_file import LogFile
from tillid.adapters.log_stamps import NAME, newest_in, years_in
from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.files import NoFile, opened_file, put
from tillid.signatures.checkpoint import CheckpointError, LogVerifier
from tillid.signatures.timestamp_token import MAX_BYTES as MAX_TOKEN
from tillid.usecases.ports_witness import WitnessState

KEY = "log-key.txt"
PERIOD = timedelta(minutes=55)  # after which a head goes there without a timestamp, so that there is one an hour
SLOW = 120.0  # seconds after which a look that has not ended is told
_log = logging.getLogger(__name__)


class WitnessAway(Unavailable):
    """It is not there, or nothing can be written."""

    code = "witness.unavailable"
    text = "Mappen til loggens hoveder kan ikke nås, eller der må ikke skrives i den. Se efter disken. Hovederne kommer, når den er der."


class WitnessOther(TillidError):
    """What lies there is of another log, or was changed."""

    code = "witness.other"
    text = "Mappen til loggens hoveder har filer, som denne log ikke har skrevet. Vælg en tom mappe, og gem den gamle."


class WitnessAhead(TillidError):
    """The folder knows of more than the log has."""

    code = "witness.ahead"
    text = (
        "Loggen begynder ikke med det hoved, der ligger i mappen uden for Tillid: Noget er fjernet eller ændret, eller en gammel kopi er "
        "lagt ind. Ret intet, og kør »tillid log check«. Er en sikkerhedskopi lagt ind med vilje, så vælg en ny, tom mappe, og gem den gamle."
    )


class WitnessFolder:
    """Implements ``ports_witness.HeadWitness``. ``folder``: is there and is not made, so that a disk which is not mounted is noticed."""

    def __init__(self, folder: Path, log: LogFile, clock: Clock) -> None:
        self._folder, self._heads, self._clock = folder, log, clock
        self._thread: threading.Thread | None = None
        self._began = 0.0
        self._state = WitnessState()
        self._largest = LargestHead(folder, log.verifier)
        self._copied: datetime | None = None  # the newest stamped head that is there, with all before it

    def look(self) -> None:
        """With every sweep; does not wait: a share that is away can take minutes to say so."""
        if self._thread is None or not self._thread.is_alive():
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._try, name="tillid-witness", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let what is under way end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def state(self) -> WitnessState:
        """See ``HeadWitness``."""
        running = self._thread is not None and self._thread.is_alive()
        if running and time.monotonic() - self._began > SLOW:
            return WitnessState(problem=WitnessAway.code, said=WitnessAway.text, newest=self._state.newest)
        return self._state

    def drop_now(self) -> datetime | None:
        """Have in the folder what belongs there; when its newest head was dropped. Raises ``TillidError`` (``witness.…``, ``log.…``)."""
        try:
            newest = self._must_be_ours()
            if newest is None:
                self._add(Path(KEY), self._key())
            if self._copy_stamped(newest):
                newest = newest_in(self._folder, "note")
            return self._drop_own(moment_of(newest))
        except OSError as error:
            raise WitnessAway(type(error).__name__) from error

    def examine(self) -> datetime | None:
        """The same without writing anything."""
        try:
            return moment_of(self._must_be_ours())
        except OSError as error:
            raise WitnessAway(type(error).__name__) from error

    def _key(self) -> bytes:
        return f"{self._heads.verifier.text()}\n".encode()

    def _must_be_ours(self) -> Path | None:
        """The newest head there, of which the log is the continuation."""
        if not self._folder.is_dir():
            raise WitnessAway("no such folder")
        newest, key = newest_in(self._folder, "note"), self._folder / KEY
        there = _read(key) if os.path.lexists(key) else None
        if there != self._key() and not (there is newest is None):
            raise WitnessOther("the key of another log, or none")
        largest = self._largest.look(newest)
        if newest is None or largest is None:
            return None
        # A name of tomorrow would be the newest until then: nothing would be dropped, and an older copy of the log would pass.
        if (moment_of(newest) or self._clock.now()) - self._clock.now() > PERIOD:
            raise WitnessOther("a head that has not been yet")
        try:
            begins = self._heads.begins_with(_read(newest)) and self._heads.begins_with(largest)
        except CheckpointError:
            raise WitnessOther("a head that was changed") from None
        if not begins:
            raise WitnessAhead("the log does not begin with the newest or the largest head there")
        return newest

    def _copy_stamped(self, newest: Path | None) -> bool:
        """All pairs that are not there; looked for only where there is a new one, or the folder is another than it was. Whether they
        were looked for."""
        last = self._heads.stamps.newest()
        if last is None or last == self._copied and newest is not None:
            return False
        there = {path.relative_to(self._folder) for path in self._folder.glob("*/*.tst")}
        for token in sorted(self._heads.stamps.folder.glob("*/*.tst")):
            name = token.relative_to(self._heads.stamps.folder)
            if name not in there:
                self._add(name.with_suffix(".note"), token.with_suffix(".note").read_bytes())
                self._add(name, token.read_bytes())
        self._copied = last
        return True

    def _drop_own(self, newest: datetime | None) -> datetime:
        """A head as it is now, where the newest is an hour old: no authority answers, or there is none."""
        now = self._clock.now()
        if newest is not None and now - newest < PERIOD:
            return newest
        name = now.astimezone(UTC).strftime(NAME)
        self._add(Path(name[:4]) / f"{name}.note", self._heads.signed())
        return now.astimezone(UTC).replace(microsecond=0)

    def _add(self, name: Path, data: bytes) -> None:
        path = self._folder / name
        if os.path.lexists(path):
            if _read(path) != data:
                raise WitnessOther("a file of that name")
            return
        path.parent.mkdir(exist_ok=True)
        put(path, data, mode=0o644)

    def _try(self) -> None:
        try:
            state = WitnessState(newest=self.drop_now())
        except TillidError as error:
            state = WitnessState(problem=error.code, said=error.message, newest=self._state.newest)
        if state.problem and state.problem != self._state.problem:
            _log.error("heads for the witness: %s", state.problem)  # once, not with every sweep
        self._state = state


class LargestHead:
    """Which of the heads in ``folder`` signed by ``verifier`` knows of most. Each is read once, all years with the first look, then what
    is new in the newest: a share is slow."""

    def __init__(self, folder: Path, verifier: LogVerifier) -> None:
        self._folder, self._verifier = folder, verifier
        self._forget()

    def look(self, newest: Path | None) -> bytes | None:
        """Its note; that of ``newest`` where none can be read. Raises ``OSError``."""
        if newest is None:
            return self._forget()
        if self._path is not None and not os.path.lexists(self._path):
            self._forget()  # another folder was put in its place
        years = years_in(self._folder)[: 1 if self._whole else None]
        notes = (path for year in years for path in sorted(year.glob("*.note"), reverse=True))
        for path in notes:
            if str(path) not in self._seen:
                self._read(path)
        self._whole = True
        return _read(newest) if self._path is None else self._note

    def _read(self, path: Path) -> None:
        with suppress(CheckpointError, WitnessOther):  # whatever else somebody put there
            note = _read(path)
            if (size := self._verifier.read(note).size) > self._size:
                self._path, self._size, self._note = path, size, note
        self._seen.add(str(path))

    def _forget(self) -> None:
        self._seen, self._whole = set[str](), False
        self._path: Path | None = None
        self._size, self._note = -1, b""


def moment_of(head: Path | None) -> datetime | None:
    """When it was dropped, by its name. Raises ``WitnessOther`` for a name that is none."""
    if head is None:
        return None
    try:
        return datetime.strptime(head.stem, NAME).replace(tzinfo=UTC)
    except ValueError:
        raise WitnessOther("a file that is no head") from None


def _read(path: Path) -> bytes:
    """A file of ours is small and a file; whoever keeps the folder can have put anything else there. Raises ``OSError``."""
    try:
        with opened_file(path) as file:
            return file.read(MAX_TOKEN + 1)
    except NoFile:
        raise WitnessOther("what is no file") from None
