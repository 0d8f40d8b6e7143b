"""More revisions that do more than add, each right in all else: what a signature's proofs, a form or a layer would need, an element of the
structure, one page more, and tables that say two things."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyhanko.pdf_utils import generic as g

from tests.support import bad_pdfs as bad
from tests.support.strange_pdfs import Make, stream


def _element(writer) -> g.IndirectObject:
    """A reference to the first element of the structure."""
    return writer.root["/StructTreeRoot"].raw_get("/K") if not isinstance(
        writer.root["/StructTreeRoot"]["/K"], g.ArrayObject) else writer.root["/StructTreeRoot"]["/K"].raw_get(0)  # fmt: skip


def structure_changed(writer) -> None:
    """What is read aloud is something else than what is seen."""
    one = _element(writer)
    one.get_object()[g.pdf_name("/ActualText")] = g.pdf_string("nej")
    writer.mark_update(one)


def page_added(writer) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].append(pages["/Kids"].raw_get(0))
    pages[g.pdf_name("/Count")] = g.NumberObject(int(pages["/Count"]) + 1)
    writer.mark_update(writer.root.raw_get("/Pages"))


def catalog(key: str, value: Callable[[], g.PdfObject]) -> bad.Change:
    """Another key of the catalog: what a signature, its proofs, a form, layers or an action would be."""
    return lambda writer: writer.root.__setitem__(g.pdf_name(key), value())


def allowed(writer) -> None:
    """A certification that lets anything be changed later (DocMDP), as no signature stands behind it."""
    writer.root[g.pdf_name("/Perms")] = g.DictionaryObject({g.pdf_name("/DocMDP"): g.DictionaryObject(
        {g.pdf_name("/Type"): g.pdf_name("/Sig"), g.pdf_name("/Filter"): g.pdf_name("/Adobe.PPKLite")})})  # fmt: skip


def names_changed(writer) -> None:
    names = writer.root["/Names"]
    names[g.pdf_name("/Dests")] = g.DictionaryObject({g.pdf_name("/Names"): g.ArrayObject()})


def data_described_anew(writer) -> None:
    """The old file's name for people is another."""
    flat = bad._flat(writer)
    flat[1][g.pdf_name("/Desc")] = g.pdf_string("samtykke")
    writer.mark_update(flat.raw_get(1))


def two_files_of_one(writer) -> None:
    """The new file shows one thing by one name and another by the other."""
    flat = bad._flat(writer)
    spec = flat[flat.index(next(one for one in flat if str(one) == "record-evil.xml")) + 1]
    kind = {g.pdf_name("/Type"): g.pdf_name("/EmbeddedFile")}
    spec["/EF"][g.pdf_name("/UF")] = writer.add_object(g.StreamObject(kind, stream_data=b"<other/>"))


def _last(pdf: bytes) -> tuple[bytes, int]:
    """The last trailer's own keys, and where its table begins."""
    trailer = re.findall(rb"<<[^>]*/Root.*?>>\s*startxref", pdf, re.DOTALL)[-1].removesuffix(b"startxref").rstrip()
    return re.sub(rb"/Prev \d+", b"", trailer)[2:-2], int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def freed(pdf: bytes) -> bytes:
    """A revision that takes an object away."""
    keys, start = _last(pdf)
    number = int(re.search(rb"/Info (\d+)", keys)[1])
    tail = b"trailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (keys, start, len(pdf))
    return pdf + b"xref\n0 1\n%010d 65535 f \n%d 1\n0000000000 00001 f \n" % (number, number) + tail


def both_ways(pdf: bytes) -> bytes:
    """A revision whose objects are told once for old readers and otherwise for new ones (a hybrid file, 7.5.8.4)."""
    keys, start = _last(pdf)
    size = int(re.search(rb"/Size (\d+)", keys)[1])
    table = stream(b"/Type/XRef/Size %d/W[1 4 2]/Index[1 1]" % size, b"\1" + (9).to_bytes(4, "big") + b"\0\0")
    first = b"%d 0 obj\n%s\nendobj\n" % (size, table)
    tail = b"trailer\n<<%s/Prev %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        keys,
        start,
        len(pdf),
        len(pdf) + len(first),
    )
    return pdf + first + b"xref\n0 0\n" + tail


TAMPERED: dict[str, tuple[Make, str]] = {
    "an element of the structure": (lambda pdf: bad.revised(pdf, structure_changed), "replaced"),
    "one page more": (lambda pdf: bad.revised(pdf, page_added), "replaced"),
    "a certification": (lambda pdf: bad.revised(pdf, allowed), "replaced"),
    "proofs of signatures": (lambda pdf: bad.revised(pdf, catalog("/DSS", g.DictionaryObject)), "replaced"),
    "a form": (lambda pdf: bad.revised(pdf, catalog("/AcroForm", lambda: g.DictionaryObject({g.pdf_name("/Fields"): g.ArrayObject()}))), "replaced"),
    "layers": (lambda pdf: bad.revised(pdf, catalog("/OCProperties", g.DictionaryObject)), "replaced"),
    "extensions": (lambda pdf: bad.revised(pdf, catalog("/Extensions", g.DictionaryObject)), "replaced"),
    "another version": (lambda pdf: bad.revised(pdf, catalog("/Version", lambda: g.pdf_name("/2.0"))), "replaced"),
    "another language": (lambda pdf: bad.revised(pdf, catalog("/Lang", lambda: g.pdf_string("en"))), "replaced"),
    "another opening": (lambda pdf: bad.revised(pdf, catalog("/OpenAction", lambda: g.ArrayObject())), "replaced"),
    "names of places": (lambda pdf: bad.revised(pdf, names_changed), "replaced"),
    "what the data are called": (lambda pdf: bad.revised(pdf, data_described_anew), "replaced"),
    "one name, two files": (lambda pdf: bad.revised(pdf, two_files_of_one), "structure"),
    "an object taken away": (freed, "structure"),
    "objects told in two ways": (both_ways, "structure"),
}  # fmt: skip
