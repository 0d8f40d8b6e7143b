"""Pictures that LibreOffice would leave out without a word are refused when the template is sent in, and what is taken is drawn."""

import io
import zipfile

import pikepdf
import pytest
from docx import Document
from docx.shared import Cm
from PIL import Image

from tests.contract.test_template_lint import docx, found
from tests.support.bad_files import huge_png
from tests.support.own_templates import with_parts
from tillid.adapters.docx import TemplateError, compile_template
from tillid.adapters.docx.media import MAX_PIXELS, readable
from tillid.adapters.office import OfficeBox

MEDIA, RELS = "word/media/image1.png", "word/_rels/document.xml.rels"
EMF = bytes(40) + b" EMF" + bytes(60)
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


@pytest.mark.parametrize("data", [EMF, SVG, b"\xd7\xcd\xc6\x9a" + bytes(40)])
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
