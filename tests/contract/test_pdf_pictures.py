"""Pages as pictures: drawn in a process of its own, the same each time, and a file that cannot be drawn costs itself alone."""

import io

import pikepdf
import pytest
from PIL import Image

from tillid.adapters.pdf.pictures import PictureLimits, pictures
from tillid.adapters.pdf.refusals import BadPdf


def document(*content: bytes, size: tuple[float, float] = (595, 842)) -> bytes:
    """A PDF with one page per content stream."""
    pdf = pikepdf.new()
    for one in content:
        made = pdf.add_blank_page(page_size=size)
        made.Contents = pdf.make_stream(one)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


RED, NOTHING = b"1 0 0 rg 0 421 595 421 re f", b""


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_each_page_is_drawn_as_wide_as_asked_and_the_same_each_time():
    pdf = document(RED, NOTHING)
    drawn = pictures(pdf, width=300)
    assert len(drawn) == 2 and all(one.startswith(b"\x89PNG") for one in drawn)
    first, second = (opened(one) for one in drawn)
    assert abs(first.width - 300) <= 1 and abs(first.height - 424) <= 2
    assert first.getpixel((150, 50)) == (255, 0, 0) and first.getpixel((150, 400)) == (255, 255, 255)
    assert second.getpixel((150, 50)) == (255, 255, 255)
    assert pictures(pdf, width=300) == drawn


def test_single_pages_in_the_order_asked_for():
    pdf = document(RED, NOTHING)
    both = pictures(pdf, width=100)
    assert pictures(pdf, width=100, pages=(2,)) == both[1:]
    assert pictures(pdf, width=100, pages=(2, 1)) == both[::-1]


def test_a_small_patch_keeps_its_colour_among_many_shades():
    shades = b"".join(b"%.3f g 0 %d 595 3 re f " % (n / 255, 3 * n) for n in range(256))
    (drawn,) = pictures(document(shades + b"1 0.8 0 rg 20 20 12 12 re f 0.5 0 0.2 rg 40 20 12 12 re f"), width=595)
    for x, colour in ((26, (255, 204, 0)), (46, (128, 0, 51))):
        assert all(abs(a - b) <= 8 for a, b in zip(opened(drawn).getpixel((x, 842 - 26)), colour, strict=True))


def test_what_is_no_pdf_or_has_no_such_page_is_refused():
    for pdf, pages in ((b"no PDF", ()), (document(RED), (2,)), (document(RED), (0,))):
        with pytest.raises(BadPdf) as refused:
            pictures(pdf, width=100, pages=pages)
        assert refused.value.reason == "broken"


def test_a_page_without_end_is_refused_before_it_is_drawn():
    with pytest.raises(BadPdf) as refused:
        pictures(document(RED, size=(20, 14000)), width=1000)
    assert refused.value.reason == "heavy"


def test_what_takes_too_long_costs_itself_alone():
    heavy = document(b"0 0 m " + b"300 400 595 0 0 842 c 595 842 0 0 100 3 c " * 400_000 + b"f")
    with pytest.raises(BadPdf) as refused:
        pictures(heavy, width=2000, limits=PictureLimits(cpu=0, wall=4))
    assert refused.value.reason == "heavy"
    assert len(pictures(document(NOTHING), width=100)) == 1
