"""The changes on paper: archivable, accessible, the same bytes each time, marked without colour."""

from __future__ import annotations

import io

import page
import pikepdf
import pytest

from tests.unit.documents.test_change_job import ANSWERS, TEXT, job
from tillid.adapters.pdf import check, page_text


@pytest.mark.req("P3")
def test_the_changes_become_an_archivable_accessible_document(renderer):
    made = job(
        {**ANSWERS, TEXT: "Alma leger ude.", "p_sovn": "Hun sover <godt>."}, {**ANSWERS, TEXT: "Alma leger inde."}
    )
    pdf = renderer.render(made).pdf
    for profile in ("3a", "ua1"):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert check(pdf) == [] and renderer.render(made).pdf == pdf
    text = " ".join(page_text(pdf).split())
    assert "Alma leger [fjernet: ude.] [tilføjet: inde.]" in text or "[fjernet: ude.][tilføjet: inde.]" in text
    assert decorations(pdf) == {"/Underline", "/LineThrough"}


def decorations(pdf: bytes) -> set[str]:
    """How the tags of the text say that it is marked."""
    found = set()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/A" in one:
                attributes = one.A if isinstance(one.A, pikepdf.Array) else [one.A]
                found |= {str(a.TextDecorationType) for a in attributes if "/TextDecorationType" in a}
    return found
