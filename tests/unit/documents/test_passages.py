"""A part of an answer is left out by its place: the words go from pages and data, and stand in no place that is kept (R-72)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.document_samples import DEFINITIONS, document, sample_job
from tests.unit.documents.test_rendering import printed
from tillid.documents.passages import MARK, Passage, joined, pieces, places_of, texts_of, without, words_of
from tillid.documents.redaction import gone_words, redacted, repeated
from tillid.documents.rendering import sections
from tillid.kernel.errors import NotFound

FORM = ("overgangsbeskrivelse", 3)
SECRET = "Ole bor hos sin nabokone."
TEXT = f"Han er glad.\nHan leger f.eks. med biler kl. 8. {SECRET} »Er det ok?« spørger han… Ja."


def seen(**changes):
    job = sample_job(*FORM, reader="team", **changes)
    return job, msgspec.json.decode(job.data)["answers"]


def cut(text: str) -> list[list[str]]:
    return [[text[start:end] for start, end in part] for part in pieces(text)]


@pytest.mark.req("R-72")
def test_sentences_and_paragraphs_cover_every_word():
    assert cut(TEXT) == [
        ["Han er glad."],
        ["Han leger f.eks. med biler kl. 8.", SECRET, "»Er det ok?« spørger han…", "Ja."],
    ]
    for text in (TEXT, " \n\n a.  B! \n", "ingen slutning", "", "..."):
        assert "".join(word for part in cut(text) for word in part).split() == "".join(text.split("\n")).split() or (
            "".join("".join(part) for part in cut(text)).replace(" ", "") == "".join(text.split())
        )


@pytest.mark.req("R-72")
def test_words_are_found_with_their_endings_and_never_inside_another_word():
    texts = {"a": (("", "Ole og Oles ven går i skole.\nOLE  Bo."), ("", "Ole"))}
    found = places_of(texts, "a", " ole ")
    assert [words for _, words in words_of(texts, found)] == ["Ole", "Oles", "OLE", "Ole"]
    assert [words for _, words in words_of(texts, places_of(texts, "a", "ole bo"))] == ["OLE  Bo"]
    assert not places_of(texts, "a", "  ") and not places_of(texts, "b", "ole") and not places_of(texts, "a", "(a|")


@pytest.mark.req("R-72")
def test_places_that_touch_are_one_and_one_that_is_not_there_is_refused():
    texts = {"a": (("", "En. To. Tre."),)}
    place = Passage(field="a", text=0, start=0, end=3)
    second = msgspec.structs.replace(place, start=4, end=7)
    assert joined([second, place, place], texts) == (msgspec.structs.replace(place, end=7),)
    apart = msgspec.structs.replace(place, start=8, end=12)
    assert joined([apart, place], texts) == (place, apart)
    for wrong in ({"end": 13}, {"start": 3}, {"text": 1}, {"field": "b"}, {"start": -1}):
        with pytest.raises(NotFound):
            joined([msgspec.structs.replace(place, **wrong)], texts)


@pytest.mark.req("R-72")
def test_the_words_are_gone_from_pages_data_and_head_and_the_rest_stays():
    job, answers = seen(b_glaeder=TEXT)
    job = msgspec.structs.replace(job, header=(*job.header, ("Hele", TEXT), ("Del", SECRET)))
    form = DEFINITIONS.get(*FORM)
    passages = joined(places_of(texts_of(form, answers), "b_glaeder", SECRET.rstrip(".")), texts_of(form, answers))
    made = redacted(job, form, answers, (), document(*FORM), passages)
    words = printed(made)
    assert SECRET in printed(job) and "nabokone" not in words
    shown = next(field for section in made.sections for field in section.fields if field.field_id == "b_glaeder")
    data = msgspec.json.decode(made.data)["answers"]
    assert shown.text == data["b_glaeder"] == TEXT.replace(SECRET.rstrip("."), MARK)
    assert {name: text for name, text in data.items() if name != "b_glaeder"} == {
        name: text for name, text in answers.items() if name != "b_glaeder"
    }
    kept = msgspec.json.encode(passages).decode()
    assert "nabokone" not in kept and "Ole" not in kept


@pytest.mark.req("R-72")
def test_a_cell_of_a_table_is_left_out_in_part():
    job, answers = seen()
    form = DEFINITIONS.get(*FORM)
    texts = texts_of(form, answers)
    field, number = next(
        (name, at)
        for name, of in texts.items()
        if isinstance(answers[name], list)
        for at, (_, text) in enumerate(of)
        if len(text) > 5
    )
    words = texts[field][number][1]
    one = Passage(field=field, text=number, start=0, end=len(words))
    left = without(form, answers, [one])
    assert MARK in msgspec.json.encode(left[field]).decode() and left != answers
    made = redacted(job, form, answers, (), document(*FORM), [one])
    cells = next(part for section in made.sections for part in section.fields if part.field_id == field).rows
    before = next(part for section in job.sections for part in section.fields if part.field_id == field).rows
    changed = [(a, b) for old, new in zip(before, cells, strict=True) for a, b in zip(old, new, strict=True) if a != b]
    assert changed == [(words, MARK)]


@pytest.mark.req("R-72")
def test_the_reviewer_is_told_where_the_words_stand_also_in_the_same_answer():
    _, answers = seen(b_glaeder=f"{SECRET} Og ole bor hos  sin nabokone. stadig.", b_vide=f"Husk: {SECRET}")
    form = DEFINITIONS.get(*FORM)
    one = Passage(field="b_glaeder", text=0, start=0, end=len(SECRET))
    given = sections(form, without(form, answers, [one]), "da")
    found = repeated(given, (), gone_words(form, answers, (), [one]))
    assert set(found) == {"b_glaeder", "b_vide"} and len(set(found.values())) == 1
    assert not repeated(given, {"b_glaeder", "b_vide"}, gone_words(form, answers, (), [one]))
