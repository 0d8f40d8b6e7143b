"""The whole station: template → warm LibreOffice → finished PDF/A-3, for each form's sample and for each reader."""

import io
import re

import msgspec
import page
import pikepdf
import pytest

from tests.support.document_samples import DEFINITIONS, FORMS, sample_job
from tillid.adapters.docx.look import read_look
from tillid.adapters.office import Limits, OfficeBox
from tillid.adapters.pdf import check, extract, finish, page_count, page_text
from tillid.adapters.renderer import DocumentRenderer, RenderFailed
from tillid.kernel.canonical import json_digest, sha256
from tillid.kernel.paths import DOCUMENT_TEMPLATES

OVERGANG = ("overgangsbeskrivelse", 3)


def words(text: str) -> str:
    """The text with all white space made one blank: where lines break is the template's matter."""
    return re.sub(r"\s+", " ", text).strip()


def streams(pdf: bytes) -> bytes:
    """Every decoded stream, string and name of the file, to search for what must not be there."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        parts = []
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                parts.append(thing.read_bytes())
            parts.append(thing.unparse(resolved=True) if not isinstance(thing, pikepdf.Stream) else b"")
        return b"\n".join(parts)


@pytest.mark.req("R-120", "R-122")
@pytest.mark.parametrize(("form_id", "version"), FORMS)
def test_the_samples_become_archivable_accessible_documents(renderer, form_id, version):
    made = renderer.render(sample_job(form_id, version))
    for profile in ("3a", "ua1"):
        report = page.validate_pdf_bytes(made.pdf, profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert check(made.pdf) == []
    assert made.sha256 == sha256(made.pdf)
    assert made.pages == page_count(made.pdf)
    template = sha256((DOCUMENT_TEMPLATES / form_id / f"v{version}.docx").read_bytes())
    assert made.template_digest == json_digest({"template": template, "look": read_look(DOCUMENT_TEMPLATES)})
    assert made.template_digest == renderer.template_digest(form_id, version)


def test_header_footer_and_page_numbers(renderer):
    text = page_text(renderer.render(sample_job(*OVERGANG)).pdf)
    title = DEFINITIONS.get(*OVERGANG).title
    for number, one in enumerate(text.split("\f"), start=1):
        one = words(one)
        assert "Solbjerg Kommune" in one and "TD-7F3K2Q" in one
        assert f"Side {number} af 2" in one
        assert f"{title} version 3" in one


def test_the_same_job_gives_the_same_bytes_in_a_fresh_box_too(renderer):
    job = sample_job(*OVERGANG)
    first = renderer.render(job)
    assert renderer.render(job).pdf == first.pdf
    fresh = DocumentRenderer()
    try:
        assert fresh.render(job).pdf == first.pdf
    finally:
        fresh.close()
    assert renderer.render(sample_job(*OVERGANG, p_glad="Noget andet.")).sha256 != first.sha256


@pytest.mark.parametrize(
    "text",
    [
        "Mette & Søn <3 kg",
        "</w:t></w:r></w:p></w:body></w:document>",
        "{{ title }} {% for %}",
        "=cmd|' /C calc'!A0",
        "&lt;b&gt;",
    ],
)
def test_odd_answers_come_out_as_text(renderer, text):
    made = renderer.render(sample_job(*OVERGANG, p_glad=text, u_fagpersoner=[{"navn": text}]))
    shown = words(page_text(made.pdf))
    assert shown.count(words(text)) == 2
    assert "Samtalen" in shown  # nothing after it was cut


@pytest.mark.parametrize("reader", ["parent", "receiver", "team", "archive"])
def test_the_embedded_file_is_that_readers_projection(renderer, reader):
    job = sample_job(*OVERGANG, reader=reader)
    (file,) = extract(renderer.render(job).pdf)
    assert (file.name, file.relationship, file.media_type) == ("answers.json", "Source", "application/json")
    assert file.data == job.data
    assert msgspec.json.decode(file.data)["reader"] == reader


def test_nothing_hidden_from_the_receiver_is_anywhere_in_the_receivers_file(renderer):
    marks = {"u_position": True, "samtale_dato": "2026-04-22", "samtale_deltagere": [{"name": "Xerxespil"}]}
    receiver = renderer.render(sample_job(*OVERGANG, reader="receiver", **marks))
    parent = renderer.render(sample_job(*OVERGANG, reader="parent", **marks))
    assert b"Xerxespil" in streams(parent.pdf)  # so the search can find it
    for secret in (b"Xerxespil", b"samtale_dato", b"u_position"):
        assert secret not in streams(receiver.pdf)
    assert "Xerxespil" in page_text(parent.pdf)
    assert "Xerxespil" not in page_text(receiver.pdf)
    assert "Seneste trivselsvurdering" not in page_text(receiver.pdf)


@pytest.mark.req("R-111")
def test_titles_and_file_names_name_nobody(renderer):
    job = sample_job(*OVERGANG)
    with pikepdf.open(io.BytesIO(renderer.render(job).pdf)) as document:
        told = (
            str(document.trailer.Info.Title)
            + document.Root.Metadata.read_bytes().decode()
            + str(document.Root.AF[0].UF)
        )
        assert str(document.trailer.Info.Title) == f"{job.title} TD-7F3K2Q"
        assert "/Author" not in document.trailer.Info
    assert "Alma" not in told and "Lindgaard" not in told


@pytest.mark.req("R-122")
@pytest.mark.parametrize(("form_id", "version"), [("overgangsbeskrivelse", 3), ("fdr", 2), ("trivselsvurdering", 2)])
def test_the_bookmarks_are_the_sections(renderer, form_id, version):
    job = sample_job(form_id, version)
    with pikepdf.open(io.BytesIO(renderer.render(job).pdf)) as document, document.open_outline() as outline:
        top = [words(entry.title) for entry in outline.root]
        below = [words(inner.title) for entry in outline.root for inner in entry.children]
    if form_id == "fdr":
        assert top == ["F Forberedelse", "D Dialog", "R Referat"]
        assert {section.title for section in job.sections} - {"Dialog", "Referat"} <= set(below)
    else:
        assert top == [section.title for section in job.sections]


def test_a_full_overgangsbeskrivelse_stays_within_three_pages(renderer):
    assert renderer.render(sample_job(*OVERGANG, state="full")).pages <= 3


def test_a_form_without_template_is_refused(renderer):
    job = sample_job(*OVERGANG)
    # A version without a template of its own is printed with the newest older one; before the first there is none.
    for form_id, version in (("ukendt", 1), ("overgangsbeskrivelse", 0), ("../overgangsbeskrivelse", 3)):
        with pytest.raises(RenderFailed):
            renderer.render(msgspec.structs.replace(job, form_id=form_id, version=version))


def test_a_failure_is_told_in_danish_and_the_next_document_is_made():
    renderer = DocumentRenderer(office=OfficeBox(Limits(pages=1)))
    try:
        with pytest.raises(RenderFailed) as raised:
            renderer.render(sample_job(*OVERGANG))
        assert raised.value.code == "documents.render-failed"
        assert raised.value.message.startswith("Dokumentet kunne ikke dannes")
        assert "Alma" not in str(raised.value)
        assert renderer.render(sample_job("trivselsskema", 2)).pages == 1
    finally:
        renderer.close()


def _roles_of_nobody(document: pikepdf.Pdf) -> None:
    """Well-formed and tagged, and only the validator knows that no reader has such a role."""
    document.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary({"/Standard": pikepdf.Name("/Nonsense")})


def _unfinished_text(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"( q", prepend=False)


def _no_language(document: pikepdf.Pdf) -> None:
    del document.Root["/Lang"]


@pytest.mark.req("R-120", "R-122")
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_roles_of_nobody, "rule PDFUA1-STRUCT-TREE-ROLE-MAP-001"),
        (_unfinished_text, "qpdf finds 1 faults"),
        (_no_language, "language is not da-DK"),
    ],
)
def test_what_came_out_wrong_is_never_handed_on(renderer, monkeypatch, damage, told):
    def finished(raw: bytes, **given) -> bytes:
        with pikepdf.open(io.BytesIO(finish(raw, **given))) as document:
            damage(document)
            document.save(out := io.BytesIO(), static_id=True)
        return out.getvalue()

    monkeypatch.setattr("tillid.adapters.renderer.finish", finished)
    with pytest.raises(RenderFailed) as raised:
        renderer.render(sample_job("trivselsskema", 2))
    assert told in raised.value.why


@pytest.mark.req("R-122")
def test_a_document_with_other_data_inside_is_never_handed_on(renderer, monkeypatch):
    def finished(raw: bytes, *, attachments, **given) -> bytes:
        (own,) = attachments
        return finish(raw, attachments=[msgspec.structs.replace(own, data=own.data + b" ")], **given)

    monkeypatch.setattr("tillid.adapters.renderer.finish", finished)
    with pytest.raises(RenderFailed) as raised:
        renderer.render(sample_job("trivselsskema", 2))
    assert raised.value.why == "the embedded data do not read back"
