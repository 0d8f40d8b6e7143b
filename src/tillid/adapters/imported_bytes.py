"""The bytes of imported packages: copied as they came, with the sender's trust list, and read again to the same digest."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tillid.adapters.package_sources import CHUNK, FolderSource
from tillid.archive.imported import Form, digest_of
from tillid.archive.package_read import PackageRefused
from tillid.kernel.files import opened_file
from tillid.signatures.trust import load_trust

FOLDER, ZIP = "package", "package.zip"
MOST = 500_000_000  # bytes of one package, which every reading reads; one document's has a few millions
TRUST_FILES = (
    "ca/*.pem",
    "seals/*.pem",
    "seals/*.txt",
    "tsa/*.pem",
    "persons/*.pem",
    "log/*.txt",
    "crl/*.crl",
    "ocsp/*.ocsp",
    "revoked.json",
)
MOST_TRUST = 20_000_000


def place_of(folder: Path, form: Form) -> Path:
    """Where the package lies in its folder."""
    return folder / (ZIP if form == "zip" else FOLDER)


def copy_package(path: Path, into: Path) -> tuple[Form, str]:
    """The package's bytes as they came, and their digest; no link is followed and nothing but files is taken."""
    known = os.lstat(path) if os.path.lexists(path) else None
    if known is not None and stat.S_ISREG(known.st_mode):
        if known.st_size > MOST:
            raise PackageRefused("package.too-large")
        return "zip", _copied(path, into / ZIP, MOST)
    if known is None or not stat.S_ISDIR(known.st_mode):
        raise PackageRefused("package.unreadable", path.name)
    entries = FolderSource(path).entries()
    if sum(entries.values()) > MOST:
        raise PackageRefused("package.too-large")
    found = [(name, _copied(path / name, into / FOLDER / name, size)) for name, size in sorted(entries.items())]
    return "folder", digest_of(found)


def _copied(path: Path, to: Path, most: int) -> str:
    """The digest of the copy, which is on the disk when this returns."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, left = hashlib.sha256(), most
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o400), "wb") as file:
        for chunk in _chunks(path):
            left -= len(chunk)
            if left < 0:  # it grows while it is read
                raise PackageRefused("package.size", path.name)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        file = opened_file(path)
    except OSError:
        raise PackageRefused("package.missing", path.name) from None
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def digest_at(place: Path, form: Form) -> str:
    """Of what is kept, read again. Raises ``PackageRefused``, ``OSError``."""
    return _digest(place) if form == "zip" else folder_digest(place)


def folder_digest(folder: Path) -> str:
    """Of all files in it. Raises ``PackageRefused``, ``OSError``."""
    return digest_of((name, _digest(folder / name)) for name in FolderSource(folder).entries())


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def copy_trust(trust: Path, into: Path) -> str:
    """What a list may hold, and nothing else; it must be readable as one. Returns its digest."""
    load_trust(trust)
    into.mkdir(mode=0o700)
    left = MOST_TRUST
    for pattern in TRUST_FILES:
        for path in sorted(trust.glob(pattern)):
            left -= path.stat().st_size
            if left < 0:
                raise PackageRefused("package.too-large", path.name)
            _copied(path.resolve(), into / path.relative_to(trust), MOST_TRUST)
    return folder_digest(into)
