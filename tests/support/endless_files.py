"""Files that never end or unpack to a gigabyte, made when a test runs; each is small enough to be sent."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.support.bad_files import pdf, picture, png_chunk

GIGABYTE = 10**9


@cache
def packed(length: int = GIGABYTE, byte: bytes = b"\0") -> bytes:
    """``length`` times ``byte`` by zlib; a million is packed once and its block written down again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(byte * 10**6) + packer.flush(zlib.Z_FULL_FLUSH)
    low, high = (1 + length * byte[0]) % 65521, (length + byte[0] * length * (length + 1) // 2) % 65521
    return b"\x78\xda" + block * (length // 10**6) + b"\x03\0" + struct.pack(">HH", high, low)


@cache
def lzw(length: int = GIGABYTE) -> bytes:
    """About ``length`` zeros by LZW (ISO 32000-1, 7.4.4): each code of a round says one zero more than the one before."""
    codes, round_of = [], range(258, 4093)
    per = sum(range(1, len(round_of) + 2))
    for _ in range(max(1, length // per)):
        codes += [256, 0, *round_of]
    codes.append(257)
    bits, wide, count = [], 9, 0
    for code in codes:
        bits.append(format(code, f"0{wide}b"))
        if code == 256:
            wide, count = 9, 257
            continue
        count += 1
        wide = 9 if count < 511 else 10 if count < 1023 else 11 if count < 2047 else 12
    text = "".join(bits)
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8))


def _raw(objects: dict[int, bytes], extra: bytes = b"") -> bytes:
    """A PDF written by hand; ``extra`` stands in its trailer."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, most = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % most
    for number in range(1, most):
        out += b"%010d 00000 n \n" % places[number]
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        most,
        extra.replace(b"XREF", b"%d" % start),
        start,
    )
    return bytes(out)


PAGES = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
         3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}  # fmt: skip


def _with(**more: bytes) -> dict[int, bytes]:
    return PAGES | {int(name[1:]): body for name, body in more.items()}


def _contents(data: bytes, **keys) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].Contents = Stream(made, data, **keys)

    return change


def packed_page(data: bytes, *filters: Name) -> bytes:
    """A page whose contents are packed so, and written so."""
    change = _contents(data, Filter=filters[0] if len(filters) == 1 else Array(filters))
    return pdf(change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _many_streams(made: pikepdf.Pdf) -> None:
    made.pages[0].Contents = Array(
        [made.make_indirect(Stream(made, packed(10**7), Filter=Name.FlateDecode)) for _ in range(100)]
    )


def _picture_of_a_gigabyte(made: pikepdf.Pdf) -> None:
    image = Stream(made, packed(), Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10, BitsPerComponent=8,
                   ColorSpace=Name.DeviceGray, Filter=Name.FlateDecode)  # fmt: skip
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=made.make_indirect(image)))
    made.pages[0].Contents = made.make_stream(b"/Im0 Do")


def _draws_itself(made: pikepdf.Pdf) -> None:
    form = made.make_indirect(
        Stream(made, b"/F Do /F Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    )
    form.Resources = Dictionary(XObject=Dictionary(F=form))
    made.pages[0].Resources = Dictionary(XObject=Dictionary(F=form))
    made.pages[0].Contents = made.make_stream(b"/F Do")


def _draws_twice(made: pikepdf.Pdf) -> None:
    """Two to the fortieth: each form draws the next one twice."""
    inner = None
    for _ in range(40):
        form = Stream(made, b"/F Do /F Do" if inner is not None else b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form,
                      BBox=Array([0, 0, 9, 9]))  # fmt: skip
        if inner is not None:
            form.Resources = Dictionary(XObject=Dictionary(F=inner))
        inner = made.make_indirect(form)
    made.pages[0].Resources = Dictionary(XObject=Dictionary(F=inner))
    made.pages[0].Contents = made.make_stream(b"/F Do")


def _object_stream(data: bytes) -> bytes:
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    return head + data + b"\nendstream"


def _packed_objects() -> bytes:
    """The page tree lies in an object stream that unpacks to a gigabyte; found by a cross-reference stream (7.5.8)."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in ((1, PAGES[1]), (3, PAGES[3]), (4, _object_stream(packed(byte=b" ")))):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = [(0, 0, 255), (1, places[1], 0), (2, 4, 0), (1, places[3], 0), (1, places[4], 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    out += b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table) + table
    return bytes(out + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)


def _packed_table() -> bytes:
    """The cross-reference stream itself unpacks to a gigabyte."""
    out, data = bytearray(b"%PDF-1.7\n"), packed()
    out += b"1 0 obj\n" + PAGES[1] + b"\nendobj\n"
    start = len(out)
    out += b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(data) + data
    return bytes(out + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)


def _small_png_of_a_gigabyte() -> bytes:
    head = struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", packed()) + png_chunk(b"IEND", b"")


def _png_with_a_profile_of_a_gigabyte() -> bytes:
    plain = picture("PNG")
    return plain[:33] + png_chunk(b"iCCP", b"x\0\0" + packed()) + plain[33:]


def _png_of_many_pieces() -> bytes:
    plain = picture("PNG")
    return plain[:33] + png_chunk(b"tEXt", b"a\0b") * 400_000 + plain[33:]


def _jpeg_of_endless_scans() -> bytes:
    """A progressive JPEG of 36 million points whose last scan is told again and again."""
    whole = picture("JPEG", (6000, 6000), progressive=True, quality=10)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * (9_000_000 // len(whole[last:-2])) + whole[-2:]


CHAINS = {
    "a page tree that holds itself": lambda: _raw(PAGES | {2: b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"}),
    "a page tree whose nodes hold each other": lambda: _raw(
        _with(_4=b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>") | {2: b"<</Type/Pages/Kids[4 0 R 3 0 R]/Count 2>>"}
    ),
    "a page that is its own parent": lambda: _raw(PAGES | {3: b"<</Type/Page/Parent 3 0 R>>"}),
    "a table whose earlier one is itself": lambda: _raw(PAGES, b"/Prev XREF"),
    "a length that is the stream's own": lambda: _raw(_with(_4=b"<</Length 4 0 R>>stream\nx\nendstream") | {3: PAGES[3][:-2] + b"/Contents 4 0 R>>"}),
    "a reference to itself": lambda: _raw(_with(_4=b"4 0 R") | {3: PAGES[3][:-2] + b"/Resources 4 0 R>>"}),
    "references in a ring": lambda: _raw(_with(_4=b"5 0 R", _5=b"4 0 R") | {3: PAGES[3][:-2] + b"/Contents 4 0 R>>"}),
    "bookmarks in a ring": lambda: _raw(
        _with(_4=b"<</First 5 0 R/Last 5 0 R/Count 9>>", _5=b"<</Title(a)/Parent 4 0 R/Next 6 0 R>>", _6=b"<</Title(b)/Parent 4 0 R/Next 5 0 R>>")
        | {1: PAGES[1][:-2] + b"/Outlines 4 0 R>>"}
    ),
    "a bookmark in itself": lambda: _raw(
        _with(_4=b"<</First 5 0 R/Last 5 0 R>>", _5=b"<</Title(a)/Parent 4 0 R/First 5 0 R/Last 5 0 R>>") | {1: PAGES[1][:-2] + b"/Outlines 4 0 R>>"}
    ),
    "names in a ring": lambda: _raw(
        _with(_4=b"<</Dests 5 0 R>>", _5=b"<</Kids[6 0 R]>>", _6=b"<</Limits[(a)(b)]/Kids[5 0 R]>>") | {1: PAGES[1][:-2] + b"/Names 4 0 R>>"}
    ),
    "a structure in a ring": lambda: _raw(
        _with(_4=b"<</Type/StructTreeRoot/K 5 0 R>>", _5=b"<</S/P/P 4 0 R/K 6 0 R>>", _6=b"<</S/P/P 5 0 R/K 5 0 R>>")
        | {1: PAGES[1][:-2] + b"/StructTreeRoot 4 0 R>>"}
    ),
    "a drawing that draws itself": lambda: pdf(_draws_itself),
    "drawings that draw the next one twice": lambda: pdf(_draws_twice),
    "an array in an array, without end": lambda: _raw(_with(_4=b"[" * 2_000_000)),
    "half a million brackets on a page": lambda: pdf(_contents(b"[" * 500_000)),
    "objects that each hold the next": lambda: _raw(
        PAGES | {4 + at: b"<</N %d 0 R>>" % (5 + at) for at in range(90_000)} | {90_004: b"null", 3: PAGES[3][:-2] + b"/Resources 4 0 R>>"}
    ),
    "a form field that is its own child": lambda: _raw(
        _with(_4=b"<</Fields[5 0 R]/NeedAppearances true>>", _5=b"<</T(a)/FT/Tx/Parent 5 0 R/Kids[5 0 R]>>") | {1: PAGES[1][:-2] + b"/AcroForm 4 0 R>>"}
    ),
}  # fmt: skip
GIGABYTES = {
    "a page": lambda: packed_page(packed(), Name.FlateDecode),
    "a page in a hundred parts": lambda: pdf(_many_streams),
    "a page packed twice": lambda: packed_page(zlib.compress(packed()), Name.FlateDecode, Name.FlateDecode),
    "a page by LZW": lambda: packed_page(lzw(), Name.LZWDecode),
    "a page by LZW behind hexadecimal letters": lambda: packed_page(lzw().hex().encode() + b">", Name.ASCIIHexDecode, Name.LZWDecode),
    "a page by Flate behind letters": lambda: packed_page(base64.a85encode(packed()) + b"~>", Name.ASCII85Decode, Name.FlateDecode),
    "a page by Flate's short name": lambda: packed_page(packed(), Name.Fl),
    "a page by LZW's short name": lambda: packed_page(lzw(), Name.LZW),
    "a photograph packed by LZW": lambda: packed_page(lzw(), Name.LZWDecode, Name.DCTDecode),
    "a page by runs": lambda: packed_page(b"\x81\0" * 4_900_000 + b"\x80", Name.RunLengthDecode),
    "a page by runs' short name": lambda: packed_page(b"\x81\0" * 4_900_000 + b"\x80", Name.RL),
    "a picture of a hundred points": lambda: pdf(_picture_of_a_gigabyte),
    "packed objects": _packed_objects,
    "the table of objects": _packed_table,
    "a small PNG": _small_png_of_a_gigabyte,
    "a profile in a PNG": _png_with_a_profile_of_a_gigabyte,
    "a PNG of many pieces": _png_of_many_pieces,
    "a JPEG of endless scans": _jpeg_of_endless_scans,
}  # fmt: skip
