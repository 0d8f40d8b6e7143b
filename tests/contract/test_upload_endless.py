"""Uploads that never end or unpack to a gigabyte: refused as such, or taken without what made them endless; the next one unharmed."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Name

from tests.support import bad_files as bad
from tests.support import endless_files as endless
from tillid.adapters.uploads.box import Limits, cleaned
from tillid.usecases.refused_files import PdfTooLong, Refused, TooHeavy, TooManyPixels

HEAVY, KIND = "upload.too-heavy", "upload.wrong-kind"
# What qpdf itself cannot read or only with a whole table is no PDF to us.
GIGABYTES = dict.fromkeys(endless.GIGABYTES, HEAVY) | {
    "packed objects": KIND,
    "the table of objects": KIND,
    "a profile in a PNG": KIND,
    "a small PNG": "",
    "a PNG of many pieces": "",
}
CHAINS = dict.fromkeys(endless.CHAINS, "") | {
    "a page tree that holds itself": KIND,
    "a page tree whose nodes hold each other": KIND,
    "a drawing that draws itself": HEAVY,
    "drawings that draw the next one twice": HEAVY,
    "objects that each hold the next": HEAVY,
}
MOST = 12_000_000  # bytes; what the front door takes is less


@pytest.mark.parametrize("what", GIGABYTES)
def test_what_unpacks_to_a_gigabyte_costs_itself_and_nothing_else(what):
    assert met(endless.GIGABYTES[what]()) == GIGABYTES[what]


@pytest.mark.parametrize("what", CHAINS)
def test_what_leads_nowhere_ends(what):
    assert met(endless.CHAINS[what]()) == CHAINS[what]


def met(data: bytes) -> str:
    """With which code it is refused; empty: it is taken, and nothing endless is left of it. The next one is taken in either case."""
    assert len(data) < MOST, "small enough to be sent"
    code = ""
    try:
        kept = cleaned(data)
    except Refused as refused:
        code = refused.code
        assert "{" not in refused.message
    else:
        assert len(kept.data) <= max(len(data), 2_000), "nothing of what made it endless"
        if kept.media_type == "application/pdf":
            with pikepdf.open(io.BytesIO(kept.data)) as document:
                assert sum(_unpacked(one) for one in document.objects) < 1_000_000
    assert cleaned(bad.pdf()).media_type == "application/pdf", "the next one"
    return code


def _unpacked(one: pikepdf.Object) -> int:
    return len(one.read_bytes()) if isinstance(one, pikepdf.Stream) else 0


WORDS = b"0 0 1 1 re f " * 2000


@pytest.mark.parametrize(
    ("packed", "filters"),
    [
        (zlib.compress(WORDS), (Name.FlateDecode,)),
        (zlib.compress(WORDS), (Name.Fl,)),
        (endless.lzw(20_000), (Name.LZWDecode,)),
        (endless.lzw(20_000).hex().encode() + b">", (Name.ASCIIHexDecode, Name.LZWDecode)),
        (b"\x81 " * 2000 + b"\x80", (Name.RunLengthDecode,)),
        (WORDS.hex().encode() + b">", (Name.ASCIIHexDecode,)),
    ],
)
def test_a_page_packed_in_any_way_that_programs_use_is_taken(packed, filters):
    assert cleaned(endless.packed_page(packed, *filters)).media_type == "application/pdf"


def test_a_photograph_behind_letters_is_taken():
    """As programs wrote it that sent PDFs by mail."""

    def change(made: pikepdf.Pdf) -> None:
        image = pikepdf.Stream(
            made, bad.picture("JPEG").hex().encode() + b">", Type=Name.XObject, Subtype=Name.Image, Width=40, Height=30,
            BitsPerComponent=8, ColorSpace=Name.DeviceRGB, Filter=Array([Name.ASCIIHexDecode, Name.DCTDecode]),
        )  # fmt: skip
        made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(image)))

    assert cleaned(bad.pdf(change)).media_type == "application/pdf"


@pytest.mark.parametrize(
    ("data", "limits", "error"),
    [
        (bad.pdf(bad.pages(3)), {"pages": 2}, PdfTooLong),
        (endless.packed_page(zlib.compress(WORDS), Name.FlateDecode), {"unpacked": 20_000}, TooHeavy),
        (bad.picture("PNG"), {"png_pixels": 1199}, TooManyPixels),
        (bad.picture("JPEG"), {"pixels": 1199}, TooManyPixels),
        (bad.picture("PNG"), {"memory": 1 << 20}, TooHeavy),
        (bad.picture("JPEG", (4000, 3000)), {"cpu": 0.001}, TooHeavy),
        (bad.picture("PNG"), {"wall": 0}, TooHeavy),
    ],
)
def test_each_limit_is_what_refuses(data, limits, error):
    """The same file is taken where there is room for it."""
    cleaned(data)
    with pytest.raises(error):
        cleaned(data, Limits(**limits))


def test_every_limit_is_tried():
    tried = {
        name for mark in test_each_limit_is_what_refuses.pytestmark for _, limits, _ in mark.args[1] for name in limits
    }
    assert tried == set(Limits.__struct_fields__)
