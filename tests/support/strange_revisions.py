"""More revisions that do more than add, each right in all else: what a signature's proofs, a form or a layer would need, an element of the
structure, one page more, and tables that say two things."""

from __future__ import annotations

import re
from collections.abc import Callable
from unittest import mock

from pyhanko.pdf_utils import generic as g

from tests.support import bad_pdfs as bad
from tests.support.strange_pdfs import Make, stream
from tillid.adapters.pdf import revisions


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


def _spec(writer) -> g.DictionaryObject:
    """The file that the revision adds, as its name leads to it."""
    flat = bad._flat(writer)
    return flat[next(at for at, one in enumerate(flat) if str(one) == "record-evil.xml") + 1]


def more_of_a_file(writer) -> None:
    _spec(writer)[g.pdf_name("/RF")] = g.DictionaryObject()


def third_name_of_a_file(writer) -> None:
    inner = _spec(writer)["/EF"]
    inner[g.pdf_name("/DOS")] = inner.raw_get("/F")


def more_of_the_contents(writer) -> None:
    _spec(writer)["/EF"]["/F"][g.pdf_name("/Group")] = g.DictionaryObject()


def names_twice(writer) -> None:
    flat = bad._flat(writer)
    at = next(at for at, one in enumerate(flat) if str(one) == "record-evil.xml")
    flat.insert(at, flat.raw_get(at + 1))
    flat.insert(at, g.pdf_string("record-evil.xml"))


def other_order(writer) -> None:
    """The files that were associated before, in another order."""
    associated = writer.root["/AF"]
    first, second = associated.raw_get(0), associated.raw_get(1)
    associated[0], associated[1] = second, first


def other_metadata(writer) -> None:
    """The metadata are another object; the old one stays."""
    writer.root[g.pdf_name("/Metadata")] = writer.add_object(g.StreamObject({}, stream_data=b""))


def other_info(writer) -> None:
    info = g.DictionaryObject(dict(writer.trailer["/Info"].items()))
    writer.set_info(writer.add_object(info))


def when_written(change: bad.Change) -> Make:
    """A revision that is changed after its metadata and its id were made."""

    def made(pdf: bytes) -> bytes:
        right = revisions._Writer.write_in_place

        def wrong(writer) -> None:
            change(writer)
            right(writer)

        with mock.patch.object(revisions._Writer, "write_in_place", wrong):
            return bad.revised(pdf, lambda _writer: None)

    return made


def more_in_the_metadata(writer) -> None:
    place = writer.root.raw_get("/Metadata").reference
    writer.objects[(place.generation, place.idnum)][g.pdf_name("/AF")] = g.ArrayObject()


def other_id(writer) -> None:
    writer._document_id[0] = g.ByteStringObject(bytes(16))


def in_the_last_trailer(more: bytes) -> Make:
    def made(pdf: bytes) -> bytes:
        right = bad.revised(pdf, lambda _writer: None)
        at = right.rindex(b"trailer")
        return right[:at] + right[at:].replace(b"<<", b"<<" + more, 1)

    return made


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
    "more of a file than its contents": (lambda pdf: bad.revised(pdf, more_of_a_file), "structure"),
    "a third name of a file": (lambda pdf: bad.revised(pdf, third_name_of_a_file), "structure"),
    "more beside a file's contents": (lambda pdf: bad.revised(pdf, more_of_the_contents), "structure"),
    "a name twice": (lambda pdf: bad.revised(pdf, names_twice), "structure"),
    "the order of the files": (lambda pdf: bad.revised(pdf, other_order), "file-replaced"),
    "other metadata": (lambda pdf: bad.revised(pdf, other_metadata), "replaced"),
    "another place of the title": (lambda pdf: bad.revised(pdf, other_info), "replaced"),
    "more in the metadata": (when_written(more_in_the_metadata), "structure"),
    "another document's id": (when_written(other_id), "replaced"),
    "more in the trailer": (in_the_last_trailer(b"/Other 1"), "structure"),
    "an object taken away": (freed, "structure"),
    "objects told in two ways": (both_ways, "structure"),
}  # fmt: skip
