"""What is seen of a docx before LibreOffice sees it: whether it is one, how large it becomes and of how many paragraphs,
whether it points outside itself."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

from tillid.kernel.zips import DAMAGED
from tillid.signatures.xml import other

MOST_TEXT, MOST_UNPACKED = 6 << 20, 48 << 20  # bytes of the text's XML, and of all that is packed in it
# What a template may become (``docx/marks.py``): no document of ours has more, and LibreOffice would lay them all out before
# it was ended. Whatever their namespace is called; what hides them better is ended by the box.
MOST_PARAGRAPHS = 12_000
_PARAGRAPH = re.compile(rb"<(?:\w+:)?p[ />]")


def refused(docx: bytes) -> tuple[str, str] | None:
    """The reason (``OfficeError``) and in English why ``docx`` is not given to LibreOffice; ``None`` if it is."""
    if not docx.startswith(b"PK\x03\x04"):  # LibreOffice would make an empty page of it
        return "refused", "not a docx"
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            sizes = {entry.filename: entry.file_size for entry in package.infolist()}
            if "word/document.xml" not in sizes:
                return "refused", "not a docx"
            if sizes["word/document.xml"] > MOST_TEXT or sum(sizes.values()) > MOST_UNPACKED:
                return "limit", "unpacked size"
            if sum(1 for _ in _PARAGRAPH.finditer(package.read("word/document.xml"))) > MOST_PARAGRAPHS:
                return "limit", "paragraphs"
    except DAMAGED:
        return "refused", "not a zip"
    return None


def links_outside(docx: bytes) -> bool:
    """Linked pictures, frames, templates; ordinary hyperlinks are only text. True if any part has an external relationship
    that is not a hyperlink, or if its relationships cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            for name in package.namelist():
                if name.endswith(".rels"):
                    for relation in other(package.read(name)):
                        if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith(
                            "/hyperlink"
                        ):
                            return True
    except (*DAMAGED, etree.XMLSyntaxError):
        return True
    return False
