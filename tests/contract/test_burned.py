"""What is under a box is in no pixel, text or byte of the file that is given (R-72)."""

from __future__ import annotations

import io
import itertools

import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image

from tests.contract.test_pdf_pictures import NOTHING, document, opened
from tillid.adapters.uploads.burned import BurnLimits, NotBurned, burned, look_at
from tillid.documents.boxes import ROWS, Box, CellsWrong, boxes_in, cells_of, possible
from tillid.kernel.errors import NotFound

WORDS = b"BT /F1 40 Tf 60 700 Td (Ruth Ravnkilde) Tj ET"
RED = (255, 0, 0)


@pytest.mark.req("R-72")
def test_cells_are_named_both_ways_and_bad_ones_refused():
    for column, row in itertools.product("AGT", range(1, ROWS + 1)):
        for name in (f"{column}{row}", f"A{row}-T{ROWS}" if row < ROWS else "A1-B2"):
            (box,) = boxes_in(2, name)
            assert box.page == 2 and cells_of(box) == name
    assert [cells_of(one) for one in boxes_in(1, "d5–b3, f10 og A1")] == ["B3-D5", "F10", "A1"]
    for wrong in ("U1", "A0", "A31", "3B", "A1-", "hele siden"):
        with pytest.raises(CellsWrong):
            boxes_in(1, wrong)
    assert boxes_in(1, " ") == () and len(possible(boxes_in(1, "A1, A1"))) == 1
    for wrong in ({"page": 0}, {"left": 900}, {"bottom": 1001}):
        with pytest.raises(CellsWrong):
            possible([Box(**{"page": 1, "left": 10, "top": 10, "right": 20, "bottom": 20, **wrong})])


def photo(kind: str, **more) -> bytes:
    picture = Image.new("RGB", (400, 600), (255, 255, 255))
    picture.paste(RED, (100, 100, 200, 200))
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.req("R-72")
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_loses_what_is_under_the_box_and_nothing_else(kind):
    more = {"exif": Image.Exif()} if kind == "JPEG" else {}
    data = photo(kind, comment=b"Ruth", **more) if kind == "JPEG" else photo(kind)
    box = Box(page=1, left=250, top=166, right=375, bottom=334)  # half of the red patch
    made = burned(data, [box])
    picture = Image.open(io.BytesIO(made))
    assert picture.format == kind and picture.size == (400, 600) and not picture.getexif() and b"Ruth" not in made
    points = picture.convert("RGB")
    for x, y in itertools.product(range(102, 146, 7), range(102, 198, 7)):
        assert max(points.getpixel((x, y))) < 12, "black, whatever was there"
    assert points.getpixel((180, 150))[0] > 240 and points.getpixel((300, 500)) == (255, 255, 255)
    assert burned(data, [box]) == made
    clear = Image.new("RGBA", (40, 40), (*RED, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    flat = Image.open(io.BytesIO(burned(out.getvalue(), [Box(page=1, left=0, top=0, right=10, bottom=10)])))
    assert flat.mode == "RGB" and flat.getpixel((30, 30)) == (255, 255, 255), "what hid under clear points is gone too"


def with_words() -> bytes:
    """Two pages; the name stands on the first, in its structure and in the bookmarks."""
    with pikepdf.open(io.BytesIO(document(WORDS, WORDS, size=(595, 842)))) as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        for page in pdf.pages:
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.Root.StructTreeRoot = pikepdf.Dictionary(
            Type=pikepdf.Name.StructTreeRoot,
            K=pikepdf.Dictionary(S=pikepdf.Name.P, ActualText=pikepdf.String("Ravnkilde")),
        )
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Ravnkilde", 0))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.req("R-72")
def test_a_pdf_comes_out_as_pictures_with_no_text_under_the_box():
    data = with_words()
    assert "Ravnkilde" in pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    (box,) = boxes_in(1, "A3-T6")  # where the words stand
    made = burned(data, [box])
    read = pypdf.PdfReader(io.BytesIO(made))
    assert [page.extract_text() for page in read.pages] == ["", ""] and not read.outline
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"} and "/Info" not in pdf.trailer
        everything = (
            b"".join(
                one.read_bytes() if "/DCTDecode" not in str(one.get("/Filter")) else b""
                for one in pdf.objects
                if isinstance(one, pikepdf.Stream)
            )
            + "".join(str(one) for one in pdf.objects).encode()
        )
        assert b"Ravn" not in everything and b"Font" not in everything
        pages = [pikepdf.PdfImage(page.Resources.XObject.P).as_pil_image() for page in pdf.pages]
    first, second = (one.convert("L") for one in pages)
    high = first.height
    covered = first.crop((0, 2 * high // ROWS + 2, first.width, 6 * high // ROWS - 2))
    assert covered.getextrema()[1] < 12, "black throughout: no letter shines through"
    assert second.getextrema()[0] < 60, "the same words on the page without a box are still there"
    assert pypdfium2.PdfDocument(made)[0].get_size() == (595, 842) and burned(data, [box]) == made


@pytest.mark.req("R-72")
def test_a_page_is_looked_at_with_cells_and_as_it_will_be():
    data, boxes = with_words(), boxes_in(1, "A1-B2")
    seen = look_at(data, 1, boxes)
    cells, given = opened(seen.cells), opened(seen.given)
    assert seen.pages == 2 and cells.size == given.size and cells.size[0] in (899, 900, 901)
    assert given.getpixel((40, 40)) == (0, 0, 0) != cells.getpixel((40, 40))
    plain = look_at(photo("PNG"), 1, ())
    assert opened(plain.cells).getpixel((330, 330)) == RED and (plain.given, plain.pages) == (b"", 1)


@pytest.mark.req("R-72")
def test_what_cannot_be_burned_is_refused():
    data = document(NOTHING, NOTHING)
    for page in (0, 3):
        with pytest.raises(NotFound):
            burned(data, [Box(page=page, left=0, top=0, right=9, bottom=9)])
    with pytest.raises(NotFound):
        look_at(data, 3, ())
    with pytest.raises(NotBurned):
        burned(data, [Box(page=1, left=0, top=0, right=9, bottom=9)], BurnLimits(pages=1))
    with pytest.raises(NotBurned):
        look_at(data, 1, (), BurnLimits(pages=1))
    for wrong in (b"%PDF-1.7 nothing", b"nothing", document(NOTHING, size=(14000, 14000))):
        with pytest.raises(NotBurned):
            burned(wrong, [Box(page=1, left=0, top=0, right=9, bottom=9)])
