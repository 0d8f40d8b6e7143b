"""Templates as a municipality's own people change them: a .docx of ours opened, changed and saved again; or damaged on its way."""

from __future__ import annotations

import io
import zipfile

from docx import Document
from docx.shared import RGBColor

from tillid.kernel.paths import DOCUMENT_TEMPLATES

DOCUMENT = "word/document.xml"


def ours(form: str, version: int) -> bytes:
    """The program's own template."""
    return (DOCUMENT_TEMPLATES / form / f"v{version}.docx").read_bytes()


def changed(docx: bytes, *pairs: tuple[str, str], part: str = DOCUMENT) -> bytes:
    """``docx`` with texts of ``part`` replaced, once each."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        data = package.read(part)
    for before, after in pairs:
        assert before.encode() in data, before
        data = data.replace(before.encode(), after.encode(), 1)
    return with_parts({part: data}, docx)


def with_parts(parts: dict[str, bytes], docx: bytes) -> bytes:
    """``docx`` with ``parts`` in place of its own, or beside them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def damaged(docx: bytes, part: str) -> bytes:
    """``docx`` with other bytes where ``part`` is packed."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        entry = package.getinfo(part)
    inside = entry.header_offset + 30 + len(entry.filename)
    return docx[:inside] + b"\xff\xff\xff\x00" + docx[inside + 4 :]


def in_word(docx: bytes, heading: str, colour: str) -> bytes:
    """``docx`` with another heading in another colour, saved by a word processor's library as a person would."""
    document = Document(io.BytesIO(docx))
    first = next(one for one in document.paragraphs if "{{ title }}" in one.text)
    for run in first.runs[1:]:
        run.text = ""
    first.runs[0].text = heading
    first.runs[0].font.color.rgb = RGBColor.from_string(colour)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
