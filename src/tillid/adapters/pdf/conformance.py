"""PDF/A-3a and PDF/UA-1 as a kept validator judges them, for every file before it is stored.

``check`` asks for what validators miss (ISO 19005-3 and ISO 14289-1 say much more): each finds what the other does not. A
municipality's own template can lose what ours keep, so the tests alone would not do.
"""

from __future__ import annotations

from tillid.adapters.pdf.checker import ask

PROFILES = (("PDF/A-3a", "3a"), ("PDF/UA-1", "ua1"))


def conformance(pdf: bytes) -> list[str]:
    """The rules that ``pdf`` breaks, in English, for the log and the administrator; an empty list is a pass. Raises
    ``CheckUnavailable``."""
    found = ask("c", pdf)
    return ["the validator did not end well"] if found is None else found
