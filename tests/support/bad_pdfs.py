"""PDFs that must be refused, made when a test runs: broken, locked, heavy, with programs, and revisions that do too much."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from unittest import mock

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, Stream, String
from pyhanko.pdf_utils import generic as g

from tillid.adapters.pdf import Attachment, revisions
from tillid.adapters.pdf.history import read_history

LATER = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def saved(pdf: bytes, change: Callable[[pikepdf.Pdf], None], **how) -> bytes:
    """``pdf`` with ``change``, written anew: what somebody makes who does not mind that it is another file."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(out, **how)
    return out.getvalue()


def action(kind: str, **more) -> Callable[[pikepdf.Pdf], None]:
    return lambda d: setattr(d.Root, "OpenAction", Dictionary(S=Name("/" + kind), **more))


def script_in_names(d: pikepdf.Pdf) -> None:
    d.Root.Names.JavaScript = Dictionary(Names=Array([String("a"), Dictionary(S=Name.JavaScript, JS=String("x"))]))


def annotation(**more) -> Callable[[pikepdf.Pdf], None]:
    made = {"Type": Name.Annot, "Rect": Array([0, 0, 1, 1]), **more}
    return lambda d: setattr(d.pages[0].obj, "Annots", Array([d.make_indirect(Dictionary(**made))]))


def attached(name: str, data: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(d: pikepdf.Pdf) -> None:
        d.attachments[name] = pikepdf.AttachedFileSpec(d, data, filename=name)

    return change


def bomb(times: int = 1) -> Callable[[pikepdf.Pdf], None]:
    """A megabyte that unpacks to one gigabyte, or packed once more to a few kilobytes."""

    def change(d: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        data = head + block * 1023  # a block after a full flush depends on nothing before it
        for _ in range(times - 1):
            data = zlib.compress(data, 9)
        filters = Array([Name.FlateDecode] * times) if times > 1 else Name.FlateDecode
        stream = Stream(d, b"")
        stream.write(data, filter=filters)
        d.Root.Piece = d.make_indirect(stream)

    return change


def page_loop(d: pikepdf.Pdf) -> None:
    d.Root.Pages.Kids.append(d.Root.Pages)


def nested(d: pikepdf.Pdf) -> None:
    inner = Array([])
    for _ in range(200):
        inner = Array([inner])
    d.Root.Piece = inner


def name_loop(d: pikepdf.Pdf) -> None:
    tree = d.make_indirect(Dictionary())
    tree.Kids = Array([tree])
    d.Root.Names.EmbeddedFiles = tree


def chain(length: int) -> bytes:
    """A PDF of one page whose catalog leads through ``length`` objects, one after another."""
    objects = ["<</Type/Catalog/Pages 2 0 R/Piece 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"]  # fmt: skip
    objects += [f"[{number + 1} 0 R]" for number in range(4, 4 + length)] + ["null"]
    out, places = [b"%PDF-1.7\n"], []
    at = len(out[0])
    for number, one in enumerate(objects, start=1):
        out.append(f"{number} 0 obj\n{one}\nendobj\n".encode())
        places.append(at)
        at += len(out[-1])
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n".encode())
    out.append(f"<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n".encode())
    return b"".join(out)


def deep_pages(d: pikepdf.Pdf) -> None:
    """A page tree ten thousand levels deep."""
    kids = d.Root.Pages.Kids
    for _ in range(10_000):
        kids = Array([d.make_indirect(Dictionary(Type=Name.Pages, Kids=kids, Count=1))])
    d.Root.Pages.Kids = kids


def size_that_lies(pdf: bytes) -> bytes:
    """A table that says it has a thousand million objects."""
    return re.sub(rb"/Size \d+", b"/Size 1000000000", pdf)


def prev_loop(pdf: bytes) -> bytes:
    """A table of references whose /Prev is itself."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    return pdf[:start] + pdf[start:].replace(b"/Info ", b"/Prev %d /Info " % start, 1)


def wrong_start(pdf: bytes) -> bytes:
    return re.sub(rb"startxref\s+\d+", b"startxref\n77", pdf)


def wrong_offsets(pdf: bytes) -> bytes:
    return re.sub(rb"\n\d{10} 00000 n", b"\n0000000011 00000 n", pdf)


Change = Callable[["revisions._Writer"], None]


def revised(pdf: bytes, change: Change, name: str = "record-evil.xml") -> bytes:
    """One more revision that is right in all we check but for ``change``, made with our own writer."""
    right = revisions._embed

    def wrong(writer, attachments, moment):
        right(writer, attachments, moment)
        change(writer)

    added = Attachment(name=name, data=b"<evil/>", media_type="application/xml", relationship="Supplement")
    with mock.patch.object(revisions, "_embed", wrong):
        return revisions._written(pdf, read_history(pdf), [added], LATER)


def _page(writer):
    return writer.root["/Pages"]["/Kids"][0]


def page_replaced(writer) -> None:
    place = _page(writer).raw_get("/Contents").reference
    writer.objects[(place.generation, place.idnum)] = g.StreamObject({}, stream_data=b"BT ET")


def font_replaced(writer) -> None:
    fonts = _page(writer)["/Resources"]["/Font"]
    name = next(iter(fonts))
    fonts[name][g.pdf_name("/BaseFont")] = g.pdf_name("/Other")
    writer.mark_update(fonts.raw_get(name).reference)


def pages_swapped(writer) -> None:
    new = writer.add_object(g.DictionaryObject(writer.root["/Pages"]))
    writer.root[g.pdf_name("/Pages")] = new


def annotation_added(writer) -> None:
    page = _page(writer)
    page[g.pdf_name("/Annots")] = g.ArrayObject([g.DictionaryObject({g.pdf_name("/Subtype"): g.pdf_name("/Stamp")})])
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0).reference)


def catalog_key(writer) -> None:
    writer.root[g.pdf_name("/PageLayout")] = g.pdf_name("/OneColumn")


def stray_object(writer) -> None:
    writer.add_object(g.DictionaryObject({g.pdf_name("/Type"): g.pdf_name("/OCG")}))


def title_changed(writer) -> None:
    writer.trailer["/Info"][g.pdf_name("/Title")] = g.pdf_string("Noget andet")


def _flat(writer):
    return writer.root["/Names"]["/EmbeddedFiles"]["/Names"]


def file_removed(writer) -> None:
    flat = _flat(writer)
    del flat[0:2]


def file_swapped(writer) -> None:
    """The name of the data now means the new file."""
    flat = _flat(writer)
    flat[1] = flat.raw_get(len(flat) - 1)


def file_rewritten(writer) -> None:
    place = _flat(writer)[1]["/EF"].raw_get("/F").reference
    kind = {g.pdf_name("/Type"): g.pdf_name("/EmbeddedFile")}
    writer.objects[(place.generation, place.idnum)] = g.StreamObject(kind, stream_data=b'{"answers":{}}')


def not_associated(writer) -> None:
    del writer.root["/AF"][-1]


def old_file_again(writer) -> None:
    """A new name for what was there before."""
    flat = _flat(writer)
    flat[len(flat) - 1] = flat.raw_get(1)
    writer.root["/AF"][-1] = flat.raw_get(1)


def looks_back(pdf: bytes) -> bytes:
    """A revision whose only object lies in the earlier bytes: the catalog is another one that waited there."""
    offset = pdf.index(b"1 0 obj")
    trailer = re.findall(rb"<<[^>]*/Root.*?>>\s*startxref", pdf, re.DOTALL)[-1].removesuffix(b"startxref").rstrip()
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    inside = re.sub(rb"/Prev \d+", b"", trailer)[2:-2]
    table = b"xref\n1 1\n%010d 00000 n \ntrailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return pdf + table % (offset, inside, start, len(pdf))


def byte_flipped(pdf: bytes) -> bytes:
    """One byte of the first revision is another: still a readable file, no longer what the next revision was added to."""
    at = pdf.index(b"/BaseFont /") + 11
    return pdf[:at] + bytes([pdf[at] ^ 2]) + pdf[at + 1 :]


def something_after(pdf: bytes) -> bytes:
    """An object after the end, and the end once more."""
    return pdf + b"99 0 obj\n<< /Type /Page >>\nendobj\n" + pdf[pdf.rindex(b"startxref") :]


def appended_by_pypdf(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Andet"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
