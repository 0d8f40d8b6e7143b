"""Revisions of a PDF: what may be added, that everything before stays, and that what does more is refused with a reason."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import page
import pikepdf
import pytest
from docx import Document

from tests.support import bad_pdfs as bad
from tests.support import strange_pdfs as strange
from tests.support import strange_revisions
from tillid.adapters.office import OfficeBox
from tillid.adapters.pdf import Attachment, PdfRefused, check, extract, finish, history, page_text
from tillid.adapters.pdf.box import Limits, opened
from tillid.adapters.pdf.conformance import conformance
from tillid.adapters.pdf.history import read_history
from tillid.adapters.pdf.refusals import REASONS, BadPdf
from tillid.adapters.pdf.revisions import append
from tillid.adapters.pdf.scan import scan
from tillid.kernel.canonical import sha256
from tillid.kernel.paths import PROJECT

MOMENT = datetime(2026, 4, 24, 9, 30, tzinfo=UTC)
# What a reader that looks for the end of a revision would fall over.
RECORD = b"<record>startxref\n77\n%%EOF\n</record>" * 40


@pytest.fixture(scope="module")
def first() -> bytes:
    """A finished document by the real LibreOffice: revision 0."""
    document = Document()
    document.core_properties.title = "Prøve"
    document.styles["Normal"].font.name = document.styles["Heading 1"].font.name = "Carlito"
    document.add_heading("Overskrift", 1)
    document.add_paragraph("Æbleskiver & sirup")
    out = io.BytesIO()
    document.save(out)
    with OfficeBox() as box:
        raw = box.convert(out.getvalue())[0]
    data = Attachment(name="answers.json", data=b'{"answers":{"a":"b"}}')
    return finish(raw, attachments=[data], title="Prøve & søn <3 TD-1", moment=MOMENT, document_id="d")


def record(number: int) -> Attachment:
    return Attachment(
        name=f"record-{number}.xml", data=RECORD, media_type="application/xml", relationship="Supplement",
        description="Samtykke, forseglet post",
    )  # fmt: skip


@pytest.fixture(scope="module")
def grown(first) -> list[bytes]:
    """The file with 0, 1, 2 and 3 later revisions; the second adds two files at once."""
    made = [first]
    for number, files in enumerate(([record(1)], [record(3), record(2)], [record(4)]), start=1):
        made.append(append(made[-1], files, moment=MOMENT + timedelta(days=number)))
    return made


@pytest.mark.req("R-104")
def test_every_earlier_byte_stays_and_each_revision_is_archivable_and_accessible(first, grown):
    for before, after in pairwise(grown):
        assert after.startswith(before)
        assert check(after) == []
    for profile in ("3a", "ua1"):
        report = page.validate_pdf_bytes(grown[-1], profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert page_text(grown[-1]) == page_text(first)


def test_every_revision_is_read_back_with_its_files_length_and_digest(grown):
    found = opened(grown[-1])
    assert [[file.name for file in one.files] for one in found] == [
        ["answers.json"], ["record-1.xml"], ["record-2.xml", "record-3.xml"], ["record-4.xml"]
    ]  # fmt: skip
    assert [(one.length, one.sha256) for one in found] == [(len(pdf), sha256(pdf)) for pdf in grown]
    assert [one.added_at for one in found] == ["", *(f"2026-04-{25 + n}T09:30:00Z" for n in range(3))]
    assert {file.data for one in found[1:] for file in one.files} == {RECORD}
    assert [file.name for file in extract(grown[-1])] == sorted(file.name for one in found for file in one.files)


def test_the_same_input_gives_the_same_bytes(first, grown):
    assert append(first, [record(1)], moment=MOMENT + timedelta(days=1)) == grown[1]
    assert append(first, [record(1)], moment=MOMENT + timedelta(days=2)) != grown[1]


def test_ids_tell_the_revisions_apart(grown):
    ids = []
    for pdf in grown:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            ids.append([bytes(half) for half in document.trailer.ID])
    assert len({one[0] for one in ids}) == 1 and len({one[1] for one in ids}) == len(grown)


@pytest.mark.parametrize("name", ["answers.json", "../x.xml", "a b.xml", "ø.xml", ".x", "", "a;b.xml", "a" * 101])
def test_odd_or_taken_names_are_not_added(first, name):
    with pytest.raises(BadPdf, match="names"):
        append(first, [Attachment(name=name, data=b"x")], moment=MOMENT)


@pytest.mark.parametrize("last", [0x0A, 0x0D, 0x20])
def test_a_file_whose_packed_bytes_end_like_a_line_is_added_like_any_other(first, last):
    """The last byte of what zlib packs is that of Adler-32; a record that ends so must not be lost."""
    data = next(text for text in (b"y" * number for number in range(256)) if zlib.adler32(text) & 0xFF == last)
    made = append(first, [Attachment(name="record.txt", data=data)], moment=MOMENT)
    assert [file.data for file in read_history(made).revisions[-1].files] == [data]
    assert check(made) == conformance(made) == []
    assert extract(made)[-1].data == data


def test_nothing_is_not_added(first):
    with pytest.raises(PdfRefused):
        append(first, [], moment=MOMENT)


AS_IS = {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "compress_streams": False}
# Told by looking at the whole file, before any revision is read: in a process of its own, as a stranger's file is.
REFUSED = {
    "no table where it should be": (bad.wrong_start, "broken"),
    "every offset wrong": (bad.wrong_offsets, "broken"),
    "cut off": (lambda pdf: pdf[: len(pdf) // 2], "broken"),
    "no PDF at all": (lambda pdf: b"%PDF-1.7\nnothing", "broken"),
    "table that follows itself": (bad.prev_loop, "broken"),
    "page tree that holds itself": (lambda pdf: bad.saved(pdf, bad.page_loop), "broken"),
    "encrypted": (lambda pdf: bad.saved(pdf, lambda d: None, encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted"),
    "encrypted without a password": (
        lambda pdf: bad.saved(pdf, lambda d: None, encryption=pikepdf.Encryption(owner="a", user="")), "encrypted"),
    "script when it opens": (lambda pdf: bad.saved(pdf, bad.action("JavaScript", JS=pikepdf.String("x"))), "script"),
    "script by name": (lambda pdf: bad.saved(pdf, bad.script_in_names), "script"),
    "script behind a click": (
        lambda pdf: bad.saved(pdf, bad.annotation(Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x")))), "script"),
    "form with a script language": (lambda pdf: bad.saved(pdf, lambda d: setattr(d.Root, "AcroForm", pikepdf.Dictionary(XFA=pikepdf.String("x")))), "script"),
    "starts a program": (lambda pdf: bad.saved(pdf, bad.action("Launch", F=pikepdf.String("cmd"))), "starts"),
    "starts when a page is shown": (lambda pdf: bad.saved(pdf, lambda d: setattr(d.pages[0].obj, "AA", pikepdf.Dictionary())), "starts"),
    "film": (lambda pdf: bad.saved(pdf, bad.annotation(Subtype=pikepdf.Name.RichMedia)), "starts"),
    "program by content": (lambda pdf: bad.saved(pdf, bad.attached("tegning.png", b"MZ\x90\x00" + bytes(100))), "program"),
    "program by name": (lambda pdf: bad.saved(pdf, bad.attached("tegning.png.exe", b"hello")), "program"),
    "file behind a pin": (lambda pdf: bad.saved(pdf, bad.annotation(Subtype=pikepdf.Name.FileAttachment)), "program"),
    "nested without end": (lambda pdf: bad.saved(pdf, bad.nested), "heavy"),
    "one gigabyte unpacked": (lambda pdf: bad.saved(pdf, bad.bomb(), **AS_IS), "heavy"),
    "packed in packed": (lambda pdf: bad.saved(pdf, bad.bomb(2), **AS_IS), "heavy"),
    "sends a form": (lambda pdf: bad.saved(pdf, bad.action("SubmitForm")), "starts"),
    "takes data in": (lambda pdf: bad.saved(pdf, bad.action("ImportData")), "starts"),
    "opens another file": (lambda pdf: bad.saved(pdf, bad.action("GoToR", F=pikepdf.String("x.pdf"))), "starts"),
    "opens a file within": (lambda pdf: bad.saved(pdf, bad.action("GoToE")), "starts"),
    "plays a sound": (lambda pdf: bad.saved(pdf, bad.annotation(Subtype=pikepdf.Name.Sound)), "starts"),
    "shows a model": (lambda pdf: bad.saved(pdf, bad.annotation(Subtype=pikepdf.Name("/3D"))), "starts"),
    "script of a rendition": (lambda pdf: bad.saved(pdf, bad.annotation(Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.Rendition))), "script"),
    "program of Linux": (lambda pdf: bad.saved(pdf, bad.attached("tegning.png", b"\x7fELF" + bytes(100))), "program"),
    "a line for the shell": (lambda pdf: bad.saved(pdf, bad.attached("tegning.png", b"#!/bin/sh\n")), "program"),
    "script of Windows by name": (lambda pdf: bad.saved(pdf, bad.attached("brev.vbs", b"hello")), "program"),
    "a hundred and fifty thousand objects": (lambda pdf: bad.chain(150_000), "heavy"),
    "page tree of ten thousand levels": (lambda pdf: bad.saved(pdf, bad.deep_pages), "broken"),
    "a table that lies": (bad.size_that_lies, "broken"),
    "tree of files that holds itself": (lambda pdf: bad.saved(pdf, bad.name_loop), "structure"),
}  # fmt: skip


ALL_REFUSED = REFUSED | strange.REFUSED


@pytest.fixture(scope="module")
def met(first, tmp_path_factory):
    """What the reader says of each, one after another in a process under the limits of ``opened``, and of a good one after."""
    folder = tmp_path_factory.mktemp("pdfs")
    for name, (make, _reason) in ALL_REFUSED.items():
        (folder / name).write_bytes(make(first))
    for name, make in strange.SURVIVED.items():
        (folder / name).write_bytes(make(first))
    (folder / "~ good").write_bytes(first)
    command = [sys.executable, "-m", "tests.faults.bad_pdfs_met", str(folder)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-1000:]
    return json.loads(run.stdout)


@pytest.mark.parametrize("case", ALL_REFUSED)
def test_bad_files_are_refused_with_a_reason_inside_the_limits(met, case):
    reason = ALL_REFUSED[case][1]
    assert met[case]["reason"] == reason
    assert BadPdf(reason).message == f"PDF-filen er afvist: {REASONS[reason]}."


@pytest.mark.parametrize("case", strange.SURVIVED)
def test_what_is_strange_and_asks_nothing_is_read_for_its_files(met, case):
    assert "reason" not in met[case]
    within = ["bilag.pdf"] if " PDF" in case else []
    assert [one["name"] for one in met[case]["revisions"][0]["files"]] == ["answers.json", *within]


def test_the_next_file_is_unharmed(met, first):
    assert "reason" not in met["~ good"]
    assert [one["sha256"] for one in met["~ good"]["revisions"]] == [sha256(first)]


def test_the_limits_are_those_of_issue_5():
    assert (Limits().cpu, Limits().memory) == (2, 512 << 20)


@pytest.mark.parametrize("case", ["script by name", "one gigabyte unpacked", "cut off"])
def test_the_box_says_the_same(first, case):
    make, reason = REFUSED[case]
    with pytest.raises(BadPdf) as refused:
        opened(make(first))
    assert refused.value.reason == reason


def test_a_file_that_needs_more_than_the_limits_costs_itself_alone(first):
    with pytest.raises(BadPdf, match="heavy"):
        opened(first, Limits(wall=0))
    assert len(opened(first)) == 1


# Told by reading revision after revision; every one of them is shown by readers as if nothing were wrong.
TAMPERED = {
    "a page's contents": (lambda pdf: bad.revised(pdf, bad.page_replaced), "replaced"),
    "a font": (lambda pdf: bad.revised(pdf, bad.font_replaced), "replaced"),
    "all pages": (lambda pdf: bad.revised(pdf, bad.pages_swapped), "replaced"),
    "a stamp on a page": (lambda pdf: bad.revised(pdf, bad.annotation_added), "replaced"),
    "a key of the catalog": (lambda pdf: bad.revised(pdf, bad.catalog_key), "replaced"),
    "an object nobody asks for": (lambda pdf: bad.revised(pdf, bad.stray_object), "replaced"),
    "the title": (lambda pdf: bad.revised(pdf, bad.title_changed), "replaced"),
    "the data": (lambda pdf: bad.revised(pdf, bad.file_rewritten), "replaced"),
    "a file gone": (lambda pdf: bad.revised(pdf, bad.file_removed), "file-replaced"),
    "a name for another file": (lambda pdf: bad.revised(pdf, bad.file_swapped), "file-replaced"),
    "a file that is not associated": (lambda pdf: bad.revised(pdf, bad.not_associated), "file-replaced"),
    "an old file under a new name": (lambda pdf: bad.revised(pdf, bad.old_file_again), "hidden"),
    "a catalog that waited": (bad.looks_back, "hidden"),
    "bytes after the end": (bad.something_after, "hidden"),
    "a byte of an earlier revision": (bad.byte_flipped, "history"),
    "by another program": (bad.appended_by_pypdf, "structure"),
}  # fmt: skip


ALL_TAMPERED = TAMPERED | strange_revisions.TAMPERED


@pytest.mark.req("R-104")
@pytest.mark.parametrize("case", ALL_TAMPERED)
def test_a_revision_that_does_more_than_add_is_refused(grown, case):
    make, reason = ALL_TAMPERED[case]
    made = make(grown[2])
    scan(made)  # nothing dangerous in it: only the rules of revisions tell
    with pytest.raises(BadPdf) as refused:
        read_history(made)
    assert refused.value.reason == reason


def test_a_file_of_more_revisions_than_any_document_has_is_none_of_ours(grown, monkeypatch):
    monkeypatch.setattr(history, "MOST_REVISIONS", 3)
    assert len(read_history(grown[2]).revisions) == 3
    with pytest.raises(BadPdf, match="too many revisions"):
        read_history(grown[3])
