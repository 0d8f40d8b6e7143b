"""More PDFs that must be refused, or read for what they are: written byte by byte where a library would not write them so, and
programs, addresses and files that hide under another name or type."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.support import bad_pdfs as bad

CATALOG, PAGES = b"<</Type/Catalog/Pages 2 0 R%s>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>"
Make = Callable[[bytes], bytes]


def written(objects: list[bytes], trailer: bytes = b"/Root 1 0 R", header: bytes = b"%PDF-1.7\n") -> bytes:
    """A file of just these objects."""
    out, places = header, []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        out
        + head
        + table
        + b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))
    )


def simple(catalog: bytes = b"", page: bytes = b"", *more: bytes) -> bytes:
    """One page."""
    return written([CATALOG % catalog, PAGES, PAGE % page, *more])


def stream(keys: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (keys, len(data), data)


def by_stream(keys: bytes, data: bytes) -> bytes:
    """A file whose table of references is a stream."""
    objects = [CATALOG % b"", PAGES, PAGE % b""]
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, start=1))
    return out + b"4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        stream(b"/Type/XRef/Root 1 0 R" + keys, data),
        len(out),
    )


def linked(**act) -> Callable[[pikepdf.Pdf], None]:
    """A link with that action."""
    return bad.annotation(Subtype=Name.Link, A=Dictionary(**act))


def to(address: str) -> Make:
    return lambda pdf: bad.saved(pdf, linked(S=Name.URI, URI=String(address)))


def _kind_elsewhere(d: pikepdf.Pdf) -> None:
    act = d.make_indirect(Dictionary(S=d.make_indirect(Name.Launch), F=String("x")))
    bad.annotation(Subtype=Name.Link, A=act)(d)


def _form(**keys) -> Callable[[pikepdf.Pdf], None]:
    def change(d: pikepdf.Pdf) -> None:
        drawn = Stream(d, b"", Type=Name.XObject, BBox=Array([0, 0, 9, 9]), **keys)
        d.pages[0].obj.Resources.XObject = Dictionary(X=d.make_indirect(drawn))

    return change


def _without_type(d: pikepdf.Pdf) -> None:
    bad.attached("tegning.png", b"MZ\x90\x00" + bytes(100))(d)
    for one in d.objects:
        if isinstance(one, Stream) and one.get("/Type") == Name.EmbeddedFile and one.read_bytes()[:2] == b"MZ":
            del one["/Type"]


def _related(d: pikepdf.Pdf) -> None:
    """A program that a file names beside itself (7.11.4.3)."""
    bad.attached("tegning.png", b"x")(d)
    program = d.make_indirect(Stream(d, b"MZ\x90\x00" + bytes(100)))
    for one in d.objects:
        if isinstance(one, Dictionary) and str(one.get("/UF", "")) == "tegning.png":
            one.RF = Dictionary(F=Array([String("a"), program]))


def _two_names(d: pikepdf.Pdf) -> None:
    """Harmless by the old name, and a program by the one that readers show."""
    bad.attached("tegning.png", b"x")(d)
    for one in d.objects:
        if isinstance(one, Dictionary) and str(one.get("/UF", "")) == "tegning.png":
            one.UF = String("tegning.png.exe")


def _nobodys(d: pikepdf.Pdf) -> None:
    """A file that no name leads to."""
    d.Root.Piece = d.make_indirect(Stream(d, b"MZ\x90\x00" + bytes(100), Type=Name.EmbeddedFile))


def _names(**keys) -> Callable[[pikepdf.Pdf], None]:
    def change(d: pikepdf.Pdf) -> None:
        for key, value in keys.items():
            d.Root.Names[f"/{key}"] = value

    return change


def within(make: Make, times: int = 1) -> Make:
    """The file that ``make`` makes, as a file in another, ``times`` times."""

    def made(pdf: bytes) -> bytes:
        inner = make(pdf)
        for _ in range(times):
            inner = bad.saved(pdf, bad.attached("bilag.pdf", inner))
        return inner

    return made


def script(pdf: bytes) -> bytes:
    return bad.saved(pdf, bad.action("JavaScript", JS=String("x")))


def _two_under_one_name(d: pikepdf.Pdf) -> None:
    bad.attached("a.xml", b"<right/>")(d)
    other = d.make_indirect(Stream(d, b"<other/>", Type=Name.EmbeddedFile))
    for one in d.objects:
        if isinstance(one, Dictionary) and "/EF" in one and str(one.get("/UF")) == "a.xml":
            one.EF.UF = other


def _five_thousand_names(d: pikepdf.Pdf) -> None:
    held = d.make_indirect(Stream(d, bytes(1_000_000), Type=Name.EmbeddedFile))
    specs = [
        Dictionary(Type=Name.Filespec, F=String("f"), UF=String("f"), EF=Dictionary(F=held, UF=held))
        for _ in range(5_000)
    ]
    names = Array([one for n, spec in enumerate(specs) for one in (String(f"f{n:05}.xml"), d.make_indirect(spec))])
    d.Root.Names.EmbeddedFiles = Dictionary(Names=names)


def named(name: str, data: bytes = b"hello") -> Make:
    return lambda pdf: bad.saved(pdf, bad.attached(name, data))


def _objects_packed(change: Callable[[pikepdf.Pdf], None]) -> Make:
    return lambda pdf: bad.saved(pdf, change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


REFUSED: dict[str, tuple[Make, str]] = {
    # References
    "table as a stream of two thousand million": (lambda _: by_stream(b"/Size 2147483647/Index[0 2147483647]/W[1 2 1]", b"\1\0\0\0" * 10), "broken"),
    "table as a stream that unpacks to 268 MB": (lambda _: by_stream(b"/Size 67108864/W[1 2 1]/Filter/FlateDecode", zlib.compress(bytes(1 << 28), 9)), "broken"),
    "table as a stream of wide fields": (lambda _: by_stream(b"/Size 4/W[1 1000000000 1]", b"\1\0\0\0" * 10), "broken"),
    "table as a stream of no width": (lambda _: by_stream(b"/Size 1000000000/W[0 0 0]", b""), "broken"),
    "table as a stream of a million pieces": (lambda _: by_stream(b"/Size 4/Index[" + b"0 1 " * 1_000_000 + b"]/W[1 2 1]", b"\1\0\0\0" * 10), "broken"),
    "an earlier table below zero": (lambda _: written([CATALOG % b"", PAGES, PAGE % b""], b"/Root 1 0 R/Prev -1"), "broken"),
    "an earlier table beyond the file": (lambda _: written([CATALOG % b"", PAGES, PAGE % b""], b"/Root 1 0 R/Prev 99999999999999999999"), "broken"),
    "a catalog in the trailer": (lambda _: written([CATALOG % b"", PAGES, PAGE % b""], b"/Root<</Type/Catalog/Pages 2 0 R>>"), "broken"),
    "a catalog that is a list": (lambda _: written([b"[1 2]", PAGES, PAGE % b""]), "broken"),
    "no catalog": (lambda _: written([CATALOG % b"", PAGES, PAGE % b""], b""), "broken"),
    "a size below zero": (lambda _: simple().replace(b"/Size 4", b"/Size -4"), "broken"),
    "a page before it": (lambda _: b"<html><script>alert(1)</script>" + simple(), "broken"),
    "a zip behind it": (lambda _: simple() + b"PK\3\4" + bytes(100) + b"PK\5\6" + bytes(18), "hidden"),
    "two files in one": (lambda _: simple() + simple(), "hidden"),
    "encrypted with nothing": (lambda _: written([CATALOG % b"", PAGES, PAGE % b""], b"/Root 1 0 R/Encrypt<<>>"), "broken"),
    "a length in a ring": (lambda _: simple(b"", b"/Contents 4 0 R", b"<</Length 5 0 R>>stream\nq\nendstream", b"6 0 R", b"5 0 R"), "broken"),
    # Too much
    "half a million brackets": (lambda _: simple(b"/X " + b"[" * 500_000 + b"]" * 500_000), "broken"),
    "a text of five million brackets": (lambda _: simple(b"/X " + b"(" * 5_000_000 + b")" * 5_000_000), "heavy"),
    "a text that never ends": (lambda _: simple(b"/X (" + b"a" * 10_000_000), "broken"),
    "a number of ten million digits": (lambda _: simple(b"/X " + b"9" * 10_000_000), "broken"),
    "a million keys": (lambda _: simple(b"/X<<%s>>" % b"".join(b"/K%d 1" % n for n in range(1_000_000))), "heavy"),
    "a million times the same page": (lambda _: written([CATALOG % b"", b"<</Type/Pages/Kids[" + b"3 0 R " * 1_000_000 + b"]/Count 1000000>>", PAGE % b""]), "heavy"),
    "the same contents a hundred thousand times": (lambda _: simple(b"", b"/Contents[" + b"4 0 R " * 100_000 + b"]", stream(b"/Filter/FlateDecode", zlib.compress(b"q Q " * 2_000_000, 9))), "broken"),
    "a file under five thousand names": (lambda pdf: bad.saved(pdf, _five_thousand_names), "broken"),
    "LZW without end": (lambda _: simple(b"", b"/Contents 4 0 R", stream(b"/Filter/LZWDecode", b"\x80" + bytes(3_000_000))), "heavy"),
    "runs without end": (lambda _: simple(b"", b"/Contents 4 0 R", stream(b"/Filter/RunLengthDecode", b"\x81a" * 2_000_000 + b"\x80")), "heavy"),
    "rows of a thousand million columns": (lambda _: simple(b"", b"/Contents 4 0 R", stream(b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 1000000000/Colors 32/BitsPerComponent 16>>", zlib.compress(b"abc"))), "broken"),
    "a hundred ways of packing": (lambda _: simple(b"", b"/Contents 4 0 R", stream(b"/Filter[" + b"/ASCIIHexDecode" * 100 + b"]", b">")), "heavy"),
    # What runs or starts something
    "a script in a packed object": (_objects_packed(linked(S=Name.JavaScript, JS=String("x"))), "script"),
    "a start in a packed object": (_objects_packed(linked(S=Name.Launch, F=String("x"))), "starts"),
    "a start whose kind is elsewhere": (lambda pdf: bad.saved(pdf, _kind_elsewhere), "starts"),
    "a start after a plain link": (lambda pdf: bad.saved(pdf, linked(S=Name.GoTo, D=String("x"), Next=Array([Dictionary(S=Name.Launch, F=String("x"))]))), "starts"),
    "a script by its numbers": (lambda _: simple(b"/OpenAction<</S/J#61vaScript/J#53(x)>>"), "script"),
    "a script that no action calls": (lambda pdf: bad.saved(pdf, linked(S=Name.Other, JS=String("x"))), "script"),
    "a tree of scripts with nothing in it": (lambda pdf: bad.saved(pdf, _names(JavaScript=Dictionary(Names=Array([])))), "script"),
    "a form as a list with a script language": (lambda pdf: bad.saved(pdf, lambda d: setattr(d.Root, "AcroForm", Dictionary(XFA=Array([String("t"), d.make_indirect(Stream(d, b"<xdp/>"))])))), "script"),
    "an address that is a script": (to("javascript:alert(1)"), "script"),
    "an address that hides a script": (to(" \tJava\n\u200bScript:alert(1)"), "script"),
    "an address that is a page of its own": (to("data:text/html,<script>"), "script"),
    "the beginning of all addresses": (lambda pdf: bad.saved(pdf, lambda d: setattr(d.Root, "URI", Dictionary(Base=String("javascript:")))), "script"),
    "an address of the machine": (to("file:///C:/Windows/system32/calc.exe"), "starts"),
    "an address of a share": (to("\\\\host\\share\\x"), "starts"),
    "an article of another file": (lambda pdf: bad.saved(pdf, linked(S=Name.Thread, F=String("x.pdf"), D=0)), "starts"),
    "a film without a place": (lambda pdf: bad.saved(pdf, lambda d: setattr(d.pages[0].obj, "Annots", Array([d.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia))]))), "starts"),
    "a program for the printer": (lambda pdf: bad.saved(pdf, _form(Subtype=Name.PS)), "script"),
    "a program for the printer as a form": (lambda pdf: bad.saved(pdf, _form(Subtype=Name.Form, Subtype2=Name.PS)), "script"),
    # Other files
    "a page of another file": (lambda pdf: bad.saved(pdf, _form(Subtype=Name.Form, Ref=Dictionary(F=String("x.pdf"), Page=0))), "structure"),
    "a picture of another file in a form": (lambda pdf: bad.saved(pdf, _form(Subtype=Name.Form, OPI=Dictionary())), "structure"),
    "contents of another file": (lambda _: simple(b"", b"/Contents 4 0 R", stream(b"/F(/etc/passwd)", b"")), "structure"),
    "a collection that opens a file": (lambda pdf: bad.saved(pdf, lambda d: setattr(d.Root, "Collection", Dictionary(View=Name.D, D=String("answers.json")))), "structure"),
    "two files under one name": (lambda pdf: bad.saved(pdf, _two_under_one_name), "history"),
    # Programs
    "a program whose type is left out": (lambda pdf: bad.saved(pdf, _without_type), "program"),
    "a program that nobody names": (lambda pdf: bad.saved(pdf, _nobodys), "program"),
    "a program by its second name": (lambda pdf: bad.saved(pdf, _two_names), "program"),
    "a program beside a file": (lambda pdf: bad.saved(pdf, _related), "program"),
    "a link of Windows by content": (named("x.bin", b"L\0\0\0\x01\x14\x02\0" + bytes(100)), "program"),
    "an old office file by content": (named("x.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)), "program"),
    "a document with macros by name": (named("brev.docm", b"PK\3\4" + bytes(100)), "program"),
    "a program of before Windows by name": (named("brev.pif"), "program"),
    "a script of Windows by another name": (named("brev.wsf"), "program"),
    "a program whose name turns around": (named("brev\u202efdp.exe"), "program"),
    "a program whose name ends in nothing seen": (named("brev.exe\u200b \u00a0"), "program"),
}  # fmt: skip


def _dests(d: pikepdf.Pdf) -> None:
    tree = d.make_indirect(Dictionary())
    tree.Kids = Array([tree])
    d.Root.Names.Dests = tree


def _outline(d: pikepdf.Pdf) -> None:
    one = d.make_indirect(Dictionary(Title=String("x")))
    one.First = one.Next = one.Last = one
    d.Root.Outlines = one


def _structure(d: pikepdf.Pdf) -> None:
    one = d.make_indirect(Dictionary(S=Name.P))
    one.K, one.P = Array([one]), one
    d.Root.StructTreeRoot.K = one


def _own_parent(d: pikepdf.Pdf) -> None:
    page = d.pages[0].obj
    del page["/Resources"], page["/MediaBox"]
    page.Parent = page


# Nothing of it is asked: read for the files it holds, and nothing more.
SURVIVED: dict[str, Make] = {
    "a tree of places that holds itself": lambda pdf: bad.saved(pdf, _dests),
    "an outline that holds itself": lambda pdf: bad.saved(pdf, _outline),
    "a structure that holds itself": lambda pdf: bad.saved(pdf, _structure),
    "a page that is its own parent": lambda pdf: bad.saved(pdf, _own_parent),
    "a link to a page of the web": to("https://example.org/"),
    "a PDF within": named("bilag.pdf", simple()),
    "five PDFs within each other": within(lambda pdf: pdf, 5),
    "a broken PDF within": named("bilag.pdf", b"\n%PDF-1.7\nnothing"),
    "a PDF with a script within": within(script),
    "a PDF within that is a text": named("bilag.pdf", b'{"answer": "%PDF-1.7"}'),
}
