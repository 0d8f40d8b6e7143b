"""Templates as a municipality's own people change them: a .docx of ours opened, changed and saved again."""

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
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                for before, after in pairs:
                    assert before.encode() in data, before
                    data = data.replace(before.encode(), after.encode(), 1)
            new.writestr(name, data)
    return out.getvalue()


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
