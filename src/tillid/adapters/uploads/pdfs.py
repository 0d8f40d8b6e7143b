"""PDFs: nothing that runs, starts or hides something, and nothing that unpacks without end (ISO 32000-1, 12.6, 7.11.4).

What runs, starts or hides is refused, so that nobody wonders where it went; what is left is built anew from its pages
(``rebuilt``) and looked at again, by another reader too, before it is stored.

A trivselsskema is one colleague's and names marks that neither parents nor another place may see (T9, R-11), so it is refused
wherever it is attached: told here by its title, or by the last line of its pages when it was printed anew. What it asks when both
are gone is looked for by who knows the forms (``usecases/attach_file.py``), in the words that are handed back (``words``).
"""

from __future__ import annotations

import contextlib
import io
import re
from functools import partial
from typing import Any

import pikepdf
import pypdfium2

from tillid.adapters.boxed.pdf_objects import ANNOTATIONS, Found, action, look_through
from tillid.adapters.uploads.rebuilt import CATALOG, rebuilt
from tillid.adapters.uploads.words import picture_points, words_of

SHEET = "Trivselsskema"
_SHEETS_LAST_LINE = re.compile(rf"{SHEET}\s+version\s+\d+\s+·\s")
_TYPES = {"/EmbeddedFile": "embedded", "/Filespec": "embedded", "/F": "embedded"}


def clean_pdf(data: bytes, limits: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes; the head says ``reason`` if it is refused. May raise anything that damaged files make qpdf raise."""
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(b"\r\n\t \0"):
        return {"reason": "kind"}, b""  # cut off, or something hangs on to it
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        return {"reason": "locked"}, b""
    with document:
        if document.is_encrypted:
            return {"reason": "locked"}, b""
        pages = len(document.pages)
        if pages > limits["pages"]:
            return {"reason": "pages", "pages": pages, "most": limits["pages"]}, b""
        if not pages:
            return {"reason": "kind"}, b""
        try:
            _look(document, limits)
        except Found as found:
            return {"reason": "sheet" if _called_sheet(document) else found.args[0]}, b""
        if _called_sheet(document):
            return {"reason": "sheet"}, b""
        kept = rebuilt(document)
    words, unread = _look_again(kept, pages, limits)
    if any(_SHEETS_LAST_LINE.search(page) for page in words):
        return {"reason": "sheet"}, b""
    return {"words": words, "unread": unread}, kept


def _look_again(kept: bytes, pages: int, limits: dict[str, Any]) -> tuple[list[str], bool]:
    """What can be read in it, and whether it shows more. Raises ``ValueError`` or ``Found`` if what was built is not what is meant to be
    built."""
    with pikepdf.open(io.BytesIO(kept), attempt_recovery=False) as document:
        _look(document, limits)
        more = set(document.Root.keys()) - {"/Type", "/Pages", "/Outlines", *CATALOG}
        if more or "/Info" in document.trailer or len(document.pages) != pages:
            raise ValueError("more than the pages, or other pages")
        drawn = picture_points(document)
    with contextlib.closing(pypdfium2.PdfDocument(kept)) as again:
        if len(again) != pages:
            raise ValueError("another reader counts other pages")
        return words_of(again, drawn)


def _called_sheet(document: pikepdf.Pdf) -> bool:
    """The title that our own PDFs have, and that most programs keep when they print one."""
    info = document.trailer.get("/Info")
    title = info.get("/Title", "") if isinstance(info, pikepdf.Dictionary) else ""
    return isinstance(title, pikepdf.String) and str(title).startswith(f"{SHEET} TD-")


def _look(document: pikepdf.Pdf, limits: dict[str, Any]) -> None:
    root = document.Root
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary):
        action(opening)
        if str(opening.get("/S", "")) != "/GoTo":
            raise Found("starts")
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        raise Found("script")
    picture = partial(_picture, most_pixels=limits["pixels"])
    look_through(document, dictionary=_dictionary, stream=picture, unpacked=limits["unpacked"])


def _dictionary(own: Any) -> None:
    keys = set(own.keys())
    if "/JS" in keys or "/JavaScript" in keys:
        raise Found("script")
    if "/AA" in keys:
        raise Found("starts")
    if {"/EmbeddedFiles", "/EF"} & keys:
        raise Found("embedded")
    if "/Type" in keys and (reason := _TYPES.get(str(own["/Type"]))):
        raise Found(reason)
    if "/Subtype" in keys and "/Rect" in keys and (reason := ANNOTATIONS.get(str(own["/Subtype"]))):
        raise Found(reason)
    action(own)


def _picture(stream: Any, most_pixels: int) -> None:
    size = [stream.get(key, 0) for key in ("/Width", "/Height")]
    if all(isinstance(side, int) for side in size) and size[0] * size[1] > most_pixels:
        raise Found("heavy")
