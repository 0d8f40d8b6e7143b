"""The second reader: pypdf says of a new revision what pyHanko says, and finds every page as it was."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pypdf
from pypdf.errors import PyPdfError

from tillid.adapters.pdf.extract import extract
from tillid.adapters.pdf.refusals import BadPdf

if TYPE_CHECKING:
    from tillid.adapters.pdf.history import History


def agree(before: bytes, after: bytes, history: History) -> None:
    """Raises ``BadPdf`` unless pypdf finds the files of ``history`` in ``after``, and the same pages in both."""
    ours = sorted((file.name, file.data) for revision in history.revisions for file in revision.files)
    if sorted((file.name, file.data) for file in extract(after)) != ours:
        raise BadPdf("history", "the second reader finds other files")
    found = pages(after)
    if before != after and pages(before) != found:
        raise BadPdf("replaced", "the second reader finds other pages")


def pages(pdf: bytes) -> list[tuple[int, str]]:
    """Of every page the number of its object, and a digest of what is drawn on it."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(pdf), strict=True)
        return [(page.indirect_reference.idnum, _digest(page)) for page in reader.pages]
    except (PyPdfError, KeyError, AttributeError, ValueError, RecursionError) as problem:
        raise BadPdf("broken", type(problem).__name__) from problem


def _digest(page: pypdf.PageObject) -> str:
    contents = page.get_contents()
    return hashlib.sha256(contents.get_data() if contents is not None else b"").hexdigest()
