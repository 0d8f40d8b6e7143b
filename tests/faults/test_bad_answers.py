"""Answers that are meant to hurt come out as the text they are, or no document is made of them, and the next one has the same bytes.

What the front door refuses beside its field is in ``test_bad_values``; here is what the printing of an answer has to stand.
"""

from __future__ import annotations

import io
import re

import msgspec
import page
import pytest
from docx import Document

from tests.faults.bad_answers import CHANGED, HEAVY, LISTS, PLAIN, STRANGE
from tests.support.document_samples import sample_job
from tillid.adapters.docx import compile_template
from tillid.adapters.pdf import check, page_text
from tillid.adapters.renderer import RenderFailed, context
from tillid.documents.rendering import RenderField, RenderJob, RenderSection
from tillid.kernel.paths import DOCUMENT_TEMPLATES
from tillid.kernel.text import forbidden_characters

SURVIVED = PLAIN | {name: given for name, (given, _told) in CHANGED.items()} | STRANGE


def job(*fields: RenderField) -> RenderJob:
    return msgspec.structs.replace(
        sample_job("overgangsbeskrivelse", 3), sections=(RenderSection(title="Prøve", fields=fields),)
    )


def texts(answers: dict[str, str]) -> RenderJob:
    return job(*(RenderField(label=name, kind="text", text=text) for name, text in answers.items()))


def words(text: str) -> str:
    """Without white space: where lines break is the template's matter, and a PDF's reader guesses blanks in Arabic."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def normal(renderer):
    """The bytes of an ordinary document."""
    return renderer.render(sample_job("overgangsbeskrivelse", 3)).pdf


@pytest.fixture(scope="module")
def made(renderer, normal):
    """One document of all that can be printed: a single answer that breaks it breaks it for all."""
    return renderer.render(texts(SURVIVED))


@pytest.fixture(scope="module")
def printed(made):
    return words(page_text(made.pdf))


def test_all_of_them_become_an_archivable_accessible_document(made):
    assert check(made.pdf) == []
    for profile in ("3a", "ua1"):
        assert [failure.message for failure in page.validate_pdf_bytes(made.pdf, profile=profile).failures] == []


@pytest.mark.parametrize("what", PLAIN | CHANGED)
def test_each_stands_on_the_page_as_the_text_it_is(printed, what):
    wanted = CHANGED[what][1] if what in CHANGED else PLAIN[what]
    assert words(what + wanted) in printed


def test_what_has_no_glyph_is_in_word_all_the_same():
    """The letters themselves are kept; which of them can be drawn is a matter of fonts."""
    template = compile_template((DOCUMENT_TEMPLATES / "overgangsbeskrivelse/v3.docx").read_bytes())
    found = "".join(
        paragraph.text for paragraph in Document(io.BytesIO(template.render(context(texts(STRANGE))))).paragraphs
    )
    assert [name for name, text in STRANGE.items() if words(text) not in words(found)] == []


@pytest.mark.parametrize("what", HEAVY)
def test_ten_megabytes_are_no_answer(renderer, what):
    with pytest.raises(RenderFailed, match="template-refused: the values are too large") as refused:
        renderer.render(texts({"l": HEAVY[what]}))
    assert refused.value.code == "documents.render-failed" and "Intet er gået tabt" in refused.value.message


@pytest.mark.parametrize("what", LISTS)
def test_nor_are_lists_and_tables_without_end(renderer, what):
    with pytest.raises(RenderFailed, match=r"template-refused: .*(too large|columns)"):
        renderer.render(job(RenderField(label="l", **LISTS[what])))


@pytest.mark.parametrize("what", ["an override from right to left", "isolates that are never closed", "control characters", "a lone half of a pair", "a family of emoji"])  # fmt: skip
def test_what_cannot_be_seen_does_not_even_come_as_far(what):
    """Refused beside its field (``test_bad_values``): nobody signs what cannot be seen."""
    assert forbidden_characters(SURVIVED[what])


def test_the_next_document_is_unharmed(renderer, normal):
    assert renderer.render(sample_job("overgangsbeskrivelse", 3)).pdf == normal
