"""Leaves and tokens of the evidence, in two folders that hold the same: they are the proof of whole batches.

    leaves-sha256        the digests of the objects, 32 bytes each, appended
    acts/000001.json     an archive timestamp over many of them (``evidence_book.Act``), with the digests of what is kept with it
    acts/000001.tst      its token (DER), so that ``openssl ts -verify`` needs nothing of ours
    acts/000001.leaves   the leaves of a renewal of hash trees

Beside them ``noted``: names of what is to be frozen (``freeze_record``), one a line. Nothing else is ever changed or cut. What one
has lost or damaged is taken from the other; further ones on other disks, and how what neither has comes back from those:
``evidence_copies``.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from tillid.adapters.evidence_pieces import Piece, read_at, write_at
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import Unavailable
from tillid.kernel.files import put
from tillid.signatures.evidence_book import Act, EvidenceDamaged
from tillid.signatures.evidence_tree import SIZES

FOLDERS = ("first", "second")
_NUMBER = re.compile(r"[0-9]{6}|[1-9][0-9]{6,}")  # as a file of an act is named


class EvidenceFiles:
    """Implements ``ports_evidence.EvidenceStore`` in ``folder``; ``copies``: the folders, if they lie elsewhere. Several processes may: who writes takes the lock
    and looks at what the others did."""

    def __init__(self, folder: Path, copies: Sequence[Path] = ()) -> None:
        self._noted = folder / "noted"
        self._copies = tuple(copies) or tuple(folder / name for name in FOLDERS)
        self._acts: dict[int, Act] = {}
        self._tokens: dict[int, bytes] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among threads and processes. Raises ``Unavailable`` where the folders cannot be written."""
        try:
            for copy in self._copies:
                (copy / "acts").mkdir(parents=True, exist_ok=True)
            self._noted.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._noted.with_name("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unavailable(error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def note(self, name: str) -> None:
        """See ``ports_evidence.Evidence``; on a line of its own also after what a crash left."""
        with self.locked():
            try:
                write_at(self._noted, f"\n{name}\n".encode(), _length(self._noted))
            except OSError as error:
                raise _unavailable(error) from error

    def noted(self) -> list[str]:
        """The names, each once, the first noted first; what a crash left of one is none."""
        lines = read_at(self._noted).decode("utf-8", "replace").split("\n")[:-1]
        return list(dict.fromkeys(filter(None, lines)))

    def done(self, names: Sequence[str]) -> None:
        """See ``ports_evidence.EvidenceStore``."""
        with self.locked():
            left = [one for one in self.noted() if one not in set(names)]
            put(self._noted, "".join(f"{one}\n" for one in left).encode())

    def enter(self, leaf: bytes, algorithm: str) -> int:
        """The place of a digest, appended to every copy and on the disk unless it was there already. Raises ``Unavailable``."""
        with self.locked():
            found = self.place(algorithm, leaf)
            if found is not None:
                return found
            self._level(algorithm)
            place = self.size(algorithm)
            try:
                for copy in self._copies:
                    write_at(copy / f"leaves-{algorithm}", leaf, place * SIZES[algorithm])
            except OSError as error:
                raise _unavailable(error) from error
            return place

    def size(self, algorithm: str) -> int:
        """How many digests there are; what a crash left of one is none."""
        return max(_length(copy / f"leaves-{algorithm}") // SIZES[algorithm] for copy in self._copies)

    def place(self, algorithm: str, leaf: bytes) -> int | None:
        """See ``evidence_book.Kept``."""
        found = (_find(copy / f"leaves-{algorithm}", leaf) for copy in self._copies)
        return next((one for one in found if one is not None), None)

    def acts(self) -> list[Act]:
        """See ``evidence_book.Kept``. Raises ``EvidenceDamaged`` where one between others is gone."""
        for name in sorted(self._names()):
            if int(name) not in self._acts:
                self._acts[int(name)] = self._act(name)
        for number in range(1, len(self._acts) + 1):
            if number not in self._acts:
                raise EvidenceDamaged("a gap", name=f"acts/{number:06}.json")
        return [self._acts[number] for number in sorted(self._acts)]

    def token(self, act: Act) -> bytes:
        """See ``evidence_book.Kept``. Raises ``EvidenceDamaged``."""
        if act.number not in self._tokens:
            self._tokens[act.number] = self.piece(_token(act))
        return self._tokens[act.number]

    def leaves(self, act: Act) -> list[bytes]:
        """See ``evidence_book.Kept``. Raises ``EvidenceDamaged``."""
        width, data = SIZES[act.algorithm], self.piece(_leaves(act))
        return [data[at : at + width] for at in range(0, len(data), width)]

    def between(self, algorithm: str, begin: int, end: int) -> list[bytes]:
        """The digests from ``begin`` to ``end`` that are in no batch yet. Raises ``EvidenceDamaged`` where the copies differ."""
        width = SIZES[algorithm]
        found = {read_at(copy / f"leaves-{algorithm}", begin * width, (end - begin) * width) for copy in self._copies}
        if len(found) != 1 or len(data := found.pop()) != (end - begin) * width:
            raise EvidenceDamaged("copies differ", name=f"leaves-{algorithm}")
        return [data[at : at + width] for at in range(0, len(data), width)]

    def add(self, act: Act, token: bytes, leaves: Sequence[bytes]) -> Act:
        """Keep an act with what belongs to it, on the disk in every copy; its own file comes last: without it the others are
        nothing. To be called while ``locked``. Raises ``Unavailable``."""
        made = msgspec.structs.replace(act, token=sha256(token), leaves=sha256(b"".join(leaves)))
        files = {"tst": token} | ({"leaves": b"".join(leaves)} if act.kind == "rehash" else {})
        try:
            for copy in self._copies:
                for end, data in {**files, "json": msgspec.json.encode(made) + b"\n"}.items():
                    put(copy / "acts" / f"{act.number:06}.{end}", data, mode=0o644)
        except OSError as error:
            raise _unavailable(error) from error
        return made

    def problems(self) -> list[str]:
        """What a copy lacks or holds otherwise (``first/acts/000001.tst``); read from the disk, all of it."""
        return [f"{copy.name}/{one.name}" for copy in self._copies for one in self.pieces()
                if not one.is_whole(one.read(copy))]  # fmt: skip

    def mend(self, beside: Mapping[str, bytes] | None = None) -> list[str]:
        """Put right from another copy whatever ``problems`` finds, as far as another has it, or ``beside`` does: bytes by SHA-256.
        Returns what is put right."""
        with self.locked():
            mended = []
            for one in self.pieces():
                found = [one.read(copy) for copy in self._copies]
                good = next(filter(one.is_whole, found), (beside or {}).get(one.digest))
                for copy, data in zip(self._copies, found, strict=True):
                    if good is not None and data != good:
                        one.write(copy, good)
                        mended.append(f"{copy.name}/{one.name}")
            for algorithm in SIZES:
                self._level(algorithm)
            return mended

    def pieces(self) -> Iterator[Piece]:
        """Every piece that is kept and will never change."""
        for act in self.acts():
            yield Piece(f"acts/{act.number:06}.json", 0, None, sha256(msgspec.json.encode(act) + b"\n"))
            yield _token(act)
            if act.kind != "renew":
                yield _leaves(act)

    def lost(self) -> list[Piece]:
        """The pieces that are in no copy as they were."""
        return [one for one in self.pieces() if not any(one.is_whole(one.read(copy)) for copy in self._copies)]

    def piece(self, one: Piece) -> bytes:
        """Its bytes. Raises ``EvidenceDamaged``."""
        for copy in self._copies:
            data = one.read(copy)
            if one.is_whole(data):
                return data
        raise EvidenceDamaged("in no copy", name=one.name)

    def readable(self) -> set[int]:
        """The numbers of the acts of which a copy can be read, also beside a gap."""
        found = set()
        for name in self._names():
            with suppress(EvidenceDamaged):
                found.add(self._act(name).number)
        return found

    def take_in(self, act: Act, files: Mapping[str, bytes], leaves: bytes) -> None:
        """An act that no copy knows, with its files by the ends of their names and, of a closing, its ``leaves``, as another copy has
        them. What waited at their place is entered again by who noted it. Raises ``Unavailable``."""
        with self.locked():
            try:
                for copy in self._copies:
                    if leaves:
                        write_at(copy / f"leaves-{act.algorithm}", leaves, act.begin * SIZES[act.algorithm])
                    for end, data in files.items():
                        put(copy / "acts" / f"{act.number:06}.{end}", data, mode=0o644)
            except OSError as error:
                raise _unavailable(error) from error

    def _names(self) -> set[str]:
        """Of the acts that any copy has a file of; what lies beside those (a share leaves ``._000001.json``) is none of ours."""
        names = {path.stem for copy in self._copies for path in copy.glob("acts/*.json")}
        return {name for name in names if _NUMBER.fullmatch(name)}

    def _act(self, name: str) -> Act:
        """The act in the first copy whose file can be read."""
        for copy in self._copies:
            with suppress(OSError, msgspec.MsgspecError):
                act = msgspec.json.decode(read_at(copy / "acts" / f"{name}.json"), type=Act)
                if act.number == int(name) and act.algorithm in SIZES:
                    return act
        raise EvidenceDamaged("no readable act", name=f"acts/{name}.json")

    def _level(self, algorithm: str) -> None:
        """After a crash one copy may hold more digests than another: nobody was told of them, but they may stay."""
        width, paths = SIZES[algorithm], [copy / f"leaves-{algorithm}" for copy in self._copies]
        lengths = [_length(path) // width * width for path in paths]
        longest = paths[lengths.index(max(lengths))]
        for path, length in zip(paths, lengths, strict=True):
            if length < max(lengths):
                write_at(path, read_at(longest, length, max(lengths) - length), length)


def _token(act: Act) -> Piece:
    return Piece(f"acts/{act.number:06}.tst", 0, None, act.token)


def _leaves(act: Act) -> Piece:
    if act.kind != "close":
        return Piece(f"acts/{act.number:06}.leaves", 0, None, act.leaves)
    width = SIZES[act.algorithm]
    return Piece(f"leaves-{act.algorithm}", act.begin * width, (act.end - act.begin) * width, act.leaves)


def _unavailable(error: OSError) -> Unavailable:
    return Unavailable(type(error).__name__, code="evidence.unavailable",
                       text="Beviserne kan ikke skrives lige nu. Samtykker og tilbagekaldelser virker alligevel.")  # fmt: skip


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _find(path: Path, leaf: bytes) -> int | None:
    """Which leaf of the file it is."""
    if _length(path) < len(leaf):
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as leaves:
        at = leaves.find(leaf)
        while at % len(leaf) and at >= 0:  # a match across two leaves
            at = leaves.find(leaf, at + 1)
        return None if at < 0 else at // len(leaf)
