"""From answers to a render job: one reader's projection, nothing more, in the form's order."""

import msgspec
import pytest

from tests.support.document_samples import DEFINITIONS, FORMS, sample_job
from tillid.documents.rendering import sections
from tillid.documents.samples import sample
from tillid.forms.readers import READERS, may_see
from tillid.forms.showing import projection
from tillid.kernel.canonical import canonical_json


def printed(job) -> str:
    """Everything a job can print or embed, as one text."""
    return msgspec.json.encode(msgspec.structs.replace(job, data=b"")).decode() + job.data.decode()


def labels(job) -> list[str]:
    return [field.label for section in job.sections for field in section.fields]


def test_order_and_kinds_follow_the_definition():
    job = sample_job("overgangsbeskrivelse", 3)
    form = DEFINITIONS.get("overgangsbeskrivelse", 3)
    assert [section.title for section in job.sections] == [
        "Overgangen",
        "Forældrenes del",
        "Barnets egen del",
        "Fagpersonens del",
        "Samtalen",
    ]
    order = [field.label for field in form.fields if field.phase == "content"]
    assert labels(job) == [label for label in order if label in set(labels(job))]
    by_label = {field.label: field for section in job.sections for field in section.fields}
    assert by_label["Barnet begynder den"].text == "10. august 2026"
    assert by_label["Forældremyndighed"].items == ("Line Lindgaard", "Jonas Bruun Lindgaard")
    table = by_label["Indsatser, der er i gang eller prøvet"]
    assert table.columns == ("Indsats", "Hvem", "Periode", "Virkning", "Fortsætter")
    assert table.rows[0][4] == "Ja"


def test_empty_fields_and_sections_are_not_there():
    job = sample_job("overgangsbeskrivelse", 3, b_glaeder=None, b_vide="", p_glad="", u_fagpersoner=[])
    assert "Barnets egen del" not in [section.title for section in job.sections]
    assert not {"Hvad gør jeres barn glad og trygt?", "Andre fagpersoner, barnet kender"} & set(labels(job))
    assert b"p_glad" not in job.data


def test_the_embedded_data_are_that_readers_answers():
    job = sample_job("overgangsbeskrivelse", 3, reader="parent")
    data = msgspec.json.decode(job.data)
    assert job.data == canonical_json(data)
    computed = {"eval_frist": "2026-12-10"}  # four months after the child begins
    assert data["answers"] == {**sample("overgangsbeskrivelse", 3).answers, **computed}
    assert data["reader"] == "parent"
    assert data["document"]["definition_digest"] == DEFINITIONS.get("overgangsbeskrivelse", 3).digest
    assert data["document"]["number"] == "TD-7F3K2Q"
    assert "child_id" not in data["document"]


@pytest.mark.req("R-111")
@pytest.mark.parametrize("reader", ["authority", "notifier"])
@pytest.mark.parametrize("version", [1, 2])
def test_a_cpr_number_is_masked_in_the_data_as_on_the_pages(version, reader):
    job = sample_job("underretning", version, reader=reader)
    text, answers = printed(job), msgspec.json.decode(job.data)["answers"]
    assert "7405184016" not in text and "6712893028" not in text, "the sample's numbers"
    assert answers["b_cpr"] == "740518-xxxx"
    assert answers["f_personer"][0]["cpr"] == "671289-xxxx"
    given = sample("underretning", version).answers
    rest = {name: value for name, value in answers.items() if name not in ("b_cpr", "f_personer")}
    assert rest == {name: value for name, value in given.items() if name in rest}, "all else as it was answered"


@pytest.mark.parametrize(("form_id", "version"), FORMS)
@pytest.mark.parametrize("reader", READERS)
def test_nothing_a_reader_may_not_see_is_in_the_job(form_id, version, reader):
    """Each text answer is replaced by a mark of its own: exactly the visible marks may be found (design 16)."""
    form = DEFINITIONS.get(form_id, version)
    marks = {field.id: f"MÆRKE-{field.id}-SLUT" for field in form.fields if field.type in ("text", "long_text")}
    job = sample_job(form_id, version, reader=reader, **marks)
    hidden = {field.id for field in form.fields if not may_see(field.visible_to, reader)}
    text = printed(job)
    assert not [field_id for field_id in hidden if field_id in marks and marks[field_id] in text]
    assert not hidden & set(msgspec.json.decode(job.data)["answers"])
    assert set(labels(job)) <= {field.label for field in form.fields if field.id not in hidden}
    shown = [
        field.id for field in form.fields if field.id in marks and field.id not in hidden and field.phase == "content"
    ]
    assert all(marks[field_id] in text for field_id in shown if field_id in msgspec.json.decode(job.data)["answers"])


@pytest.mark.req("T9")
def test_an_individual_trivselsskema_has_nothing_for_parents_or_the_receiver():
    for reader in ("parent", "receiver"):
        job = sample_job("trivselsskema", 2, reader=reader)
        assert job.sections == ()
        assert msgspec.json.decode(job.data)["answers"] == {}


def test_what_is_derived_or_belongs_to_later_phases_is_never_printed():
    form = DEFINITIONS.get("overgangsbeskrivelse", 3)
    later = {field.id: "TILSTAND" for field in form.fields if field.phase != "content"}
    assert later
    assert "TILSTAND" not in printed(sample_job("overgangsbeskrivelse", 3, **later))


def test_the_same_answers_make_the_same_job():
    assert sample_job("overgangsbeskrivelse", 3) == sample_job("overgangsbeskrivelse", 3)


@pytest.mark.req("R-11", "O21", "O26")
def test_attached_files_are_listed_by_digest_and_only_to_who_may_see_them():
    form = DEFINITIONS.get("overgangsbeskrivelse", 3)
    drawing = {"sha256": "ab" * 32, "name": "tegning.png", "media_type": "image/png", "size": 9}
    tras = {"sha256": "cd" * 32, "title": "TRAS.pdf", "media_type": "application/pdf"}
    for answers, listed in (
        ({"b_tegning": drawing, "u_bilag": [tras, tras]}, ["tegning.png: " + "ab" * 32, "TRAS.pdf: " + "cd" * 32]),
        ({"u_bilag": [tras]}, ["TRAS.pdf: " + "cd" * 32]),  # as released: no yes to the drawing
    ):
        last = sections(form, projection(form, answers, "receiver"), "da")[-1]
        assert last.title == "Vedlagte filer" and list(last.fields[0].items) == listed
    team = sample("trivselsvurdering", 2, "full").answers  # documents of ours, named and not attached
    assert all(one.title != "Vedlagte filer" for one in sections(DEFINITIONS.get("trivselsvurdering", 2), team, "da"))
