"""``lint``: every problem of a template in one go, named by paragraph, tag and field (issue 5, part 8).

What the compiler would refuse, what would print the wrong thing, and what would cost accessibility or archivability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from tillid.adapters.docx import media, package
from tillid.adapters.docx.lint import parts, reading
from tillid.adapters.docx.lint.expressions import Names
from tillid.adapters.docx.lint.finding import MOST, TEXT_PART, Finding, Paragraph, W, paragraphs, told
from tillid.adapters.docx.lint.printing import printing
from tillid.adapters.docx.lint.stray import stray
from tillid.adapters.docx.lint.tags import Walk
from tillid.adapters.docx.marks import too_much
from tillid.adapters.docx.template import TemplateError, compile_template
from tillid.adapters.docx.theme import with_theme_fonts
from tillid.documents.templates import said

__all__ = ["Finding", "lint"]
CORE = "docProps/core.xml"
STRICT = "{http://purl.oclc.org/ooxml/"


def lint(docx: bytes, *, fields: Mapping[str, str], elsewhere: Mapping[str, str], form: str) -> list[Finding]:
    """Everything that is wrong with the template ``docx`` for ``form`` (``overgangsbeskrivelse/v3``), errors first.

    ``fields``: the form's field ids with their labels; ``elsewhere``: fields that only other versions have, with the name of
    one that has it. No error among the findings: the template compiles.
    """
    packed, found = parts.readable(docx)
    if not packed:
        return found
    if large := media.large_pictures(packed):
        most = media.MAX_PIXELS // 1_000_000
        why = said("Billedet har over {most} millioner punkter. Gør det mindre, og indsæt det igen.", most=most)
        return [*found, *(told("too-large", "error", why, part=name) for name in large)]
    if media.too_many_pixels(packed):
        most = media.MAX_ALL_PIXELS // 1_000_000
        why = said(
            "Billederne har tilsammen over {most} millioner punkter. Gør dem mindre, og indsæt dem igen.", most=most
        )
        return [*found, told("too-large", "error", why)]
    roots, broken = parts.parsed(packed)
    if not broken:
        roots, _none = parts.parsed(with_theme_fonts(packed, package.parse))
    found += [*broken, *parts.otherwise(packed, roots)]
    if "word/document.xml" not in roots:
        return found
    if roots["word/document.xml"].tag.startswith(STRICT):
        why = said("Filen er gemt som »Strict Open XML-dokument«. Gem den som »Word-dokument (.docx)«.")
        return [*found, told("strict", "error", why)]
    if roots["word/document.xml"].find(f"{W}body") is None:
        return [*found, told("no-docx", "error", said("Filen er ikke et Word-dokument (.docx)."))]
    if large := list(_too_large(roots)):
        return found + large  # nothing that walks through it all
    parts.once(roots)
    found += [*parts.outside(roots), *parts.missing(packed, roots), *parts.moving(roots), *parts.tracked(roots)]
    found += [*_tags(roots, Names(fields, elsewhere, form)), *stray(roots), *parts.fetched(roots)]
    found += [
        *reading.pictures(roots), *reading.headings(roots), *reading.tables(roots), *reading.fonts(roots),
        *reading.about(roots), *printing(roots), *parts.logos(packed, roots),
    ]  # fmt: skip
    if not any(one.level == "error" for one in found):
        found += _compiled(docx)
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda one: order[one.level])[:MOST]


def _too_large(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        if why := too_much(roots[part]):
            yield told("too-large", "error", why, part=part)


def _tags(roots: dict[str, etree._Element], names: Names) -> list[Finding]:
    found: list[Finding] = []
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        found += Walk(names).through(paragraphs(part, roots[part]))
    if CORE in roots:
        texts = [(element, element.text or "") for element in roots[CORE]]
        rows = (Paragraph(part=CORE, number=n, runs=(text,), element=e) for n, (e, text) in enumerate(texts, start=1))
        found += Walk(names).through(rows)
    return found


def _compiled(docx: bytes) -> list[Finding]:
    """What only the compiler sees."""
    try:
        compile_template(docx)
    except TemplateError as problem:
        return [told("refused", "error", said("Skabelonen kan ikke bruges ({why}).", why=problem.detail[:120]))]
    return []
