"""PDF/A-3 documents: finished by pikepdf, checked by qpdf, read back by pypdf."""

from .check import PdfRefused, check
from .extract import EmbeddedFile, extract, page_count, page_text
from .finish import Attachment, finish

__all__ = ["Attachment", "EmbeddedFile", "PdfRefused", "check", "extract", "finish", "page_count", "page_text"]
