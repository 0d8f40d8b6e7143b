"""One backup while it is made: files with their SHA-256 in a list that ``sha256sum -c`` reads (ADR 0073).

A file that never changes once it is written (a blob) is not copied again when the backup before this one has it: it gets a second
name (a hard link). Removing the older backup takes nothing from the younger.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from tillid.kernel.files import sync

MANIFEST = "manifest-sha256.txt"
_PIECE = 2**20


class Book:
    """``folder``: new and empty, for this process alone; ``before``: the backup before this one, with its list."""

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        folder.mkdir(mode=0o700)
        self.folder, self._before = folder, before
        self._known: Mapping[str, str] = _known(before) if before is not None else {}
        self._digests: dict[str, str] = {}

    @property
    def size(self) -> int:
        """How many files there are."""
        return len(self._digests)

    def put(self, name: str, file: IO[bytes], size: int) -> None:
        """The first ``size`` bytes of ``file``, wherever it stands. Raises ``OSError``, also where it is shorter."""
        target = self._place(name)
        self._digests[name] = copied(file, target, size)

    def put_lasting(self, name: str, source: Path) -> None:
        """A file that never changes once it is there."""
        target, size = self._place(name), source.stat().st_size
        if self._before is not None and name in self._known and _linked(self._before / name, target, size):
            self._digests[name] = self._known[name]
            return
        with source.open("rb") as file:
            self._digests[name] = copied(file, target, size)

    def drop(self, name: str) -> None:
        """Everything below ``name`` again."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        self._digests = {one: digest for one, digest in self._digests.items() if not one.startswith(f"{name}/")}

    def close(self) -> None:
        """The list; everything is on the disk when this returns."""
        text = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._digests.items()))
        manifest = self._place(MANIFEST)
        manifest.write_text(text, "utf-8")
        manifest.chmod(0o600)
        sync(manifest)
        for folder, _, _ in os.walk(self.folder, topdown=False):
            sync(Path(folder))

    def _place(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def listed(backup: Path) -> dict[str, str]:
    """Name → SHA-256 of what ``backup`` says it holds. Raises ``OSError``; ``ValueError`` for a list that is not one."""
    found = {}
    for line in (backup / MANIFEST).read_text("utf-8").splitlines():
        digest, separator, name = line.partition("  ")
        if not separator or len(digest) != 64 or not _is_plain(name):
            raise ValueError(MANIFEST)
        found[name] = digest
    return found


def problems(backup: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with it: ``missing``, ``changed`` or ``foreign``, and which file. Every byte is read. Raises ``OSError``."""
    try:
        known = listed(backup)
    except ValueError:
        yield "changed", MANIFEST
        return
    for name, digest in known.items():
        try:
            with (backup / name).open("rb") as file:
                os.posix_fadvise(
                    file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED
                )  # of the disk, not of the memory that wrote it
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield "changed", name
        except FileNotFoundError:
            yield "missing", name
    there = (Path(folder, one) for folder, _, files in os.walk(backup) for one in files)
    names = {path.relative_to(backup).as_posix() for path in there}
    yield from (("foreign", name) for name in sorted(names - {*known, MANIFEST}))


def _known(backup: Path) -> Mapping[str, str]:
    """Nothing, where its list cannot be read: then everything is copied."""
    try:
        return listed(backup)
    except (OSError, ValueError):
        return {}


def copied(file: IO[bytes], target: Path, size: int) -> str:
    """SHA-256 of ``size`` bytes that now stand in ``target``, on the disk. Raises ``OSError``."""
    digest, left, place = hashlib.sha256(), size, 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        while left:
            piece = os.pread(file.fileno(), min(_PIECE, left), place)
            if not piece:
                raise OSError(f"{target.name} ends too early")
            out.write(piece)
            digest.update(piece)
            left, place = left - len(piece), place + len(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _linked(source: Path, target: Path, size: int) -> bool:
    try:
        if source.stat().st_size != size:
            return False
        os.link(source, target)
    except OSError:  # gone, too many names, or a disk that has no second names
        return False
    return True


def _is_plain(name: str) -> bool:
    """Whether it can be nowhere but in the backup."""
    return bool(name) and not name.startswith("/") and not {"..", ".", ""} & set(name.split("/"))
