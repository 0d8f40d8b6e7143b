"""The changes on paper: archivable, accessible, the same bytes each time, marked without colour."""

from __future__ import annotations

import io
import re

import page
import pikepdf
import pytest

from tests.support.document_samples import DEFINITIONS, FORMS
from tests.unit.documents.test_change_job import ANSWERS, TEXT, job
from tillid.adapters.pdf import check, page_text
from tillid.adapters.pdf.search import everything
from tillid.documents.sample_marks import marked_answers
from tillid.documents.samples import readers_of, sample
from tillid.forms.showing import projection

NEWEST = [(name, max(v for n, v in FORMS if n == name)) for name in dict.fromkeys(name for name, _ in FORMS)]
COPIES = [
    (*form, reader) for form in NEWEST for reader in ("team", "parent") if reader in readers_of(DEFINITIONS.get(*form))
]


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


@pytest.mark.req("P3", "T9", "R-111")
@pytest.mark.parametrize(("form_id", "version", "reader"), COPIES)
def test_the_changes_hold_no_mark_of_another_readers_answers(renderer, form_id, version, reader):
    """Design 16, of both wordings: every answer carries a mark of its own in each version, and the whole file is searched."""
    form = DEFINITIONS.get(form_id, version)
    before, marks = marked_answers(form, sample(form_id, version, "full").answers)
    after = {name: _other(value) for name, value in before.items()}
    found = everything(renderer.render(job(before, after, reader, form)).pdf)
    mine = set(projection(form, before, reader)) & set(marks)
    for spelled in (str, _other):
        assert {name for name, mark in marks.items() if spelled(mark) in found} == mine
    for field in form.fields:
        if reader not in field.visible_to:
            assert f'"{field.id}"' not in found, "not even that it was changed"


def test_the_marks_that_are_looked_for_would_be_found(renderer):
    """What the team may see and the parents may not is in the team's file."""
    form = DEFINITIONS.get("trivselsvurdering", 2)
    (before, after), told = ({"uenighed": "Xq0qX"}, {"uenighed": "Zq0qZ"}), {}
    for reader in ("team", "parent"):
        told[reader] = everything(renderer.render(job(before, after, reader, form)).pdf)
    assert all(mark in told["team"] and mark not in told["parent"] for mark in ("Xq0qX", "Zq0qZ"))


def _other(value):
    """``value`` with each mark of the other version in its place."""
    if isinstance(value, str):
        return re.sub("Xq([0-9]+)qX", r"Zq\1qZ", value)
    if isinstance(value, dict):
        return {name: _other(one) for name, one in value.items()}
    return [_other(one) for one in value] if isinstance(value, list) else value
