"""Reads our PDFs back with pypdf: another program than the one that wrote them."""

from __future__ import annotations

import io

import msgspec
import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from tillid.adapters.pdf.check import PdfRefused


class EmbeddedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file inside a PDF as its name tree tells."""

    name: str
    data: bytes
    relationship: str
    media_type: str


def extract(pdf: bytes) -> list[EmbeddedFile]:
    """Every embedded file in the order of the name tree; raises ``PdfRefused`` if the PDF or its tree cannot be read."""
    try:
        root = _reader(pdf).root_object
        tree = (
            root.get("/Names", DictionaryObject()).get_object().get("/EmbeddedFiles", DictionaryObject()).get_object()
        )
        if "/Kids" in tree:
            raise PdfRefused("the tree of embedded files is not flat")
        specs = [spec.get_object() for spec in list(tree.get("/Names", []))[1::2]]
        return [_file(spec) for spec in specs]
    except (PyPdfError, KeyError, AttributeError, ValueError, RecursionError) as problem:
        raise PdfRefused(f"embedded files cannot be read: {type(problem).__name__}") from problem


def page_count(pdf: bytes) -> int:
    """The number of pages; raises ``PdfRefused``."""
    try:
        return len(_reader(pdf).pages)
    except (PyPdfError, ValueError, RecursionError) as problem:
        raise PdfRefused("not a readable PDF") from problem


def page_text(pdf: bytes) -> str:
    """The text of all pages, pages parted by form feeds. Slow: for tests and checks, not for searching."""
    return "\f".join(page.extract_text() for page in _reader(pdf).pages)


def _reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def _file(spec: DictionaryObject) -> EmbeddedFile:
    stream = spec["/EF"]["/F"]
    return EmbeddedFile(
        name=str(spec["/UF"]),
        data=stream.get_data(),
        relationship=str(spec.get("/AFRelationship", "/"))[1:],
        media_type=str(stream.get("/Subtype", "/"))[1:],
    )
