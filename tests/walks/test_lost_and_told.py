"""What must never be lost, and what must never be told: a consent, an old page's withdrawal, the other parent's choice."""

from __future__ import annotations

import msgspec
import pytest
from ZODB.POSException import ConflictError

from tests.support.world import SET, author, document_now, request_now, say_yes
from tillid.cms.store.people import ZodbPeople
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases import facts as usecase_facts
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.document_page import document_page
from tillid.usecases.facts import judge
from tillid.usecases.fill import open_draft, text_digest
from tillid.usecases.give_consent import give_consent
from tillid.usecases.lists import received_lines
from tillid.usecases.open_copy import what_is_released
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.settle_clash import settle_clash
from tillid.usecases.share_document import share_document
from tillid.usecases.withdraw_consent import NothingToWithdraw, withdraw_consent


def kinds(world):
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(world.made["document"])]


def agree_again(world, who):
    with world.house() as house:
        seen = text_digest(house.documents.draft(world.made["document"]))
        return confirm_agreement(house, who, world.made["document"], seen)


def take_back(world, who, *items):
    with world.house() as house:
        withdraw_consent(house, who, world.made["request"], items, language="da", event_id=new_id())


def released_items(world):
    request = request_now(world)
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
        return judge(house, request, events, house.people.custody(SET.child_id)).items


def told_to_receiver(world):
    with world.house() as house:
        unit = house.documents.get(world.made["document"]).receiver_unit_id
        leaders = [
            s.id
            for s in house.people.all_staff()
            if any((a.unit_id, a.role) == (unit, "leader") for a in s.assignments)
        ]
        assert leaders
        return {n.text_id for leader in leaders for n in house.notices.of_person(leader)}


def parents_field(world):
    with world.house() as house:
        draft = house.documents.draft(world.made["document"])
    field = next(iter(SET.parents))
    return field, draft.fields[field]


@pytest.mark.req("R-11", "R-21")
def test_agreeing_a_second_time_neither_freezes_again_nor_voids_what_was_asked(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    versions = document_now(world).versions
    for who in (second, author(world)):
        assert agree_again(world, who).version == document_now(world).agreed_version
    assert document_now(world).versions == versions and "request_voided" not in kinds(world)
    say_yes(world, second)
    assert "set_signed" in kinds(world)


@pytest.mark.req("R-11", "R-21")
def test_saving_words_that_nobody_changed_voids_neither_agreement_nor_question(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    field, now = parents_field(world)
    with world.house() as house:
        saved = save_fields(house, second, world.made["document"], {field: Change(value=now.value, base=now.revision)})
    assert not saved.agreement_voided and saved.revisions == {field: now.revision}
    say_yes(world, second)
    assert "set_signed" in kinds(world)


def test_what_is_shared_once_more_after_the_agreement_can_still_be_asked_about(world_at):
    world = world_at("agreed")
    with world.house() as house:
        share_document(house, author(world), world.made["document"])
    assert world.drain() == []
    with world.house() as house:
        assert document_page(house, author(world), world.made["document"]).ask


@pytest.mark.req("R-16", "R-17", "R-32")
def test_a_page_older_than_another_withdrawal_still_takes_back_the_rest(world_at):
    world = world_at("signed")
    parent, _ = world.holders(SET.child_id)
    one, two, three = (item.id for item in request_now(world).items[:3])
    take_back(world, parent, one)
    take_back(world, parent, one, two)
    assert not {one, two} & released_items(world) and three in released_items(world)
    with pytest.raises(NothingToWithdraw):
        take_back(world, parent, one, two)
    with pytest.raises(NotFound):
        take_back(world, parent, "section:unknown")
    assert three in released_items(world), "nothing left of what was named is not everything"


@pytest.mark.req("R-18", "R-22")
def test_the_receiver_is_told_only_of_what_it_could_read(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    take_back(world, first)
    say_yes(world, second)
    take_back(world, second)
    assert told_to_receiver(world) == set()


@pytest.mark.req("R-18", "R-22", "R-32")
def test_a_partial_withdrawal_is_told_as_what_it_is_and_only_when_it_changes_something(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    one, two = (item.id for item in request_now(world).items[:2])
    say_yes(world, first, no=frozenset({one}))
    say_yes(world, second)
    take_back(world, second, one)
    assert told_to_receiver(world) == {"released"}
    take_back(world, second, two)
    assert told_to_receiver(world) == {"released", "narrowed"}
    take_back(world, first)
    assert told_to_receiver(world) == {"released", "narrowed", "no_longer_available"}


@pytest.mark.req("R-33")
def test_the_receivers_copy_is_made_once_the_register_answers_again(world_at, monkeypatch):
    world = world_at("asked")
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)

    def silent(self, child_id):
        raise Unavailable("silent", code="custody.unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(ZodbPeople, "custody", silent)
        assert world.drain() == ["custody.unavailable"]
    world.clock.move(minutes=1)
    assert world.drain() == []
    with world.house() as house:
        assert house.documents.version(world.made["document"], request_now(world).document.version).receiver_copies


@pytest.mark.req("R-11")
def test_the_author_is_told_that_the_agreed_text_was_changed(world_at):
    world = world_at("agreed")
    parent, _ = world.holders(SET.child_id)
    field, now = parents_field(world)
    with world.house() as house:
        save_fields(house, parent, world.made["document"], {field: Change(value="Noget nyt", base=now.revision)})
    with world.house() as house:
        assert "text_changed" in {n.text_id for n in house.notices.of_person(author(world).person_id)}


def test_a_parent_learns_of_no_talk_with_the_other_parent(world_at):
    world = world_at("shared")
    first, second = world.holders(SET.child_id)
    document_id, field = world.made["document"], next(iter(SET.parents))
    with world.house() as house:
        change = {field: Change(value="Sagt i en samtale", base=0)}
        save_fields(house, author(world), document_id, change, together_with=first.person_id)
    with world.house() as house:
        assert field in open_draft(house, author(world), document_id).draft.written_for
        assert field in open_draft(house, first, document_id).draft.written_for
        assert open_draft(house, second, document_id).draft.written_for == {}


@pytest.mark.req("R-23")
def test_words_from_a_talk_that_win_over_a_parents_own_wait_for_that_parent(world_at):
    world = world_at("shared")
    parent, _ = world.holders(SET.child_id)
    document_id, field = world.made["document"], next(iter(SET.parents))
    with world.house() as house:
        save_fields(house, parent, document_id, {field: Change(value="Mine egne ord", base=0)})
    with world.house() as house:
        change = {field: Change(value="Sagt i en samtale", base=0)}
        assert save_fields(house, author(world), document_id, change, together_with=parent.person_id).clashes
    with world.house() as house:
        settle_clash(house, author(world), document_id, field, keep="yours")
    with world.house() as house:
        (written,) = house.documents.draft(document_id).written_for[field]
    assert written.with_holder == parent.person_id and written.confirmed_at is None


def test_what_is_saved_while_a_text_is_frozen_is_in_the_version_or_the_freeze_runs_again(world_at):
    world = world_at("draft")
    who, document_id, field = author(world), world.made["document"], "u_sprog"
    with world.house() as house:
        now = house.documents.draft(document_id).fields[field]
    with world.store.open() as (stores, manager):
        share_document(world.parts.house(stores, world.clock.now(), new_id()), who, document_id)
        with world.house() as house:
            save_fields(house, who, document_id, {field: Change(value="En vigtig note", base=now.revision)})
        with pytest.raises(ConflictError):
            manager.commit()


@pytest.mark.req("R-31", "R-32")
def test_a_later_no_where_one_parent_was_enough_is_followed_like_a_withdrawal(world_at, monkeypatch):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    monkeypatch.setattr(usecase_facts, "resident_parent_suffices", lambda *_: True)
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        holders = tuple(msgspec.structs.replace(h, resident=h.person_id == first.person_id) for h in custody.holders)
        house.people.put_custody(msgspec.structs.replace(custody, holders=holders, shared_residence=False))
    say_yes(world, first)
    assert world.drain() == [] and told_to_receiver(world) == {"released"}
    one = request_now(world).items[0].id
    say_yes(world, second, no=frozenset({one}))
    with world.house() as house:
        assert world.made["document"] in house.exclusions.all()
    assert world.drain() == [] and told_to_receiver(world) == {"released", "narrowed"}
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        now = what_is_released(house, document, usecase_facts.gathered(house, document)[1])
        assert now.key in now.version.receiver_copies and document.id not in house.exclusions.all()


@pytest.mark.req("R-22")
def test_the_receivers_line_is_the_same_before_and_after_a_no(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    unit = document_now(world).receiver_unit_id
    reader = world.player.leader_of(unit)

    def lines():
        with world.house() as house:
            return received_lines(house, reader, unit)

    before = lines()
    with world.house() as house:
        no = {item.id: False for item in request_now(world).items}
        give_consent(house, first, world.made["request"], no, oral=None, language="da", event_id=new_id())
    assert before and lines() == before
    say_yes(world, second)
    take_back(world, second)
    assert lines() == before
