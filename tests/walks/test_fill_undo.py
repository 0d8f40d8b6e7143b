"""The last change of a field is taken back by who made it; a text that waits for a choice is never written over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.world import ANSWERS, SET, author, leader
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.agree import WordsNotConfirmed, confirm_agreement
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.fill import open_draft, text_digest
from tillid.usecases.save_fields import Change, save_fields, undo_change
from tillid.usecases.settle_clash import settle_clash

FIELD = "u_greb"


def save(world, who, value, base=None, field=FIELD, **more):
    with world.house() as house:
        now = house.documents.draft(world.made["document"]).fields.get(field)
        change = Change(value=value, base=(now.revision if now else 0) if base is None else base)
        return save_fields(house, who, world.made["document"], {field: change}, **more)


def undo(world, who, field=FIELD, **more):
    with world.house() as house:
        return undo_change(house, who, world.made["document"], field, **more)


def draft(world):
    with world.house() as house:
        return house.documents.draft(world.made["document"])


def pause(world, seconds=60):
    world.clock.moment += timedelta(seconds=seconds)


def test_what_was_written_in_one_go_is_taken_back_at_once_and_brought_again(world_at):
    world = world_at("draft")
    who, before = author(world), draft(world).answers[FIELD]
    pause(world)
    for text in ("Ord", "Ord og", "Ord og ord"):
        save(world, who, text)
        pause(world, 1)
    undo(world, who)
    assert draft(world).answers[FIELD] == before
    undo(world, who)
    assert draft(world).answers[FIELD] == "Ord og ord"
    pause(world)
    save(world, who, "Noget andet")
    undo(world, who)
    assert draft(world).answers[FIELD] == "Ord og ord"


def test_a_choice_is_a_change_of_its_own_however_fast(world_at):
    world = world_at("draft")
    who, field = author(world), "overgangstype"
    before = draft(world).answers[field]
    pause(world)
    other = next(code for code in ("dp_bh", "bh_sk", "bh_bh") if code != before)
    save(world, who, other, field=field)
    save(world, who, before, field=field)
    undo(world, who, field)
    assert draft(world).answers[field] == other


def test_nobody_takes_back_anothers_change_or_sees_what_stood_there(world_at):
    world = world_at("draft")
    save(world, author(world), "Forfatterens")
    assert not undo(world, leader(world)).revisions
    save(world, leader(world), "Lederens")
    assert not undo(world, author(world)).revisions
    assert draft(world).answers[FIELD] == "Lederens"
    with world.house() as house:
        assert FIELD not in open_draft(house, author(world), world.made["document"]).draft.undo


@pytest.mark.req("P6")
def test_only_who_may_write_a_field_takes_back(world_at):
    world = world_at("shared")
    save(world, author(world), "Nye ord")
    with pytest.raises(NotFound):
        undo(world, world.holders(SET.child_id)[0])


def test_writing_on_while_two_texts_wait_keeps_the_others(world_at):
    world = world_at("draft")
    base = draft(world).fields[FIELD].revision
    save(world, leader(world), "Lederens ord", base)
    assert save(world, author(world), "Mine ord", base).clashes
    now = draft(world).fields[FIELD].revision
    assert save(world, author(world), "Mine ord, skrevet videre", now).clashes
    after = draft(world)
    assert after.answers[FIELD] == "Lederens ord"
    assert [kept.value for kept in after.kept[FIELD]] == ["Mine ord, skrevet videre"]


def test_an_answer_lost_on_the_way_makes_nobodys_own_words_a_clash(world_at):
    world, page = world_at("draft"), new_id()
    who, base = author(world), draft(world).fields[FIELD].revision

    def sent(value, turn, by=who, of=page):
        with world.house() as house:
            change = Change(value=value, base=base, page=of, turn=turn)
            return save_fields(house, by, world.made["document"], {FIELD: change})

    sent("Ord", 1)  # the page never hears of it
    assert not sent("Ord og flere", 2).clashes
    assert draft(world).answers[FIELD] == "Ord og flere"
    assert not sent("Ord", 1).clashes, "late"
    assert draft(world).answers[FIELD] == "Ord og flere"
    assert sent("Fra en anden fane", 3, of=new_id()).clashes
    assert sent("Lederens", 1, by=leader(world)).clashes, "somebody else who has got hold of the page's name"


@pytest.mark.parametrize(("keep", "left"), [("yours", "Lederens ord"), ("theirs", "Mine ord")])
def test_the_text_that_was_not_chosen_can_be_brought_back(world_at, keep, left):
    world = world_at("draft")
    base = draft(world).fields[FIELD].revision
    save(world, leader(world), "Lederens ord", base)
    save(world, author(world), "Mine ord", base)
    with world.house() as house:
        settle_clash(house, author(world), world.made["document"], FIELD, keep=keep)
    assert draft(world).answers[FIELD] != left
    undo(world, author(world))
    assert draft(world).answers[FIELD] == left


@pytest.mark.req("O2", "R-11")
def test_words_taken_back_in_a_talk_are_confirmed_before_the_lock(world_at):
    world = world_at("shared")
    field, parent = "p_styrker", world.holders(SET.child_id)[0]
    save(world, author(world), "Det første", field=field, together_with=parent.person_id)
    pause(world)
    save(world, author(world), "Det andet", field=field, together_with=parent.person_id)
    with world.house() as house:
        confirm_words(house, parent, world.made["document"])
    undo(world, author(world), field, together_with=parent.person_id)
    now = draft(world)
    assert now.answers[field] == "Det første" and now.written_for[field][0].confirmed_at is None
    rest = {k: v for k, v in {**SET.parents, **SET.child}.items() if k != field}
    world.player.fill(world.holders(SET.child_id)[1], world.made["document"], rest)
    world.player.fill(leader(world), world.made["document"], ANSWERS["alma_bh_sk"].leader)
    with world.house() as house, pytest.raises(WordsNotConfirmed):
        confirm_agreement(
            house, parent, world.made["document"], text_digest(house.documents.draft(world.made["document"]))
        )


def written(world, field="p_glad"):
    talks = draft(world).written_for.get(field, ())
    assert len(talks) < 2
    return talks[0] if talks else None


@pytest.mark.req("O2")
def test_words_written_for_one_parent_still_wait_for_that_one_when_the_other_brings_them_back(world_at):
    world = world_at("shared")
    staff, (first, second) = author(world), world.holders(SET.child_id)
    save(world, staff, "Hun er glad for heste.", field="p_glad", together_with=first.person_id)
    with world.house() as house:
        confirm_words(house, first, world.made["document"])
    assert written(world).confirmed_at is not None
    pause(world)
    save(world, second, "Noget helt andet.", field="p_glad")
    assert written(world) is None, "the other parent's own words wait for nobody"
    undo(world, second, field="p_glad")
    assert draft(world).answers["p_glad"] == "Hun er glad for heste."
    assert (written(world).with_holder, written(world).confirmed_at) == (first.person_id, None)
    with world.house() as house:
        assert confirm_words(house, second, world.made["document"]) == 0
        assert confirm_words(house, first, world.made["document"]) == 1
    undo(world, second, field="p_glad")
    assert draft(world).answers["p_glad"] == "Noget helt andet." and written(world) is None


@pytest.mark.req("O2")
def test_who_the_words_were_written_for_brings_them_back_as_the_own(world_at):
    world = world_at("shared")
    staff, (first, _) = author(world), world.holders(SET.child_id)
    save(world, staff, "Hun er glad for heste.", field="p_glad", together_with=first.person_id)
    pause(world)
    save(world, first, "Noget helt andet.", field="p_glad")
    undo(world, first, field="p_glad")
    assert draft(world).answers["p_glad"] == "Hun er glad for heste." and written(world) is None


@pytest.mark.req("O2")
def test_a_text_not_chosen_in_a_clash_waits_for_its_parent_when_it_is_brought_back(world_at):
    world = world_at("shared")
    staff, (first, second) = author(world), world.holders(SET.child_id)
    save(world, staff, "Hun er glad for heste.", field="p_glad", together_with=first.person_id)
    save(world, second, "Noget helt andet.", base=0, field="p_glad")
    with world.house() as house:
        settle_clash(house, second, world.made["document"], "p_glad", keep="yours")
    assert written(world) is None
    undo(world, second, field="p_glad")
    assert written(world).with_holder == first.person_id
