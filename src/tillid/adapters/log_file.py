"""The Merkle log of the embedded default: one append-only file of leaves, and files with the complete subtrees above them.

A leaf is an event's digest (32 bytes) and nothing else, so that a record can be destroyed by rule while the log stays whole
(R-21). Only the leaves are the log: what lies above is worked out again wherever it is missing or too short.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from tillid.adapters.log_index import WIDTH, LogIndex, scanned
from tillid.adapters.log_stamps import LogStamps
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.files import put
from tillid.signatures import merkle
from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogKey, LogVerifier
from tillid.signatures.receipt import LogProof

HEAD = "checkpoint"
_log = logging.getLogger(__name__)


class LogUnavailable(Unavailable):
    """The log cannot be read or written now; what waits for it is tried again."""

    code = "log.unavailable"
    text = "Loggen over samtykker kan ikke skrives lige nu. Samtykker og tilbagekaldelser virker alligevel."


class LogFile:
    """Implements ``ports.EventLog`` over ``folder``. One process at a time; a second one is refused (``log.locked``) unless
    it only reads: ``read_only`` changes nothing, and sees the log as it was when it was opened or last asked for a proof."""

    def __init__(self, folder: Path, key: LogKey, *, read_only: bool = False) -> None:
        self._folder, self._key, self._read_only = folder, key, read_only
        self.stamps = LogStamps(folder / "stamped")
        self._lock = threading.RLock()
        self._levels: dict[int, int] = {}
        self._index: LogIndex | None = None
        if not read_only:
            folder.mkdir(parents=True, exist_ok=True)
        self._leaves = self._opened("leaves")
        if not read_only:
            self._take()
        if read_only:
            self._look_anew()
        else:
            # A crash may leave part of a leaf: nobody was told that it was entered.
            self._size = os.fstat(self._leaves).st_size // WIDTH
            os.ftruncate(self._leaves, self._size * WIDTH)
            self._complete()
            self._index = LogIndex(self._leaves, self._size)
            (folder / "origin").write_text(f"{key.verifier.name}\n{key.verifier.text()}\n", "utf-8")

    def _take(self) -> None:
        try:
            fcntl.flock(self._leaves, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._leaves)
            raise TillidError(
                "another process has the log open",
                code="log.locked",
                text="Tillid kører allerede på denne mappe. Stop den anden, før du starter igen.",
            ) from None

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._size

    @property
    def verifier(self) -> LogVerifier:
        """The public half of the key that signs the heads."""
        return self._key.verifier

    def enter(self, digest: str) -> int:
        """The place of ``digest`` (64 hexadecimal characters), appended and on disk unless it was there already. Raises
        ``LogUnavailable``; then nothing of it stays."""
        leaf = bytes.fromhex(digest)
        with self._lock:
            found = self._find(leaf)
            if found is not None:
                return found
            self._require_kept_head()
            place = self._size
            try:
                _write(self._leaves, leaf, place)
                os.fsync(self._leaves)
            except OSError as error:
                os.ftruncate(self._leaves, place * WIDTH)
                raise LogUnavailable(type(error).__name__) from error
            self._size = place + 1
            if self._index is not None:
                self._index.add(leaf, place)
            self._put_above(place + 1)
            return place

    def place(self, digest: str) -> int | None:
        """Where ``digest`` stands; ``None`` if it was never entered."""
        return self._find(bytes.fromhex(digest))

    def leaf(self, place: int) -> str:
        """The digest that stands at ``place``."""
        return os.pread(self._leaves, WIDTH, place * WIDTH).hex()

    def node(self, level: int, index: int) -> bytes:
        """See ``merkle.Nodes``."""
        if level == 0:
            return merkle.leaf_hash(os.pread(self._leaves, WIDTH, index * WIDTH))
        return os.pread(self._file(level), WIDTH, index * WIDTH)

    def root(self, size: int) -> bytes:
        """The head of the first ``size`` leaves."""
        return merkle.head(self, size)

    def inclusion(self, place: int, size: int) -> list[bytes]:
        """The proof that the leaf at ``place`` is in the log of ``size`` leaves."""
        return merkle.inclusion_proof(self, place, size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """The proof that the log of ``old`` leaves is the beginning of that of ``size``."""
        return merkle.consistency_proof(self, old, size)

    def proof(self, digest: str) -> LogProof | None:
        """See ``ports.EventLog``. Reads what was kept with the last sweep: nothing is signed here, and nothing written."""
        kept = self._folder / HEAD
        if not kept.exists():
            return None
        try:
            note = kept.read_bytes()
            head = self._key.verifier.read(note)
        except (CheckpointError, OSError):
            return None  # told with every sweep (``keep_head``)
        if self._read_only:
            self._look_anew()  # after the head, which may be newer than what was known when this was opened
        place = self.place(digest)
        if place is None or not place < head.size <= self._size:
            return None
        path = self.inclusion(place, head.size)
        if not merkle.includes(bytes.fromhex(digest), place, head.size, path, head.root):
            return None
        return LogProof(
            leaf=digest,
            index=place,
            size=head.size,
            path=tuple(step.hex() for step in path),
            checkpoint=note.decode(),
            key=self._key.verifier.text(),
        )

    def sign_head(self) -> bytes:
        """The signed head of the log as it is now, kept as the file ``checkpoint`` for who wants to witness it. Raises
        ``LogUnavailable`` when the log is not what the kept head says."""
        with self._lock:
            note = self.signed()
            kept = self._folder / HEAD
            if not kept.exists() or kept.read_bytes() != note:
                put(kept, note, mode=0o644)
        return note

    def signed(self, size: int | None = None) -> bytes:
        """The signed head of the first ``size`` leaves, of all where none is named, for who asks: not kept. Raises
        ``LogUnavailable`` as ``sign_head``."""
        with self._lock:  # whoever enters a leaf completes the subtrees before letting go
            self._require_kept_head()
            size = self._size if size is None else size
            return self._key.sign(Checkpoint(origin=self._key.verifier.name, size=size, root=self.root(size)))

    def vouch(self, kind: str, count: int, digest: str) -> bytes:
        """See ``ports.EventLog``."""
        name = f"{self._key.verifier.name}/{kind}"
        return self._key.sign(Checkpoint(origin=name, size=count, root=bytes.fromhex(digest)))

    def keep_head(self) -> None:
        """``sign_head``, now and then. A log that has lost what it signed stops no withdrawal: it is told in the technical
        log each time, until somebody looks."""
        try:
            self.sign_head()
        except (LogUnavailable, OSError) as error:
            _log.error("the head of the log cannot be signed: %s", getattr(error, "code", type(error).__name__))

    def know_places(self) -> None:
        """For who only reads and asks for many: see where each leaf stands as of now."""
        self._look_anew()
        self._index = LogIndex(self._leaves, self._size)

    def begins_with(self, note: bytes) -> bool:
        """Whether this log begins with what the signed head ``note`` says. Raises ``CheckpointError``."""
        head = self._key.verifier.read(note)
        if self._read_only and head.size > self._size:
            self._look_anew()  # a writer may have signed it after this was opened
        return head.size <= self._size and self.root(head.size) == head.root

    def problems(self, *, pace: Callable[[], None] = lambda: None) -> Iterator[str]:
        """What is wrong: subtrees that their leaves do not make, and our own kept head where this log does not begin with it.
        ``pace`` is called often. Raises ``CheckpointError`` where that is no head of this log."""
        with self._lock:  # whoever enters a leaf completes the subtrees before letting go
            size = self._size
        for level, index in ((at, n) for at in range(1, size.bit_length()) for n in range(size >> at)):
            if self.node(level, index) != self._made(level, index):
                yield f"subtree {level}/{index}"
            pace()
        if not self._begins_with_kept():
            yield f"head {HEAD}"

    def close(self) -> None:
        """Give the files back."""
        handles, self._leaves, self._levels = (self._leaves, *self._levels.values()), -1, {}
        for handle in handles:
            if handle >= 0:
                os.close(handle)

    def _require_kept_head(self) -> None:
        """Nothing is added to a log that has lost what it once signed: that would be a fork."""
        try:
            held = self._begins_with_kept()
        except (CheckpointError, OSError):
            held = False
        if not held:
            raise LogUnavailable(
                "the log is not what its kept head says",
                code="log.rolled-back",
                text="Loggen over samtykker begynder ikke med det hoved, den selv har forseglet. Kør »tillid log check«.",
            )

    def _begins_with_kept(self) -> bool:
        """With the head that it signed last, if it has kept one. Raises ``CheckpointError``, ``OSError``."""
        kept = self._folder / HEAD
        return not kept.exists() or self.begins_with(kept.read_bytes())

    def _find(self, leaf: bytes) -> int | None:
        if self._index is None:  # who only reads asks once or twice
            return scanned(self._leaves, self._size, leaf)
        return self._index.find(leaf, lambda place: os.pread(self._leaves, WIDTH, place * WIDTH))

    def _put_above(self, size: int) -> None:
        """The subtrees that the last leaf has completed; not waited for: they can be made again."""
        for level, index in merkle.completed_by(size):
            _write(self._file(level), self._made(level, index), index)

    def _made(self, level: int, index: int) -> bytes:
        return merkle.inner_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))

    def _complete(self) -> None:
        """Bring the subtrees to what the leaves are: cut what is too long, work out what is missing."""
        for level in range(1, max(self._size.bit_length(), 1)):
            handle, wanted = self._file(level), self._size >> level
            there = min(os.fstat(handle).st_size // WIDTH, wanted)
            os.ftruncate(handle, there * WIDTH)
            for index in range(there, wanted):
                _write(handle, self._made(level, index), index)

    def _look_anew(self) -> None:
        """What there is by now, beside a writer that goes on and signs heads. It puts a leaf down before the subtrees that it
        completes: one that is being entered is left out."""
        for level in [level for level, handle in self._levels.items() if not os.fstat(handle).st_size]:
            os.close(self._levels.pop(level))  # it was no file yet
        self._size = os.fstat(self._leaves).st_size // WIDTH
        above = merkle.completed_by(self._size) if self._size else []
        if any(os.fstat(self._file(level)).st_size < (index + 1) * WIDTH for level, index in above):
            self._size -= 1

    def _file(self, level: int) -> int:
        handle = self._levels.get(level)
        if handle is None:
            handle = self._levels[level] = self._opened(f"level-{level}")
        return handle

    def _opened(self, name: str) -> int:
        if not self._read_only:
            return os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        path = self._folder / name
        return os.open(
            path if path.exists() else os.devnull, os.O_RDONLY
        )  # what is missing is shorter than it should be


def is_in_use(folder: Path) -> bool:
    """Whether a Tillid runs on the installation that this log is of."""
    try:
        handle = os.open(folder / "leaves", os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _write(handle: int, data: bytes, place: int) -> None:
    if os.pwrite(handle, data, place * WIDTH) != len(data):
        raise OSError("written in part")
