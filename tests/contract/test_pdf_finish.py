"""Revision 0 of a PDF: what pikepdf writes, what qpdf, pypdf and page-validation say of it, and that damage is found."""

import io
from datetime import UTC, datetime, timedelta

import page
import pikepdf
import pytest
from docx import Document
from PIL import Image

from tillid.adapters.office import OfficeBox
from tillid.adapters.pdf import Attachment, PdfRefused, check, extract, finish, page_count, page_text
from tillid.adapters.pdf.conformance import conformance

MOMENT = datetime(2026, 4, 24, 9, 30, tzinfo=UTC)
DATA = Attachment(name="answers.json", data=b'{"a":"\xc3\xa6"}', description="Svar")
ASKED = {"title": "Prøve & søn <3 TD-1", "moment": MOMENT, "document_id": "d1"}


@pytest.fixture(scope="module")
def raw():
    """Two renders of one document by LibreOffice, made at different moments in different boxes."""
    document = Document()
    document.core_properties.title = "Prøve"
    document.styles["Normal"].font.name = document.styles["Heading 1"].font.name = "Carlito"
    document.add_heading("Overskrift", 1)
    document.add_paragraph("Æbleskiver & sirup <3")
    out = io.BytesIO()
    document.save(out)
    renders = []
    for _ in range(2):
        with OfficeBox() as box:
            renders.append(box.convert(out.getvalue())[0])
    return renders


@pytest.fixture(scope="module")
def finished(raw):
    return finish(raw[0], attachments=[DATA], **ASKED)


def changed(pdf: bytes, change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out, fix_metadata_version=False)
        return out.getvalue()


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_it_is_archivable_and_accessible(finished, profile):
    report = page.validate_pdf_bytes(finished, profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def test_our_own_check_passes_and_the_second_reader_agrees(finished):
    assert check(finished) == []
    (file,) = extract(finished)
    assert (file.name, file.data, file.relationship, file.media_type) == (
        "answers.json",
        DATA.data,
        "Source",
        "application/json",
    )
    assert page_count(finished) == 1
    assert "Æbleskiver & sirup <3" in page_text(finished)


def test_the_title_is_shown_and_dates_are_the_asked_moment(finished):
    with pikepdf.open(io.BytesIO(finished)) as document:
        assert str(document.trailer.Info.Title) == ASKED["title"]
        assert str(document.trailer.Info.CreationDate) == "D:20260424093000Z"
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        assert str(document.Root.Lang) == "da-DK"
        assert "LibreOffice" not in str(document.trailer.Info.get("/Producer", ""))


def test_the_same_input_gives_the_same_bytes_from_any_box(raw, finished):
    assert raw[0] != raw[1]  # LibreOffice alone does not: ids and dates
    assert finish(raw[1], attachments=[DATA], **ASKED) == finished
    assert finish(raw[0], attachments=[DATA], **{**ASKED, "moment": MOMENT + timedelta(seconds=1)}) != finished
    assert finish(raw[0], attachments=[DATA], **{**ASKED, "document_id": "d2"}) != finished


def test_several_files_are_sorted_and_all_associated(raw):
    files = [
        Attachment(name=name, data=name.encode(), media_type="text/xml", relationship="Supplement")
        for name in ("b.xml", "a.xml")
    ]
    pdf = finish(raw[0], attachments=files, **ASKED)
    assert check(pdf) == []
    assert [file.name for file in extract(pdf)] == ["a.xml", "b.xml"]
    assert finish(raw[0], attachments=files[::-1], **ASKED) == pdf


@pytest.mark.parametrize("name", ["../x.json", "æ.json"])
def test_odd_attachment_names_are_refused(raw, name):
    with pytest.raises(PdfRefused):
        finish(raw[0], attachments=[Attachment(name=name, data=b"")], **ASKED)


def test_a_name_given_twice_is_refused(raw):
    with pytest.raises(PdfRefused):
        finish(raw[0], attachments=[DATA, DATA], **ASKED)


def _no_relationship(document):
    del document.Root.AF[0]["/AFRelationship"]


def _no_media_type(document):
    del document.Root.AF[0].EF.F["/Subtype"]


def _not_associated(document):
    del document.Root["/AF"]


def _other_name(document):
    document.Root.AF[0].UF = pikepdf.String("other.json")


def _no_tags(document):
    del document.Root["/StructTreeRoot"]


def _no_language(document):
    del document.Root["/Lang"]


def _script(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _no_metadata(document):
    del document.Root["/Metadata"]


def _title_hidden(document):
    document.Root.ViewerPreferences.DisplayDocTitle = False


def _font_gone(document):
    for font in document.pages[0].resources.Font.values():
        del font.FontDescriptor["/FontFile2"]


def _no_intent(document):
    del document.Root["/OutputIntents"]


def _not_marked(document):
    document.Root.MarkInfo.Marked = False


def _no_title_told(document):
    told = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(told.replace(b"dc:title", b"dc:source"))


def _no_page(document):
    del document.pages[0]


def _script_by_name(document):
    document.Root.Names.JavaScript = pikepdf.Dictionary(Names=pikepdf.Array())


def _form(document):
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())


def _more_than_flat(document):
    document.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Kids=pikepdf.Array())


def _name_twice(document):
    names = document.Root.Names.EmbeddedFiles.Names
    names.extend(pikepdf.Array(list(names)))


def _more_associated(document):
    document.Root.AF.append(document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Filespec)))


def _other_old_name(document):
    document.Root.AF[0].F = pikepdf.String("other.json")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_not_marked, "not tagged"),
        (_no_title_told, "no title"),
        (_no_page, "no pages"),
        (_script_by_name, "scripts"),
        (_form, "scripts"),
        (_more_than_flat, "not flat"),
        (_name_twice, "not sorted or not unique"),
        (_more_associated, "not the same"),
        (_other_old_name, "another file name"),
        (_no_relationship, "no relationship"),
        (_no_media_type, "no media type"),
        (_not_associated, "not an associated file"),
        (_other_name, "another file name"),
        (_no_tags, "not tagged"),
        (_no_language, "language"),
        (_script, "scripts"),
        (_no_metadata, "PDF/A-3a"),
        (_title_hidden, "title is not displayed"),
        (_font_gone, "not embedded"),
        (_no_intent, "output intent"),
    ],
)
def test_what_is_missing_is_found(finished, change, words):
    assert any(words in problem for problem in check(changed(finished, change)))


def test_what_is_locked_is_found_though_it_opens_without_a_password(finished):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(finished)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user=""), fix_metadata_version=False)
    assert "encrypted" in check(out.getvalue())


def _heading_left_out(document):
    next(
        one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/H1"
    ).S = pikepdf.Name.H3


def _no_words_behind_glyphs(document):
    for font in document.pages[0].resources.Font.values():
        del font["/ToUnicode"]


@pytest.mark.req("R-120", "R-122")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_heading_left_out, "not valid PDF/UA-1: rule PDFUA1-HEADING-NESTING-001"),
        (_no_words_behind_glyphs, "not valid PDF/A-3a: rule PDFA3A-UNICODE-MAPPING-001"),
    ],
)
def test_the_validator_finds_what_the_structure_does_not_show(finished, change, told):
    broken = changed(finished, change)
    assert check(broken) == [] and told in conformance(broken)
    assert conformance(finished) == []


def test_what_is_no_pdf_is_not_valid_either():
    assert len(conformance(b"%PDF-1.7\n%%EOF")) == 2


@pytest.mark.req("R-122")
def test_a_picture_is_read_aloud_and_one_without_words_is_not_valid():
    """A municipality's own template may have pictures in the text; ours have the logo alone, outside it."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "PNG")
    for words in ("Kort over skolens indgange", ""):
        document = Document()
        document.core_properties.title = "Prøve"
        document.styles["Normal"].font.name = "Carlito"
        picture.seek(0)
        document.add_picture(picture)._inline.docPr.set("descr", words)
        out = io.BytesIO()
        document.save(out)
        with OfficeBox() as box:
            pdf = finish(box.convert(out.getvalue())[0], **ASKED)
        with pikepdf.open(io.BytesIO(pdf)) as made:
            figures = [
                one for one in made.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
            ]
            assert [str(one.get("/Alt", "")) for one in figures] == [words]
        assert bool(conformance(pdf)) == (not words)


def test_the_metadata_say_title_language_norms_and_the_asked_moment(finished):
    with pikepdf.open(io.BytesIO(finished)) as document, document.open_metadata() as meta:
        assert meta["dc:title"] == ASKED["title"] and list(meta["dc:language"]) == ["da-DK"]
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert b"<pdfuaid:part>1<" in document.Root.Metadata.read_bytes()
        assert {meta["xmp:CreateDate"], meta["xmp:ModifyDate"]} == {"2026-04-24T09:30:00Z"}
        assert "LibreOffice" not in document.Root.Metadata.read_bytes().decode()


@pytest.mark.parametrize("damage", ["flipped", "cut", "not a pdf", "empty"])
def test_damage_is_found(finished, damage):
    with pikepdf.open(io.BytesIO(finished)) as document:
        start = finished.index(document.pages[0].Contents.read_raw_bytes()) + 40
    damaged = {
        "flipped": finished[:start] + bytes([finished[start] ^ 0xFF]) + finished[start + 1 :],
        "cut": finished[: len(finished) // 2],
        "not a pdf": b"<html></html>",
        "empty": b"",
    }[damage]
    assert check(damaged) != []


@pytest.mark.parametrize("data", [b"", b"<html>", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(PdfRefused):
        finish(data, **ASKED)
    with pytest.raises(PdfRefused):
        extract(data)
    with pytest.raises(PdfRefused):
        page_count(data)


def test_an_untagged_pdf_is_refused(raw):
    with pytest.raises(PdfRefused):
        finish(changed(raw[0], _no_tags), **ASKED)
