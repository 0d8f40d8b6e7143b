"""A later phase of a form is a form of its own, of the same words, and nothing of the rest (design 11, ADR 0074)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.unit.forms.examples import small
from tillid.forms.additions import Named
from tillid.forms.loading import Definitions
from tillid.forms.phases import later_phases, of_phase
from tillid.kernel.errors import TillidError
from tillid.process.sharing import way_of


@pytest.fixture(scope="module")
def transition(definitions):
    return definitions.latest("overgangsbeskrivelse")


def test_it_has_the_phases_fields_and_no_others_and_they_are_the_own_places(transition):
    reception, evaluation = of_phase(transition, "reception"), of_phase(transition, "evaluation")
    assert [one.id for one in reception.fields] == [
        "overlevering_dato",
        "overlevering_deltagere",
        "mundtligt",
        "modtageplan",
    ]
    assert [one.id for one in evaluation.fields] == [
        "eval_dato",
        "eval_rette_oplysninger",
        "eval_samtale",
        "eval_barn",
        "eval_foraeldre",
    ]
    for form in (reception, evaluation):
        assert {field.phase for field in form.fields} == {"content"} and not form.upcast and not form.allowed_bases
        for field in form.fields:
            before = transition.fields_by_id[field.id]
            assert (field.label, field.type, field.shown_if) == (before.label, before.type, before.shown_if)
            assert ("team" in field.visible_to) == ("receiver" in before.visible_to)
            assert ("parent" in field.visible_to) == ("parent" in before.visible_to)
            assert not {"receiver", "author"} & set(field.visible_to) and "receiver" not in field.filled_by
            assert ("professional" in field.filled_by) == ("receiver" in before.filled_by)


def test_what_only_the_senders_side_sees_is_nobodys_there():
    form = small(
        "filled_by: [receiver], visible_to: [receiver, parent]", "filled_by: [professional], visible_to: [author, team]"
    )
    (field,) = of_phase(form, "reception").fields
    assert field.visible_to == ()


def with_plan(**changes):
    form = small()
    sections = [replace(one, fields=tuple(replace(field, **changes) if field.id == "plan" else field for field in one.fields)) for one in form.sections]  # fmt: skip
    return replace(form, digest=str(changes), sections=tuple(sections))


def test_what_asks_for_an_answer_of_another_phase_is_left_out_and_none_is_required_by_one():
    asked = {"eq": [{"field": "kind"}, "b"]}
    assert not of_phase(with_plan(shown_if=asked), "reception").fields
    assert [one.required for one in of_phase(with_plan(required=asked), "reception").fields] == ["no"]
    assert [one.required for one in of_phase(with_plan(required="yes"), "reception").fields] == ["yes"]


def test_it_is_shared_with_the_parents_and_locked_by_the_leader_and_agreed_on_by_nobody(transition):
    for phase in ("reception", "evaluation"):
        way = way_of(of_phase(transition, phase))
        assert (way.shared, way.attested, way.attested_first, way.agreed, way.closes) == (
            True,
            True,
            False,
            False,
            False,
        )


def test_its_digest_changes_with_the_forms_and_is_no_other_forms(transition):
    forms = [transition, of_phase(transition, "reception"), of_phase(transition, "evaluation"), of_phase(small(), "reception"),
             of_phase(small("Ord", "Ordet"), "reception")]  # fmt: skip
    assert len({one.digest for one in forms}) == len(forms)
    assert of_phase(transition, "reception") is of_phase(transition, "reception"), "made once"


def test_it_is_found_by_how_its_document_names_it_and_a_phase_of_its_content_is_none(transition):
    found = Definitions([transition]).of(Named(form_id=transition.id, version=transition.version, phase="reception"))
    assert found is of_phase(transition, "reception")
    for phase in ("content", "derived", "modtagelse"):
        with pytest.raises(TillidError) as refused:
            of_phase(transition, phase)
        assert refused.value.code == "forms.no-such-phase"
    assert [one.id for one in later_phases(transition)] == ["reception", "evaluation"]
    assert later_phases(small("phase: reception", "phase: content")) == ()


def test_it_says_in_english_what_it_says_in_danish(transition):
    form = of_phase(transition, "reception").in_language("en")
    assert form.title == "Transition description (the child's book): Reception"
    assert form.purpose == "Written by the new place as a document of its own."
    assert {one.id: one.title for one in form.states} == {
        "draft": "Draft",
        "shared": "Shared with the parents",
        "submitted": "Received",
    }
    assert form.fields_by_id["mundtligt"].label == "Added orally"
