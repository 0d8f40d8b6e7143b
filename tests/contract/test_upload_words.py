"""What the box reads in a file it takes, and whether it shows more than could be read: a sheet that was saved anew (T9, R-11)."""

from __future__ import annotations

import io
import random

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from tests.support import bad_files as bad
from tests.support.document_samples import DEFINITIONS, sample_job
from tillid.adapters.uploads import words
from tillid.adapters.uploads.box import cleaned
from tillid.adapters.uploads.words import words_of
from tillid.forms.likeness import asked_by, looks_like

ASKED = asked_by("trivselsskema", DEFINITIONS.all())
LAST_LINE = 60  # points from the edge
LINE = "Alma leger gerne med de andre børn, og hun fortæller om det bagefter."


@pytest.fixture(scope="module")
def printed(renderer):
    """The pages of two of our own documents as a program prints them that keeps neither title, data nor last line."""

    def of(form_id: str, version: int) -> pikepdf.Pdf:
        document, out = pypdfium2.PdfDocument(renderer.render(sample_job(form_id, version)).pdf), io.BytesIO()
        for page in document:
            for one in [one for one in page.get_objects() if one.get_bounds()[3] < LAST_LINE]:
                page.remove_obj(one)
            page.gen_content()
        document.save(out)
        made, new = pikepdf.open(out), pikepdf.new()
        new.pages.extend(made.pages)
        return new

    return of


def saved(made: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def two_on_one(left: pikepdf.Pdf, right: pikepdf.Pdf) -> bytes:
    made = pikepdf.new()
    sheet = made.add_blank_page(page_size=(842, 595))
    for side, one in enumerate((left, right)):
        sheet.add_overlay(one.pages[0], pikepdf.Rectangle(421 * side, 0, 421 * (side + 1), 595))
    return saved(made)


@pytest.mark.req("T9", "R-11")
@pytest.mark.parametrize("version", [1, 2])
def test_a_sheet_without_title_and_last_line_is_known_by_its_words(printed, version):
    sheet = printed("trivselsskema", version)
    alone, beside = cleaned(saved(sheet)), cleaned(two_on_one(printed("overgangsbeskrivelse", 3), sheet))
    for one in (alone, beside):
        assert "Trivselsskema version" not in "".join(one.pages)
        assert looks_like(one.pages, ASKED) and not one.unread
    assert "".join(alone.pages).count("Barnets") and len(beside.pages) == 1


@pytest.mark.req("T9")
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_sheet_that_was_turned_reads_as_it_did(printed, turned):
    sheet = printed("trivselsskema", 1)
    upright = cleaned(saved(sheet)).pages
    sheet.pages[0].Rotate = turned
    assert cleaned(saved(sheet)).pages == upright


def test_an_assessment_printed_so_is_not(printed):
    clean = cleaned(saved(printed("trivselsvurdering", 2)))
    assert "Samlet position" in "".join(clean.pages) and not looks_like(clean.pages, ASKED) and not clean.unread


def test_a_note_that_is_drawn_into_the_page_is_read_with_it():
    def noted(made: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        look = pikepdf.Stream(
            made, b"BT /F1 9 Tf 2 2 Td (Min egen del) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 20],
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        )  # fmt: skip
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[40, 200, 240, 220], F=4, Contents="x",
            DA="/F1 9 Tf", AP=pikepdf.Dictionary(N=made.make_indirect(look)),
        )  # fmt: skip
        made.pages[0].Annots = pikepdf.Array([made.make_indirect(note)])

    assert "Min egen del" in cleaned(bad.pdf(noted)).pages[0]


@pytest.mark.req("T9")
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_that_is_turned_or_cut_is_read_whole(turned):
    """What a program cut off is in the file still, and whoever is handed it can take the cut away."""

    def change(made: pikepdf.Pdf) -> None:
        bad.saying("\n".join(f"Linje {number}: {LINE}" for number in range(50)))(made)
        made.pages[0].Rotate = turned
        made.pages[0].CropBox = [0, 300, 612, 400]

    (page,) = cleaned(bad.pdf(change)).pages
    assert all(f"Linje {number}: {LINE}" in page for number in range(50))


def test_so_much_of_a_file_is_read_and_what_has_more_counts_as_unread(monkeypatch):
    def small(made: pikepdf.Pdf) -> None:
        bad.saying("\n".join(["x" * 400] * 50))(made)
        said = made.pages[0].Contents.read_bytes().replace(b"9 Tf 12 TL 40 648", b"1 Tf 2 TL 40 780")
        made.pages[0].Contents = made.make_stream(said)

    given = pypdfium2.PdfDocument(bad.pdf(both(small, bad.pages(3))))
    whole = given[0].get_textpage().get_text_range()
    assert len(whole) > 20_000 and words_of(given, 0) == ([whole, "", ""], False)
    monkeypatch.setattr(words, "MOST_LETTERS", 15_000)
    assert words_of(given, 0) == ([whole[:15_000], "", ""], True)
    assert cleaned(bad.pdf(small)).pages == (whole,), "one long page is read to its end"


def picture_of(width: int, height: int, bits: int = 1):
    def add(made: pikepdf.Pdf) -> None:
        data = random.Random(width).randbytes(width * height * bits // 8)
        shown = pikepdf.Stream(
            made, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
            BitsPerComponent=bits, ColorSpace=pikepdf.Name.DeviceGray,
        )  # fmt: skip
        page = made.pages[-1]
        page.Resources = pikepdf.Dictionary(
            {
                **dict(page.get("/Resources", {})),
                "/XObject": pikepdf.Dictionary({**dict(page.get("/Resources", {}).get("/XObject", {})), "/Im0": shown}),
            }
        )
        page.contents_add(b" q 500 0 0 700 40 90 cm /Im0 Do Q")

    return add


def strips(made: pikepdf.Pdf) -> None:
    """A scan as some machines store it: eight pictures below each other, and the words of a cover."""
    bad.saying(LINE)(made)
    for width in range(800, 864, 8):
        picture_of(width, 125)(made)
        made.pages[0].Resources.XObject[f"/S{width}"] = made.pages[0].Resources.XObject.Im0
        made.pages[0].contents_add(f" q 500 0 0 80 40 90 cm /S{width} Do Q".encode())


def drawn(made: pikepdf.Pdf) -> None:
    """Letters as outlines: what some programs make of text when they print."""
    made.pages[0].Contents = made.make_stream(b"40 700 m 60 720 l 80 700 l f " * 50)


def nameless(made: pikepdf.Pdf) -> None:
    """A font that says of no sign which letter it is."""
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, FontBBox=[0, 0, 1, 1], FontMatrix=[1, 0, 0, 1, 0, 0], FirstChar=1, LastChar=2,
        Widths=[1, 1], CharProcs=pikepdf.Dictionary(a=made.make_stream(b"1 0 d0 0 0 1 1 re f")),
        Encoding=pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=[1, pikepdf.Name.a, pikepdf.Name.a]),
    )  # fmt: skip
    made.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
    made.pages[0].Contents = made.make_stream(b"BT /F1 9 Tf 40 700 Td (" + b"\x01\x02" * 60 + b") Tj ET")


def both(*changes):
    def change(made: pikepdf.Pdf) -> None:
        for one in changes:
            one(made)

    return change


UNREAD = {
    "a scanned page": picture_of(832, 1169),
    "a scanned page in its last pages": both(bad.saying(LINE), bad.pages(4), picture_of(832, 1169)),
    "a photograph below some lines": both(bad.saying("\n".join([LINE] * 5)), picture_of(640, 480, 8)),
    "a scan in strips": strips,
    "a small picture and nothing else": picture_of(80, 80),
    "a scan with the scanner's own line": both(bad.saying("Scanned with a scanner, page 1"), picture_of(80, 80)),
    "letters that are drawn": drawn,
    "letters that nobody knows": nameless,
}
READ = {
    "text": bad.saying(LINE),
    "text with a logo": both(bad.saying(LINE), picture_of(480, 480)),
    "text and an empty page": both(bad.saying(LINE), bad.pages(2)),
    "text with a line below it": both(bad.saying(LINE), lambda made: made.pages[0].contents_add(b" 40 50 m 400 50 l S")),
    "a page number alone": bad.saying("Side 2 af 3"),
    "nothing": lambda made: None,
}  # fmt: skip


@pytest.mark.req("T9")
@pytest.mark.parametrize("what", UNREAD)
def test_what_shows_more_than_its_words_say_is_told_apart(what):
    assert cleaned(bad.pdf(UNREAD[what])).unread


@pytest.mark.parametrize("what", READ)
def test_what_can_be_read_is_not(what):
    assert not cleaned(bad.pdf(READ[what])).unread


def test_a_picture_is_never_read():
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG")
    for data in (bad.picture("PNG"), out.getvalue()):
        clean = cleaned(data)
        assert clean.unread and not clean.pages
