"""PDF/A-3 documents: finished by pikepdf, checked by qpdf and a validator (``conformance``), read back by pypdf.

Later files are appended by pyHanko as revisions (``revisions``), read with their rules (``history``, ``told``, ``second``).
What comes from outside is taken apart in a process of its own (``box``, ``inside``, ``scan``). Those are imported where
they are needed: pyHanko takes its time.
"""

from .check import PdfRefused, check
from .extract import EmbeddedFile, extract, page_count, page_text
from .finish import Attachment, finish

__all__ = ["Attachment", "EmbeddedFile", "PdfRefused", "check", "extract", "finish", "page_count", "page_text"]
