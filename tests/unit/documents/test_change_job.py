"""The changes as a job for paper: every letter of both texts, in words that can be read without colours (issue 5, part 6)."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.document_samples import DEFINITIONS, document
from tillid.documents.change_job import change_job
from tillid.documents.comparing import compare
from tillid.documents.samples import sample
from tillid.forms.fieldtypes.differences import word_difference

FORM = DEFINITIONS.get("overgangsbeskrivelse", 3)
ANSWERS = sample("overgangsbeskrivelse", 3, "typical").answers
TEXT = "p_glad"
WORDS = st.lists(st.sampled_from(["hun", "leger", "ude", "\n", " ", "  ", "gerne."]), max_size=12).map(" ".join)


def job(before, after, reader="parent", form=FORM):
    comparison = compare([form], before, after, reader=reader)
    return change_job(
        form,
        comparison,
        before=1,
        after=2,
        reader=reader,
        document=document(form.id, form.version),
        municipality="Solbjerg Kommune",
        moment=datetime(2026, 5, 1, tzinfo=UTC),
    )


def words(lines, *kinds):
    return " ".join("".join(one.text for line in lines for one in line if one.kind in kinds).split())


@pytest.mark.req("P3")
@given(old=WORDS, new=WORDS)
def test_both_texts_can_be_read_out_of_what_is_printed(old, new):
    made = job({**ANSWERS, TEXT: f"Alma {old}"}, {**ANSWERS, TEXT: f"Alma {new}"})
    changed = [one for section in made.sections for one in section.fields if one.field_id == TEXT]
    if not changed:
        assert word_difference(f"Alma {old}".strip(), f"Alma {new}".strip()).same or old.split() == new.split()
        return
    (field,) = changed
    spaced = f"Alma {old}".split() == f"Alma {new}".split()
    assert field.label.endswith("(kun mellemrum eller linjeskift er ændret)" if spaced else "(ændret)")
    assert words(field.changes, "same", "added") == " ".join(f"Alma {new}".split())
    for line in field.changes:
        for one in line:
            assert one.kind == "same" or one.text == one.text.strip() != ""


def test_it_says_of_each_question_what_kind_of_change_it_is():
    without = {key: value for key, value in ANSWERS.items() if key != TEXT}
    for before, after, word in ((without, ANSWERS, "ny tekst"), (ANSWERS, without, "fjernet")):
        (field,) = [one for section in job(before, after).sections for one in section.fields]
        assert field.label.endswith(f"({word})")
        assert {one.kind for line in field.changes for one in line} == {"added" if word == "ny tekst" else "removed"}


@pytest.mark.req("P3")
def test_the_rows_of_a_table_stand_one_below_another_with_the_changed_words_in_them():
    first, second = {"indsats": "Fast makker ude", "hvem": "Mette", "virkning": "God ro"}, {"indsats": "Billedtavle"}
    new = [{**first, "hvem": "Ahmad"}, second]
    made = job({**ANSWERS, "u_indsatser": [first]}, {**ANSWERS, "u_indsatser": new}, "team")
    (field,) = [one for section in made.sections for one in section.fields if one.field_id == "u_indsatser"]
    assert [line[1].kind if at == 0 else line[0].kind for at, line in enumerate(field.changes)] == ["removed", "added"]
    assert [one.text for one in field.changes[0]][1:3] == ["Mette", "Ahmad"]


def test_how_a_question_read_before_stands_above_the_answer_and_in_the_file():
    forms = [DEFINITIONS.get("trivselsvurdering", number) for number in (1, 2)]
    comparison = compare(forms, {"f_vurdering": "Alma er glad."}, {"f_gaar_godt": "Alma er glad."}, reader="parent")
    made = change_job(
        forms[1],
        comparison,
        before=1,
        after=2,
        reader="parent",
        document=document("trivselsvurdering", 2),
        municipality="Solbjerg Kommune",
        moment=datetime(2026, 5, 1, tzinfo=UTC),
    )
    ((field,),) = (section.fields for section in made.sections)
    assert field.label == "Det går godt (spørgsmålet er ændret, svaret er det samme)"
    assert [line[0].text for line in field.changes] == [
        "Spørgsmålet lød før: »Vores vurdering til jer«.",
        "Alma er glad.",
    ]
    (told,) = msgspec.json.decode(made.data)["changes"]
    assert told["asked_before"] == "Vores vurdering til jer" and told["kind"] == "asked"


@pytest.mark.req("T9")
def test_it_holds_the_readers_comparison_and_nothing_else():
    form, answers = DEFINITIONS.get("trivselsvurdering", 2), sample("trivselsvurdering", 2, "typical").answers
    before, after = {**answers, "uenighed": "Noget internt."}, {**answers, "uenighed": "Noget andet internt."}
    team, parents = job(before, after, "team", form), job(before, after, "parent", form)
    assert b"uenighed" in team.data and "internt" in msgspec.json.encode(team.sections).decode()
    assert b"internt" not in msgspec.json.encode(parents.sections) + parents.data and b"uenighed" not in parents.data


def test_nothing_changed_is_said_too():
    made = job(ANSWERS, ANSWERS)
    assert "ingen forskel" in made.sections[0].fields[0].changes[0][0].text
    assert msgspec.json.decode(made.data)["changes"] == []
