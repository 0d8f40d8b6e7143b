"""Templates that are meant to hurt by being something else than what is looked at: parts under other names, marks where nobody
reads, names that two readers take for two files, letters in other encodings."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator

from tests.faults.bad_packages import OFFICE, RELS, Case, W, good, with_parts

TYPES, DOCUMENT = "[Content_Types].xml", "word/document.xml"
VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BIN = b"\xd0\xcf\x11\xe0" + bytes(600)
SPACES = f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
INCLUDES = '<w:p><w:fldSimple w:instr="INCLUDETEXT file:///etc/hostname"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
X = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
SECTION = '<w:sectPr><w:headerReference w:type="default" r:id="rId900"/></w:sectPr>'
# What the compiler lets pass: it fills every mark it finds, prints nothing of the rest, and the box holds alone.
LINTER_ALONE = {
    "a page flowed in from within", "another document within", "a note at the end", "a mark in the code of a field",
    "a mark in pieces of a code", "a mark in a property", "a mark before all paragraphs", "a mark between paragraphs", "a mark in a comment of the XML",
    "a mark in an instruction of the XML", "a mark in another Word's paragraph", "a mark in a property of the document",
    "a picture within by an address", "a picture from outside in small letters", "an old object", "text in UTF-7", "text in UTF-16",
    "letters that look alike in a mark", "a mark behind a smart tag",
}  # fmt: skip


def part_of(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(good())) as package:
        return package.read(name).decode()


def document(inner: str) -> dict[str, bytes]:
    return {DOCUMENT: f"<w:document {SPACES}><w:body>{inner}</w:body></w:document>".encode()}


def within(kind: str, target: str, part: str = RELS, mode: str = "") -> dict[str, bytes]:
    """One more relationship of ``part``, to something in the file."""
    full = kind if "://" in kind else f"{OFFICE}/{kind}"
    one = f'<Relationship Id="rId900" Type="{full}" Target="{target}"{mode}/></Relationships>'
    return {part: part_of(part).replace("</Relationships>", one).encode()}


def typed(extra: str) -> dict[str, bytes]:
    return {TYPES: part_of(TYPES).replace("</Types>", f"{extra}</Types>").encode()}


def _override(name: str, kind: str) -> dict[str, bytes]:
    return typed(f'<Override PartName="/{name}" ContentType="{kind}"/>')


def other_main(name: str) -> dict[str, bytes]:
    """The relationship means another text than the one that is looked through."""
    moved = {one: part_of(one).replace(DOCUMENT, name).encode() for one in ("_rels/.rels", TYPES)}
    return moved | {name: document(INCLUDES + X)[DOCUMENT]}


def header(name: str, target: str) -> dict[str, bytes]:
    text = f'<w:hdr xmlns:w="{W}">{INCLUDES}</w:hdr>'.encode()
    return {**within("header", target), name: text, **document(X + SECTION), **_override(name, f"{WORDML}.header+xml")}


def elsewhere() -> Iterator[Case]:
    yield "another text is meant", with_parts(other_main("word/other.xml")), "odd-name"
    second = {
        **within("officeDocument", "word/other.xml", "_rels/.rels"),
        "word/other.xml": document(INCLUDES)[DOCUMENT],
    }
    none = part_of("_rels/.rels").replace("/officeDocument", "/nothing")
    yield "no text is meant", with_parts({"_rels/.rels": none.encode()}), "odd-name"
    yield "two texts are meant", with_parts(second), "odd-name"
    yield "a header of another name", with_parts(header("word/evil.xml", "evil.xml")), "odd-name"
    yield "a header in another folder", with_parts(header("x/header1.xml", "../x/header1.xml")), "odd-name"
    note = f'<w:endnotes xmlns:w="{W}"><w:endnote w:id="2">{INCLUDES}</w:endnote></w:endnotes>'.encode()
    text = document('<w:p><w:r><w:t>x</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>')
    notes = _override("word/endnotes.xml", f"{WORDML}.endnotes+xml")
    yield (
        "a note at the end",
        with_parts({**within("endnotes", "endnotes.xml"), "word/endnotes.xml": note, **text, **notes}),
        "note",
    )
    yield "a macro of another name", with_parts({**within(VBA, "evil.bin"), "word/evil.bin": BIN}), "macro"
    yield "a macro by its type", with_parts(_override("word/evil.bin", "application/vnd.ms-office.vbaProject")), "macro"
    yield "a macro in capitals", with_parts({"word/VBAPROJECT.BIN": BIN}), "macro"
    enabled = part_of(TYPES).replace(
        f"{WORDML}.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    yield "a document that may have macros", with_parts({TYPES: enabled.encode()}), "macro"
    yield (
        "an object of another name",
        with_parts({**within("oleObject", "media/x.bin"), "word/media/x.bin": BIN}),
        "ole",
    )
    yield (
        "a workbook of another name",
        with_parts({**within("package", "media/x.dat"), "word/media/x.dat": good()}),
        "ole",
    )
    yield "a control of another name", with_parts({**within("control", "x.xml"), "word/x.xml": b"<x/>"}), "ole"
    old = '<w:p><w:r><w:pict><o:OLEObject Type="Link" ProgID="htmlfile"/></w:pict></w:r></w:p>'
    yield "an old object", with_parts(document(old)), "ole"
    html = {
        **within("aFChunk", "x.html"),
        "word/x.html": b"<img src='file:///etc/passwd'>",
        **document('<w:altChunk r:id="rId900"/>'),
    }
    yield "a page flowed in from within", with_parts(html), "included-file"
    sub = {**within("subDocument", "x.docx"), "word/x.docx": good(), **document('<w:p><w:subDoc r:id="rId900"/></w:p>')}
    yield "another document within", with_parts(sub), "included-file"


def shown() -> Iterator[Case]:
    def shape(inner: str) -> str:
        return f'<w:p><w:r><w:pict><v:shape alt="x" style="width:9pt;height:9pt">{inner}</v:shape></w:pict></w:r></w:p>'

    for name, inner in {
        "an old picture by its address": '<v:imagedata src="http://127.0.0.1:9/x.png"/>',
        "an old picture by its link": '<v:imagedata o:href="file:///etc/passwd"/>',
        "an old filling by its address": '<v:fill type="frame" src="file:///etc/passwd"/>',
    }.items():
        yield name, with_parts(document(shape(inner))), "remote-image"
    by_relation = document(shape('<v:imagedata r:id="rId900"/>'))
    yield (
        "a picture within by an address",
        with_parts({**within("image", "file:///etc/passwd"), **by_relation}),
        "picture",
    )
    small = within("image", "http://127.0.0.1:9/x.png", mode=' TargetMode="external"')
    yield "a picture from outside in small letters", with_parts({**small, **by_relation}), "picture"


def marks() -> Iterator[Case]:
    def run(inner: str) -> str:
        return f"<w:r>{inner}</w:r>"

    def char(kind: str) -> str:
        return run(f'<w:fldChar w:fldCharType="{kind}"/>')

    code = run('<w:instrText>HYPERLINK "{{ nope }}"</w:instrText>')
    for name, inner in {
        "a mark in the code of a field": f'<w:p><w:fldSimple w:instr="HYPERLINK {{{{ nope }}}}">{run("<w:t>x</w:t>")}</w:fldSimple></w:p>',
        "a mark in pieces of a code": f"<w:p>{char('begin')}{code}{char('end')}</w:p>",
        "a mark in a property": f'<w:p><w:pPr><w:pStyle w:val="{{{{ nope }}}}"/></w:pPr>{run("<w:t>x</w:t>")}</w:p>',
        "a mark before all paragraphs": "{{ nope }}" + X,
        "a mark between paragraphs": X + "{{ nope }}" + X,
        "a mark in a comment of the XML": "<!-- {{ nope }} -->" + X,
        "a mark in an instruction of the XML": "<?x {{ nope }} ?>" + X,
        "a mark in another Word's paragraph": X + '<s:p xmlns:s="http://purl.oclc.org/ooxml/wordprocessingml/main"><s:t>{{ nope }}</s:t></s:p>',
    }.items():  # fmt: skip
        yield name, with_parts(document(inner)), "tag-place"
    core = part_of("docProps/core.xml").replace(
        "</cp:coreProperties>", '<cp:category a="{{ nope }}"/></cp:coreProperties>'
    )
    yield "a mark in a property of the document", with_parts({"docProps/core.xml": core.encode()}), "tag-place"
    smart = '<w:p><w:smartTag w:uri="u" w:element="e"><w:r><w:t>{{ no</w:t></w:r></w:smartTag><w:r><w:t>pe }}</w:t></w:r></w:p>'
    yield "a mark behind a smart tag", with_parts(document(smart)), "unknown-name"
    yield "letters that look alike in a mark", with_parts(document(X.replace("x", "{{ t\u0456tle }}"))), "unknown-name"
    yield "nothing that can be seen in a mark", with_parts(document(X.replace("x", "{{ ti\u200btle }}"))), "syntax"
    for kind, code in {"pieces": ("INCLU", "DETEXT"), "a code of its own": ("", "INCLUDETEXT")}.items():
        pieces = "".join(run(f"<w:instrText>{one}</w:instrText>") for one in code)
        yield (
            f"a file by a field in {kind}",
            with_parts(document(f"<w:p>{char('begin')}{pieces}{char('end')}</w:p>")),
            "moving-field",
        )
    split = f"<w:p>{char('begin')}</w:p><w:p>{run('<w:instrText>INCLUDETEXT x</w:instrText>')}{char('end')}</w:p>"
    yield "a file by a field over two paragraphs", with_parts(document(split)), "moving-field"
    inner = f"{char('begin')}{run('<w:instrText>DATE</w:instrText>')}{char('end')}"
    nested = f"<w:p>{char('begin')}{run('<w:instrText>HYPERLINK </w:instrText>')}{inner}{char('end')}</w:p>"
    yield "a field within a link", with_parts(document(nested)), "moving-field"
    yield (
        "a link to a program's data",
        with_parts(document(INCLUDES.replace("INCLUDETEXT", "LINK Excel.Sheet.8"))),
        "moving-field",
    )


def names() -> Iterator[Case]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield "a text that is there twice", more(DOCUMENT, document(INCLUDES)[DOCUMENT]), "no-docx"
        yield "a text that is there in capitals", more("word/Document.xml", b"<x/>"), "no-docx"
    yield "a name with a drive", more("C:/x.xml", b"<x/>"), "odd-name"
    yield "a name of 60,000 letters", more("a" * 60_000, b""), "odd-name"
    yield "a name that steers the terminal", more("word/\x1b[2J.xml", b"<x/>"), "odd-name"
    yield "a name that turns around", more("word/\u202elmx.exe", b""), "odd-name"
    yield "a name that is cut off", more("word/a!b.png", b"").replace(b"word/a!b.png", b"word/a\0b.png"), "odd-name"
    yield "a name that differs beside the part", good().replace(DOCUMENT.encode(), b"word/dOcument.xml", 1), "no-docx"
    for claim in (5 << 30, (1 << 64) - 1):
        yield f"a part that says it has {claim} bytes", claiming(claim), "too-large"


def letters() -> Iterator[Case]:
    def text(encoding: str) -> str:
        return (
            f'<?xml version="1.0" encoding="{encoding}"?>' + document(X.replace("x", "{{ nope }}"))[DOCUMENT].decode()
        )

    yield (
        "text in UTF-7",
        with_parts({DOCUMENT: text("UTF-7").replace("<w:p>", "+ADw-w:p+AD4-").encode()}),
        "unknown-name",
    )
    yield "text in UTF-16", with_parts({DOCUMENT: text("UTF-16").encode("utf-16")}), "unknown-name"
    entity = '<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x [+ADw-!ENTITY a SYSTEM "file:///etc/passwd"+AD4-]+AD4-+ADw-x/+AD4-'
    yield "an entity in UTF-7", with_parts({"word/settings.xml": entity.encode()}), "xml"
    yield "text of a mainframe", with_parts({DOCUMENT: text("IBM037").encode("cp037")}), "xml"
    yield "half a character by its number", with_parts(document(X.replace("x", "&#xD800;"))), "xml"


def more(name: str, data: bytes) -> bytes:
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, data)
    return out.getvalue()


def claiming(claim: int) -> bytes:
    """One byte that its entry calls so many, in the fields of zip64."""
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as package:
        entry = zipfile.ZipInfo("word/media/x.png")
        package.writestr(entry, b"x")
        entry.file_size = claim
    assert struct.pack("<Q", claim) in out.getvalue()
    return out.getvalue()


def cases() -> Iterator[Case]:
    """Each with a name of its own."""
    yield from elsewhere()
    yield from shown()
    yield from marks()
    yield from names()
    yield from letters()
