"""A backup was put back and nobody knows what was taken back since: nothing is given on until somebody has looked (ADR 0082).

Which channels there are, and that each is closed by this reason too: tests/walks/test_every_channel.py."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.access import HELD
from tests.support.destruction import child_left
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.restored import put_back
from tests.support.shared_forms import SHEET
from tests.support.world import SET, author, document_now, fill_all, request_now, say_yes
from tests.walks.test_decided_share import decide, readable, refuse, sections, sections_of_the_text
from tests.walks.test_every_channel import CHANNELS
from tests.walks.test_insight import csrf
from tests.walks.test_meeting_consent import PSYCHOLOGIST, answer, ask, meeting_called, told
from tests.walks.test_protected_later import protect
from tests.walks.test_search_own import GREB, hits_of
from tillid.consents.restored import CONFIRMED
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.confirm_release import SHOWN, NothingShown, confirm_release, confirm_restored, held_page
from tillid.usecases.decide_share import AlreadyDecided
from tillid.usecases.facts import gathered
from tillid.usecases.grant_reading import grant_reading
from tillid.usecases.keep_document import kept
from tillid.usecases.open_copy import name_reader, open_copy
from tillid.usecases.own_consent import own_receipt
from tillid.usecases.restricted import PackingHeld, refuse_packing
from tillid.usecases.share_document import share_document
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY

LEADER, RECEIVER, NAMED = "birgit", "hanne", "peter"


def facts_now(world):
    with world.house() as house:
        return gathered(house, house.documents.get(world.made["document"]))[0]


def confirm(world, share_id, who=LEADER, shown=("asked",), event_id=None):
    with world.house() as house:
        confirm_release(house, world.staff(who), world.made["document"], share_id, shown, event_id=event_id or new_id())


def grant_to_the_foster_parent(world):
    with world.house() as house:
        until = house.moment.date() + timedelta(days=30)
        grant_reading(house, world.staff(LEADER), world.made["document"], cpr="810690-4018", basis="Udvalget, 1. november",
                      until=until, event_id=new_id())  # fmt: skip


def refused(call, *args, kind=NotFound, **more):
    with pytest.raises(kind):
        call(*args, **more)
    return True


@pytest.mark.req("R-17", "R-18", "R-22", "R-70", "R-71")
def test_each_channel_is_closed_until_the_leader_has_looked_and_the_log_says_who_and_by_what(world_at):
    world = world_at("signed")
    assert world.drain() == []
    installation, request, base = WorldInstallation(world), request_now(world), f"/modtaget/{world.made['document']}"
    with world.house() as house:
        name_reader(house, world.staff(RECEIVER), world.made["document"], world.ids.staff[NAMED])
    readers = [as_staff(installation, who) for who in (RECEIVER, NAMED)]
    opened = [end for name, end in CHANNELS.items() if name != "released_attachment"]
    assert all(app.get(base + end, status=200) for app in readers for end in opened)
    assert hits_of(world, RECEIVER, GREB).total == 1

    restored = put_back(world)
    for app in readers:
        for end in CHANNELS.values():
            assert app.get(base + end, status=404).body == NOT_FOUND_BODY, end
        assert request.child_name not in app.get("/"), "neither in a list"
    assert hits_of(world, RECEIVER, GREB).total == 0 and hits_of(world, "sofie", GREB).total == 1, "one's own stays"
    with world.house() as house:
        assert refused(name_reader, house, world.staff(RECEIVER), world.made["document"], world.ids.staff[NAMED])
        assert refused(refuse_packing, house, world.made["document"], "document", kind=PackingHeld)
        assert refused(refuse_packing, house, world.made["document"], "due", kind=PackingHeld)

    address = f"/dokument/{world.made['document']}/holdt-tilbage"
    for who in ("sofie", RECEIVER, "ove", "camilla"):
        assert as_staff(installation, who).get(address, status=404).body == NOT_FOUND_BODY, who
    assert "Din leder ser efter" in as_staff(installation, "sofie").get(f"/dokument/{world.made['document']}")
    leader = as_staff(installation, LEADER)
    page = leader.get(f"/dokument/{world.made['document']}").click("Se efter, og bekræft")
    form = next(one for one in page.forms.values() if "del" in one.fields)
    refused_ = form.submit(status=422)
    assert "Vælg, hvad der viser" in refused_.html.select_one(".error-summary a[href='#vist-1-1']").text
    assert (
        "Vælg, hvad der viser" in refused_.html.select_one("fieldset[aria-describedby='vist-1-fejl'] #vist-1-fejl").text
    )
    assert facts_now(world).held
    form["vist"] = ["receipts", "mail"]
    form.submit(status=303)
    form.submit(status=303)  # the same click
    assert all(app.get(base + end, status=200) for app in readers for end in opened)
    assert leader.get(address, status=404).body == NOT_FOUND_BODY, "nothing is left to confirm"
    with world.house() as house:
        (event,) = [one for one in house.ledger.of_document(document_now(world).id) if one.kind == CONFIRMED]
        mine = (one for one in house.audit.of_child(SET.child_id) if one.person_id == world.ids.staff[LEADER])
        rows = [one.action for one in mine if one.phase == "attempt"]
        told_ = [one.text_id for one in house.notices.of_person(world.ids.staff[RECEIVER])]
        refuse_packing(house, world.made["document"], "document")
    assert (event.actor, event.request_id) == (world.ids.staff[LEADER], request.id)
    assert event.payload == {"restored": [restored], "shown_by": ["receipts", "mail"]}
    assert rows.count("confirm_release") == 1 and "held_page" in rows and told_.count("released") == 2
    put_back(world)
    assert readable(world) is None, "another one holds anew"


@pytest.mark.req("R-16", "R-17", "R-35")
def test_parents_read_their_own_take_back_at_once_and_nothing_confirms_what_was_taken_back(world_at):
    world = world_at("signed")
    installation, request, holder = WorldInstallation(world), request_now(world), world.holders(SET.child_id)[0]
    put_back(world)
    parent = as_parent(installation, holder.person_id)
    assert "Det nye sted kan ikke læse det, før vi har set efter" in parent.get("/")
    said = parent.get(f"/samtykke/{request.id}")
    assert "hentet tilbage fra en sikkerhedskopi" in said and "Har du trukket dit ja tilbage" in said
    with world.house() as house:
        assert open_copy(house, holder, world.made["document"], "read_parent_copy").data
        event = withdraw_consent(house, holder, request.id, language="da", event_id=new_id())
        assert own_receipt(house, holder, request.id, event.event_id)
    assert facts_now(world).verdict.reason == "withdrawn" and not facts_now(world).held
    assert refused(confirm, world, request.id)
    with world.house() as house:
        confirm_restored(house, world.staff("camilla"), house.restored[0].id, SHOWN)
    assert readable(world) is None


@pytest.mark.req("R-17", "R-18", "R-71")
def test_the_administrator_opens_all_of_one_backup_and_the_log_says_so(world_at):
    world = world_at("signed")
    installation = WorldInstallation(world)
    admin = as_staff(installation, "camilla")
    assert "sikkerhedskopi fra" not in admin.get("/drift")
    assert "har ikke været hentet tilbage" in admin.get("/drift/sikkerhedskopi")
    first, second = put_back(world), put_back(world, lost=3)
    page = admin.get("/drift").click("Se, hvad I skal gøre")
    assert "3 ting, som kopien ikke ved" in page and request_now(world).child_name not in page
    for who in (LEADER, "ove", "rasmus", RECEIVER):
        assert as_staff(installation, who).get("/drift/sikkerhedskopi", status=404).body == NOT_FOUND_BODY
        with world.house() as house:
            assert refused(confirm_restored, house, world.staff(who), first, SHOWN)
    chosen = {"csrf_token": csrf(admin, "/drift/sikkerhedskopi"), "kopi": first}
    wrong = admin.post("/drift/sikkerhedskopi", chosen, status=422).html.select(".form-error-message")
    assert [one["id"] for one in wrong] == ["vist-2-fejl"] and "Vælg, hvad der viser" in wrong[0].text
    for one in (first, second):
        assert readable(world) is None
        form = next(f for f in page.forms.values() if "kopi" in f.fields and f["kopi"].value == one)
        form["vist"] = ["log_head"]
        form.submit(status=303)
        form.submit(status=303)  # the same click: the first who looked stays
    assert readable(world)
    assert "Bekræftet af Camilla" in admin.get("/drift/sikkerhedskopi")
    with world.house() as house:
        mine = (one for one in house.audit.tail(50) if (one.action, one.phase) == ("confirm_restored", "attempt"))
        rows = [(one.object_id, one.purpose) for one in mine]
        assert refused(confirm_restored, house, world.staff("camilla"), new_id(), SHOWN)
        assert [one.looked_at.shown_by for one in house.restored] == [("log_head",), ("log_head",)]
    assert sorted(rows) == sorted((one, "log_head") for one in (first, second))


@pytest.mark.req("R-18", "R-71")
def test_without_the_row_in_the_log_nothing_is_opened(world_at):
    world = world_at("signed")
    restored = put_back(world)
    with world.full_log(), pytest.raises(Unavailable), world.house() as house:
        confirm_restored(house, world.staff("camilla"), restored, SHOWN)
    assert readable(world) is None


@pytest.mark.req("R-21", "R-31", "R-22")
def test_what_was_asked_before_is_held_though_the_last_yes_came_later_and_what_is_asked_after_is_not(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    put_back(world)
    say_yes(world, second)
    assert facts_now(world).verdict.reason == "restored" and readable(world) is None
    with world.house() as house:
        assert document_now(world).state == "signed", "signed is history"
        assert not [one for one in house.notices.of_person(world.ids.staff[RECEIVER]) if one.text_id == "released"]
    assert world.drain() == ["release.restored"]
    confirm(world, request_now(world).id)
    world.clock.move(hours=2)
    assert world.drain() == [] and readable(world)


@pytest.mark.req("R-17", "R-22")
def test_what_the_outbox_was_to_render_waits_and_comes_when_all_is_confirmed(world_at):
    world = world_at("signed")
    restored, ids = put_back(world), {"document": world.made["document"], "request": world.made["request"]}
    with world.house() as house:
        house.outbox.add("render_released", ids, house.moment)
    assert world.drain() == ["release.restored"], "it waits and is not given up"
    with world.house() as house:
        confirm_restored(house, world.staff("camilla"), restored, ("audit",))
    assert world.drain() == []
    with world.house() as house:
        assert not [one for one in house.outbox.pending() if one.step == "render_released"], "at once, not in an hour"
        assert open_copy(house, world.staff(RECEIVER), world.made["document"], "read_released").data


@pytest.mark.req("R-02", "R-17", "R-90")
def test_a_leaders_decision_is_held_too_can_be_ended_and_counts_as_one(world_at):
    world = world_at("asked")
    for holder in world.holders(SET.child_id):
        refuse(world, holder)
    decided = decide(world, LEADER, chosen=sections(world))
    assert readable(world)
    put_back(world)
    assert readable(world) is None and facts_now(world).decided.held
    assert [(one.kind, one.id) for one in facts_now(world).held] == [("decision", decided.decision.id)]
    assert refused(decide, world, LEADER, chosen=sections(world), kind=AlreadyDecided)
    installation, holder = WorldInstallation(world), world.holders(SET.child_id)[0]
    parent = as_parent(installation, holder.person_id).get(f"/foraelder/dokument/{world.made['document']}")
    assert "er ophørt" not in parent, "nobody has ended it"
    page = as_staff(installation, LEADER).get(f"/dokument/{world.made['document']}/beslutning")
    assert "Holdes tilbage efter en sikkerhedskopi" in page and "Ophørt" not in page
    assert (
        "er ophørt"
        in next(one for one in page.forms.values() if "beslutning" in one.fields)
        .submit("trin", value="ophoer")
        .follow()
    )
    assert not facts_now(world).held and refused(confirm, world, decided.decision.id)


@pytest.mark.req("R-02", "R-22")
def test_a_receiver_who_is_chosen_while_it_is_held_reads_nothing_by_a_decision_about_another(world_at):
    world = world_at("agreed")
    decided = decide(world, LEADER, chosen=sections_of_the_text(world))
    put_back(world)
    with world.house() as house:
        places = house.people.organigram().units.values()
        other = next(one for one in places if one.kind == "skole_sfo" and one.id != SET.receiver_unit_id)
    fill_all(world, author(world), world.made["document"], {"til_enhed": {"id": other.id, "name": other.name}})
    with world.house() as house:
        share_document(house, author(world), world.made["document"])
        kinds = [one.kind for one in house.ledger.of_document(world.made["document"])]
    assert "share_ended" in kinds and not facts_now(world).held and refused(confirm, world, decided.decision.id)


@pytest.mark.req("R-90")
def test_what_is_held_is_still_in_use_and_cannot_be_destroyed(world_at):
    world = child_left(world_at("signed"))
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        now = gathered(house, document)[0]
        assert "in_use" not in kept(house, document, now).stops, "its consent ran out long since"
        for decided in ({"verdict": HELD}, {"decided": HELD}):
            assert "in_use" in kept(house, document, msgspec.structs.replace(now, **decided)).stops


@pytest.mark.req("D12", "R-17")
def test_nobody_is_told_in_a_meeting_by_a_consent_that_is_held(world_at):
    world = world_at("people")
    leader, document_id = meeting_called(world)
    world.made["document"] = document_id
    question = ask(world, leader, document_id)
    for holder in world.holders(SHEET.child_id):
        answer(world, holder, question)
    assert told(world, document_id, PSYCHOLOGIST) == "yes"
    put_back(world)
    assert told(world, document_id, PSYCHOLOGIST) == "restored"
    confirm(world, question.id)
    assert told(world, document_id, PSYCHOLOGIST) == "yes"


@pytest.mark.req("R-36")
def test_a_foster_parents_grant_is_held(world_at):
    world = world_at("shared")
    foster = world.parent(world.ids.parents["shirin"])
    grant_to_the_foster_parent(world)

    def reads():
        with world.house() as house:
            try:
                return bool(open_copy(house, foster, world.made["document"], "read_parent_copy").data)
            except NotFound:
                return False

    assert reads()
    put_back(world)
    assert not reads()
    with world.house() as house:
        (share,) = held_page(house, world.staff(LEADER), world.made["document"]).held
        assert share.kind == "grant"
        assert refused(confirm_release, house, world.staff(LEADER), world.made["document"], share.id, ("x",), event_id=new_id(), kind=NothingShown)  # fmt: skip
    confirm(world, share.id)
    assert reads()


@pytest.mark.req("R-22", "R-37")
def test_the_receiver_is_told_of_what_the_confirmation_opens_for_it_and_of_nothing_else(world_at):
    world = world_at("signed")
    assert world.drain() == []

    def told_to_the_receiver():
        with world.house() as house:
            mine = house.notices.of_person(world.ids.staff[RECEIVER])
        return sum(one.text_id == "released" for one in mine)

    grant_to_the_foster_parent(world)
    put_back(world)
    consent, grant = (one.id for one in facts_now(world).held)
    first = told_to_the_receiver()
    confirm(world, consent)
    assert told_to_the_receiver() == first + 1 and world.drain() == []
    confirm(world, grant)
    assert told_to_the_receiver() == first + 1, "it could read before"
    put_back(world)
    protect(world)
    confirm(world, consent)
    assert readable(world) is None and told_to_the_receiver() == first + 1
    assert world.drain() == ["release.protected-address"]
