"""The wording check at work: marked beside the field and on the review page, never a stop; a protected address stops."""

from __future__ import annotations

import msgspec
import pytest
from lxml import html

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, fill_all, leader
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.fill import text_digest
from tillid.usecases.share_document import NotReady, share_document

ADDRESS = "Lærkesporet 41, 1. th., 4299 Solbjerg"
SAID = "Hun er i gul for tiden. Ring til Skovvej 12."


def protect(world) -> None:
    """One of the child's holders gets a protected address."""
    with world.house() as house:
        holder = world.holders(SET.child_id)[0].person_id
        parent, cpr = house.people.parent(holder), house.people.unmask_cpr(holder)
        house.people.put_parent(msgspec.structs.replace(parent, protected_address=True), cpr)
        house.people.put_address(holder, ADDRESS)


def browser_of(world):
    with world.house() as house:
        username = house.people.staff(author(world).person_id).username
    return as_staff(WorldInstallation(world), username)


@pytest.mark.req("T9b", "O3", "R-37")
def test_words_are_marked_beside_the_field_and_on_the_review_page_and_stop_nothing(world_at):
    world = world_at("draft")
    document_id = world.made["document"]
    fill_all(world, author(world), document_id, {"u_greb": SAID})
    browser = browser_of(world)
    section = html.fromstring(browser.get(f"/dokument/{document_id}/udfyld/fagpersonens_del").body)
    beside = section.get_element_by_id("f-u_greb-wording")
    assert [mark.text for mark in beside.iter("mark")] == ["Skovvej 12", "gul"]
    field = section.get_element_by_id("f-u_greb")
    assert "f-u_greb-wording" in field.get("aria-describedby").split()
    review = browser.get(f"/dokument/{document_id}/gennemse")
    page = html.fromstring(review.body)
    assert [mark.text for mark in page.iter("mark")] == ["Skovvej 12", "gul"]
    assert page.xpath("//a[contains(@href, 'fagpersonens_del#field-u_greb')]")
    shared = review.forms[next(k for k, f in review.forms.items() if str(f.action).endswith("/del"))].submit()
    assert shared.status_int == 303


@pytest.mark.req("R-37")
def test_a_protected_address_stops_sharing_and_is_not_repeated(world_at):
    world = world_at("draft")
    document_id = world.made["document"]
    protect(world)
    fill_all(world, author(world), document_id, {"u_greb": "Mor bor på lærkesporet nr. 41."})
    browser = browser_of(world)
    review = browser.get(f"/dokument/{document_id}/gennemse")
    form = review.forms[next(k for k, f in review.forms.items() if str(f.action).endswith("/del"))]
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 422
    (said,) = html.fromstring(refused.body).xpath("//*[@id='missing-heading']/following-sibling::ul")
    assert "en adresse, som er beskyttet" in said.text_content() and "41" not in said.text_content()
    with world.house() as house:
        assert house.documents.get(document_id).state == "draft"
    fill_all(world, author(world), document_id, {"u_greb": "Mor bor i byen."})
    with world.house() as house:
        share_document(house, author(world), document_id)


@pytest.mark.req("R-37")
def test_no_parent_can_try_out_addresses_but_the_text_is_not_agreed_with_one_in_it(world_at):
    """The other parent writes a guess and agrees: nothing tells whether it was right. The sender's side is stopped."""
    world = world_at("shared")
    document_id = world.made["document"]
    protect(world)
    fill_all(world, leader(world), document_id, SET.leader)
    guessing = world.holders(SET.child_id)[1]
    answers = {}
    for guess in (ADDRESS, "Lærkesporet 43, 1. th., 4299 Solbjerg"):
        fill_all(world, guessing, document_id, {**SET.parents, "p_styrker": f"Vi bor på {guess}"})
        with world.house() as house:
            digest = text_digest(house.documents.draft(document_id))
            answers[guess] = confirm_agreement(house, guessing, document_id, digest)
        page = as_parent(WorldInstallation(world), guessing.person_id).get(
            f"/dokument/{document_id}/udfyld/foraeldrenes_del"
        )
        assert page.text.count("Det ligner en adresse") == 1
        with world.house() as house:
            if guess == ADDRESS:
                with pytest.raises(NotReady) as refused:
                    confirm_agreement(house, author(world), document_id, digest)
                assert [p.field_id for p in refused.value.problems] == ["p_styrker"]
    first, second = answers.values()
    assert first == second
