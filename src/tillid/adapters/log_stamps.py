"""Signed heads of the log with the timestamps of an authority: kept beside the log, a pair of files an hour.

    stamped/2026/20261126T091500Z.note    the signed head, as ``checkpoint`` holds it
    stamped/2026/20261126T091500Z.tst     the token (DER) over the SHA-256 of those bytes

So ``openssl ts -verify -data FILE.note -in FILE.tst -token_in`` needs nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tillid.kernel.canonical import sha256
from tillid.kernel.files import put
from tillid.signatures.timestamp import judge
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import REASONS

NAME = "%Y%m%dT%H%M%SZ"


class LogStamps:
    """The pairs in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._newest: datetime | None = None

    def keep(self, note: bytes, token: bytes, moment: datetime) -> None:
        """Have both on disk. The note comes first: alone it is nothing. Raises ``OSError``."""
        year = self.folder / f"{moment.astimezone(UTC):%Y}"
        year.mkdir(parents=True, exist_ok=True)
        name = moment.astimezone(UTC).strftime(NAME)
        put(year / f"{name}.note", note, mode=0o644)
        put(year / f"{name}.tst", token, mode=0o644)
        self._newest = moment

    def newest(self) -> datetime | None:
        """When the newest head was stamped."""
        if self._newest is None:
            newest = newest_in(self.folder, "tst")
            self._newest = datetime.strptime(newest.stem, NAME).replace(tzinfo=UTC) if newest else None
        return self._newest

    def newest_token(self) -> bytes:
        """The newest head's token; empty where there is none."""
        found = self.newest()
        return _bytes(self.folder / f"{found:%Y}" / f"{found.strftime(NAME)}.tst") if found else b""

    def all(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Name, note and token of every pair, oldest first. A note that lost its token, or the other way round, has an empty
        other half, unless it is the newest of all: that one may be just being written."""
        names = sorted({one.with_suffix("") for kind in ("note", "tst") for one in self.folder.glob(f"*/*.{kind}")})
        for path in names:
            note, token = _bytes(path.with_suffix(".note")), _bytes(path.with_suffix(".tst"))
            if note and (token or path != names[-1]):
                yield path.name, note, token
            elif token:
                yield path.name, b"", token


def newest_in(folder: Path, kind: str) -> Path | None:
    """The newest file of that ending in a folder of this form."""
    years = years_in(folder)
    return next((found for year in years if (found := max(year.glob(f"*.{kind}"), default=None)) is not None), None)


def years_in(folder: Path) -> list[Path]:
    """Where heads lie in it, the newest first."""
    return sorted((one for one in folder.glob("[0-9][0-9][0-9][0-9]") if one.is_dir()), reverse=True)


def judged(token: bytes, note: bytes, trust: Trust, at: datetime) -> tuple[str, str]:
    """What a token says of ``note``: the step of ``verdict.REASONS``, and ``passed``, ``failed`` or ``indeterminate``. An
    authority that is not on a list which names some is no doubt but a fault."""
    step = judge(token, sha256(note), trust, at=at).step
    unknown = step.startswith(("timestamp.authority", "timestamp.chain"))
    return step, "failed" if unknown and trust.stampers else REASONS[step][0]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
