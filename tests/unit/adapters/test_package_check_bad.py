"""Packages that somebody made to do harm: each is refused with its reason, and nothing in it is followed, unpacked or believed."""

from __future__ import annotations

import os
import re
import shutil
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.adapters.test_package_files import MADE, added, folder, in_mets, refused, zip_of
from tillid.adapters.package_sources import opened
from tillid.archive import package_check
from tillid.archive.package_check import MAX_FILES, check
from tillid.kernel.canonical import sha256

__all__ = ["folder"]
NFC, NFD = unicodedata.normalize("NFC", "bilag-å.txt"), unicodedata.normalize("NFD", "bilag-å.txt")


def written(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / "documentation" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def outside(folder: Path) -> None:
    (folder.parent / "outside").write_bytes(b"x")
    os.link(folder.parent / "outside", folder / "documentation" / "to")


def deep(folder: Path) -> None:
    """So deep that no name of it fits into what the system takes: made from inside, a folder at a time."""
    here = os.open(folder / "documentation", os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 90, dir_fd=here)
        below = os.open("d" * 90, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


BAD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a second name of a file outside": ("package.link", outside),
    "a link to a folder": ("package.link", lambda at: (at / "documentation" / "to").symlink_to("/etc")),
    "names that differ in case": ("package.same-name", lambda at: written(at, "Bilag.txt", "bilag.txt")),
    "names that differ in how a letter is made": ("package.same-name", lambda at: written(at, NFC, NFD)),
    "folders without end": ("package.long-path", deep),
    "an absolute path": ("package.path", lambda at: in_mets(at, "documentation/about.txt", "/etc/passwd")),
    "an absolute path in percent signs": (
        "package.path", lambda at: in_mets(at, "documentation/about.txt", "%2Fetc%2Fpasswd"),
    ),
    "an address": ("package.path", lambda at: in_mets(at, "documentation/about.txt", "http://a.example/about.txt")),
    "a drive and a backslash": ("package.path", lambda at: in_mets(at, "documentation/about.txt", "C:%5Cabout.txt")),
    "percent signs twice": ("package.missing", lambda at: in_mets(at, "documentation/about.txt", "%252e%252e/about.txt")),
    "a METS file of 100 MB": ("package.mets-size", lambda at: (at / "METS.xml").open("ab").truncate(100_000_000)),
    "another encoding": ("package.mets-broken", lambda at: (at / "METS.xml").write_bytes(
        (at / "METS.xml").read_text("utf-8").replace("UTF-8", "UTF-16").encode("utf-16"))),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
@pytest.mark.req("R-84")
def test_what_is_made_to_do_harm_is_refused(folder, what):
    code, make = BAD[what]
    make(folder)
    assert refused(folder) == code


@pytest.mark.req("R-84")
def test_an_entity_in_a_representations_mets_is_not_read_either(folder):
    in_mets(
        folder / "representations" / "data", "<mets ", '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><mets '
    )
    assert refused(folder) == "package.mets-dtd"


@pytest.mark.req("R-84")
def test_a_mets_file_that_is_pointed_at_often_is_read_once(folder, monkeypatch):
    """Each reading costs: one without files in it could be named a hundred thousand times, or many large ones once each."""
    text = (folder / "METS.xml").read_text("utf-8")
    pointer = re.search(r"<mptr[^>]*/>", text)[0]
    (folder / "METS.xml").write_text(text.replace(pointer, pointer * 2_000, 1), "utf-8")
    assert refused(folder) == "package.duplicate-file"
    (folder / "METS.xml").write_text(text, "utf-8")
    for name in ("pdfa", "data"):
        with (folder / "representations" / name / "METS.xml").open("a", encoding="utf-8") as file:
            file.write(" " * 600_000)
    assert refused(folder) == "package.size", "both together are no larger than one may be"
    monkeypatch.setattr(package_check, "MAX_METS", 1_000_000)
    assert refused(folder) == "package.mets-size"


def test_a_pipe_is_no_package(tmp_path):
    os.mkfifo(tmp_path / "a.zip")  # whoever opens it waits for ever
    assert refused(tmp_path / "a.zip") == "package.link"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.req("R-84")
def test_a_zip_that_is_made_to_do_harm_is_refused(folder, tmp_path):
    whole = zip_of(folder, tmp_path / "whole.zip")
    wrong = {
        "package.path": ("documentation/..\\..\\a",),
        "package.link": ("device", b"", stat.S_IFCHR),
        "package.same-name": ("mets.XML",),
        "package.long-path": ("d/" * 500 + "a",),
        "package.extra": ("bomb.zip", b"PK\x03\x04"),  # what lies in it is nobody's business
    }
    for code, what in wrong.items():
        assert refused(added(shutil.copy(whole, tmp_path / f"{code}.zip"), *what)) == code
    inside = added(shutil.copy(whole, tmp_path / "inside.zip"), "METS.xml/a")
    assert refused(inside) == "package.same-name"
    with zipfile.ZipFile(tmp_path / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("METS.xml", b"")
    assert refused(tmp_path / "lzma.zip") == "package.packed-by"


def entry(name: bytes, at: int, packed: int, size: int) -> bytes:
    """A line of a zip's list (APPNOTE 4.3.12)."""
    return (
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, packed, size, len(name), 0, 0, 0, 0, 0, at) + name
    )


def ended(members: bytes, entries: list[bytes]) -> bytes:
    listed = b"".join(entries)
    count = min(len(entries), 0xFFFF)
    return members + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), len(members), 0)


@pytest.mark.req("R-84")
def test_members_that_share_their_bytes_and_members_without_number_are_refused(tmp_path):
    """A bomb whose every member is the same large one would be 1,000 times as large as its ratio says (Fifield 2019)."""
    shared = [entry(b"a/%d" % number, 0, 1_000, 50_000) for number in range(1_000)]
    (tmp_path / "bomb.zip").write_bytes(ended(bytes(2_000), shared))
    assert refused(tmp_path / "bomb.zip") == "package.overlap"
    many = [entry(b"%d" % number, 0, 0, 0) for number in range(MAX_FILES + 1)]
    (tmp_path / "many.zip").write_bytes(ended(b"", many))
    assert refused(tmp_path / "many.zip") == "package.too-many"


@pytest.mark.req("R-84")
def test_a_bomb_that_is_a_file_like_others_is_read_as_one(folder):
    """Named by METS with its digest: never opened, so it costs what it is."""
    bomb = folder / "documentation" / "about.txt"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    old = next(one for one in MADE.files if one.path == "documentation/about.txt").data
    text = (folder / "METS.xml").read_text("utf-8")
    text = text.replace(f'SIZE="{len(old)}"', f'SIZE="{bomb.stat().st_size}"', 1)
    (folder / "METS.xml").write_text(text.replace(sha256(old), sha256(bomb.read_bytes()), 1), "utf-8")
    assert sum(one.size for one in check(opened(folder)).files) < 1_000_000
