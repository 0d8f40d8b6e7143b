"""Marks where no reader of the text looks: in a property of something, in the code of a field, in a comment of the XML. The template's
compiler finds them there and fills them, so a name that is wrong would only be met by the first document."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tillid.adapters.docx.lint.finding import TEXT_PART, Finding, W, placed
from tillid.adapters.docx.marks import LOOSE
from tillid.documents.templates import said

CORE = "docProps/core.xml"
WHY = said(
    "Mærket står ikke i teksten, men i noget, der hører til den: en alternativ tekst, et link, et felt eller en egenskab. Dér kan det ikke udfyldes. Flyt det ind i et afsnit, eller slet det."
)

# By libxml2 itself: lxml's way through many properties of one element takes the square of them.
PROPERTIES = etree.XPath(
    "//@*[" + " or ".join(f"contains(., '{mark}')" for mark in ("{{", "}}", "{%", "%}", "{#", "#}")) + "]"
)


def stray(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Every mark that stands anywhere but in the text of a paragraph, or of one of the document's properties."""
    for part in [n for n in roots if n == CORE or TEXT_PART.fullmatch(n)]:
        where = [(one, text) for one in roots[part].iter() for text in _beside(one, part) if LOOSE.search(text)]
        where += [(text.getparent(), str(text)) for text in PROPERTIES(roots[part])]
        yield from placed(
            part, roots[part], [(one, text.strip()[:80]) for one, text in where], "tag-place", "error", WHY
        )


def _beside(one: etree._Element, part: str) -> list[str]:
    """The texts within and behind an element, a comment or an instruction that are nobody's text."""
    return [one.tail or "", "" if _holds_text(one, part) else one.text or ""]


def _holds_text(one: etree._Element, part: str) -> bool:
    above = one.getparent()
    if part == CORE:
        return above is not None and above.getparent() is None
    return one.tag == f"{W}t" and next(one.iterancestors(f"{W}p"), None) is not None
