"""What the linter says of a template: one finding per problem, with the place in the document and what to do, in Danish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree

from tillid.documents.templates import Finding, Level, Saying

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
MOST = 200  # findings told of one template; the rest is more of the same


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """One ``w:p``: its part, its number there, the texts of its runs, and the element."""

    part: str
    number: int
    runs: tuple[str, ...]
    element: etree._Element

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(self.runs)

    def finding(self, rule: str, level: Level, saying: Saying, *, tag: str = "", field: str = "") -> Finding:
        """A finding at this paragraph."""
        return told(rule, level, saying, part=self.part, paragraph=self.number, near=self.text[:60], tag=tag[:200],
                    field=field[:80])  # fmt: skip


def told(rule: str, level: Level, saying: Saying, **more: Any) -> Finding:
    """A finding that says ``saying``; ``more``: where it is."""
    return Finding(rule=rule, level=level, text=saying.text, values=saying.values, **more)


def paragraphs(part: str, root: etree._Element) -> Iterator[Paragraph]:
    """The paragraphs of a part in the order of the document, those in tables too."""
    for number, element in enumerate(root.iter(f"{W}p"), start=1):
        texts = tuple(text.text or "" for text in element.iter(f"{W}t") if _own(text, element))
        yield Paragraph(part=part, number=number, runs=texts, element=element)


def placed(
    part: str,
    root: etree._Element,
    found: list[tuple[etree._Element, str]],
    rule: str,
    level: Level,
    saying: Saying,
    *,
    field: str = "",
) -> Iterator[Finding]:
    """The same finding of each element of ``found``, with the tag beside it: at the paragraph it is or stands in, else of the part."""
    numbers = {one.element: one for one in paragraphs(part, root)} if found else {}
    for element, tag in found:
        around = next((above for above in (element, *element.iterancestors()) if above in numbers), None)
        if around is None:
            yield told(rule, level, saying, part=part, tag=tag[:200], field=field)
        else:
            yield numbers[around].finding(rule, level, saying, tag=tag, field=field)


def own(paragraph: etree._Element) -> Iterator[etree._Element]:
    """All elements of the paragraph, without those of paragraphs within it (a text box)."""
    for child in paragraph.iterchildren(etree.Element):
        if child.tag != f"{W}p":
            yield child
            yield from own(child)


def _own(text: etree._Element, paragraph: etree._Element) -> bool:
    """Not the text of a paragraph within the paragraph (a text box)."""
    return next(text.iterancestors(f"{W}p")) is paragraph
