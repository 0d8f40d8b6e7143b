"""What must hold of every PDF before it is stored or shown; an empty list of problems is a pass.

PDF/A validators miss an embedded file without relationship or media type, and damaged streams: so the structure is read
with pikepdf and the syntax by qpdf's own check (``syntax``). The full judgement of PDF/A-3a and PDF/UA-1: ``conformance``.
"""

from __future__ import annotations

import pikepdf

from tillid.adapters.pdf.in_memory import opened
from tillid.adapters.pdf.syntax import syntax
from tillid.kernel.errors import TillidError

XMP_MARKS = (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<")
RELATIONSHIPS = {"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"}


class PdfRefused(TillidError):
    """A PDF that is not what it must be."""

    code = "documents.pdf-refused"
    text = "Dokumentet kunne ikke dannes korrekt. Intet er gået tabt. Prøv igen, eller kontakt jeres administrator."

    @property
    def why(self) -> str:
        """For the administrator: the rules and parts that the detail names, never what stands in the file."""
        return self.detail


def check(pdf: bytes, *, language: str = "da-DK") -> list[str]:
    """The problems of ``pdf`` in English, for the log; an empty list means that it may be stored."""
    try:
        with opened(pdf) as document:
            problems = [
                *_catalog(document, language),
                *_embedded(document),
                *_fonts(document),
            ]
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as problem:
        return [f"not a readable PDF ({type(problem).__name__})"]
    return problems + syntax(pdf)


def _catalog(document: pikepdf.Pdf, language: str) -> list[str]:
    root = document.Root
    xmp = root.Metadata.read_bytes() if "/Metadata" in root else b""
    held = {
        "encrypted": not document.is_encrypted,
        "not tagged": "/StructTreeRoot" in root and bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        f"language is not {language}": str(root.get("/Lang", "")) == language,
        "title is not displayed": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        "no output intent": len(root.get("/OutputIntents", [])) > 0,
        "metadata do not declare PDF/A-3a and PDF/UA-1": all(mark in xmp for mark in XMP_MARKS),
        "no title": b"<dc:title>" in xmp,
        "scripts or actions": not {"/AA", "/OpenAction", "/AcroForm"} & _active(root),
        "no pages": len(document.pages) > 0,
    }
    return [problem for problem, holds in held.items() if not holds]


def _active(root: pikepdf.Object) -> set[str]:
    keys = set(root.keys())
    if "/OpenAction" in keys and isinstance(root.OpenAction, pikepdf.Array):
        keys.discard("/OpenAction")  # a plain destination: which page to show first
    if "/Names" in keys and "/JavaScript" in root.Names:
        keys.add("/AA")
    return keys


def _embedded(document: pikepdf.Pdf) -> list[str]:
    root = document.Root
    tree = root.get("/Names", {}).get("/EmbeddedFiles", {})
    if "/Kids" in tree:
        return ["the tree of embedded files is not flat"]
    pairs = list(tree.get("/Names", []))
    keys, specs = [str(key) for key in pairs[0::2]], pairs[1::2]
    associated = {spec.objgen for spec in root.get("/AF", [])}
    problems = [] if keys == sorted(set(keys)) else ["names of embedded files are not sorted or not unique"]
    if len(specs) != len(associated):
        problems.append("embedded and associated files are not the same")
    for key, spec in zip(keys, specs, strict=True):
        stream = spec.EF.F
        if spec.objgen not in associated:
            problems.append(f"{key} is not an associated file")
        if str(spec.get("/AFRelationship", "")) not in RELATIONSHIPS:
            problems.append(f"{key} has no relationship")
        if "/" not in str(stream.get("/Subtype", ""))[1:]:
            problems.append(f"{key} has no media type")
        if str(spec.get("/F", "")) != key or str(spec.get("/UF", "")) != key:
            problems.append(f"{key} has another file name")
    return problems


def _fonts(document: pikepdf.Pdf) -> list[str]:
    problems = set()
    for page in document.pages:
        for font in page.resources.get("/Font", {}).values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            descriptor = inner.get("/FontDescriptor", {})
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                problems.add(f"font {str(font.get('/BaseFont', '?'))[1:]} is not embedded")
    return sorted(problems)
