"""Templates that are meant to hurt by what they are packed of: programs, objects, what is fetched, zips and pictures that grow."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from functools import cache

from docx import Document

from tests.support import own_templates
from tests.support.bad_files import huge_png, picture

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "word/_rels/document.xml.rels"
Case = tuple[str, bytes, str]  # what it is, the file, the linter's rule against it


@cache
def good() -> bytes:
    """A small template without a problem; of python-docx's 160 styles only those it needs, for it is read some hundred times."""
    document = Document()
    document.add_paragraph("{{ title }}", style="Heading 1")
    for style in [one for one in document.styles if one.name not in ("Normal", "Heading 1", "Default Paragraph Font")]:
        style.delete()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    """``base`` (``good``) with ``parts`` in place of its own, or beside them."""
    return own_templates.with_parts(parts, base or good())


def body(inner: str) -> bytes:
    """A template with ``inner`` as its body."""
    return with_parts(
        {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'.encode()}
    )


def said(text: str) -> bytes:
    return body(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")


def related(kind: str, target: str, part: str = RELS) -> bytes:
    """A template with one more relationship, to something outside it."""
    with zipfile.ZipFile(io.BytesIO(good())) as package:
        old = (
            package.read(part).decode()
            if part in package.namelist()
            else f'<Relationships xmlns="{RELATIONS}"></Relationships>'
        )
    one = f'<Relationship Id="rId900" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return with_parts({part: old.replace("</Relationships>", one + "</Relationships>").encode()})


def shown(data: bytes) -> bytes:
    """A template with a relationship to ``data`` as a picture."""
    with zipfile.ZipFile(io.BytesIO(good())) as package:
        old = package.read(RELS).decode()
    one = f'<Relationship Id="rId900" Type="{OFFICE}/image" Target="media/x.png"/>'
    rels = old.replace("</Relationships>", one + "</Relationships>")
    return with_parts({RELS: rels.encode(), "word/media/x.png": data})


def field(code: str) -> bytes:
    return body(f'<w:p><w:fldSimple w:instr="{code}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>')


def zipped(**how) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(out, "w", **how) as new:
        for one in old.namelist():
            new.writestr(one, old.read(one))
    return out.getvalue()


def many_parts(count: int) -> bytes:
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as package:
        for number in range(count):
            package.writestr(f"word/media/{number}.png", b"")
    return out.getvalue()


def lying_sizes() -> bytes:
    """Forty megabytes of a part that says it is a hundred bytes."""
    real = with_parts({"word/document.xml": b"<x>" + b" " * (40 << 20) + b"</x>"})
    size = struct.pack("<L", (40 << 20) + 7)
    return real.replace(size, struct.pack("<L", 100))


def locked() -> bytes:
    """Every entry says that it is encrypted."""
    data = bytearray(good())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def programs() -> Iterator[Case]:
    yield "a macro", with_parts({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600)}), "macro"
    yield "a macro under another folder", with_parts({"customXml/vbaProject.bin": b"x"}), "macro"
    yield "an OLE object", with_parts({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + bytes(600)}), "ole"
    yield "a workbook in it", with_parts({"word/embeddings/Microsoft_Excel_Sheet.xlsx": good()}), "ole"
    yield "an OLE object in the text", body("<w:p><w:r><w:object/></w:r></w:p>"), "ole"
    yield "an ActiveX control", with_parts({"word/activeX/activeX1.bin": bytes(600)}), "ole"
    yield "a control in the text", body("<w:p><w:r><w:control/></w:r></w:p>"), "ole"
    for code in ("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe /k", "DDE excel book", "INCLUDETEXT file:///etc/passwd",
                 "INCLUDEPICTURE http://127.0.0.1/x.png", "DATABASE c:\\\\x", "MACROBUTTON Evil", "DATE", "FILENAME"):  # fmt: skip
        yield f"the field {code.split()[0]}", field(code), "moving-field"


def fetched() -> Iterator[Case]:
    yield "a remote picture", related("image", "http://127.0.0.1:9/x.png"), "remote-image"
    yield "a picture of the machine's files", related("image", "file:///etc/passwd"), "remote-image"
    yield "a picture on a share", related("image", "\\\\host\\share\\x.png"), "remote-image"
    yield (
        "a remote picture in the header",
        related("image", "http://127.0.0.1:9/x.png", "word/_rels/header1.xml.rels"),
        "remote-image",
    )
    yield (
        "a remote template",
        related("attachedTemplate", "http://127.0.0.1:9/x.dotm", "word/_rels/settings.xml.rels"),
        "external-link",
    )
    yield "a remote object", related("oleObject", "http://127.0.0.1:9/x"), "external-link"
    yield "a frame from elsewhere", related("frame", "http://127.0.0.1:9/x"), "external-link"
    yield "another document in it", related("subDocument", "http://127.0.0.1:9/x.docx"), "included-file"
    yield "a page flowed in", related("aFChunk", "http://127.0.0.1:9/x.html"), "included-file"
    yield "a remote sheet of styles", related("styles", "http://127.0.0.1:9/x.xml"), "external-link"
    yield "a film", related("video", "http://127.0.0.1:9/x.mp4"), "external-link"
    yield "a relationship of the whole file", related("image", "file:///etc/passwd", "_rels/.rels"), "remote-image"


def zips() -> Iterator[Case]:
    yield "a zip of zeros", with_parts({"word/media/x.png": bytes(60 << 20)}), "too-large"
    yield (
        "five megabytes of XML in one part",
        with_parts({"word/styles.xml": b"<x>" + b"<y/>" * 1_250_000 + b"</x>"}),
        "too-large",
    )
    yield (
        "XML in three parts",
        with_parts(
            {f"word/{one}.xml": b"<x>" + b"<y/>" * 700_000 + b"</x>" for one in ("styles", "numbering", "settings")}
        ),
        "too-large",
    )
    yield "a thousand parts", many_parts(1000), "too-large"
    yield "sizes that lie", lying_sizes(), "no-docx"
    yield "locked with a password", locked(), "no-docx"
    yield "packed in another way", zipped(compression=zipfile.ZIP_LZMA)[:-30], "no-docx"
    yield "half a file", good()[:4000], "no-docx"
    yield "a zip of something else", picture("PNG") + b"PK\x05\x06" + bytes(18), "no-docx"
    yield "no zip at all", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "no-docx"
    yield "nothing", b"", "no-docx"
    yield "a name that leads out", with_parts({"word/../../x.xml": b"<x/>"}), "odd-name"
    yield "a name from the root", with_parts({"/etc/cron.d/x": b"x"}), "odd-name"
    yield "a name with backslashes", with_parts({"word\\..\\x.xml": b"x"}), "odd-name"
    yield "30,000 times 30,000 pixels", with_parts({"word/media/x.png": huge_png()}), "too-large"
    yield "6,000 times 6,000 pixels", with_parts({"word/media/x.png": huge_png(6000)}), "too-large"
    yield "81 million pixels in another folder", with_parts({"media/x.png": huge_png(9000)}), "too-large"
    yield "a picture that is none", shown(b"<html>no picture</html>"), "picture"


def cases() -> Iterator[Case]:
    """Each with a name of its own."""
    yield from programs()
    yield from fetched()
    yield from zips()
