"""The feed for an archive version: rows that hold together, tables that follow their own schemas, an index that knows every file,
and the same bytes for the same contents."""

from __future__ import annotations

import errno
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from tests.support.definitions import our_definitions
from tillid.adapters import avid_files
from tillid.adapters.avid_files import Feed
from tillid.archive.avid import Entry, FileOf, Numbers, Person, Place, parts, pieces
from tillid.archive.avid_index import DIARK, OWN, XSI
from tillid.archive.avid_tables import NUMBER, TABLES
from tillid.archive.kle import Filed
from tillid.archive.package import Contents
from tillid.archive.package_mets import PackageFile
from tillid.consents.events import next_event
from tillid.consents.model import Organisation
from tillid.usecases.avid_feed import ABOUT, contexts_of

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
IDS = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(9)]
OWNER = Organisation(id=IDS[0], name="Børnehuset <Ø> & co", cvr="")
UNIT = Place(id=IDS[1], name="Solsikken", kind="boernehave")
CHILD = Person(id=IDS[2], name="Alma Ø", born=date(2021, 5, 4))
FORM = our_definitions().latest("overgangsbeskrivelse")
FIELDS = [field.id for field in FORM.fields if field.phase == "content"][:2]


def entry(number: int) -> Entry:
    document_id = IDS[3 + number]
    event = next_event([], id=f"{number:08x}-0000-4000-9000-000000000000", kind="consent_given", series_id=document_id,
                       at=AT, actor=IDS[2], child_id=CHILD.id, document_id=document_id)  # fmt: skip
    files = {
        "version.json": b"{}",
        f"records/{event.id}/record.xml": b"<r/>",
        f"records/{event.id}/certificates/seal.pem": b"PEM",
        "attachments/01-0123456789abcdef.png": b"PNG",
    }
    contents = Contents(
        document_id=document_id, number=f"TD-{number}", title=FORM.title, version=1, frozen_at=AT, controller=OWNER, sender=OWNER,
        software="0.1", made_at=AT, filed=Filed(subject="17.00.00", facet="G01", decided=False), events=(event,), judged=(), documentation=(),
        pdfa=(PackageFile(path="document.pdf", data=b"%PDF " + document_id.encode(), media_type="application/pdf"),),
        data=tuple(PackageFile(path=path, data=data, media_type="application/xml") for path, data in files.items()),
    )  # fmt: skip
    answers = {FIELDS[0]: {"b": [1, True], "a": "Tegn: \x01<&"}, FIELDS[1]: "x" * 300}
    return Entry(
        contents=contents, definition=FORM, unit=UNIT, child=CHILD, agreed=True, corrected=False, answers=answers
    )


def fed(out: Path, count: int = 2) -> Path:
    numbers = Numbers()
    with Feed(out, "tillid") as feed:
        for number in range(count):
            feed.add(pieces(entry(number), numbers))
        feed.end(contexts_of([FORM]), ABOUT.encode())
    return out


@pytest.fixture(scope="module")
def feed(tmp_path_factory) -> Path:
    return fed(tmp_path_factory.mktemp("feed") / "out")


def rows(feed: Path, name: str) -> list[dict[str, str | None]]:
    table = next(one for one in TABLES if one.name == name)
    path = feed / "Tables" / f"table{NUMBER[name]}" / f"table{NUMBER[name]}.xml"
    names = [column.name for column in table.columns]
    return [
        dict(zip(names, (None if cell.get(f"{{{XSI}}}nil") else cell.text for cell in row), strict=True))
        for row in etree.parse(path).getroot()
    ]


@pytest.mark.req("R-84")
def test_each_table_follows_its_schema_and_is_counted(feed):
    index = etree.parse(feed / "Indices" / "tableIndex.xml")
    counts = {
        one.findtext(f"{{{DIARK}}}name"): int(one.findtext(f"{{{DIARK}}}rows"))
        for one in index.iter(f"{{{DIARK}}}table")
    }
    types = {
        one.findtext(f"{{{DIARK}}}name"): one.findtext(f"{{{DIARK}}}type") for one in index.iter(f"{{{DIARK}}}column")
    }
    assert types["vaerdi"] == "VARCHAR(300)" and types["udgave"] == "INTEGER"
    for table in TABLES:
        folder = feed / "Tables" / f"table{NUMBER[table.name]}"
        schema = etree.XMLSchema(etree.parse(folder / f"{folder.name}.xsd"))
        schema.assertValid(etree.parse(folder / f"{folder.name}.xml"))
        assert counts[table.name] == len(rows(feed, table.name)) > 0, table.name


@pytest.mark.req("R-84")
def test_every_row_has_its_own_key_and_points_at_one_that_is_there(feed):
    keys = {}
    for table in TABLES:
        keys[table.name] = [tuple(row[name] for name in table.key) for row in rows(feed, table.name)]
        assert len(set(keys[table.name])) == len(keys[table.name]), table.name
    for table in TABLES:
        for one in table.points:
            pointed = {tuple(row[name] for name in one.columns) for row in rows(feed, table.name)}
            assert {key for key in pointed if None not in key} <= set(keys[one.table]), (table.name, one.table)
    files = {one.findtext(f"{{{OWN}}}dID") for one in etree.parse(feed / "Indices" / "docIndex.xml").getroot()}
    assert {row["fil_id"] for name in ("dokument", "bevis", "vedlagt_fil") for row in rows(feed, name)} == files


@pytest.mark.req("R-84", "R-85")
def test_the_index_knows_every_file_and_the_stored_event_is_what_was_logged(feed):
    listed = {}
    for one in etree.parse(feed / "Indices" / "fileIndex.xml").getroot():
        folder, name, md5, _, digest = (child.text or "" for child in one)
        listed[f"{folder}/{name}".lstrip("/")] = (md5, digest)
    there = {path.relative_to(feed).as_posix(): path.read_bytes() for path in feed.rglob("*") if path.is_file()}
    assert set(listed) == set(there) - {"Indices/fileIndex.xml"}
    for name, sums in listed.items():
        assert sums == (hashlib.md5(there[name]).hexdigest(), hashlib.sha256(there[name]).hexdigest()), name
    for row in rows(feed, "haendelse"):
        assert hashlib.sha256(row["gemt"].encode()).hexdigest() == row["kontroltal"]
    assert [row["navn"] for row in rows(feed, "bevis")] == ["record.xml", "certificates/seal.pem"] * 2
    kle = {(row["kle_emne"], row["handlingsfacet"], row["kle_afgjort"]) for row in rows(feed, "dokument")}
    assert kle == {("17.00.00", "G01", "false")}, "a suggestion says that it is one"
    answers = [(row["del"], row["vaerdi"]) for row in rows(feed, "svar")][:4]
    assert answers == [("a", "Tegn: \ufffd<&"), ("b.1", "1"), ("b.2", "true"), (None, "x" * 300)]
    assert "IKKE en arkiveringsversion" in there["about.txt"].decode()


@pytest.mark.req("R-84")
def test_the_same_contents_are_the_same_bytes_and_a_broken_run_leaves_nothing(feed, tmp_path):
    again = fed(tmp_path / "again")
    for path in (one for one in feed.rglob("*") if one.is_file()):
        assert (again / path.relative_to(feed)).read_bytes() == path.read_bytes(), path.name
    with pytest.raises(FileExistsError):
        fed(tmp_path / "again")
    with pytest.raises(ZeroDivisionError), Feed(tmp_path / "broken", "tillid") as writing:
        writing.add(pieces(entry(0), Numbers()))
        raise ZeroDivisionError
    assert [one.name for one in tmp_path.iterdir()] == ["again"]


ROWS = [one for one in pieces(entry(0), Numbers()) if not isinstance(one, FileOf)]


@pytest.mark.req("R-84")
@pytest.mark.parametrize("full", ["table1.xml", "docIndex.xml", "fileIndex.xml"])
@pytest.mark.parametrize("count", [1, 400])
def test_a_full_disk_is_told_as_one_and_leaves_nothing(tmp_path, monkeypatch, full, count):
    """Each of the files that are written row by row, on a device that is always full."""
    element = avid_files._element

    def on_full(stack, path: Path, *more):
        path.parent.mkdir(parents=True, exist_ok=True)
        return element(stack, Path("/dev/full") if path.name == full else path, *more)

    monkeypatch.setattr(avid_files, "_element", on_full)
    with pytest.raises(OSError) as told, avid_files.Feed(tmp_path / "out", "tillid") as feed:
        for _ in range(count):
            feed.add(pieces(entry(0), Numbers()) if count == 1 else ROWS)
        feed.end(contexts_of([FORM]), ABOUT.encode())
    assert told.value.errno == errno.ENOSPC and list(tmp_path.iterdir()) == []


def test_a_simple_answer_is_one_part_and_an_empty_one_none():
    assert list(parts("a")) == [("", "a")] and list(parts(None)) == [("", None)]
    assert list(parts({})) == [] and list(parts([{"a": 1.5}])) == [("1.a", "1.5")]
