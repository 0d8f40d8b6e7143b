"""The linter's look at what readers need: fonts that are there, pictures with a text, headings in order, a title, Danish."""

from __future__ import annotations

import copy
import functools
import shutil
import subprocess
from collections.abc import Iterator

from lxml import etree

from tillid.adapters.docx.lint.finding import TEXT_PART, Finding, Level, W, own, paragraphs, told
from tillid.adapters.docx.styles import drop_unused_styles
from tillid.documents.templates import Saying, said
from tillid.signatures.xml import other

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"
VML = "{urn:schemas-microsoft-com:vml}"
CP = "{http://purl.org/dc/elements/1.1/}"
KEPT = (
    "Carlito",
    "Liberation Sans",
    "Liberation Serif",
    "Liberation Mono",
    "DejaVu Sans",
    "DejaVu Serif",
    "DejaVu Sans Mono",
)
SAME_WIDTH = {"Calibri": "Carlito", "Arial": "Liberation Sans", "Times New Roman": "Liberation Serif", "Courier New": "Liberation Mono"}  # fmt: skip
SYMBOLS = {"symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings"}


def fonts(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Every font that is named and is not there, with what is printed instead."""
    named: dict[str, tuple[str, etree._Element]] = {}
    for part, element in _in_use(roots):
        for use in element.iter(f"{W}rFonts"):
            for kind in ("ascii", "hAnsi"):
                if font := use.get(f"{W}{kind}"):
                    named.setdefault(font, (part, use))
    for font, (part, use) in sorted(named.items(), key=lambda one: one[0]):
        at = functools.partial(_at_font, roots, part, use, font)
        if font.lower() in SYMBOLS:
            yield at(
                "symbol-font",
                "error",
                said(
                    "Skrifttypen {font} har tegn uden betydning. Brug almindelige punkttegn (•) i tekstens skrifttype.",
                    font=font,
                ),
            )
        elif font not in KEPT:
            other = replacement(font)
            why = said(
                "Skrifttypen {font} er ikke installeret. Der trykkes med {other}. Linjerne kan falde anderledes. Vælg {other} i Word for at se det, som det bliver.",
                font=font, other=other,
            )  # fmt: skip
            if SAME_WIDTH.get(font) == other:
                why = said(
                    "Skrifttypen {font} er ikke installeret. Der trykkes med {other}, som fylder det samme. Vælg {other} i Word for at se det, som det bliver.",
                    font=font, other=other,
                )  # fmt: skip
            yield at("font", "warning", why)


def _at_font(
    roots: dict[str, etree._Element], part: str, use: etree._Element, font: str, rule: str, level: Level, why: Saying
) -> Finding:
    """A finding at the paragraph that names the font itself, else at the style that does."""
    own = next(use.iterancestors(f"{W}p"), None)
    if own is not None and TEXT_PART.fullmatch(part):
        paragraph = next(one for one in paragraphs(part, roots[part]) if one.element is own)
        return paragraph.finding(rule, level, why, field=font)
    style = next(use.iterancestors(f"{W}style"), None)
    name = style.find(f"{W}name") if style is not None else None
    near = name.get(f"{W}val", "") if name is not None else ""
    return told(rule, level, why, part=part, field=font[:80], near=near[:60])


def _in_use(roots: dict[str, etree._Element]) -> Iterator[tuple[str, etree._Element]]:
    """The texts, and of Word's many styles and lists those that the texts use."""
    texts = [(name, root) for name, root in roots.items() if TEXT_PART.fullmatch(name)]
    yield from texts
    using = [root for _, root in texts]
    if "word/styles.xml" in roots:
        styles = styles_in_use(roots)
        using.append(styles)
        yield "word/styles.xml", styles
    if "word/numbering.xml" in roots:
        lists = {use.get(f"{W}val") for root in using for use in root.iter(f"{W}numId")}
        numbering = roots["word/numbering.xml"]
        meant = {
            n.find(f"{W}abstractNumId").get(f"{W}val") for n in numbering.iter(f"{W}num") if n.get(f"{W}numId") in lists
        }
        for one in numbering.iter(f"{W}abstractNum"):
            if one.get(f"{W}abstractNumId") in meant:
                yield "word/numbering.xml", one


def styles_in_use(roots: dict[str, etree._Element]) -> etree._Element:
    """The styles that the texts use, and all these rest on."""
    using = [root for name, root in roots.items() if TEXT_PART.fullmatch(name)]
    styles = roots.get("word/styles.xml")
    if styles is None:
        return etree.Element(f"{W}styles")
    return other(drop_unused_styles(copy.deepcopy(styles), using))


@functools.cache
def replacement(font: str) -> str:
    """What is used instead of ``font`` here, as fontconfig says; a good guess where it cannot be asked."""
    guess = SAME_WIDTH.get(font, "Carlito")
    tool = shutil.which("fc-match")
    if tool is None or len(font) > 80 or font.startswith("-"):
        return guess
    try:
        command = [tool, "-f", "%{family[0]}", font.replace(":", "\\:").replace("-", "\\-")]
        found = subprocess.run(command, capture_output=True, timeout=5, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return guess
    return found.stdout.decode("utf-8", "replace").strip() or guess


def pictures(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Pictures and frames that say nothing to those who cannot see them (PDF/UA-1 7.3). That one is for show LibreOffice does
    not hand on."""
    why = said("Billedet har ingen alternativ tekst. Højreklik på det i Word, og vælg »Rediger alternativ tekst«.")
    show = said(
        "Billedet er mærket som pynt. Det kan PDF-filen ikke sige om det: Giv det en kort alternativ tekst i Word, eller slet det."
    )
    frame = said(
        "Tekstfeltet eller figuren har ingen alternativ tekst. Højreklik på kanten i Word, og vælg »Rediger alternativ tekst«."
    )
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        for paragraph in paragraphs(part, roots[part]):
            every = list(own(paragraph.element))
            for about in [one for one in every if one.tag == f"{WP}docPr"]:
                if not (about.get("descr") or about.get("title") or "").strip():
                    for_show = any(one.get("val") == "1" for one in about.iter(DECORATIVE))
                    drawn = next(about.getparent().iter(SHAPE), None) is not None
                    says = show if for_show else frame if drawn else why
                    yield paragraph.finding("alt-text", "error", says, field=about.get("name", ""))
            for shape in [one for one in every if one.tag.startswith(VML)]:
                if shape.find(f"{VML}imagedata") is not None and not (shape.get("alt") or "").strip():
                    yield paragraph.finding("alt-text", "error", why, field=shape.get("id", ""))


def headings(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Levels that are left out, and a document without headings (PDF/UA-1 7.4.2)."""
    levels = outline_levels(roots.get("word/styles.xml"))
    last, any_heading = 0, False
    for paragraph in paragraphs("word/document.xml", roots["word/document.xml"]):
        level = _level(paragraph.element, levels)
        if level is None:
            continue
        any_heading = True
        if level > last + 1:
            why = said(
                "Overskriften er på niveau {level}, men den forrige er på niveau {last}. Der må ikke springes et niveau over: Brug »Overskrift {right}«.",
                level=level, last=last, right=last + 1,
            )  # fmt: skip
            if not last:
                why = said(
                    "Overskriften er på niveau {level}, men der er ingen før den. Der må ikke springes et niveau over: Brug »Overskrift 1«.",
                    level=level,
                )  # fmt: skip
            yield paragraph.finding("heading-order", "error", why)
        last = level
    if not any_heading:
        why = said("Dokumentet har ingen overskrifter. Brug Words typografier »Overskrift 1« og »Overskrift 2«.")
        yield told("no-headings", "warning", why, part="word/document.xml")


def tables(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Tables whose first row is not marked as a header row (PDF/UA-1 7.5)."""
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        numbers = {paragraph.element: paragraph for paragraph in paragraphs(part, roots[part])}
        for table in roots[part].iter(f"{W}tbl"):
            row, first = table.find(f"{W}tr"), next(table.iter(f"{W}p"), None)
            if row is not None and first is not None and row.find(f"{W}trPr/{W}tblHeader") is None:
                why = said(
                    "Tabellens første række er ikke en overskriftsrække. Sæt »Gentag som overskriftsrække« i Word."
                )
                yield numbers[first].finding("table-header", "warning", why)


def about(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Language and title."""
    styles = roots.get("word/styles.xml")
    language = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang") if styles is not None else None
    if language is None or not language.get(f"{W}val", "").startswith("da"):
        why = said(
            "Dokumentets sprog er ikke dansk. Vælg dansk som korrektursprog i Word, så det bliver læst rigtigt op."
        )
        yield told("language", "warning", why, part="word/styles.xml")
    core = roots.get("docProps/core.xml")
    if core is None or not (core.findtext(f"{CP}title") or "").strip():
        why = said("Dokumentet har ingen titel. Skriv {{ metadata_title }} i feltet Titel under Filer, Oplysninger.")
        yield told("title", "warning", why, part="docProps/core.xml")


def outline_levels(styles: etree._Element | None) -> dict[str, int]:
    """Style id → heading level from 1, for the styles that are headings themselves or rest on one."""
    if styles is None:
        return {}
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    found = {name: _style_level(name, by_id) for name in by_id}
    return {name: level for name, level in found.items() if level is not None}


def _style_level(name: str | None, by_id: dict[str | None, etree._Element]) -> int | None:
    for _ in range(12):  # a style may rest on itself in a broken file
        style = by_id.get(name)
        if style is None:
            return None
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None:
            return _number(outline.get(f"{W}val"))
        based = style.find(f"{W}basedOn")
        name = based.get(f"{W}val") if based is not None else None
    return None


def _level(element: etree._Element, levels: dict[str, int]) -> int | None:
    own = element.find(f"{W}pPr/{W}outlineLvl")
    if own is not None:
        return _number(own.get(f"{W}val"))
    style = element.find(f"{W}pPr/{W}pStyle")
    return levels.get(style.get(f"{W}val")) if style is not None else None


def _number(text: str | None) -> int | None:
    return int(text) + 1 if text and text.isdigit() and int(text) < 9 else None
