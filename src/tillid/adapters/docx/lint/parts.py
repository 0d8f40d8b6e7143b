"""The linter's look at the file itself: what it is packed of, what runs, what loads from outside, what moves with the day."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from lxml import etree

from tillid.adapters.docx import media, package
from tillid.adapters.docx.lint.finding import TEXT_PART, Finding, Level, W, paragraphs, placed, told
from tillid.adapters.docx.look import PLACEHOLDER, logo_boxes, pictures_of
from tillid.adapters.docx.sandbox import TemplateError
from tillid.adapters.docx.shape import fetched_pictures, odd_parts
from tillid.documents.templates import Saying, said
from tillid.kernel.canonical import sha256

O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWN_TWICE = {"wps", "wpg", "wpc"}
STILL = {"PAGE", "NUMPAGES", "HYPERLINK", ""}  # what LibreOffice works out anew; of others it prints what Word saw last
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
# Changes that are tracked: LibreOffice prints them in another colour, with a line in the margin. Those of
# tables and sections print nothing, and go with the same click.
CHANGES = tuple(
    f"{W}{name}"
    for name in (
        "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "numberingChange", "sectPrChange",
        "cellIns", "cellDel", "cellMerge", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange",
    )
)  # fmt: skip
FIELDS = (
    (
        {"TOC", "PAGEREF", "INDEX", "TOA"},
        said("En indholdsfortegnelse eller et indeks kan ikke være med: Sidetallene kendes først, når dokumentet er lavet. Slet den. PDF-filen har et bogmærke for hver overskrift."),
    ),
    (
        {"SECTIONPAGES", "SECTION"},
        said("Antallet af sider i en sektion bliver ikke talt igen. Brug antallet af sider i hele dokumentet (NUMPAGES)."),
    ),
    (
        {"REF", "NOTEREF", "STYLEREF", "SEQ", "LISTNUM", "AUTONUM"},
        said("Word har indsat en henvisning eller et nummer, som det selv holder ved lige. Slet det, og skriv teksten eller tallet."),
    ),
    (
        {"FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN"},
        said("Der er et felt, som skal udfyldes i Word. Slet det. Svarene kommer fra skemaet gennem mærkerne."),
    ),
    (
        {"MERGEFIELD", "ADDRESSBLOCK", "GREETINGLINE", "ASK", "FILLIN"},
        said("Der er et flettefelt. Slet det, og skriv et mærke i stedet, fx {{ title }}."),
    ),
    (
        {"AUTHOR", "TITLE", "SUBJECT", "KEYWORDS", "COMMENTS", "DOCPROPERTY", "LASTSAVEDBY", "USERNAME", "INFO"},
        said("Teksten hentes fra filens egenskaber. Slet den, og skriv teksten eller et mærke, fx {{ title }}."),
    ),
)  # fmt: skip
LINK = said("Et link fører ud af dokumentet. Det virker måske ikke om nogle år; skriv hellere adressen.")
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


def once(roots: dict[str, etree._Element]) -> None:
    """Take away the second way in which Word draws a text box, for programs of before 2010: what it says was said, and nothing
    prints it."""
    for name in [n for n in roots if TEXT_PART.fullmatch(n)]:
        for both in list(roots[name].iter(f"{MC}AlternateContent")):
            first, second = both.find(f"{MC}Choice"), both.find(f"{MC}Fallback")
            known = first is not None and second is not None and first.get("Requires") in DRAWN_TWICE
            if known and _texts(first) == _texts(second):
                both.remove(second)


def _texts(element: etree._Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{W}t")]


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
                yield at("link", "warning", LINK, tag=relation.get("Target", ""))
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
    """Fields that change with the day or the place, objects and controls, comments."""
    for name in [n for n in roots if TEXT_PART.fullmatch(n)]:
        contents = False  # a table of contents has a number of a page in each line, and goes as one
        for paragraph in paragraphs(name, roots[name]):
            for code in _field_codes(paragraph.element):
                kind = (code.split() or [""])[0].upper()
                contents = contents or kind == "TOC"
                if kind == "HYPERLINK" and "\\l " not in code:
                    yield paragraph.finding("link", "warning", LINK, tag=code.strip())
                if kind not in STILL and not (contents and kind == "PAGEREF"):
                    yield paragraph.finding("moving-field", "error", _moves(kind), tag=code.strip())
            if any(True for _ in paragraph.element.iter(f"{W}object", f"{W}control", f"{O}OLEObject")):
                yield paragraph.finding(
                    "ole", "error", said("Der står et indlejret objekt (OLE) i afsnittet. Fjern det.")
                )
            if any(True for _ in paragraph.element.iter(f"{W}commentReference")):
                yield paragraph.finding(
                    "comment", "warning", said("Der er en kommentar til afsnittet. Slet den i Word.")
                )


def tracked(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Changes that nobody has accepted, those of table rows and cells too."""
    why = said("Der er sporede ændringer i afsnittet. Acceptér eller afvis dem i Word.")
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        touched = {_paragraph_of(change) for change in roots[part].iter(*CHANGES)}
        for paragraph in paragraphs(part, roots[part]) if touched else ():
            if paragraph.element in touched:
                yield paragraph.finding("tracked-change", "error", why)
        if None in touched:
            yield told(
                "tracked-change", "error", said("Der er sporede ændringer. Acceptér eller afvis dem i Word."), part=part
            )


def _paragraph_of(element: etree._Element) -> etree._Element | None:
    """The paragraph around it, else the first of the table around it."""
    around = next(element.iterancestors(f"{W}p"), None)
    table = next(element.iterancestors(f"{W}tr", f"{W}tbl"), None)
    return around if around is not None else next(table.iter(f"{W}p"), None) if table is not None else None


def logos(parts: dict[str, bytes], roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """A picture put where the municipality's logo is printed: nobody would see it."""
    why = said(
        "Billedet hedder »logo«, så det bliver byttet ud med det logo, der står i opsætningen. Skal dette billede trykkes, så giv det et andet navn i Word under Layout, Markeringsrude."
    )  # fmt: skip
    for part in [n for n in roots if TEXT_PART.fullmatch(n)]:
        boxes, rels = logo_boxes(roots[part]), media.relations_of(part)
        if not boxes or rels not in roots:
            continue
        shown = pictures_of(boxes, rels, roots[rels])
        other = {name for name in set().union(*shown) & parts.keys() if sha256(parts[name]) != PLACEHOLDER}
        found = [(box, "") for box, names in zip(boxes, shown, strict=True) if names & other]
        yield from placed(part, roots[part], found, "logo", "warning", why, field="logo")


def _moves(kind: str) -> Saying:
    """Why a field of that kind may not be in a template, for who knows it by its place in Word's menus."""
    why = next((why for kinds, why in FIELDS if kind in kinds), None)
    return why or said("Feltet {kind} skifter med dagen eller stedet. Skriv teksten i stedet.", kind=kind[:20])


def _field_codes(element: etree._Element) -> list[str]:
    codes = [field.get(f"{W}instr", "") for field in element.iter(f"{W}fldSimple")]
    for piece in element.iter(f"{W}fldChar", f"{W}instrText"):
        if piece.tag == f"{W}instrText":  # Word writes one code in several pieces
            codes[-1:] = [(codes[-1] if codes else "") + (piece.text or "")]
        elif piece.get(f"{W}fldCharType") == "begin":
            codes.append("")
    return codes


def otherwise(parts: dict[str, bytes], roots: dict[str, etree._Element]) -> list[Finding]:
    """What the relationships and types make of a part, whatever it is called."""
    whys = {code: why for _part, code, why in FORBIDDEN}
    return [
        told(rule, "error", whys[rule], part=name[:120]) if rule in whys else _forbidden(name)
        for rule, name in dict.fromkeys(odd_parts(parts, roots))
    ]


def fetched(roots: dict[str, etree._Element]) -> Iterator[Finding]:
    """Pictures that a drawing of before 2010 names by their address."""
    for name in [n for n in roots if TEXT_PART.fullmatch(n)]:
        code, why = LOADS["image"]
        yield from placed(name, roots[name], list(fetched_pictures(roots[name])), code, "error", why)


def _forbidden(name: str) -> Finding:
    for part, code, why in FORBIDDEN:
        if part.lower() in name.lower():
            return told(code, "error", why, part=name[:120])
    return told("odd-name", "error", said("En del af filen har et navn, der ikke må bruges."), part=name[:120])
