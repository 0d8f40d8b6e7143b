"""Somebody leaves while a text waits for a choice or a confirmation: the others go on, and nobody's words are made another's
(O2, R-34)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, author, fill_all, leader
from tests.walks.test_consent import change_custody
from tillid.usecases.choices import HolderLeft, left_behind, open_choices, refuse_words_of_who_left
from tillid.usecases.facts import facts_of
from tillid.usecases.fill import definition_of
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.settle_clash import settle_clash

pytestmark = pytest.mark.req("O2")
FIELD = "p_styrker"
SECRET = "Det skal skolen ikke vide."


def save(world, who, value, base=0, holder=None):
    with world.house() as house:
        saved = save_fields(house, who, world.made["document"], {FIELD: Change(value=value, base=base)},
                            together_with=holder.person_id if holder else None)  # fmt: skip
    assert not saved.problems
    return saved


def leaves(world, who):
    moment = world.clock.now() - timedelta(days=1)
    change_custody(world, lambda held: [
        msgspec.structs.replace(one, until=moment) if one.person_id == who.person_id else one for one in held
    ])  # fmt: skip


def draft_of(world):
    with world.house() as house:
        return house.documents.draft(world.made["document"])


def test_the_text_of_a_parent_who_left_stops_nobody_and_is_shown_to_nobody(world_at):
    world = world_at("shared")
    left, stays = world.holders(SET.child_id)
    save(world, stays, "Hun kan tælle.")
    assert save(world, left, SECRET).clashes
    fill_all(world, leader(world), world.made["document"], SET.leader)
    fill_all(
        world, stays, world.made["document"], {k: v for k, v in {**SET.parents, **SET.child}.items() if k != FIELD}
    )
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        assert list(open_choices(house, draft_of(world), facts_of(house, document))) == [FIELD]
    leaves(world, left)
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        facts, draft = facts_of(house, document), house.documents.draft(document.id)
        assert open_choices(house, draft, facts) == {}
        (told,) = left_behind(house, definition_of(house, document), draft, facts)
        assert told.writer == left.name
    app = as_staff(WorldInstallation(world), "sofie")
    page, review = app.get(f"/dokument/{document.id}"), app.get(f"/dokument/{document.id}/gennemse")
    assert f"{left.name} har skrevet noget andet i" in page and SECRET not in page
    assert "To har skrevet i" not in review and SECRET not in review
    world.player.agree(author(world), document.id)
    world.player.agree(stays, document.id)
    with world.house() as house:
        assert house.documents.get(document.id).agreed_version is not None
        assert SECRET not in str(
            house.documents.version(document.id, house.documents.get(document.id).versions).answers
        )


def test_words_from_a_talk_with_a_parent_who_left_are_gone_through_with_another(world_at):
    world = world_at("shared")
    left, stays = world.holders(SET.child_id)
    save(world, stays, "Hun kan tælle.")
    assert save(world, author(world), "Sagt i en samtale.", holder=left).clashes
    leaves(world, left)
    with world.house() as house, pytest.raises(HolderLeft):
        settle_clash(house, author(world), world.made["document"], FIELD, keep="yours")
    assert draft_of(world).answers[FIELD] == "Hun kan tælle.", "nothing was chosen"


def test_words_that_wait_for_who_left_can_be_taken_over_word_for_word(world_at):
    world = world_at("shared")
    left, stays = world.holders(SET.child_id)
    save(world, author(world), "Hun kan tælle.", holder=left)
    leaves(world, left)

    def waits():
        with world.house() as house:
            document = house.documents.get(world.made["document"])
            refuse_words_of_who_left(house, house.documents.draft(document.id), facts_of(house, document))

    with pytest.raises(HolderLeft):
        waits()
    base = draft_of(world).fields[FIELD].revision
    save(world, author(world), "Hun kan tælle.", base=base, holder=stays)
    waits()
    assert [one.with_holder for one in draft_of(world).written_for[FIELD]] == [stays.person_id]
