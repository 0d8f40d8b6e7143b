"""Held, appraised, ordered by one, confirmed by another, thought over, gone, and for good (R-82, R-90)."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import msgspec
import pytest

from tests.support.destruction import (
    FIRST,
    SECOND,
    WHY,
    act,
    code,
    gone,
    keeper,
    mark,
    ordered,
    stops,
)
from tests.support.destruction import due as due
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, document_now, leader
from tillid.archive.keeping import CANCELLED, DESTROYED
from tillid.cms.store.destroyed import NotFree, refuse_unless_free
from tillid.consents.remarks import RESTRICTED, remarks_of
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.appraise import approve_transfer
from tillid.usecases.due_list import due_list
from tillid.usecases.fasten_remark import lift_restriction, restrict
from tillid.usecases.keep_document import lift_hold, place_hold
from tillid.usecases.order_destruction import cancel_destruction, confirm_destruction, order_destruction
from tillid.web.answers import NOT_FOUND_BODY


@pytest.mark.req("R-82", "R-83", "R-90")
def test_nothing_goes_before_everything_is_said_and_two_have_said_it(due):
    assert stops(due) == ("undecided",), "born undecided"
    assert code(act, due, FIRST, order_destruction, WHY) == "keeping.stopped"
    assert code(mark, due, facet="") == "keeping.class" and code(mark, due, basis="") == "keeping.class"
    assert code(mark, due, reason="kort") == "keeping.reason"
    assert code(mark, due, reason="Barnet har CPR 010120-1234, siger mor.") == "keeping.reason"
    mark(due, who=SECOND)
    order = act(due, FIRST, order_destruction, WHY)
    for who in (FIRST, SECOND):  # who asked for it, and who set the mark
        assert code(act, due, who, confirm_destruction, order) == "keeping.same-person"
    mark(due, "bevares")
    assert stops(due) == ("not_archived",)
    assert code(act, due, FIRST, approve_transfer, archive="", reference="1", approved_on=None) == "keeping.transfer"
    before = document_now(due).created_at.date() - timedelta(days=2)
    assert code(act, due, FIRST, approve_transfer, archive="A", reference="1", approved_on=before) == "keeping.transfer"
    with pytest.raises(NotFound):  # whatever was typed
        act(due, "birgit", approve_transfer, archive="A", reference="1", approved_on=before)
    tomorrow = due.clock.now().date() + timedelta(days=1)
    assert (
        code(act, due, FIRST, approve_transfer, archive="A", reference="1", approved_on=tomorrow) == "keeping.transfer"
    )
    assert stops(due) == ("not_archived",), "only an approval makes it archived"
    act(due, FIRST, approve_transfer, archive="Rigsarkivet", reference="32-1", approved_on=date(2032, 1, 2))
    assert stops(due) == ()
    order = act(due, FIRST, order_destruction, WHY)
    assert code(act, due, FIRST, confirm_destruction, order) == "keeping.same-person"
    held = act(due, SECOND, place_hold, "legal", "En retssag er anlagt mod kommunen.")
    assert code(act, due, SECOND, confirm_destruction, order) == "keeping.stopped"
    act(due, SECOND, lift_hold, held, "Retssagen er afsluttet.")
    act(due, SECOND, confirm_destruction, order)
    assert due.drain() == [] and not gone(due), "time to think again"
    due.clock.move(days=13)
    assert due.drain() == [] and not gone(due)
    act(due, FIRST, cancel_destruction, order, "Vi vil se den igennem en gang til.")
    due.clock.move(days=5)
    assert due.drain() == [] and not gone(due)


@pytest.mark.req("R-90")
def test_a_hold_placed_after_the_confirmation_stops_it_and_the_order_has_to_be_given_anew(due):
    mark(due)
    ordered(due)
    held = act(due, FIRST, place_hold, "insight", "Forældrene har bedt om indsigt.")
    due.clock.move(days=15)
    assert due.drain() == [] and not gone(due)
    with due.house() as house:
        last = house.ledger.of_document(due.made["document"])[-1]
    assert (last.kind, last.actor, last.payload["reason"]) == (CANCELLED, "system", "held")
    act(due, FIRST, lift_hold, held, "Indsigten er givet.")
    due.clock.move(days=30)
    assert due.drain() == [] and not gone(due)


@pytest.mark.req("R-72", "R-90")
def test_what_somebody_objects_to_is_not_destroyed_before_the_objection_is_settled(due):
    mark(due)
    ordered(due)
    document_id = due.made["document"]
    with due.house() as house:
        restrict(house, leader(due), document_id, "claims", "Skal bruges i en sag.", event_id=new_id())
    assert stops(due) == ("restricted",)
    due.clock.move(days=15)
    assert due.drain() == [] and not gone(due)
    with due.house() as house:
        events = house.ledger.of_document(document_id)
        done = [one for one in events if one.kind != CANCELLED] + [msgspec.structs.replace(events[-1], kind=DESTROYED)]
        with pytest.raises(NotFree):  # whichever way the call came
            refuse_unless_free(done)
        refuse_unless_free([one for one in done if one.kind != RESTRICTED])
        restriction = remarks_of(events).restrictions[0].id
        lift_restriction(house, leader(due), document_id, restriction, "Sagen er afgjort.", event_id=new_id())
    assert events[-1].payload["reason"] == "restricted" and stops(due) == ()


@pytest.mark.req("R-18", "R-05", "R-82")
@pytest.mark.parametrize("who", ["birgit", "camilla", "rasmus", "hanne"])
def test_nobody_but_the_controllers_archivists_has_any_of_it(due, who):
    for call in (order_destruction, place_hold):
        more = ("legal", WHY) if call is place_hold else (WHY,)
        with pytest.raises(NotFound):
            act(due, who, call, *more)
    with due.house() as house, pytest.raises(NotFound):
        due_list(house, due.staff(who), SET.unit_id)


@pytest.mark.req("R-82", "R-83", "R-90")
def test_the_store_itself_refuses_what_the_ledger_does_not_allow(due):
    from tests.unit.cms.samples import tombstone

    document = document_now(due)
    mark(due)
    for free in (None, "held"):
        if free == "held":
            ordered(due)
            act(due, FIRST, place_hold, "legal", "En retssag er anlagt.")
        with pytest.raises(NotFree), due.house() as house:
            house.documents.destroy(tombstone(document))
    assert not gone(due)


@pytest.mark.req("R-90")
def test_what_an_older_backup_brings_back_goes_again_before_anybody_is_answered(due, world_at):
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    due.drain()
    assert keeper(due).wipe(due.house) == 1
    restored = world_at("signed")
    restored.clock.moment = due.clock.moment
    shutil.copytree(due.folder / "destroyed", restored.folder / "destroyed")
    assert keeper(restored).replay(restored.house) == 1 and gone(restored)
    assert keeper(restored).replay(restored.house) == 0
    with restored.house() as house:
        assert house.documents.tombstone(restored.made["document"]).after_restore == restored.clock.moment
    assert restored.drain() == []
    assert keeper(restored).wipe(restored.house) == 1, "its texts leave these files too"


@pytest.mark.req("R-90", "R-21")
def test_who_had_to_do_with_it_still_finds_what_is_theirs(due):
    """The child's ledger tells of a document that is no more; no page may stumble over it."""
    document = document_now(due)
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    installation = WorldInstallation(due)
    holder = due.holders(SET.child_id)[0].person_id
    for app in (
        as_parent(installation, holder),
        *(as_staff(installation, who) for who in ("sofie", "hanne", "rasmus")),
    ):
        assert document.number not in app.get("/", status=200)
    for who, address in (("sofie", "barn"), ("rasmus", "log")):
        page = as_staff(installation, who).get(f"/{address}/{SET.child_id}", status="*")
        assert page.status_int in (200, 404), f"{address}: {page.status_int}"
    for address in (f"/dokument/{document.id}", f"/foraelder/dokument/{document.id}"):
        assert as_parent(installation, holder).get(address, status=404).body == NOT_FOUND_BODY
