"""``syntax``: what qpdf's own check says against a PDF.

The check is that of ``qpdf --check`` (every object and stream read and decoded, every page's contents parsed) through pikepdf's
qpdf, in the process that stays (``checker``).
"""

from __future__ import annotations

from tillid.adapters.pdf.checker import ask


def syntax(pdf: bytes) -> list[str]:
    """The problems of ``pdf``; one that ends the process has one. Raises ``CheckUnavailable``."""
    found = ask("s", pdf)
    return ["the check of its syntax did not end well"] if found is None else found
