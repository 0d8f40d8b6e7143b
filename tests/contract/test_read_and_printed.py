"""A copy to read on a page says what its PDF says, and the other way: for each form, reader and sample (issue 5, part 11).

Compared is what goes into LibreOffice; that the pages of the PDF say it is in ``test_document_copies.py``, and that the made
PDFs of the walk do is in ``tests/walks/test_reading.py``."""

from __future__ import annotations

import functools
import re
import zipfile
from io import BytesIO
from types import SimpleNamespace

import msgspec
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from tests.support.document_samples import DEFINITIONS, FORMS, sample_job
from tillid.adapters.docx import compile_template
from tillid.adapters.docx.context import context
from tillid.adapters.docx.look import read_look
from tillid.consents.remarks import Remarks
from tillid.documents.rendering import COPIES, RenderJob, unsaid
from tillid.documents.samples import STATES, readers_of
from tillid.kernel.paths import DOCUMENT_TEMPLATES
from tillid.web.render import made_with

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The title of a section whose parts have bands of their own on paper, which say it.
BANDED = {"fdr": "Forberedelse, dialog og referat"}
CASES = [(*form, reader) for form in FORMS for reader in readers_of(DEFINITIONS.get(*form))]


def flat(text: str) -> str:
    """One blank between words; what parts the items of a list on a line is the template's matter."""
    return " ".join(re.sub(r";(?=\s|$)", " ", text).split())


@functools.cache
def template(form_id: str, version: int):
    data = (DOCUMENT_TEMPLATES / form_id / f"v{version}.docx").read_bytes()
    return compile_template(data, read_look(DOCUMENT_TEMPLATES)), set(paragraphs(data))


def paragraphs(docx: bytes) -> list[str]:
    """The text of each paragraph of page, header and footer."""
    found = []
    with zipfile.ZipFile(BytesIO(docx)) as file:
        for name in sorted(file.namelist()):
            if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
                for one in etree.fromstring(file.read(name)).iter(f"{W}p"):
                    parts = (t.text or "" if t.tag == f"{W}t" else " " for t in one.iter(f"{W}t", f"{W}br", f"{W}tab"))
                    found.append(flat("".join(parts)))
    return [one for one in found if one]


def printed(job: RenderJob) -> tuple[list[str], set[str]]:
    """What the PDF is made of, without the number of the page, and the words that every document of the template has."""
    compiled, fixed = template(job.form_id, job.version)
    return [one.removesuffix(" Side 1 af 1") for one in paragraphs(compiled.render(context(job)))], fixed


def shown(job: RenderJob) -> list[str]:
    """The pieces of text on the page, each whole."""
    found = SimpleNamespace(
        title=job.title,
        form_version=job.version,
        head=unsaid(job.header, job.sections),
        kind=COPIES[job.reader],
        sections=job.sections,
        remarks=Remarks(),
    )
    values = {
        "found": found,
        "document": SimpleNamespace(number=job.document_number),
        "settings": SimpleNamespace(municipality=job.municipality),
        "file_at": None,
    }
    html = BeautifulSoup(made_with("da", "copy_text.html", values), "html.parser")
    leaves = html.select("dt, dd, h2, h3, p, li, th, td")
    return [text for one in leaves if (text := flat(one.get_text()))]


@pytest.mark.req("P3", "T9")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("form_id", "version", "reader"), CASES)
def test_what_is_read_is_what_is_printed(form_id, version, reader, state):
    job = sample_job(form_id, version, state=state, reader=reader)
    job = msgspec.structs.replace(job, subtitle="", footer_lines=())  # the samples' own: no document has them
    (paper, fixed), page = printed(job), shown(job)
    paper_text, page_text = f" {' '.join(paper)} ", f" {' '.join(page)} "
    known = fixed | {job.title, f"{job.municipality} {job.document_number}"}  # the page's own heading
    assert [one for one in paper if one not in known and f" {one} " not in page_text] == []
    last = f"{job.municipality} · "  # stands in the paper's own header
    said = [one.removeprefix(last) for one in page if one != BANDED.get(form_id)]
    assert [one for one in said if f" {one} " not in paper_text] == []
