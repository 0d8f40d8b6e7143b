"""Opens a PDF's bytes so that qpdf reads them where they lie: through Python's own streams it takes twice the time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf


@contextmanager
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """``pdf`` as a document, from a file that exists in memory alone. Raises ``pikepdf.PdfError``."""
    number = os.memfd_create("pdf")
    try:
        with open(number, "wb", closefd=False) as file:
            file.write(pdf)
        with pikepdf.open(f"/proc/self/fd/{number}") as document:
            yield document
    finally:
        os.close(number)
