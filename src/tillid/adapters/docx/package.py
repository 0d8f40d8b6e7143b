"""The zip of a docx: read with caps, slimmed, and written with fixed order and dates."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter

from lxml import etree

from tillid.adapters.docx.media import joined, large_pictures, readable, shown, too_many_pixels
from tillid.adapters.docx.sandbox import TemplateError
from tillid.adapters.docx.shape import odd_parts
from tillid.adapters.docx.theme import with_theme_fonts
from tillid.kernel.zips import DAMAGED, lacked_memory
from tillid.signatures.xml import other

MAX_PARTS, MAX_PART, MAX_TOTAL = 200, 8 << 20, 24 << 20
MAX_XML, MAX_ALL_XML = 3 << 20, 6 << 20  # XML takes ten times its room and more when it is read
CONTENT_TYPES, ROOT_RELS, DOCUMENT_RELS = "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"
# Parts that cost LibreOffice time and change no pixel; what they held is said by the styles themselves. And fonts that somebody brings
# along: their letters may look like others.
NEEDLESS = re.compile(
    r"docProps/(thumbnail\.\w+|app\.xml)|word/(theme/.*|stylesWithEffects\.xml|webSettings\.xml|glossary/.*|fonts/.*)|customXml/.*"
)
# Names mean the same in capitals (ECMA-376 part 2, 7.3.5); some cannot be opened by LibreOffice, or are shown as another.
FORBIDDEN = re.compile(r"(^|/)(vbaProject\.bin|embeddings/|activeX/|\.\.)|^/|\\|[\x00-\x1f\x7f:]", re.IGNORECASE)
MAX_NAME = 200


def parse(xml: bytes, part: str) -> etree._Element:
    """Strictly parsed XML without entities; raises ``TemplateError``."""
    try:
        root = other(xml)
    except etree.XMLSyntaxError as problem:
        raise TemplateError(f"{part} is not well-formed") from problem
    if root.getroottree().docinfo.doctype:
        raise TemplateError(f"{part} has a DOCTYPE")
    return root


def serialise(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class TooLarge(TemplateError):
    """More than a template unpacks to."""


def read(docx: bytes) -> dict[str, bytes]:
    """Name → bytes of every part; refuses bombs, macros, embedded objects and odd names."""
    parts, bad = unpacked(docx)
    if bad:
        raise TemplateError(f"the template holds {bad[0]}")
    if large := large_pictures(parts):
        raise TooLarge(f"{large[0]} has too many pixels")
    if too_many_pixels(parts):
        raise TooLarge("the pictures have too many pixels together")
    roots = {name: parse(parts[name], name) for name in parts if name.endswith(".rels") or name == CONTENT_TYPES}
    for rule, part in odd_parts(parts, roots):
        raise TemplateError(f"the template holds {part} ({rule})")
    for name in [n for n in roots if n != CONTENT_TYPES]:
        for _id, part in shown(name, roots[name]):
            if part in parts and not readable(parts[part]):
                raise TemplateError(f"{part} is no picture that can be read")
    return parts


def unpacked(docx: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The parts that may be looked into, and the names of those that may not be in a template. Raises ``TooLarge``, and
    ``TemplateError`` for what is no docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            entries = [e for e in package.infolist() if not e.is_dir()]
            sizes = [e.file_size for e in entries]
            xml = [e.file_size for e in entries if e.filename.endswith((".xml", ".rels"))]
            if len(entries) > MAX_PARTS or max(sizes, default=0) > MAX_PART or sum(sizes) > MAX_TOTAL:
                raise TooLarge("the template is too large")
            if max(xml, default=0) > MAX_XML or sum(xml) > MAX_ALL_XML:
                raise TooLarge("the template is too large")
            bad = _bad_names(entries)
            parts = {e.filename: package.read(e) for e in entries if e.filename not in bad}
    except DAMAGED as problem:
        if lacked_memory(problem):
            raise MemoryError from problem
        raise TemplateError("the template is not a docx") from problem
    if "word/document.xml" not in parts or CONTENT_TYPES not in parts:
        raise TemplateError("the template is not a docx")
    return parts, bad


def _bad_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The names that no part may have: also one that is there twice, of which each reader takes another, and one that is cut off."""
    often = Counter(e.filename.lower() for e in entries)
    return [
        e.filename
        for e in entries
        if FORBIDDEN.search(e.orig_filename)
        or len(e.filename) > MAX_NAME
        or not e.filename.isprintable()
        or often[e.filename.lower()] > 1
    ]


def slim(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Without needless parts and the relationships to them; refuses relationships that load from outside."""
    parts = with_theme_fonts(parts, parse)
    kept = {name: data for name, data in parts.items() if not NEEDLESS.fullmatch(name)}
    for name in [n for n in kept if n.endswith(".rels")]:
        root, folder = parse(kept[name], name), name.rsplit("_rels/", 1)[0]
        for relation in list(root):
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External":
                if not relation.get("Type", "").endswith("/hyperlink"):
                    raise TemplateError(f"{name} loads from outside")
            elif joined(folder, target) not in kept:
                root.remove(relation)
        kept[name] = serialise(root)
    types = parse(kept[CONTENT_TYPES], CONTENT_TYPES)
    for override in [o for o in types if o.get("PartName") and o.get("PartName").lstrip("/") not in kept]:
        types.remove(override)
    kept[CONTENT_TYPES] = serialise(types)
    return kept


def write(parts: dict[str, bytes], *, compressed: bool = False) -> bytes:
    """A zip whose bytes depend on ``parts`` alone: content types first, then by name, the date of the zip epoch. What goes no
    further than to the LibreOffice beside us need not be compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as package:
        for name, data in in_order(parts).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = package.compression, 3, 0o600 << 16
            package.writestr(entry, data)
    return out.getvalue()


def in_order(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Content types and the package's relationships first, then by name."""
    return {name: parts[name] for name in sorted(parts, key=lambda n: (n != CONTENT_TYPES, n != ROOT_RELS, n))}
