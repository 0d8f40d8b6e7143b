"""T30: a draft is moved to a newer version through a preview; nothing is lost, nothing frozen moves, parents are told."""

from __future__ import annotations

import pytest

from tests.support.next_version import next_version, publish_next
from tests.support.world import SET, World, author, document_now, fill_all, leader
from tillid.documents.model import Document, Draft
from tillid.forms.checks_upcasts import upcast_problems
from tillid.kernel.errors import NotFound
from tillid.usecases.agree import agreement_state, confirm_agreement
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.earlier_drafts import open_earlier
from tillid.usecases.facts import Conflict, facts_of
from tillid.usecases.fill import definition_of, text_digest
from tillid.usecases.lists import parent_home
from tillid.usecases.move_draft import (
    CannotMove,
    FrozenSince,
    NoSuchWay,
    move_draft,
    newer_version,
    preview_move,
    preview_restore,
    restore_draft,
)
from tillid.usecases.read_text import read_version
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document

pytestmark = pytest.mark.req("T30")


def at(world_at, stage: str) -> World:
    world = world_at(stage)
    publish_next(world)
    return world


def draft_of(world: World) -> Draft:
    with world.house() as house:
        return house.documents.draft(world.made["document"])


def moved(world: World) -> Document:
    who = author(world)
    with world.house() as house:
        seen = preview_move(house, who, world.made["document"]).seen
    with world.house() as house:
        return move_draft(house, who, world.made["document"], 4, seen)


def kinds(world: World) -> list[str]:
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(world.made["document"])]


def notices(world: World, person_id: str) -> list[str]:
    with world.house() as house:
        return [notice.text_id for notice in house.notices.of_person(person_id)]


def test_the_next_version_s_way_is_total():
    from tests.support.definitions import our_definitions

    assert upcast_problems(our_definitions().get("overgangsbeskrivelse", 3), next_version()) == []


def test_the_preview_shows_old_and_new_and_all_that_is_left_and_writes_nothing(world_at):
    world = at(world_at, "draft")
    before = draft_of(world)
    with world.house() as house:
        preview = preview_move(house, author(world), world.made["document"])
    rows = {row.label: row for row in preview.rows}
    assert (preview.old.version, preview.new.version) == (3, 4)
    greb = next(row for row in preview.rows if row.how == "renamed")
    assert greb.words == SET.professional["u_greb"] == greb.places[0].words
    assert greb.places[0].label == "Det virker hos os"
    merged = [row for row in preview.rows if row.how == "merged"]
    assert (
        len(merged) == 2 and SET.professional["u_krop"] in merged[0].places[0].words and merged[1].places[0].shown_above
    )
    assert [one.text for one in preview.left_over] == [SET.professional["u_relationer"]]
    assert any(row.left for row in rows.values()) and "Noget nyt" in preview.new_fields
    assert draft_of(world) == before and document_now(world).definition.version == 3


def test_every_word_is_in_the_new_draft_or_in_the_old_one_that_is_kept(world_at):
    world = at(world_at, "draft")
    before = draft_of(world)
    document = moved(world)
    after = draft_of(world)
    assert document.definition.version == 4 and document.definition.digest == next_version().digest
    assert after.answers["u_metoder"] == SET.professional["u_greb"]
    assert SET.professional["u_hverdag"] in after.answers["u_laering"]
    assert "u_relationer" not in {k for k, v in after.answers.items() if v is not None}
    with world.house() as house:
        ((kept),) = house.documents.earlier_drafts(document.id)
        assert kept.draft == before and kept.definition.version == 3 and kept.left_over == 1
        definition_of(house, document)  # pinned to the very version
    assert kinds(world)[-1] == "draft_moved"


def test_a_preview_of_another_text_moves_nothing(world_at):
    world = at(world_at, "draft")
    who, document_id = author(world), world.made["document"]
    with world.house() as house:
        seen = preview_move(house, who, document_id).seen
    fill_all(world, who, document_id, {"u_greb": "Skrevet imens."})
    with pytest.raises(Conflict), world.house() as house:
        move_draft(house, who, document_id, 4, seen)
    assert document_now(world).definition.version == 3 and draft_of(world).answers["u_greb"] == "Skrevet imens."


def test_an_open_page_of_the_old_version_overwrites_nothing(world_at):
    world = at(world_at, "draft")
    who, document_id = author(world), world.made["document"]
    base = draft_of(world).fields["u_sprog"].revision
    moved(world)
    with world.house() as house:
        saved = save_fields(house, who, document_id, {"u_sprog": Change(value="Fra den gamle side.", base=base)})
    assert "u_sprog" in saved.clashes and draft_of(world).answers["u_sprog"] == SET.professional["u_sprog"]


def test_the_old_draft_comes_back_and_the_new_one_is_kept_too(world_at):
    world = at(world_at, "draft")
    who, document_id = author(world), world.made["document"]
    before = draft_of(world)
    moved(world)
    fill_all(world, who, document_id, {"u_ny": "Skrevet efter flytningen."})
    with world.house() as house:
        preview = preview_restore(house, who, document_id, 1)
        assert preview.restores == 1 and any(row.words == "Skrevet efter flytningen." for row in preview.rows)
    with world.house() as house:
        document = restore_draft(house, who, document_id, 1, preview.seen)
    assert document.definition.version == 3 and draft_of(world).answers == before.answers
    with world.house() as house:
        drafts = house.documents.earlier_drafts(document_id)
    assert drafts[1].draft.answers["u_ny"] == "Skrevet efter flytningen." and drafts[1].definition.version == 4
    # and forward again: by bringing back the second
    with world.house() as house:
        seen = preview_restore(house, who, document_id, 2).seen
    with world.house() as house:
        assert restore_draft(house, who, document_id, 2, seen).definition.version == 4
    assert draft_of(world).answers["u_ny"] == "Skrevet efter flytningen."


def test_once_something_was_frozen_the_old_draft_can_be_read_but_not_brought_back(world_at):
    world = at(world_at, "draft")
    who, document_id = author(world), world.made["document"]
    moved(world)
    fill_all(world, who, document_id, {"u_relationer": "Alma leger med to andre."})
    with world.house() as house:
        share_document(house, who, document_id)
    with pytest.raises(FrozenSince), world.house() as house:
        preview_restore(house, who, document_id, 1)
    with world.house() as house:
        _, earlier = open_earlier(house, who, document_id, 1)
    assert earlier.draft.answers["u_relationer"] == SET.professional["u_relationer"]
    for parent in world.holders(SET.child_id):
        with pytest.raises(NotFound), world.house() as house:
            open_earlier(house, parent, document_id, 1)


def test_a_frozen_version_keeps_its_own_form_when_the_draft_moves_on(world_at):
    world = at(world_at, "shared")
    document = moved(world)
    with world.house() as house:
        text = read_version(house, author(world), document.id, "read_team_copy", "da", 1)
        version = house.documents.version(document.id, 1)
    labels = [field.label for section in text.sections for field in section.fields]
    assert version is not None and version.definition.version == 3
    assert "Det virker hos os" not in labels and len(labels) > 5


@pytest.mark.req("R-11")
def test_moving_takes_back_every_enig_and_tells_both_sides(world_at):
    world = at(world_at, "shared")
    document_id, holders = world.made["document"], world.holders(SET.child_id)
    fill_all(world, leader(world), document_id, SET.leader)
    fill_all(world, holders[0], document_id, {**SET.parents, **SET.child})
    world.player.agree(holders[0], document_id)
    old_digest = text_digest(draft_of(world))
    with world.house() as house:
        assert preview_move(house, author(world), document_id).clears_agreement
    document = moved(world)
    with world.house() as house:
        draft = house.documents.draft(document_id)
        assert draft.agreed_by == {} and agreement_state(house, document, facts_of(house, document), draft).agreed == ()
    assert "agreement_voided" in kinds(world)
    for holder in holders:
        assert "draft_moved" in notices(world, holder.person_id)
        with world.house() as house:
            assert any(notice.text_id == "draft_moved" for notice in parent_home(house, holder).notices)
    # A page opened before the move cannot agree to what it does not show.
    with pytest.raises(Conflict), world.house() as house:
        confirm_agreement(house, holders[0], document_id, old_digest)


@pytest.mark.req("R-11")
def test_the_same_answers_under_other_questions_are_another_text(world_at):
    world = at(world_at, "shared")
    before = draft_of(world)
    moved(world)
    after = draft_of(world)
    import msgspec

    assert text_digest(msgspec.structs.replace(after, fields=before.fields)) != text_digest(before)


def test_parents_are_not_told_of_a_draft_that_was_never_shared_with_them(world_at):
    world = at(world_at, "draft")
    moved(world)
    for holder in world.holders(SET.child_id):
        assert "draft_moved" not in notices(world, holder.person_id)


@pytest.mark.req("R-11")
def test_words_written_in_a_talk_are_confirmed_again_only_where_something_changed(world_at):
    world = at(world_at, "shared")
    who, document_id = author(world), world.made["document"]
    parent = world.holders(SET.child_id)[0]
    with world.house() as house:
        changes = {"p_glad": Change(value="Musik.", base=0), "p_troest": Change(value="En bamse.", base=0)}
        save_fields(house, who, document_id, changes, together_with=parent.person_id)
    with world.house() as house:
        assert confirm_words(house, parent, document_id) == 2
    with world.house() as house:
        assert preview_move(house, who, document_id).confirm_again == 1
    moved(world)
    written = draft_of(world).written_for
    ((glaede,), (troest,)) = written["p_glaede"], written["p_troest"]
    assert glaede.confirmed_at is None and glaede.with_holder == parent.person_id
    assert troest.confirmed_at is not None  # same words, same question


def test_two_texts_in_one_field_go_along(world_at):
    world = at(world_at, "draft")
    who, document_id = author(world), world.made["document"]
    base = draft_of(world).fields["u_greb"].revision
    for text in ("Til venstre.", "Til højre."):
        with world.house() as house:
            save_fields(house, who, document_id, {"u_greb": Change(value=text, base=base)})
    moved(world)
    draft = draft_of(world)
    assert draft.answers["u_metoder"] == "Til venstre." and [one.value for one in draft.kept["u_metoder"]] == [
        "Til højre."
    ]


@pytest.mark.parametrize("stage", ["agreed", "asked", "signed"])
def test_what_both_sides_have_agreed_never_moves(world_at, stage: str):
    world = at(world_at, stage)
    before, document = draft_of(world), document_now(world)
    for way in (lambda house: preview_move(house, author(world), document.id),
                lambda house: move_draft(house, author(world), document.id, 4, "x")):  # fmt: skip
        with pytest.raises((CannotMove, NotFound)), world.house() as house:
            way(house)
    with world.house() as house:
        assert newer_version(house, document) is None
    assert draft_of(world) == before and document_now(world) == document


def test_who_may_not(world_at):
    world = at(world_at, "shared")
    for who in (*world.holders(SET.child_id), world.staff("hanne"), world.staff("ove")):
        with pytest.raises(NotFound), world.house() as house:
            preview_move(house, who, world.made["document"])


def test_there_is_no_way_back_down_nor_to_a_version_that_is_not_there(world_at):
    world = at(world_at, "draft")
    for version in (1, 3, 5):
        with pytest.raises(NoSuchWay), world.house() as house:
            preview_move(house, author(world), world.made["document"], version)


def test_a_new_draft_begins_in_the_newest_version_and_has_nowhere_to_move(world_at):
    world = at(world_at, "people")
    with world.house() as house:
        document = start_document(house, author(world), SET.child_id, "overgangsbeskrivelse")
        assert document.definition.version == 4 and newer_version(house, document) is None
