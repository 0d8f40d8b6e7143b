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

import bagit
import pytest

from tests.unit.adapters.test_package_files import MADE, added, folder, in_mets, refused, zip_of
from tillid.adapters.package_sources import opened
from tillid.archive import package_check
from tillid.archive.package_check import MAX_FILES, check
from tillid.archive.package_read import read_mets
from tillid.cli import main
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


def a_second_place(folder: Path) -> None:
    """Our own reader takes the first; another may take the last."""
    text = (folder / "METS.xml").read_text("utf-8")
    place = re.search(r"<FLocat[^>]*documentation/about.txt[^>]*/>", text)[0]
    in_mets(folder, place, place + place.replace("documentation/about.txt", "../../../etc/passwd"))


PROGRAM = (
    '<behaviorSec><behavior><mechanism LOCTYPE="URL" xlink:href="file:///bin/sh"/></behavior></behaviorSec></mets>'
)
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
    "a file in two places": ("package.mets-schema", a_second_place),
    "a program that is to be run": ("package.mets-schema", lambda at: in_mets(at, "</mets>", PROGRAM)),
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


@pytest.mark.req("R-84")
def test_a_mets_file_that_names_too_much_is_refused_however_little_lies_there(folder, monkeypatch):
    whole = check(opened(folder))
    root = len(read_mets((folder / "METS.xml").read_bytes()).files)
    for name, most, code in (("MAX_FILES", root - 1, "package.too-many"), ("MAX_FILES", root, "package.too-many"),
                             ("MAX_PARTS", 1, "package.too-many")):  # fmt: skip
        with monkeypatch.context() as smaller:
            smaller.setattr(package_check, name, most)
            assert refused(folder) == code, (name, most)
    monkeypatch.setattr(package_check, "MAX_FILES", len(whole.files))
    monkeypatch.setattr(package_check, "MAX_PARTS", 2)
    assert check(opened(folder)) == whole, "as many as there may be"
    text = (folder / "METS.xml").read_text("utf-8")
    pointer = re.search(r'<mptr[^>]*href="(representations/data/METS.xml)"[^>]*/>', text)[0]
    in_mets(folder, pointer, pointer.replace("representations/data/METS.xml", "documentation/other.xml"))
    assert refused(folder) == "package.mets-schema", "a representation that is no file of it"


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


def hidden_before(whole: Path, data: bytes) -> Path:
    whole.write_bytes(data + whole.read_bytes())
    return whole


@pytest.mark.req("R-84")
def test_whoever_reads_a_zip_from_its_beginning_finds_the_same_files(folder, tmp_path):
    """What the list does not name lies before, between or after the members; or what stands before a member is not what the list says."""
    whole = zip_of(folder, tmp_path / "whole.zip")
    with zipfile.ZipFile(tmp_path / "ghost.zip", "w") as archive:
        archive.writestr("METS.xml", b"<ghost/>")
    ghost = (tmp_path / "ghost.zip").read_bytes().partition(b"PK\1\2")[0]
    copies = [Path(shutil.copy(whole, tmp_path / f"{number}.zip")) for number in range(4)]
    assert refused(hidden_before(copies[0], ghost)) == "package.hidden"
    assert refused(hidden_before(copies[1], b"MZ" * 5_000)) == "package.hidden"
    data = bytearray(whole.read_bytes())
    with zipfile.ZipFile(whole) as archive:
        at, second = archive.start_dir, sorted(one.header_offset for one in archive.infolist())[1]
    copies[2].write_bytes(ended(bytes(data[:at]) + ghost, [bytes(data[at : data.rfind(b"PK\5\6")])]))
    assert refused(copies[2]) == "package.hidden", "after the last"
    for place in (0, 6, 8, 18):  # mark, flags, method, size
        changed = bytearray(data)
        changed[second + place] ^= 8
        copies[3].write_bytes(changed)
        assert refused(copies[3]) == "package.hidden", place
    with zipfile.ZipFile(tmp_path / "streamed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive._seekable = False  # what comes out of a pipe has its sizes after each member
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(path, str(path.relative_to(folder)))
    with zipfile.ZipFile(tmp_path / "streamed.zip") as archive:
        assert all(one.flag_bits & 8 for one in archive.infolist())
    assert check(opened(tmp_path / "streamed.zip")) == check(opened(folder))


def bag_of(folder: Path, at: Path) -> Path:
    shutil.copytree(folder, at / MADE.id)
    bagit.make_bag(str(at), checksums=["sha256"])
    return at


@pytest.mark.req("R-84")
def test_nothing_lies_beside_a_bag_s_lists_and_nothing_is_to_be_fetched(folder, tmp_path):
    bag = bag_of(folder, tmp_path / "bag")
    for name, text, code in (
        ("more.txt", "x", "package.extra"),
        ("metadata/more.txt", "x", "package.extra"),
        ("bag-info.txt.exe", "x", "package.extra"),
        ("fetch.txt", "http://a.example/x 6 data/x\n", "package.bag-fetch"),
    ):
        (bag / name).parent.mkdir(exist_ok=True)
        (bag / name).write_text(text)
        assert refused(bag) == code
        (bag / name).unlink()
    assert check(opened(bag)).mets.id == MADE.id


@pytest.mark.req("R-84")
def test_what_is_encrypted_is_told_from_what_is_damaged(folder, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.zip.p7m").write_bytes(b"\x30\x80")
    (out / "packages.jsonl").write_bytes(b"")
    assert refused(out / "a.zip.p7m") == "package.encrypted"
    assert main(["package", "check", str(out)]) == 1 and "modtagerens nøgle" in capsys.readouterr().out
    locked = bytearray(zip_of(folder, tmp_path / "locked.zip").read_bytes())
    locked[locked.find(b"PK\1\2") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert refused(tmp_path / "locked.zip") == "package.locked"
