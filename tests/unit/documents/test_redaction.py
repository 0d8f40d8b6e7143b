"""What is left out of a copy is nowhere in its job, neither on the pages nor in the data inside (R-72)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.document_samples import DEFINITIONS, document, sample_job
from tests.unit.documents.test_rendering import labels, printed
from tillid.documents.redaction import LEFT_OUT, gone_words, marked, redacted, repeated
from tillid.documents.rendering import FILES_TITLE, sections
from tillid.forms.showing import projection

FORM = ("overgangsbeskrivelse", 3)
DRAWING = {"sha256": "ab" * 32, "name": "tegning.png", "media_type": "image/png", "size": 9}


def seen(**changes):
    job = sample_job(*FORM, reader="team", b_tegning=DRAWING, **changes)
    return job, msgspec.json.decode(job.data)["answers"]


@pytest.mark.req("R-72")
def test_answer_file_and_header_fact_are_gone_and_a_mark_stands_there():
    job, answers = seen()
    job = msgspec.structs.replace(job, header=(*job.header, ("Ekstra", answers["b_glaeder"])))
    made = redacted(job, DEFINITIONS.get(*FORM), answers, {"b_glaeder", "b_tegning"}, document(*FORM))
    assert labels(made)[: len(labels(job)) - 1] == [one for one in labels(job) if one in labels(made)], (
        "each question stays"
    )
    by_id = {field.field_id: field for section in made.sections for field in section.fields}
    assert by_id["b_glaeder"].text == by_id["b_tegning"].text == LEFT_OUT and not by_id["b_tegning"].files
    words = printed(made)
    for gone in (answers["b_glaeder"], "tegning.png", DRAWING["sha256"]):
        assert gone in printed(job) and gone not in words
    assert FILES_TITLE not in [section.title for section in made.sections]
    data = msgspec.json.decode(made.data)
    assert set(answers) - set(data["answers"]) == {"b_glaeder", "b_tegning"} and data["reader"] == "insight"


@pytest.mark.req("R-72")
def test_an_answer_that_brings_others_with_it_leaves_them_as_they_were():
    """What is shown on account of an answer left out is still its own answer: it does not vanish unmarked."""
    job, answers = seen()
    for field in answers:
        made = redacted(job, DEFINITIONS.get(*FORM), answers, {field}, document(*FORM))
        assert set(msgspec.json.decode(made.data)["answers"]) == set(answers) - {field}, field


@pytest.mark.req("R-72")
def test_with_nothing_left_out_everything_is_there_and_a_list_of_files_with_it():
    job, answers = seen()
    made = redacted(job, DEFINITIONS.get(*FORM), answers, (), document(*FORM))
    assert made.sections == job.sections and made.sections[-1].title == FILES_TITLE


@pytest.mark.req("R-72")
def test_the_reviewer_is_told_where_the_same_words_stand():
    _, answers = seen(b_vide="Ring til Ole på skiftet.", b_glaeder="Han siger: Ring til  Ole på skiftet. Altid.")
    whole = sections(DEFINITIONS.get(*FORM), projection(DEFINITIONS.get(*FORM), answers, "team"), "da")
    form = DEFINITIONS.get(*FORM)

    def told(left_out):
        return repeated(whole, left_out, gone_words(form, answers, left_out, ()))

    assert list(told({"b_vide"})) == ["b_glaeder"] and told({"b_glaeder"}) == {}
    assert marked(whole, ()) == whole
