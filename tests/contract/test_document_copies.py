"""Every template with its samples: the pages say what is expected, and each reader's copy holds what that reader may see."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pypdfium2
import pytest

from tests.support.document_samples import DEFINITIONS, FORMS, sample_job
from tillid.adapters.docx.context import context
from tillid.adapters.pdf import extract, page_text
from tillid.adapters.pdf.search import everything as inside
from tillid.consents.statement import danish_date
from tillid.documents.rendering import RenderField
from tillid.documents.sample_marks import marked_answers
from tillid.documents.samples import STATES, expected_text, readers_of, sample
from tillid.forms.readers import may_see

NEWEST = [(name, max(v for n, v in FORMS if n == name)) for name in dict.fromkeys(name for name, _ in FORMS)]
# Older versions are printed with the same parts: one state of each is enough for every run (`tillid templates check`: all).
SAMPLES = [(*form, state) for form in FORMS for state in STATES if form in NEWEST or state == "typical"]
COPIES = [(*form, reader) for form in FORMS for reader in readers_of(DEFINITIONS.get(*form))]


def words(text: str) -> str:
    """The text with all white space made one blank: where lines break is the template's matter."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.req("T21")
@pytest.mark.parametrize(("form_id", "version", "state"), SAMPLES)
def test_the_pages_say_what_is_expected(renderer, form_id, version, state):
    made = renderer.render(sample_job(form_id, version, state=state))
    assert words(page_text(made.pdf)) == words(expected_text(form_id, version, state))


@pytest.mark.parametrize(("form_id", "version"), FORMS)
def test_every_version_has_a_sample_in_each_state_and_the_states_differ(form_id, version):
    shown = [sample_job(form_id, version, state=state) for state in ("empty", "short", "typical", "full")]
    counts = [sum(len(section.fields) for section in job.sections) for job in shown]
    sizes = [len(job.data) for job in shown]
    assert counts[0] >= 1 and counts == sorted(counts)
    assert sizes == sorted(sizes) and sizes[0] < sizes[2] < sizes[3] if form_id != "samtykkeerklaering" else True


@pytest.mark.req("T9", "R-111")
@pytest.mark.parametrize(("form_id", "version", "reader"), COPIES)
def test_a_copy_holds_what_its_reader_may_see_and_nothing_else(renderer, form_id, version, reader):
    """Design 16: every answer carries a mark of its own; the marks that are found anywhere in the file are the reader's."""
    form = DEFINITIONS.get(form_id, version)
    given = sample(form_id, version, "full").answers
    answers, marks = marked_answers(form, given)
    changed = {name: answers[name] for name in marks}
    job = sample_job(form_id, version, state="full", reader=reader, **changed)
    found = inside(renderer.render(job).pdf)
    mine = {f.id for f in form.fields if may_see(f.visible_to, reader)}
    seen = set(msgspec.json.decode(job.data)["answers"])
    assert seen <= mine
    assert {name for name, mark in marks.items() if mark in found} == seen & set(marks)
    for field in form.fields:
        if field.id not in mine:
            assert f'"{field.id}"' not in found, "not even that it was answered"


def test_the_marks_of_hidden_answers_would_be_found(renderer):
    """The search works: what the team may see and the parents may not is in the team's file."""
    mark = {"uenighed": "Xq0qX"}
    team = renderer.render(sample_job("trivselsvurdering", 2, state="full", reader="team", **mark))
    parents = renderer.render(sample_job("trivselsvurdering", 2, state="full", reader="parent", **mark))
    assert "Xq0qX" in inside(team.pdf)
    assert "Xq0qX" not in inside(parents.pdf)


@pytest.mark.req("D7")
@pytest.mark.parametrize("reader", ["team", "parent"])
def test_the_minutes_print_each_action_with_its_owner_and_date(renderer, reader):
    rows = sample("fdr", 2, "typical").answers["r_aftaler"]
    printed = words(page_text(renderer.render(sample_job("fdr", 2, reader=reader)).pdf))
    assert len(rows) > 1
    for row in rows:
        day = date.fromisoformat(row["senest"])
        assert words(f"{row['hvad']} {row['hvem']} {danish_date(day)}") in printed


@pytest.mark.req("T28")
def test_the_parents_words_leave_the_file_as_they_were_written(renderer):
    """Plans and talks take them over: as text that can be marked on the page, and as data."""
    given = {"f_gaar_godt": "Ærlig, øvet & åben:\n\n– leger <3 længe.", "f_undrer": "Å, så “stille”."}
    pdf = renderer.render(sample_job("trivselsvurdering", 2, reader="parent", **given)).pdf
    printed = words(page_text(pdf))
    data = msgspec.json.decode(extract(pdf)[0].data)["answers"]
    for name, text in given.items():
        assert words(text) in printed and data[name] == text
    with pypdfium2.PdfDocument(pdf) as made:
        whole = "\n".join(page.get_textpage().get_text_bounded() for page in made)
    lines = [words(line) for line in whole.splitlines()]
    first = next(n for n, line in enumerate(lines) if line.endswith("Ærlig, øvet & åben:"))
    assert lines[first + 1] == "– leger <3 længe.", "each paragraph is one of its own"


@pytest.mark.req("T28")
def test_a_blank_line_parts_paragraphs():
    """What the templates print one by one, each as a paragraph that can be marked and taken over."""
    field = RenderField(label="Det går godt", kind="text", text="Første afsnit\nmed to linjer.\n\n \nAndet afsnit.")
    job = sample_job("trivselsvurdering", 2)
    job = msgspec.structs.replace(job, sections=(msgspec.structs.replace(job.sections[0], fields=(field,)),))
    (printed,) = context(job)["sections"][0]["fields"]
    assert printed["paragraphs"] == ["Første afsnit\nmed to linjer.", "Andet afsnit."]


def test_the_copies_of_a_notification_say_whose_they_are(renderer):
    for reader, told in (("notifier", "Underretterens eksemplar"), ("authority", "Myndighedens eksemplar")):
        assert told in page_text(renderer.render(sample_job("underretning", 2, state="short", reader=reader)).pdf)
