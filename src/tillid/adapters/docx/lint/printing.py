"""The linter's look at what Word shows and the PDF would not: left out, printed in another way, or not to be read aloud.

Each was tried with the LibreOffice we render with: what it loses is told here, before anybody waits for samples that fail.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tillid.adapters.docx.lint.finding import TEXT_PART, Finding, Level, W, own, paragraphs, told
from tillid.adapters.docx.lint.reading import SHAPE, SYMBOLS, WP, styles_in_use
from tillid.adapters.docx.sandbox import PRIVATE
from tillid.documents.templates import Saying, said

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
GROUPS = ("/wordprocessingGroup", "/wordprocessingCanvas")
DIAGRAMS = ("/diagram", "/chart", "/chartex")
DOUBLED = (f"{W}shadow", f"{W}emboss", f"{W}imprint")
DRAWN = tuple(f"{V}{kind}" for kind in ("shape", "rect", "line", "oval", "roundrect", "polyline", "curve", "arc"))
SAYS: dict[str, tuple[Level, Saying]] = {
    "note": ("error", said("Med fodnoter og slutnoter kan PDF-filen ikke læses rigtigt op. Skriv teksten i afsnittet i stedet.")),
    "formula": ("error", said("Formlen ville mangle på siden. Skriv den som almindelig tekst.")),
    "symbol-font": (
        "error",
        said("Der er indsat et symbol, som kun betyder noget i sin egen skrifttype. Indsæt det fra »almindelig tekst« i Word, eller skriv et ord."),
    ),
    "word-art": ("error", said("Vandmærket eller WordArt-teksten ville mangle på siden. Fjern den, eller indsæt den som et billede med en alternativ tekst.")),
    "drawing": (
        "error",
        said("En streg eller figur er tegnet på en måde, der ikke kan læses op. Slet den. En ramme om tekst kan være en tabel med én celle."),
    ),
    "in-line": (
        "error",
        said("Tekstfeltet eller figuren står på linje med teksten. Dér kan det ikke læses op. Vælg »Firkantet« under Tekstombrydning i Word, eller brug en tabel med én celle."),
    ),
    "group": ("error", said("Figurerne er samlet i en gruppe eller et lærred. Saml dem til ét billede, og indsæt det med en alternativ tekst.")),
    "diagram": ("error", said("Et diagram eller en SmartArt-figur kan ikke trykkes. Gem den som et billede, og indsæt det med en alternativ tekst.")),
    "border": (
        "error",
        said("Afsnittet eller noget af teksten har en kant. Med den kan PDF-filen ikke læses rigtigt op. Vælg »Ingen kant« i Word, eller brug en tabel."),
    ),
    "page-border": ("error", said("Siden har en kant. Med den kan PDF-filen ikke læses rigtigt op. Fjern den i Word under Design, Sidekanter.")),
    "shadow": ("error", said("Teksten har skygge eller relief. Den ville blive læst op to gange. Fjern det under Skrifttype i Word.")),
    "hidden": ("warning", said("Noget af teksten er skjult, og den bliver ikke trykt. Slet den, hvis den ikke skal bruges.")),
    "placeholder": (
        "warning",
        said("Et indholdsfelt viser sin vejledende tekst, og den bliver trykt, som den står. Skriv den rigtige tekst, eller slet feltet."),
    ),
}  # fmt: skip


def printing(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Everything of a template that would not be printed as Word shows it, each once in a paragraph."""
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        for paragraph in paragraphs(part, roots[part]):
            wrong = (rule for one in own(paragraph.element) if (rule := _wrong(one)))
            for rule in dict.fromkeys(wrong):
                yield paragraph.finding(rule, *SAYS[rule])
        if next(roots[part].iter(f"{W}pgBorders"), None) is not None:
            yield told("page-border", *SAYS["page-border"], part=part)
    yield from _styled(roots)


def _styled(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    for style in styles_in_use(roots).iter(f"{W}style"):
        if style.get(f"{W}type") in ("paragraph", "character"):
            name = style.find(f"{W}name")
            near = name.get(f"{W}val", "") if name is not None else ""
            for rule in dict.fromkeys(rule for one in style.iter() if (rule := _wrong(one))):
                yield told(rule, *SAYS[rule], part="word/styles.xml", near=near[:60])


def _wrong(one: etree._Element) -> str:
    """The rule that the element breaks; empty for what is in order."""
    kind = one.tag
    if kind in (f"{W}footnoteReference", f"{W}endnoteReference"):
        return "note"
    if kind == f"{M}oMath":
        return "formula"
    if kind == f"{W}sym":
        private = one.get(f"{W}char", "").upper().startswith("F0")
        return "symbol-font" if private or one.get(f"{W}font", "").lower() in SYMBOLS else ""
    if kind in (f"{W}pBdr", f"{W}bdr"):
        return "border" if any(side.get(f"{W}val", "nil") not in ("nil", "none") for side in one.iter()) else ""
    if kind == f"{W}t" and PRIVATE.search(one.text or ""):
        return "symbol-font"
    if kind in (*DOUBLED, f"{W}vanish"):
        return _effect(one)
    if kind == f"{W}r":
        return "placeholder" if _guides(one) else ""
    return _drawn(one)


def _effect(one: etree._Element) -> str:
    """Shadow, or text that is hidden; a style and the mark at the end of a paragraph print nothing."""
    if one.get(f"{W}val", "1") in ("0", "false", "off"):
        return ""
    if one.tag in DOUBLED:
        return "shadow"
    run = one.getparent().getparent()
    return "hidden" if run is not None and run.find(f"{W}t") is not None else ""


def _guides(one: etree._Element) -> bool:
    """Whether the run stands in a content control that still shows what to write there."""
    return any(around.find(f"{W}sdtPr/{W}showingPlcHdr") is not None for around in one.iterancestors(f"{W}sdt"))


def _drawn(one: etree._Element) -> str:
    if one.tag == f"{A}graphicData":
        uri = one.get("uri", "")
        return "group" if uri.endswith(GROUPS) else "diagram" if uri.endswith(DIAGRAMS) else ""
    if one.tag == SHAPE:  # LibreOffice loses its alternative text there
        return "in-line" if next(one.iterancestors(f"{WP}inline"), None) is not None else ""
    if one.tag == f"{V}textpath":
        return "word-art"
    if one.tag == f"{V}group":
        return "group"
    if one.tag in DRAWN and not any(
        one.find(f"{V}{held}") is not None for held in ("textpath", "imagedata", "textbox")
    ):
        return "drawing"
    return ""
