"""A package is the same bytes for the same input, and one with anything wrong in it is refused with its reason."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import bagit
import msgspec
import pytest
from lxml import etree

from tillid.adapters import package_sources
from tillid.adapters.package_sources import opened
from tillid.archive.package import Contents, build, package_id
from tillid.archive.package_check import check
from tillid.archive.package_mets import PackageFile
from tillid.archive.package_premis import Judged
from tillid.archive.package_read import WHY, PackageRefused, read_mets, safe_path
from tillid.consents.events import next_event
from tillid.consents.model import Organisation
from tillid.kernel.ids import new_id

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
EARLIER = datetime(2026, 10, 3, tzinfo=UTC)
PDF_PATH = "representations/pdfa/data/document.pdf"
NUMBERS = [new_id() for _ in range(3)]


def contents() -> Contents:
    event = next_event([], id=NUMBERS[0], kind="document_created", series_id=NUMBERS[1], at=AT, actor=NUMBERS[2],
                       child_id=NUMBERS[2], document_id=NUMBERS[1])  # fmt: skip
    return Contents(
        document_id=NUMBERS[1],
        number="TD-7F3K2Q",
        title="Overgangsbeskrivelse & mere",
        version=1,
        frozen_at=AT,
        controller=Organisation(id=NUMBERS[0], name="Børnehuset <Ø>", cvr="12345678"),
        sender=Organisation(id=NUMBERS[2], name="Kommunen"),
        software="0.1",
        made_at=AT,
        events=(event,),
        judged=(Judged(kind="fixity check", of="document.pdf", outcome="success", at=EARLIER, file=PDF_PATH),),
        pdfa=(PackageFile(path="document.pdf", data=b"%PDF-1.7", media_type="application/pdf"),),
        data=(
            PackageFile(path="answers.json", data=b"{}", media_type="application/json"),
            PackageFile(path="records/a/verdict.json", data=b"[]", media_type="application/json", of_the_moment=True),
        ),
        documentation=(PackageFile(path="about.txt", data=b"Pakken", media_type="text/plain"),),
    )


MADE = build(contents())


@pytest.fixture
def folder(tmp_path) -> Path:
    """A whole package."""
    place = tmp_path / MADE.id
    for one in MADE.files:
        path = place / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
    return place


def refused(path: Path) -> str:
    with pytest.raises(PackageRefused) as caught:
        check(opened(path))
    assert WHY[caught.value.code] in caught.value.message
    return caught.value.code


def in_mets(folder: Path, old: str, new: str) -> None:
    text = (folder / "METS.xml").read_text("utf-8")
    assert old in text
    (folder / "METS.xml").write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.req("R-84")
def test_same_input_same_bytes_and_the_id_is_of_the_contents(folder):
    assert build(contents()) == MADE
    later = msgspec.structs.replace(contents(), made_at=AT.replace(hour=13))
    assert package_id(later) == MADE.id and build(later).files[-1].data != MADE.files[-1].data
    verdict = msgspec.structs.replace(later.data[1], data=b"[1]")
    assert package_id(msgspec.structs.replace(later, data=(later.data[0], verdict))) == MADE.id
    other = msgspec.structs.replace(later.data[0], data=b"[1]")
    assert package_id(msgspec.structs.replace(later, data=(other, later.data[1]))) != MADE.id
    found = check(opened(folder))
    assert len(found.files) == len(MADE.files) - 1 and found.mets.id == MADE.id
    assert "Børnehuset <Ø>" in found.mets.agents


@pytest.mark.req("R-84")
def test_premis_tells_a_check_at_its_own_moment_and_of_which_file_it_is_and_that_it_was_packed():
    said = etree.fromstring(next(one.data for one in MADE.files if one.path == "metadata/preservation/premis.xml"))
    told = {}
    for event in said.iter("{http://www.loc.gov/premis/v3}event"):
        texts = {node.tag.rpartition("}")[2]: node.text for node in event.iter() if node.text and node.text.strip()}
        told[texts["eventType"]] = (texts["eventDateTime"], texts["linkingObjectIdentifierValue"])
    assert told["fixity check"] == ("2026-10-03T00:00:00Z", PDF_PATH)
    assert told["information package creation"] == ("2026-11-26T12:00:00Z", NUMBERS[1])
    assert any(one.path == PDF_PATH for one in MADE.files)


# What is wrong with a package, and what it is refused for.
WRONG: dict[str, Callable[[Path], object]] = {
    "package.checksum": lambda at: (at / "documentation" / "about.txt").write_bytes(b"Pakkem"),
    "package.size": lambda at: (at / "documentation" / "about.txt").write_bytes(b"Pakken."),
    "package.missing": lambda at: (at / "documentation" / "about.txt").unlink(),
    "package.extra": lambda at: (at / "documentation" / "more.txt").write_bytes(b""),
    "package.no-mets": lambda at: (at / "METS.xml").unlink(),
    "package.mets-broken": lambda at: (at / "METS.xml").write_bytes(b"<mets"),
    "package.mets-dtd": lambda at: in_mets(at, "<mets ", '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><mets '),
    "package.mets-schema": lambda at: in_mets(at, "<structMap ", "<structMop ") or in_mets(at, "/structMap", "/structMop"),
    "package.mets-size": lambda at: (at / "METS.xml").open("ab").truncate(20_000_001),
    "package.path": lambda at: in_mets(at, "documentation/about.txt", "documentation/%2e%2e/%2e%2e/about.txt"),
    "package.checksum-kind": lambda at: in_mets(at, 'CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="MD5"'),
    "package.duplicate-file": lambda at: in_mets(at, "schemas/xlink.xsd\"/", "documentation/about.txt\"/"),
    "package.link": lambda at: (at / "documentation" / "to").symlink_to("/etc/passwd"),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
@pytest.mark.req("R-84")
def test_what_is_wrong_is_refused_with_its_reason(folder, code):
    WRONG[code](folder)
    assert refused(folder) == code


def test_an_id_twice_and_a_special_file_and_a_linked_folder(folder, tmp_path):
    os.mkfifo(folder / "documentation" / "pipe")  # never opened: the check would wait for ever
    assert refused(folder) == "package.link"
    (folder / "documentation" / "pipe").unlink()
    (tmp_path / "linked").symlink_to(folder)
    assert refused(tmp_path / "linked") == "package.unreadable"
    text = (folder / "METS.xml").read_text("utf-8")
    first, second = (one.split('"')[0] for one in text.split(' ID="')[1:3])
    in_mets(folder, f' ID="{second}"', f' ID="{first}"')
    assert refused(folder) == "package.duplicate-id"


def test_a_dtd_is_seen_in_every_spelling_and_no_tree_outgrows_its_file():
    declared = '<?xml version="1.0" encoding="{}"?><!DOCTYPE m []><mets xmlns="http://www.loc.gov/METS/"/>'
    with pytest.raises(PackageRefused) as caught:
        read_mets(b'<mets xmlns="http://www.loc.gov/METS/">' + b"<a/>" * 200_001 + b"</mets>")
    assert caught.value.code == "package.mets-size"
    for spelled in ("UTF-16", "UTF-7", "IBM037"):
        name = {"IBM037": "cp037"}.get(spelled, spelled)
        with pytest.raises(PackageRefused):
            read_mets(declared.format(spelled).encode(name))


@pytest.mark.parametrize("path", ["", "/a", "../a", "a/../b", "a//b", "./a", "a\\b", "a\x00", "file:///a", "C:a", "a/"])
def test_paths_that_lead_out_are_no_paths(path):
    with pytest.raises(PackageRefused):
        safe_path(path)


def zip_of(folder: Path, at: Path, top: str = "") -> Path:
    with zipfile.ZipFile(at, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(path, top + str(path.relative_to(folder)))
    return at


def added(at: Path, name: str, data: bytes = b"", mode: int = stat.S_IFREG) -> Path:
    with zipfile.ZipFile(at, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
        archive.writestr(info, data)
    return at


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_is_read_where_it_lies_and_held_to_the_same(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(package_sources, "FREE_BYTES", 100_000)
    assert check(opened(zip_of(folder, tmp_path / "a.zip"))) == check(opened(folder))
    assert check(opened(zip_of(folder, tmp_path / "b.zip", f"{MADE.id}/"))) == check(opened(folder))
    wrong = {
        "package.path": ("../../etc/cron.d/a",),
        "package.duplicate-file": ("METS.xml",),
        "package.link": ("link", b"/etc/passwd", stat.S_IFLNK),
        "package.extra": ("more.txt",),
        "package.bag-zip": ("bagit.txt",),
        "package.too-large": ("zeros", bytes(10_000_000)),
    }
    for code, what in wrong.items():
        assert refused(added(zip_of(folder, tmp_path / f"{code}.zip"), *what)) == code
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 and no more")
    assert refused(tmp_path / "no.zip") == "package.unreadable"


def test_too_many_files_are_refused_before_they_are_read(folder, tmp_path, monkeypatch):
    at = zip_of(folder, tmp_path / "many.zip")
    monkeypatch.setattr(package_sources, "MAX_FILES", 5)
    assert refused(folder) == refused(at) == "package.too-many"


def test_a_list_that_is_longer_than_any_of_ours_is_not_read(folder, tmp_path):
    whole = bytearray(zip_of(folder, tmp_path / "a.zip").read_bytes())
    end = whole.rfind(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (100_000 * 100).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(whole)
    assert refused(tmp_path / "a.zip") == "package.too-many"


def test_a_bag_is_held_to_its_lists_and_its_lists_to_the_bag(folder, tmp_path):
    bag = tmp_path / "bag"
    folder.rename(bag)
    (bag / MADE.id).mkdir()
    for path in [one for one in bag.iterdir() if one.name != MADE.id]:
        path.rename(bag / MADE.id / path.name)
    bagit.make_bag(str(bag), checksums=["sha256"])
    assert check(opened(bag)).mets.id == MADE.id
    manifest, tags = bag / "manifest-sha256.txt", bag / "tagmanifest-sha256.txt"
    tags.unlink()
    kept = manifest.read_text("utf-8")
    os.mkfifo(tmp_path / "bag.pipe")  # whoever opens it waits for ever
    for name in ("../bag.pipe", "data/../../bag.pipe", "/etc/passwd"):
        manifest.write_text(f"{kept}{'0' * 64}  {name}\n", "utf-8")
        assert refused(bag) == "package.path"
    manifest.write_text(kept.replace(kept[:8], "00000000", 1), "utf-8")
    assert refused(bag) == "package.bag"
    manifest.write_text(kept, "utf-8")
    (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n")
    assert refused(bag) == "package.bag"
