"""Documents for LibreOffice in its box, and its processes there."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pikepdf
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from tillid.adapters.office import OfficeBox

IMAGE = """<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:drawing>
<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="i"/>
<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="i"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:link="{rid}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>
</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"""


def docx(*paragraphs: str, links: tuple[str, ...] = ()) -> bytes:
    document = Document()
    document.core_properties.title = "Prøve"
    for text in paragraphs:
        document.add_paragraph(text)
    for link in links:
        rid = document.part.relate_to(link, RELATIONSHIP_TYPE.IMAGE, is_external=True)
        document.paragraphs[-1]._p.addnext(parse_xml(IMAGE.format(rid=rid)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def images(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return sum(
            len(page.get_images(recursive=True)) if hasattr(page, "get_images") else len(page.images)
            for page in document.pages
        )


def office_processes(box: OfficeBox) -> list[int]:
    """The soffice processes that descend from this box's own process."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    process = box._process
    found, todo = [], [process.pid] if process is not None else []
    while todo:
        for child in children.get(todo.pop(), []):
            todo.append(child)
            try:
                if "soffice.bin" in Path(f"/proc/{child}/cmdline").read_text():
                    found.append(child)
            except OSError:  # it has ended
                continue
    return found
