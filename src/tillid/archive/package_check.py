"""Whether a package is whole: every file that METS names is there, as long and with the digest that it says, and nothing else is.

The first thing that is wrong ends the check. What it costs is bounded by what lies there, never by what the package claims:
a file is read to the size that METS says and no further.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import msgspec

from tillid.archive.package_read import MAX_METS, Listed, MetsRead, PackageRefused, read_mets

MAX_FILES = 20_000  # one document's package has about a hundred
MAX_PARTS = 50  # representations; ours have two
ROOT = "METS.xml"


class Source(Protocol):
    """A package that lies somewhere: paths from its root, with slashes, already safe (``safe_path``)."""

    def entries(self) -> Mapping[str, int]:
        """Path → size. Raises ``PackageRefused``: links, paths that lead out, a file twice, too many."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """The file's bytes, a piece at a time."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A package that is whole. ``files``: all but the root METS itself, in order of their paths."""

    mets: MetsRead
    files: tuple[Listed, ...]

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(one.size for one in self.files)


def check(source: Source) -> Checked:
    """Raises ``PackageRefused`` for the first thing that is wrong."""
    there = source.entries()
    _require_told_apart(there)
    listed = listing(source, there)
    named = {one.path for one in listed.files}
    if missing := sorted(named - there.keys()):
        raise PackageRefused("package.missing", missing[0])
    if extra := sorted(there.keys() - named - {ROOT}):
        raise PackageRefused("package.extra", extra[0])
    for one in listed.files:
        if there[one.path] != one.size:
            raise PackageRefused("package.size", one.path)
        if _digest(source, one) != one.sha256:
            raise PackageRefused("package.checksum", one.path)
    return listed


def listing(source: Source, there: Mapping[str, int]) -> Checked:
    """What METS says is in it; the representations' own METS files are read too. Nothing is held against its digest."""
    root = read_mets(_read(source, there, ROOT))
    files = {one.path: one for one in root.files}
    if len(files) < len(root.files) or len(set(root.pointers)) < len(root.pointers):
        raise PackageRefused("package.duplicate-file", ROOT)
    if len(files) > MAX_FILES or len(root.pointers) > MAX_PARTS:
        raise PackageRefused("package.too-many")
    left = MAX_METS  # for all of them together: each is parsed, however little it names
    for path in root.pointers:
        if path not in files:
            raise PackageRefused("package.mets-schema", path)
        data = _read(source, there, path)
        left -= len(data)
        if left < 0:
            raise PackageRefused("package.mets-size", path)
        for one in read_mets(data, path).files:
            if one.path in files:
                raise PackageRefused("package.duplicate-file", one.path)
            files[one.path] = one
            if len(files) > MAX_FILES:
                raise PackageRefused("package.too-many")
    return Checked(mets=root, files=tuple(files[path] for path in sorted(files)))


def _require_told_apart(paths: Iterable[str]) -> None:
    """Whoever unpacks it on another system must get the same files: there names that differ in case, or in how a letter is put
    together, are one; and nowhere is a file a folder too."""
    seen: set[str] = set()
    for path in paths:
        name = unicodedata.normalize("NFC", path).casefold()
        if name in seen:
            raise PackageRefused("package.same-name", path)
        seen.add(name)
    for name in seen:
        while "/" in name:
            name = name.rpartition("/")[0]
            if name in seen:
                raise PackageRefused("package.same-name", name)


def _read(source: Source, there: Mapping[str, int], path: str) -> bytes:
    if path not in there:
        raise PackageRefused("package.no-mets" if path == ROOT else "package.missing", path)
    read = bytearray()
    for chunk in source.chunks(path):
        read += chunk
        if len(read) > MAX_METS:
            raise PackageRefused("package.mets-size", path)
    return bytes(read)


def _digest(source: Source, one: Listed) -> str:
    digest, left = hashlib.sha256(), one.size
    for chunk in source.chunks(one.path):
        left -= len(chunk)
        if left < 0:
            raise PackageRefused("package.size", one.path)
        digest.update(chunk)
    return digest.hexdigest()
