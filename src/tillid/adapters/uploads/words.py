"""What can be read on the pages of a PDF that is stored, and whether it shows more than that: a photograph, a scan, letters that are
drawn. Nobody reads a picture here; who attaches one is asked what it is (``usecases/attach_file.py``)."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

# Letters of a file: 300 pages set as close as a book has half of that, and what is longer nobody has read.
MOST_LETTERS = 2_000_000
FEW_LETTERS = 40  # what a scanner prints below its picture
SHOWS = 300_000  # points of all pictures together: an A4 page that can just be read has half a million, a logo fewer
_LOOKED_AT = 200  # parts of a page with no words: one that is no text is enough


def words_of(document: pypdfium2.PdfDocument, drawn: int) -> tuple[list[str], bool]:
    """The words on each page, and whether something is shown that they do not say. ``drawn``: ``picture_points``."""
    words, unread, left = [], drawn >= SHOWS, MOST_LETTERS
    for page in document:
        page.set_rotation(0)  # of a page that is turned, pdfium reads lines in another order than they were written
        text = page.get_textpage().get_text_range()  # also what lies outside the page: it would be handed on with it
        words.append(text[:left])
        left = max(0, left - len(text))
        unread = unread or not left or _shows_more(page, "".join(text[:1000].split()))
        page.close()
    return words, unread


def picture_points(document: pikepdf.Pdf) -> int:
    """How many points the pictures in ``document`` have together; a scan may be cut into strips."""
    return sum(
        int(one.get("/Width", 0)) * int(one.get("/Height", 0))
        for one in document.objects
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == pikepdf.Name.Image
    )


def _shows_more(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether a page with hardly a letter in ``text`` shows something: parts that are no text, or signs whose font does not say which
    letters they are."""
    known = sum(map(str.isalnum, text))
    if known >= FEW_LETTERS:
        return False
    parts = range(min(pdfium.FPDFPage_CountObjects(page), _LOOKED_AT))
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, place)) for place in parts)
    return len(text) - known >= FEW_LETTERS or any(kind != pdfium.FPDF_PAGEOBJ_TEXT for kind in kinds)
