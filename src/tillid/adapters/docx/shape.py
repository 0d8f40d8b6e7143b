"""Whether a docx is what it is looked at as: what a part is says the relationship to it, not its name (ECMA-376 part 2, 9.3).

LibreOffice follows the relationships; what is looked through is ``word/document.xml`` and its headers, by name. So each must be what
the other means, and what a relationship or a type calls a program is one, whatever its file is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from tillid.adapters.docx.media import joined

ROOT, TYPES, DOCUMENT = "_rels/.rels", "[Content_Types].xml", "word/document.xml"
# Where the texts lie that are looked through and filled.
PLACES = {
    "officeDocument": re.compile(re.escape(DOCUMENT)),
    "header": re.compile(r"word/header\d*\.xml"),
    "footer": re.compile(r"word/footer\d*\.xml"),
    "footnotes": re.compile(r"word/footnotes\.xml"),
    "endnotes": re.compile(r"word/endnotes\.xml"),
}
RUNS = {
    "vbaProject": "macro",
    "wordVbaData": "macro",
    "oleObject": "ole",
    "package": "ole",
    "control": "ole",
    "activeXControlBinary": "ole",
}
RUNS_BY_TYPE = re.compile("macroEnabled|vbaProject", re.IGNORECASE)
V, O = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"  # noqa: E741
SHOWN, FETCHES = (f"{V}imagedata", f"{V}fill", f"{V}stroke"), ("src", f"{O}href", f"{O}althref")


def odd_parts(parts: Mapping[str, bytes], roots: Mapping[str, etree._Element]) -> Iterator[tuple[str, str]]:
    """The linter's rule against a part, and the part. ``roots``: at least the relationships and the types that could be read."""
    mains = 0
    for name in [n for n in roots if n.endswith(".rels")]:
        for relation in roots[name]:
            kind, target = relation.get("Type", "").rsplit("/", 1)[-1], _target(name, relation)
            mains += kind == "officeDocument"
            if relation.get("TargetMode") == "External":
                continue
            if kind in RUNS and target in parts:
                yield RUNS[kind], target
            elif kind in PLACES and not PLACES[kind].fullmatch(target):
                yield "odd-name", target
    if ROOT in roots and mains != 1:
        yield "odd-name", ROOT
    if TYPES in roots and any(RUNS_BY_TYPE.search(one.get("ContentType", "")) for one in roots[TYPES]):
        yield "macro", TYPES


def fetched_pictures(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Drawings of before 2010 name a picture by its address too, without a relationship: element and address."""
    for one in root.iter(*SHOWN):
        yield from ((one, one.get(key, "")) for key in FETCHES if one.get(key))


def _target(rels: str, relation: etree._Element) -> str:
    return joined(rels.rsplit("_rels/", 1)[0], relation.get("Target", ""))
