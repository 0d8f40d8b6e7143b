"""Documents that are meant to hurt LibreOffice itself: what the linter and the template would have refused long before goes
straight into its box, for the box must hold alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from tests.faults.bad_packages import OFFICE, RELS, W, body, field, good, related, with_parts
from tests.faults.bad_shapes import BIN, VBA, claiming, document, more, other_main, within
from tests.faults.bad_templates import ENTITY, LAUGHS
from tests.support.bad_files import huge_png

PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="i"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="1" name="i"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    f'<a:blip r:embed="rId901" xmlns:r="{OFFICE}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
TEXT = "<w:p><w:r><w:t>{0}</w:t></w:r></w:p>"


def pictured(data: bytes, name: str) -> bytes:
    """A document that shows the picture ``data``."""
    one = f'<Relationship Id="rId901" Type="{OFFICE}/image" Target="media/{name}"/></Relationships>'
    with_link = related("hyperlink", "http://127.0.0.1:9/")
    with zipfile.ZipFile(io.BytesIO(with_link)) as package:
        relations = package.read(RELS).decode().replace("</Relationships>", one).encode()
    return with_parts({RELS: relations, f"word/media/{name}": data}, body(PICTURE))


def styled(styles: str) -> bytes:
    return with_parts(
        {"word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>'.encode()}, body(TEXT.format("a"))
    )


def greedy() -> bytes:
    """60,000 cells that each take some kilobytes, and whose paragraphs are written so that they are not seen before LibreOffice."""
    return body("<w:tbl>" + ("<w:tr>" + "<w:tc><w:p\n/></w:tc>" * 60 + "</w:tr>") * 1000 + "</w:tbl>")


def cases() -> Iterator[tuple[str, bytes]]:
    """Name and file; each is refused, or becomes a document that holds nothing of the machine."""
    yield "nothing", b""
    yield "no zip", b"no zip"
    yield "the head of a zip", b"PK\x03\x04" + b"\0" * 200
    yield "half a document", good()[:9000]
    yield "a document without a body", with_parts({"word/document.xml": b"<x/>"})
    yield "an entity of a file", with_parts({"word/document.xml": ENTITY})
    yield "a billion laughs", with_parts({"word/document.xml": LAUGHS})
    yield "76 KB of nested paragraphs", body("<w:p>" * 7_000 + "</w:p>" * 7_000)
    yield "four hundred nested tables", body("<w:tbl><w:tr><w:tc>" * 400 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 400)
    yield "100,000 paragraphs", body("<w:p/>" * 100_000)
    yield "60,000 cells that nobody counts", greedy()
    yield "10 MB of text", body(TEXT.format("ord og mere " * 900_000))
    yield "a file of the machine as a field", field("INCLUDETEXT file:///etc/passwd")
    yield "a picture of the machine as a field", field("INCLUDEPICTURE file:///etc/passwd")
    yield "a command as a field", field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe /k")
    yield "a macro", with_parts({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600)})
    yield "an OLE object", with_parts({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + bytes(600)})
    yield "a remote template", related("attachedTemplate", "http://127.0.0.1:9/x.dotm", "word/_rels/settings.xml.rels")
    yield "a page flowed in", related("aFChunk", "file:///etc/passwd")
    yield "a picture of 30,000 times 30,000", pictured(huge_png(), "x.png")
    yield "a broken picture", pictured(b"\x89PNG\r\n\x1a\n" + bytes(300), "x.png")
    yield "a broken drawing of Windows", pictured(b"\x01\0\0\0" + b"\xff" * 3000, "x.emf")
    yield (
        "a drawing with a script",
        pictured(b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', "x.svg"),
    )
    yield (
        "styles that rest on each other",
        styled(
            '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        ),
    )
    yield (
        "letters as large as a house",
        body(f'<w:p><w:r><w:rPr><w:sz w:val="999999"/></w:rPr><w:t>{"a" * 500}</w:t></w:r></w:p>'),
    )
    yield "a page without room", body(TEXT.format("a" * 500) + '<w:sectPr><w:pgSz w:w="1" w:h="1"/></w:sectPr>')
    yield (
        "ten thousand fields that begin",
        body("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 10_000 + "</w:p>"),
    )
    yield from bound()


def bound() -> Iterator[tuple[str, bytes]]:
    """What Word binds to other parts of the file, or to a program beside it."""
    page = b"<img src='file:///etc/passwd'>"
    chunk = {**within("aFChunk", "x.html"), "word/x.html": page, **document('<w:altChunk r:id="rId900"/>')}
    yield "a page flowed in from within", with_parts(chunk)
    sub = {**within("subDocument", "x.docx"), "word/x.docx": good(), **document('<w:p><w:subDoc r:id="rId900"/></w:p>')}
    yield "another document within", with_parts(sub)
    held = '<w:dataBinding w:xpath="/x" w:storeItemID="{1}"/><w:text/>'
    content = f"<w:sdt><w:sdtPr>{held}</w:sdtPr><w:sdtContent>{TEXT.format('a')}</w:sdtContent></w:sdt>"
    yield "a text that is bound to data", with_parts({"customXml/item1.xml": ENTITY, **document(content)})
    merge = f"""<w:settings xmlns:w="{W}"><w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:dataType w:val="odbc"/>
        <w:connectString w:val="DSN=x"/><w:query w:val="SELECT * FROM x"/></w:mailMerge></w:settings>"""
    yield "letters for everybody in a database", with_parts({"word/settings.xml": merge.encode()})
    yield "a template within by its address", with_parts(within("attachedTemplate", "file:///etc/x.dotm"))
    yield (
        "fonts that are none",
        with_parts({"word/fonts/font1.odttf": bytes(600), **within("font", "fonts/font1.odttf")}),
    )
    yield "a macro of another name", with_parts({**within(VBA, "x.bin"), "word/x.bin": BIN})
    yield "an object of another name", with_parts({**within("oleObject", "media/x.bin"), "word/media/x.bin": BIN})
    old = '<w:p><w:r><w:pict><v:shape style="width:9pt;height:9pt"><v:imagedata src="file:///etc/passwd"/></v:shape></w:pict></w:r></w:p>'
    yield "an old picture by its address", with_parts(document(old))
    yield "another text is meant", with_parts(other_main("word/other.xml"))

    def table(cell: str, row: str = "", grid: str = "") -> bytes:
        one = f"<w:tc>{cell}<w:p/></w:tc>"
        return with_parts(document(f"<w:tbl>{grid}<w:tr>{row}{one}</w:tr></w:tbl>" + TEXT.format("a")))

    yield "a cell over two thousand million columns", table('<w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>')
    yield "a cell over less than none", table('<w:tcPr><w:gridSpan w:val="-5"/></w:tcPr>')
    yield "forty thousand columns", table("", grid="<w:tblGrid>" + '<w:gridCol w:w="1"/>' * 40_000 + "</w:tblGrid>")
    yield "a row that begins far to the right", table("", row='<w:trPr><w:gridBefore w:val="1000000000"/></w:trPr>')
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:basedOn w:val="S{n + 1}"/></w:style>' for n in range(10_000)
    )
    yield "ten thousand styles on each other", styled(styles)
    yield "a name with a drive", more("C:/x.xml", b"<x/>")
    yield "a name of 60,000 letters", more("a" * 60_000, b"")
    yield "a part that says it has 5 GB", claiming(5 << 30)
