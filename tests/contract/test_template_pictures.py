"""Pictures that LibreOffice would leave out without a word are refused when the template is sent in, and what is taken is drawn."""

import contextlib
import io
import zipfile
from struct import pack

import pikepdf
import pypdfium2
import pytest
from docx import Document
from docx.shared import Cm
from PIL import Image

from tests.contract.test_template_lint import docx, found
from tests.faults.bad_documents import pictured
from tests.support.bad_files import huge_png
from tests.support.metafiles import EMF_RECORDS, WMF_RECORDS, emf, emf_record, wmf, wmf_record
from tests.support.own_templates import with_parts
from tillid.adapters.docx import TemplateError, compile_template
from tillid.adapters.docx.media import MAX_ALL_PIXELS, MAX_PIXELS, readable
from tillid.adapters.office import OfficeBox

MEDIA, RELS = "word/media/image1.png", "word/_rels/document.xml.rels"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def drawn(kind: str, mode: str = "RGB", size=(60, 40), **how) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **how)
    return out.getvalue()


def shows(data: bytes | None, name: str = MEDIA) -> bytes:
    """A template that shows ``data``, which lies in it as ``name``; ``None``: there is no such part."""

    def change(document: Document) -> None:
        document.add_picture(io.BytesIO(drawn("PNG")), width=Cm(8))
        document.inline_shapes[0]._inline.docPr.set("descr", "Et billede")
        one = next(part for part in document.part.related_parts.values() if str(part.partname) == "/" + MEDIA)
        one._blob = b"" if data is None else data
        one.partname = type(one.partname)("/" + name)

    made = docx(change=change)
    return without(made, name) if data is None else made


def without(made: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
    return out.getvalue()


TAKEN = {
    "PNG": drawn("PNG"),
    "PNG with see-through": drawn("PNG", "RGBA"),
    "grey PNG of 16 bits": drawn("PNG", "I;16"),
    "JPEG": drawn("JPEG"),
    "JPEG for print": drawn("JPEG", "CMYK"),
    "GIF": drawn("GIF", "P"),
    "BMP": drawn("BMP"),
    "TIFF": drawn("TIFF"),
    "WEBP": drawn("WEBP"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_every_usual_kind_is_taken(kind):
    assert found(shows(TAKEN[kind])) == []
    compile_template(shows(TAKEN[kind]))


@pytest.mark.parametrize("data", [emf(EMF_RECORDS), SVG, wmf(WMF_RECORDS)])
def test_drawings_of_lines_and_areas_are_taken(data):
    assert found(shows(data)) == []


@pytest.mark.parametrize("name", [MEDIA, "media/image1.png", "word/pictures/image1.png", "word/Media/image1.png"])
def test_a_picture_of_81_million_points_is_refused_wherever_it_lies_in_the_file(name):
    """LibreOffice left it out without a word, or ended."""
    data = shows(huge_png(9000), name)
    (one,) = found(data)
    assert (one.rule, one.level, one.part) == ("too-large", "error", name)
    assert one.said == "Billedet har over 25 millioner punkter. Gør det mindre, og indsæt det igen."
    with pytest.raises(TemplateError, match="too many pixels"):
        compile_template(data)


def test_pictures_of_more_points_together_than_libreoffice_keeps_are_refused():
    """It drew as many as it had room for, and left out the rest without a word."""
    side = int((MAX_ALL_PIXELS / 3) ** 0.5) + 1
    one = io.BytesIO()
    Image.new("L", (side, side)).save(one, "PNG", compress_level=1)
    more = {f"word/media/image{number}.png": one.getvalue() for number in (2, 3)}
    assert found(with_parts({"word/media/image2.png": one.getvalue()}, shows(one.getvalue()))) == []
    data = with_parts(more, shows(one.getvalue()))
    (told,) = found(data)
    assert (told.rule, told.level) == ("too-large", "error")
    assert told.said == "Billederne har tilsammen over 50 millioner punkter. Gør dem mindre, og indsæt dem igen."
    with pytest.raises(TemplateError, match="too many pixels together"):
        compile_template(data)


CUT = {
    "PNG": drawn("PNG")[:-30],
    "JPEG": drawn("JPEG")[:-200],
    "TIFF": drawn("TIFF")[:-3000],
    "GIF": drawn("GIF", "P")[:-900],
}
NONE = {
    "text": b"intet billede" * 9,
    "AVIF": drawn("AVIF"),
    "no bytes": b"",
    "another drawing": SVG.replace(b"svg", b"xml"),
}


DAMAGED = {
    "an EMF without its last record": emf(EMF_RECORDS[:-1]),
    "an EMF cut off": emf(EMF_RECORDS)[:-1],
    "an EMF of a head alone": emf(EMF_RECORDS)[:60],
    "an EMF with a record of no length": emf([bytes(24), *EMF_RECORDS]),
    "an EMF with a record of an odd length": emf([emf_record(9999, b"abc"), *EMF_RECORDS]),
    "an EMF with a record that never ends": emf([b"\x27\0\0\0\0\0\0\x40", *EMF_RECORDS]),
    "an EMF with a record shorter than its own head": emf([pack("<3I", 9999, 4, 8), *EMF_RECORDS], records_told=99),
    "an EMF that counts more records than it has": emf(EMF_RECORDS[:-1], records_told=99),
    "an EMF that counts no records": emf(EMF_RECORDS, records_told=0),
    "an EMF that ends before its records": emf(EMF_RECORDS, size=120),
    "an EMF of zeros": bytes(40) + b" EMF" + bytes(60),
    "a WMF without its last record": wmf(WMF_RECORDS[:-1]),
    "a WMF cut off": wmf(WMF_RECORDS)[:-12],
    "a WMF with a record of no length": wmf([bytes(20), *WMF_RECORDS]),
    "a WMF with a record that never ends": wmf([b"\xff" * 20, *WMF_RECORDS]),
    "a WMF whose last record never ends": wmf([*WMF_RECORDS[:-1], pack("<IH", 99, 0)]),
    "a WMF of a head alone": b"\xd7\xcd\xc6\x9a" + bytes(30),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_drawing_of_windows_is_told_with_its_paragraph(data):
    (one,) = found(shows(data))
    assert (one.rule, one.level, one.place, one.tag) == ("picture", "error", "brødteksten, afsnit 2", MEDIA)


def test_a_drawing_of_windows_is_told_as_libreoffice_draws_it():
    """Each that is refused would have been missing, and each that is taken is on the page."""
    taken = {
        "EMF": emf(EMF_RECORDS), "WMF": wmf(WMF_RECORDS), "EMF with an end": emf(EMF_RECORDS) + bytes(50),
        "EMF of a record of later": emf([emf_record(9999, bytes(4)), *EMF_RECORDS]),
        "EMF that counts too many": emf(EMF_RECORDS, records_told=99), "WMF of a record of later": wmf([wmf_record(0x7777), *WMF_RECORDS]),
    }  # fmt: skip
    with OfficeBox() as office:
        inked = {name: _inked(office, data) for name, data in {**taken, **DAMAGED}.items()}
    assert (
        {name for name, ink in inked.items() if ink}
        == set(taken)
        == {n for n, d in taken.items() if not found(shows(d))}
    )


def _inked(office: OfficeBox, data: bytes) -> bool:
    pdf, _pages = office.convert(pictured(data, "x.wmf" if data.startswith(b"\xd7") else "x.emf"))
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        return document[0].render().to_pil().convert("L").getextrema() != (255, 255)


@pytest.mark.parametrize("data", [*CUT.values(), *NONE.values()], ids=[*(f"a {one} cut off" for one in CUT), *NONE])
def test_a_picture_that_would_be_missing_is_told_with_its_paragraph(data):
    (one,) = found(shows(data))
    assert (one.rule, one.level, one.place, one.tag) == ("picture", "error", "brødteksten, afsnit 2", MEDIA)
    assert "ville mangle på siden" in one.said and "PNG eller JPEG" in one.said


@pytest.mark.parametrize("data", NONE.values(), ids=NONE)
def test_what_is_no_picture_the_compiler_refuses(data):
    with pytest.raises(TemplateError, match="no picture that can be read"):
        compile_template(shows(data))


def test_a_picture_that_is_not_in_the_file_is_told_where_a_paragraph_shows_it():
    (one,) = found(shows(None))
    assert (one.rule, one.place) == ("picture", "brødteksten, afsnit 2")
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    left = f'<Relationship Id="rId99" Type="{types}" Target="NULL"/></Relationships>'
    good = docx()
    rels = zipfile.ZipFile(io.BytesIO(good)).read(RELS).decode().replace("</Relationships>", left)
    assert found(with_parts({RELS: rels.encode()}, good)) == [], "Word leaves such behind, and nothing is missing"


def test_a_picture_that_takes_all_memory_is_not_called_unreadable(monkeypatch):
    def lacking(*_a, **_k):
        raise MemoryError

    monkeypatch.setattr(Image, "open", lacking)
    with pytest.raises(MemoryError):
        readable(TAKEN["PNG"])


def pictures_of(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        named = document.pages[0].resources.get("/XObject", {})
        return [(int(one.Width), int(one.Height)) for one in named.values() if one.Subtype == "/Image"]


def test_what_the_linter_takes_is_on_the_page():
    """Of each kind one, and one of as many points as a picture may have, with colours and see-through."""
    side = int(MAX_PIXELS**0.5) - 1
    most = io.BytesIO()
    Image.new("RGBA", (side, side), (200, 30, 30, 128)).save(most, "PNG", compress_level=1)
    office = OfficeBox()
    missing = []
    try:
        for kind, data in {**TAKEN, "the largest": most.getvalue()}.items():
            pdf, _pages = office.convert(compile_template(shows(data)).render({"title": "t", "metadata_title": "t"}))
            if len(pictures_of(pdf)) != 1:
                missing.append(kind)
    finally:
        office.close()
    assert missing == []


def test_as_many_points_as_all_pictures_may_have_together_are_on_the_page():
    """With colours and see-through, which takes the most room; as few pictures as that takes."""
    side = int(MAX_PIXELS**0.5) - 20  # the file has a thumbnail too

    def change(document: Document) -> None:
        for red in (200, 90):
            out = io.BytesIO()
            Image.new("RGBA", (side, side), (red, 30, 30, 128)).save(out, "PNG", compress_level=1)
            document.add_picture(out, width=Cm(5))
            document.inline_shapes[-1]._inline.docPr.set("descr", "Et billede")

    made = docx(change=change)
    assert found(made) == [] and 2 * side * side > MAX_ALL_PIXELS * 0.98
    with OfficeBox() as office:
        pdf, _pages = office.convert(compile_template(made).render({"title": "t", "metadata_title": "t"}))
    assert len(pictures_of(pdf)) == 2
