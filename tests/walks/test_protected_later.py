"""The register learns of a protected address after the text was agreed, signed and released (R-37). The address is one that
stands in the demo's own text already: »omkring 5«, in a field that the receiver gets."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, document_now, request_now, say_yes
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.process.access import may
from tillid.usecases.facts import facts_of
from tillid.usecases.grant_reading import grant_reading
from tillid.usecases.hand_out import ProtectedThere, hand_out, handed_out_copy
from tillid.usecases.lists import received_lines
from tillid.usecases.open_copy import name_reader, open_copy
from tillid.usecases.save_fields import Change, save_fields, undo_change
from tillid.usecases.share_document import NotReady, share_document
from tillid.web.answers import NOT_FOUND_BODY

pytestmark = pytest.mark.req("R-37")
FIELD, PLACE = "u_ressourcer", "Omkring 5, 4299 Solbjerg"


def protect(world, on=True) -> None:
    with world.house() as house:
        holder = world.holders(SET.child_id)[0].person_id
        parent, cpr = house.people.parent(holder), house.people.unmask_cpr(holder)
        house.people.put_parent(msgspec.structs.replace(parent, protected_address=on), cpr)
        house.people.put_address(holder, PLACE)


def test_what_was_released_closes_for_the_receiver_and_only_the_sender_hears_why(world_at):
    world = world_at("signed")
    people, document_id = WorldInstallation(world), world.made["document"]
    hanne, at = as_staff(people, "hanne"), f"/modtaget/{document_id}"
    assert hanne.get(at).status_int == 200
    protect(world)
    for end in ("", "/dokument.pdf", "/fremdrift"):
        assert hanne.get(at + end, status=404).body == NOT_FOUND_BODY
    with world.house() as house:
        (line,) = received_lines(house, world.staff("hanne"), SET.receiver_unit_id)
        assert (line.line, line.child_name) == ("unavailable", "")
        with pytest.raises(NotFound):
            name_reader(house, world.staff("hanne"), document_id, world.staff("peter").person_id)
    told = as_staff(people, "sofie").get(f"/dokument/{document_id}")
    assert "Modtageren kan ikke åbne dokumentet" in told
    (listed,) = told.html.select(".alert-error li")
    with world.house() as house:
        form = house.definitions.of(document_now(world).definition)
    assert listed.text == form.field(FIELD).label and "4299" not in told
    other = as_parent(people, world.holders(SET.child_id)[1].person_id)
    assert "beskyttet" not in other.get("/") and "beskyttet" not in other.get(f"/foraelder/dokument/{document_id}")
    protect(world, on=False)
    assert hanne.get(at).status_int == 200


def test_a_set_that_is_completed_over_one_is_not_announced_to_the_receiver(world_at):
    world = world_at("asked")
    protect(world)
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert document_now(world).state == "signed", "the parents' answer stands"
    assert world.drain() == ["release.protected-address"]

    def notices(username):
        with world.house() as house:
            return {one.text_id for one in house.notices.of_person(world.staff(username).person_id)}

    assert "released" not in notices("hanne") and "release_stopped" in notices("sofie")
    with world.house() as house:
        assert not house.documents.version(document_now(world).id, request_now(world).document.version).receiver_copies
    protect(world, on=False)
    world.clock.move(minutes=1)
    assert world.drain() == []
    with world.house() as house:
        assert open_copy(house, world.staff("hanne"), world.made["document"], "read_released").data[:5] == b"%PDF-"


def test_an_address_is_not_brought_back_into_a_shared_text(world_at):
    world = world_at("shared")
    sofie, document_id = world.staff("sofie"), world.made["document"]
    world.clock.move(minutes=1)  # a change of its own
    with world.house() as house:
        base = house.documents.draft(document_id).fields[FIELD].revision
        save_fields(house, sofie, document_id, {FIELD: Change(value="Hun er modig.", base=base)})
    protect(world)
    with world.house() as house:
        undone = undo_change(house, sofie, document_id, FIELD)
        assert [one.field_id for one in undone.problems] == [FIELD]
        assert house.documents.draft(document_id).answers[FIELD] == "Hun er modig."


@pytest.mark.req("R-71")
def test_a_refused_sharing_leaves_an_attempt_and_what_came_of_it(world_at):
    world = world_at("draft")
    protect(world)
    with pytest.raises(NotReady), world.house() as house:
        share_document(house, world.staff("sofie"), world.made["document"])
    app = as_staff(WorldInstallation(world), "sofie")
    review = app.get(f"/dokument/{world.made['document']}/gennemse")
    next(form for form in review.forms.values() if str(form.action).endswith("/del")).submit(status=422)
    rows = [row for row in world.parts.audit.tail(50) if row.action == "share"]
    assert [(row.phase, row.outcome) for row in rows] == [("attempt", ""), ("attempt", ""), ("outcome", "refused")]
    assert {(row.object_id, row.child_id, row.purpose) for row in rows} == {
        (world.made["document"], SET.child_id, "share")
    }


@pytest.mark.req("R-34", "R-37")
def test_nothing_with_one_is_handed_out_to_who_it_may_be_protected_from(world_at):
    world = world_at("shared")
    birgit, document_id, before = world.staff("birgit"), world.made["document"], new_id()
    said = {"to": "Barnets far, Ole Skov", "reason": "Bad om det i telefonen."}
    with world.house() as house:
        hand_out(house, birgit, document_id, event_id=before, **said)
    protect(world)
    with pytest.raises(ProtectedThere), world.house() as house:
        hand_out(house, birgit, document_id, event_id=new_id(), **said)
    with pytest.raises(ProtectedThere) as refused, world.house() as house:
        handed_out_copy(house, birgit, document_id, before)
    assert PLACE not in str(refused.value) and FIELD not in str(refused.value)
    protect(world, on=False)
    with world.house() as house:
        assert handed_out_copy(house, birgit, document_id, before).data.startswith(b"%PDF-")


@pytest.mark.req("R-36", "R-37")
def test_nothing_with_one_opens_by_a_grant_until_it_is_protected_no_more(world_at):
    world = world_at("shared")
    birgit, document_id, foster = (
        world.staff("birgit"),
        world.made["document"],
        world.parent(world.ids.parents["shirin"]),
    )
    with world.house() as house:
        until = local_day(house.moment) + timedelta(days=30)
        grant_reading(
            house, birgit, document_id, cpr="810690-4018", basis="Udvalgets afgørelse", until=until, event_id=new_id()
        )
    for on in (True, False):
        protect(world, on=on)
        with world.house() as house:
            facts = facts_of(house, house.documents.get(document_id))
            assert may(foster, "read_parent_copy", facts, house.moment).allowed is not on
