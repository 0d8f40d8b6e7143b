"""The section page as a form: what was right is saved although something else was wrong, and no text is lost."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import author, leader
from tillid.usecases.fill import definition_of
from tillid.usecases.save_fields import Change, save_fields


@pytest.fixture
def opened(world_at):
    """The world, its draft reader, and the form of the section that ``u_greb`` stands in."""
    world = world_at("draft")
    document_id = world.made["document"]
    with world.house() as house:
        username = house.people.staff(author(world).person_id).username
        section = definition_of(house, house.documents.get(document_id)).field("u_greb").section
    page = as_staff(WorldInstallation(world), username).get(f"/dokument/{document_id}/udfyld/{section}")

    def draft():
        with world.house() as house:
            return house.documents.draft(document_id)

    return world, draft, form_of(page)


def form_of(page):
    return next(form for form in page.forms.values() if "f.u_greb" in form.fields)


def test_one_wrong_answer_does_not_take_the_right_ones_with_it(opened):
    _, draft, form = opened
    form["f.u_greb"], form["f.u_sprog"] = "x" * 5000, "Rigtige nye ord"
    answer = form.submit(status=422)
    assert draft().answers["u_sprog"] == "Rigtige nye ord"
    again = form_of(answer)
    assert again["f.u_greb"].value == "x" * 5000
    again["f.u_greb"] = "Kort"
    again.submit(status=303)
    assert draft().answers["u_greb"] == "Kort" and not draft().kept


def test_a_clash_on_the_section_page_keeps_both_texts_until_one_is_chosen(opened):
    world, draft, form = opened
    with world.house() as house:
        base = draft().fields["u_greb"].revision
        save_fields(house, leader(world), world.made["document"], {"u_greb": Change(value="Lederens ord", base=base)})
    form["f.u_greb"] = "Mine ord"
    answer = form.submit(status=422)
    assert draft().answers["u_greb"] == "Lederens ord" and "Lederens ord" in answer and "Mine ord" in answer
    assert [kept.value for kept in draft().kept["u_greb"]] == ["Mine ord"]
