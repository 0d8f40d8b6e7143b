"""PDF/A-3a and PDF/UA-1 as a kept validator judges them, for every file before it is stored.

``check`` asks for what validators miss (ISO 19005-3 and ISO 14289-1 say much more): each finds what the other does not. A
municipality's own template can lose what ours keep, so the tests alone would not do.
"""

from __future__ import annotations

PROFILES = (("PDF/A-3a", "3a"), ("PDF/UA-1", "ua1"))
MOST_RULES = 4


def conformance(pdf: bytes) -> list[str]:
    """The rules that ``pdf`` breaks, in English, for the log and the administrator; an empty list is a pass."""
    import page  # the validator (page-validation): 50 MB that most processes never need

    problems = []
    for name, profile in PROFILES:
        try:
            report = page.validate_pdf_bytes(pdf, profile=profile)
        except page.PageError as problem:
            problems.append(f"not valid {name} ({type(problem).__name__})")
            continue
        if not report.is_compliant:
            rules = sorted({str(failure.rule_id) for failure in report.failures})
            more = f" and {len(rules) - MOST_RULES} more" if len(rules) > MOST_RULES else ""
            problems.append(f"not valid {name}: rule {', '.join(rules[:MOST_RULES])}{more}")
    return problems
