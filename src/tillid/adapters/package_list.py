"""``packages.jsonl`` in the folder of packages: a line on the disk for each thing done; one run at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tillid.archive.package_runs import Line
from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync

NAME = "packages.jsonl"
LONGEST = 10_000  # characters of a line


class ListWrong(TillidError):
    code = "package.list"
    text = "{file} er ikke en liste over pakker, som Tillid har skrevet, eller den er ændret (linje {line})."


class ListBusy(TillidError):
    code = "package.busy"
    text = "En anden kommando laver pakker i {folder}. Vent, til den er færdig, eller vælg en anden mappe."


class PackageList:
    """The list in ``out``, which is made if it is missing. Raises ``ListBusy``, ``OSError``."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._path = out / NAME
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        self._fd = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.close()
            raise ListBusy("locked", folder=out) from error
        self._cut_torn_end()
        sync(out)

    def __enter__(self) -> PackageList:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def lines(self) -> Iterator[Line]:
        """What stands in it. Raises ``ListWrong``."""
        return read_list(self._path)

    def add(self, line: Line) -> None:
        """On the disk when this returns. Raises ``OSError``."""
        os.write(self._fd, msgspec.json.encode(line) + b"\n")
        os.fsync(self._fd)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._fd)

    def _cut_torn_end(self) -> None:
        """What a killed run left of a line."""
        size = os.fstat(self._fd).st_size
        tail = os.pread(self._fd, LONGEST, max(0, size - LONGEST))
        if tail and not tail.endswith(b"\n"):
            os.ftruncate(self._fd, max(0, size - LONGEST) + tail.rfind(b"\n") + 1)


def read_list(path: Path) -> Iterator[Line]:
    """The lines of the list at ``path``, a piece at a time. Raises ``ListWrong``, ``OSError``."""
    decoder = msgspec.json.Decoder(Line)
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), start=1):
            try:
                yield decoder.decode(line)
            except msgspec.MsgspecError as error:
                raise ListWrong("not a line of ours", file=path.name, line=number) from error
