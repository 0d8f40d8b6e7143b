"""The marks in a template's text: what one looks like, and how much of them a part may hold.

docxtpl and Jinja look for the end of every mark with patterns that run on to the end of the part when there is none, so a
template of open braces would keep them busy for minutes: what is not whole within its paragraph is refused before.
"""

from __future__ import annotations

import re

from lxml import etree

from tillid.adapters.docx.sandbox import TemplateError
from tillid.documents.templates import Saying, filled, said

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAG = re.compile(r"\{\{(?P<print>.*?)\}\}|\{%(?P<say>.*?)%\}|\{#.*?#\}", re.DOTALL)
LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
MAX_PARAGRAPHS, MAX_TEXT, MAX_MARKS, MAX_MARK = 12_000, 10_000, 2_000, 1_000


def too_much(root: etree._Element) -> Saying | None:
    """What a part has too much of, if of anything."""
    paragraphs = list(root.iter(f"{W}p"))
    if len(paragraphs) > MAX_PARAGRAPHS:
        return said(
            "Der er over {most} afsnit. En skabelon skal være et dokument, som mennesker kan læse.", most=MAX_PARAGRAPHS
        )
    marks = 0
    for paragraph in paragraphs:
        text = paragraph_text(paragraph)
        opened = len(LOOSE.findall(text))
        marks += opened
        if opened and len(text) > MAX_TEXT:
            return said(
                "Der er et afsnit med mærker og over {most} tegn. En skabelon skal være et dokument, som mennesker kan læse.",
                most=MAX_TEXT,
            )
        if marks > 2 * MAX_MARKS:
            return said(
                "Der er over {most} mærker. En skabelon skal være et dokument, som mennesker kan læse.", most=MAX_MARKS
            )
    return None


def refuse_marks(root: etree._Element, part: str) -> None:
    """Raises ``TemplateError`` for a part with too much, with a mark that is not whole, or with one that is endless."""
    if why := too_much(root):
        raise TemplateError(f"{part}: too large ({filled(why.text, why.values)})")
    for paragraph in root.iter(f"{W}p"):
        text = paragraph_text(paragraph)
        if LOOSE.search(TAG.sub("", text)):
            raise TemplateError(f"{part}: a tag is not whole")
        if any(len(found.group()) > MAX_MARK for found in TAG.finditer(text)):
            raise TemplateError(f"{part}: a tag is too long")


def paragraph_text(paragraph: etree._Element) -> str:
    """The text of the paragraph's own runs; not that of paragraphs within it (text boxes)."""
    own = (t for t in paragraph.iter(f"{W}t") if next(t.iterancestors(f"{W}p")) is paragraph)
    return "".join(text.text or "" for text in own)
