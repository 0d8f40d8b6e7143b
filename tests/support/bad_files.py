"""Real files that must not be stored, made when a test runs: bombs, programs in documents, things under a false name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo


def picture(kind: str, size: tuple[int, int] = (40, 30), **saved) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind, **saved)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda made: None, **saved) -> bytes:
    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page()
    change(made)
    made.save(out, **saved)
    return out.getvalue()


def called(title: str) -> Callable[[pikepdf.Pdf], None]:
    """A PDF with that title."""

    def change(made: pikepdf.Pdf) -> None:
        made.docinfo["/Title"] = title

    return change


def saying(text: str, page: int = 0) -> Callable[[pikepdf.Pdf], None]:
    """A PDF that was printed anew: the words stand on a page and nowhere else; a line break in them is one on the page."""

    def change(made: pikepdf.Pdf) -> None:
        for _ in range(page):
            made.add_blank_page()
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        last = made.pages[page]
        last.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        escaped = text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
        lines = escaped.splitlines()
        start = b"BT /F1 9 Tf 12 TL 40 %d Td (" % (48 + 12 * len(lines))  # the last stands where a page ends
        last.Contents = made.make_stream(start + b") Tj T* (".join(lines) + b") Tj ET")

    return change


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in (files or {"index": b"<script>alert(1)</script>"}).items():
            made.writestr(name, data)
    return out.getvalue()


@cache
def zip_bomb() -> bytes:
    """Some tens of kilobytes that unpack to 50 megabytes."""
    return archive(bomb=bytes(50_000_000))


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def huge_png(side: int = 30_000) -> bytes:
    """A hundred kilobytes that unpack to ``side`` times ``side`` pixels, every checksum right."""
    row, packer, rows = bytes(side // 8 + 1), zlib.compressobj(9), []
    for _ in range(side):
        rows.append(packer.compress(row))
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = b"".join(rows) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


@cache
def png_text_bomb() -> bytes:
    """A small picture with a compressed text of 100 megabytes."""
    base = picture("PNG")
    text = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(100_000_000), 9))
    return base[:33] + text + base[33:]


def told_too_much() -> bytes:
    """A phone's JPEG: place, camera, comment, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010F] = "Kamerafabrik"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 34.0), 3: "E", 4: (12.0, 34.0, 6.0)})
    return picture("JPEG", (40, 30), exif=exif, comment=b"Hemmelig kommentar")


def png_with_texts() -> bytes:
    info = PngInfo()
    info.add_text("Author", "Hemmelig forfatter")
    return picture("PNG", pnginfo=info)


def _named(**entries):
    return pikepdf.Dictionary(**entries)


def open_script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = _named(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def named_script(made: pikepdf.Pdf) -> None:
    action = made.make_indirect(_named(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    made.Root.Names = _named(JavaScript=_named(Names=pikepdf.Array(["x", action])))


def link_script(made: pikepdf.Pdf) -> None:
    """In an annotation of a page, two levels down."""
    following = pikepdf.Array([_named(S=pikepdf.Name.JavaScript, JS="app.alert(1)")])
    action = _named(S=pikepdf.Name.URI, URI="https://example.org", Next=following)
    link = _named(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    made.pages[0].Annots = pikepdf.Array([made.make_indirect(link)])


def launches(made: pikepdf.Pdf) -> None:
    link = _named(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
                  A=_named(S=pikepdf.Name.Launch, F="cmd.exe"))  # fmt: skip
    made.pages[0].Annots = pikepdf.Array([link])


def page_action(made: pikepdf.Pdf) -> None:
    made.pages[0].AA = _named(O=_named(S=pikepdf.Name.URI, URI="https://example.org"))


def embeds(made: pikepdf.Pdf) -> None:
    made.attachments["program.exe"] = b"MZ"


def xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = _named(Fields=pikepdf.Array(), XFA=made.make_stream(b"<xdp/>"))


def stream_bomb(made: pikepdf.Pdf) -> None:
    made.pages[0].Contents = pikepdf.Stream(made, _packed_nothing(600_000_000), Filter=pikepdf.Name.FlateDecode)


@cache
def _packed_nothing(length: int) -> bytes:
    packer, part = zlib.compressobj(9), bytes(10_000_000)
    return b"".join([*(packer.compress(part) for _ in range(length // len(part))), packer.flush()])


def huge_picture(made: pikepdf.Pdf) -> None:
    image = pikepdf.Stream(
        made, b"x", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=30_000, Height=30_000
    )
    made.pages[0].Resources = _named(XObject=_named(Im0=made.make_indirect(image)))


def scan_alone(made: pikepdf.Pdf) -> None:
    """A page of an ordinary scan: a picture and no word."""
    image = pikepdf.Stream(
        made, bytes(104 * 1169), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=832, Height=1169,
        BitsPerComponent=1, ColorSpace=pikepdf.Name.DeviceGray,
    )  # fmt: skip
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(image)))
    made.pages[0].Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")


def pages(number: int) -> Callable[[pikepdf.Pdf], None]:
    def add(made: pikepdf.Pdf) -> None:
        for _ in range(number - 1):
            made.add_blank_page()

    return add


def locked_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="a", user="b"))


PROGRAM = b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00" + bytes(400)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!doctype html><script>alert(1)</script>"
