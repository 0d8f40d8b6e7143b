"""Packages found on the disk, as a folder, a zip or a BagIt bag; nothing in one is believed, followed or unpacked (ADR 0053, 0057)."""

from __future__ import annotations

import logging
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import bagit

from tillid.adapters.package_zip import list_size, require_apart, require_nothing_else
from tillid.archive.package_check import MAX_FILES, Source
from tillid.archive.package_read import PackageRefused, safe_path
from tillid.kernel.files import opened_file
from tillid.kernel.zips import DAMAGED, lacked_memory

CHUNK = 1 << 20
MAX_BYTES = 100 * 2**30  # of one package
MAX_RATIO = 100  # a zip's contents to the zip itself; words as JSON come to about 20
FREE_BYTES = 50_000_000  # so much may come out of any zip
MAX_LIST = 400 * MAX_FILES  # bytes that a zip's list of files may take
# LZMA may ask for a dictionary of 4 GB before a byte comes out.
UNPACKED_BY = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
BAG = "bagit.txt"
_OF_A_BAG = re.compile(r"(bagit|bag-info|(tag)?manifest-[a-z0-9]+)\.txt\Z")
ENCRYPTED = ".p7m"  # what ``package_envelope.py`` writes
LOCKED = 0x2041  # flags of a zip's member: a password, or something stronger
# What the library says of a bag repeats a stranger's names, escape signs and all, a line for each: our own refusal says enough.
logging.getLogger("bagit").setLevel(logging.CRITICAL + 1)


def opened(path: Path) -> Source:
    """The package at ``path``; a bag is held against its own manifests first. Raises ``PackageRefused``."""
    if path.is_symlink() or not path.exists():
        raise PackageRefused("package.unreadable", str(path))
    if path.is_file() and path.suffix == ENCRYPTED:
        raise PackageRefused("package.encrypted", path.name)
    if path.is_file():
        return ZipSource(path)
    if not path.is_dir():  # a pipe or a device
        raise PackageRefused("package.link", path.name)
    folder = FolderSource(path)
    if not (path / BAG).exists():
        return folder
    inside = _bagged(path, folder)
    return FolderSource(inside)


def packages_in(path: Path) -> list[Path]:
    """``path`` itself if it is a package, else the packages in that folder."""
    if path.is_symlink() or not path.is_dir() or any((path / name).exists() for name in ("METS.xml", BAG)):
        return [path]
    found = sorted(
        one
        for one in path.iterdir()
        if not one.name.startswith(".") and (one.is_dir() or one.suffix in (".zip", ENCRYPTED))
    )
    return found or [path]


def _bagged(path: Path, folder: FolderSource) -> Path:
    """The one package in a bag."""
    # No link leads anywhere else, and no list is larger than it can be: the library may read it.
    lists = {name: size for name, size in folder.entries().items() if not name.startswith("data/")}
    if any(size > MAX_LIST for size in lists.values()):
        raise PackageRefused("package.too-large")
    for name in sorted(lists):
        if name == "fetch.txt":
            raise PackageRefused("package.bag-fetch")
        if not _OF_A_BAG.match(name):  # no list of the bag's has to name it, and METS lies below
            raise PackageRefused("package.extra", name)
        if name == BAG or "manifest" in name:
            _require_inside(path / name, names=name != BAG)
    try:
        bagit.Bag(str(path)).validate()
    except (bagit.BagError, OSError, ValueError, LookupError) as error:
        raise PackageRefused("package.bag", type(error).__name__) from error
    tops = sorted((path / "data").iterdir())
    if len(tops) != 1 or not tops[0].is_dir():
        raise PackageRefused("package.no-mets")
    return tops[0]


def _require_inside(path: Path, *, names: bool) -> None:
    """Nothing that a manifest names lies outside the bag: the library takes a neighbour whose name begins as the bag's does.
    ``bagit.txt`` may say no encoding but ours, in which the names would be others."""
    text = path.read_bytes().decode("utf-8", "replace")
    if not names:
        if "encoding: utf-8" not in text.lower():
            raise PackageRefused("package.bag", path.name)
        return
    lines = re.split(r"[\r\n]+", text)
    if len(lines) > MAX_FILES + 1:  # the library compares each with what lies there
        raise PackageRefused("package.too-many")
    for line in lines:
        if len(parts := line.split(maxsplit=1)) == 2:
            safe_path(parts[1].lstrip("*").strip())


class FolderSource:
    """A package as a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> Mapping[str, int]:
        """See ``Source``. A file with a second name is refused too: who has that one could change what was checked."""
        found: dict[str, int] = {}
        waiting, seen, size = [(self._folder, "")], 0, 0
        while waiting:
            folder, before = waiting.pop()
            for one, known in _scanned(folder, before):
                seen += 1
                if seen > MAX_FILES:
                    raise PackageRefused("package.too-many")
                path = safe_path(before + one.name)
                if stat.S_ISDIR(known.st_mode):
                    waiting.append((Path(one.path), path + "/"))
                elif stat.S_ISREG(known.st_mode) and known.st_nlink == 1:
                    found[path] = known.st_size
                    size += known.st_size
                else:
                    raise PackageRefused("package.link", path)
        if size > MAX_BYTES:
            raise PackageRefused("package.too-large")
        return found

    def chunks(self, path: str) -> Iterator[bytes]:
        """See ``Source``; a link that took the file's place meanwhile is not followed."""
        try:
            file = opened_file(self._folder / path)
        except OSError:
            raise PackageRefused("package.missing", path) from None
        with file:
            while chunk := file.read(CHUNK):
                yield chunk


def _scanned(folder: Path, name: str) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    """What lies in a folder; folders so deep that the system cannot name them are refused."""
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                yield one, one.stat(follow_symlinks=False)
    except OSError:
        raise PackageRefused("package.unreadable", name) from None


class ZipSource:
    """A package as a zip, its files at the top or in one folder. Nothing is unpacked to the disk."""

    def __init__(self, path: Path) -> None:
        self._path, self._names = path, dict[str, zipfile.ZipInfo]()
        self._archive: zipfile.ZipFile | None = None

    def entries(self) -> Mapping[str, int]:
        """See ``Source``. How long the list at the end of the file is, is known before it is read."""
        try:
            if list_size(self._path) > MAX_LIST:
                raise PackageRefused("package.too-many")
            self._archive = self._archive or zipfile.ZipFile(self._path)
            infos = self._archive.infolist()
        except DAMAGED as problem:
            raise _unreadable(problem, self._path.name) from None
        if len(infos) > MAX_FILES:
            raise PackageRefused("package.too-many")
        require_apart(infos)
        size = sum(one.file_size for one in infos)
        if size > MAX_BYTES or size > max(FREE_BYTES, MAX_RATIO * self._path.stat().st_size):
            raise PackageRefused("package.too-large")
        self._names = {}
        for one in infos:
            self._take(one)
        self._require_nothing_else()
        self._names = _below(self._names)
        if BAG in self._names:
            raise PackageRefused("package.bag-zip")
        return {path: one.file_size for path, one in self._names.items()}

    def _take(self, one: zipfile.ZipInfo) -> None:
        # As it was written: zipfile makes another name of one with a zero byte in it.
        path = safe_path(one.orig_filename.rstrip("/") if one.is_dir() else one.orig_filename)
        kind = stat.S_IFMT(one.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise PackageRefused("package.link", path)
        if one.flag_bits & LOCKED:
            raise PackageRefused("package.locked", path)
        if one.is_dir():
            return
        if one.compress_type not in UNPACKED_BY:
            raise PackageRefused("package.packed-by", path)
        if path in self._names:
            raise PackageRefused("package.duplicate-file", path)
        self._names[path] = one

    def _require_nothing_else(self) -> None:
        assert self._archive is not None
        try:
            require_nothing_else(self._path, self._archive)
        except DAMAGED as problem:
            raise _unreadable(problem, self._path.name) from None

    def chunks(self, path: str) -> Iterator[bytes]:
        """See ``Source``; the list of the files is read once, or a zip of many would be read for hours."""
        archive = self._archive
        assert archive is not None, "entries() comes first"
        try:
            with archive.open(self._names[path]) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except DAMAGED as problem:
            raise _unreadable(problem, path) from None


def _unreadable(problem: Exception, name: str) -> Exception:
    """What is said of a damaged zip; want of memory says nothing of it and stays what it is."""
    return problem if lacked_memory(problem) else PackageRefused("package.unreadable", name)


def _below(names: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Without the one folder that all lies in."""
    tops = {path.split("/", 1)[0] for path in names}
    if "METS.xml" in names or len(tops) != 1 or any("/" not in path for path in names):
        return names
    return {path.split("/", 1)[1]: one for path, one in names.items()}
