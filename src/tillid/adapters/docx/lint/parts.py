"""The linter's look at the file itself: what it is packed of, what runs, what loads from outside, what moves with the day."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from lxml import etree

from tillid.adapters.docx import media, package
from tillid.adapters.docx.lint.finding import TEXT_PART, Finding, Level, W, paragraphs, told
from tillid.adapters.docx.sandbox import TemplateError
from tillid.documents.templates import Saying, said

O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STILL = {"PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF", "HYPERLINK", ""}
FORBIDDEN = (
    (
        "vbaProject",
        "macro",
        said("Der er en makro i filen. Gem den som et almindeligt Word-dokument (.docx) uden makroer."),
    ),
    ("activeX", "ole", said("Der er et aktivt objekt (ActiveX) i filen. Fjern det.")),
    (
        "embeddings",
        "ole",
        said("Der er et indlejret objekt (OLE) i filen, fx et regneark. Indsæt det som en tabel i stedet."),
    ),
)
LOADS = {
    "image": ("remote-image", said("Billedet hentes fra et andet sted. Indsæt selve billedet i dokumentet.")),
}


def readable(docx: bytes) -> tuple[dict[str, bytes], list[Finding]]:
    """The parts that may be looked into, and what is wrong with the rest; nothing at all if it is no usable docx."""
    try:
        parts, bad = package.unpacked(docx)
    except package.TooLarge:
        return {}, [told("too-large", "error", said("Filen er for stor, eller den bliver det, når den pakkes ud."))]
    except TemplateError:
        return {}, [told("no-docx", "error", said("Filen er ikke et Word-dokument (.docx)."))]
    return parts, [_forbidden(name) for name in bad]


def parsed(parts: dict[str, bytes]) -> tuple[dict[str, etree._Element], list[Finding]]:
    """The XML of the parts, and a finding for each that is broken or declares entities."""
    roots, found = {}, []
    for name in sorted(parts):
        if name.endswith((".xml", ".rels")):
            try:
                roots[name] = package.parse(parts[name], name)
            except TemplateError:
                why = said(
                    "Denne del af filen er ikke gyldig XML, eller den har en DOCTYPE. Gem dokumentet igen fra Word."
                )
                found.append(told("xml", "error", why, part=name))
    return roots, found


def outside(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Whatever is loaded from outside the file, or leads out of it."""
    for name in [n for n in roots if n.endswith(".rels")]:
        part = name.replace("_rels/", "").removesuffix(".rels")
        for relation in roots[name]:
            at = functools.partial(_at_relation, roots.get(part), part, relation.get("Id", ""))
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            if kind == "aFChunk" or kind == "subDocument":
                yield at(
                    "included-file", "error", said("En anden fil er flettet ind. Kopiér dens indhold ind i stedet.")
                )
            if relation.get("TargetMode") != "External":
                continue
            if kind == "hyperlink":
                why = said("Et link fører ud af dokumentet. Det virker måske ikke om nogle år; skriv hellere adressen.")
                yield at("link", "warning", why, tag=relation.get("Target", ""))
                continue
            code, why = LOADS.get(kind, ("external-link", said("Dokumentet henter noget udefra. Fjern henvisningen.")))
            yield at(code, "error", why, tag=relation.get("Target", ""))


def missing(parts: dict[str, bytes], roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Pictures that LibreOffice would leave out without a word: of another kind, cut off, or not in the file."""
    why = said("Billedet kan ikke læses og ville mangle på siden. Gem det som PNG eller JPEG, og indsæt det igen.")
    for name in [n for n in roots if n.endswith(".rels")]:
        part = name.replace("_rels/", "").removesuffix(".rels")
        for number, picture in media.shown(name, roots[name]):
            if picture in parts and media.readable(parts[picture], whole=True):
                continue
            found = _at_relation(roots.get(part), part, number, "picture", "error", why, tag=picture)
            if picture in parts or found.paragraph:  # nobody misses what no paragraph shows
                yield found


def _at_relation(
    root: etree._Element | None, part: str, name: str, rule: str, level: Level, why: Saying, *, tag: str = ""
) -> Finding:
    """A finding at the first paragraph that uses the relationship ``name``; at the part where none does."""
    for paragraph in paragraphs(part, root) if root is not None and TEXT_PART.fullmatch(part) else ():
        used = (value for one in paragraph.element.iter() for key, value in one.attrib.items() if key.startswith(R))
        if name in used:
            return paragraph.finding(rule, level, why, tag=tag)
    return told(rule, level, why, part=part, tag=tag[:200])


def moving(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Fields that change with the day or the place, objects and controls, comments and tracked changes."""
    for name in [n for n in roots if TEXT_PART.fullmatch(n)]:
        for paragraph in paragraphs(name, roots[name]):
            for code in _field_codes(paragraph.element):
                kind = (code.split() or [""])[0].upper()
                if kind not in STILL:
                    why = said("Feltet {kind} skifter med dagen eller stedet. Skriv teksten i stedet.", kind=kind[:20])
                    yield paragraph.finding("moving-field", "error", why, tag=code.strip())
            if any(True for _ in paragraph.element.iter(f"{W}object", f"{W}control", f"{O}OLEObject")):
                yield paragraph.finding(
                    "ole", "error", said("Der står et indlejret objekt (OLE) i afsnittet. Fjern det.")
                )
            if any(True for _ in paragraph.element.iter(f"{W}ins", f"{W}del", f"{W}moveFrom")):
                why = said("Der er sporede ændringer i afsnittet. Acceptér eller afvis dem i Word.")
                yield paragraph.finding("tracked-change", "error", why)
            if any(True for _ in paragraph.element.iter(f"{W}commentReference")):
                yield paragraph.finding(
                    "comment", "warning", said("Der er en kommentar til afsnittet. Slet den i Word.")
                )


def _field_codes(element: etree._Element) -> list[str]:
    codes = [field.get(f"{W}instr", "") for field in element.iter(f"{W}fldSimple")]
    for piece in element.iter(f"{W}fldChar", f"{W}instrText"):
        if piece.tag == f"{W}instrText":  # Word writes one code in several pieces
            codes[-1:] = [(codes[-1] if codes else "") + (piece.text or "")]
        elif piece.get(f"{W}fldCharType") == "begin":
            codes.append("")
    return codes


def _forbidden(name: str) -> Finding:
    for part, code, why in FORBIDDEN:
        if part in name:
            return told(code, "error", why, part=name[:120])
    return told("odd-name", "error", said("En del af filen har et navn, der ikke må bruges."), part=name[:120])
