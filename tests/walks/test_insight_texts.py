"""Everything that is kept of a document is listed for insight: what was written after it was shared, what a draft held before, and what
stands beside it (R-72)."""

from __future__ import annotations

import pytest

from tests.support.next_version import publish_next
from tests.support.world import SET, author
from tests.unit.forms.examples import small
from tests.walks.test_insight_passages import write
from tillid.archive.insight import case_of
from tillid.documents.rendering import sections
from tillid.kernel.clock import local_day
from tillid.kernel.ids import new_id
from tillid.usecases.insight_case import Asked, begin_insight
from tillid.usecases.insight_collect import collect_insight
from tillid.usecases.insight_sources import answers_seen, short_name
from tillid.usecases.insight_text import whole_of
from tillid.usecases.move_draft import move_draft, preview_move
from tillid.usecases.save_fields import Change, save_fields

FIRST, SECOND, LOST = "Hun bygger med klodser.", "Hun bygger med klodser og tegner.", "Hun synger for de små."


def collected(world, child_id=SET.child_id):
    """A case begun for the second holder and collected, without the pages; its id."""
    with world.house() as house:
        asked = Asked(asker="holder", name="", holder_id=world.holders(child_id)[1].person_id, identity="MitID", basis="gdpr",
                      asked_on=local_day(house.moment))  # fmt: skip
        case_id = begin_insight(house, world.staff("rasmus"), child_id, asked, event_id=new_id())
        collect_insight(house, world.staff("rasmus"), case_id, event_id=new_id())
    return case_id


def items(world, case_id, *kinds):
    with world.house() as house:
        return [one for one in case_of(house.ledger.of_document(case_id)).items if one.kind in kinds]


def seen(world, item):
    with world.house() as house:
        return whole_of(house, item).seen


@pytest.mark.req("R-72")
def test_what_a_draft_holds_after_sharing_and_held_before_is_listed_too(world_at):
    world = world_at("shared")
    document = world.made["document"]
    assert not items(world, collected(world), "draft"), "nothing was written since"
    for text in (FIRST, SECOND):
        world.clock.move(minutes=2)
        write(world, u_greb=text)
    with world.house() as house:  # somebody who began before saves after: both texts are kept
        lost = save_fields(house, world.staff("mikkel"), document, {"u_greb": Change(value=LOST, base=0)})
        assert lost.clashes
    now = items(world, collected(world), "draft")
    assert [(one.of, seen(world, one)["u_greb"]) for one in now] == [
        ("", SECOND),
        ("waiting:1", LOST),
        ("before", FIRST),
    ]
    assert all(one.flags[0].held == "unfinished" for one in now)
    assert set(seen(world, now[2])) == {"u_greb"}, "what stands elsewhere is not told twice"
    publish_next(world)
    with world.house() as house:
        shown = preview_move(house, author(world), document).seen
        move_draft(house, author(world), document, 4, shown)
    moved = items(world, collected(world), "draft")
    before = [one for one in moved if one.of.startswith("earlier:1")]
    assert [(one.of, seen(world, one)["u_greb"]) for one in before] == [
        ("earlier:1", SECOND), ("earlier:1:waiting:1", LOST), ("earlier:1:before", FIRST),
    ]  # fmt: skip
    assert [(one.of, seen(world, one)["u_metoder"]) for one in moved[:2]] == [("", SECOND), ("waiting:1", LOST)]
    assert len({short_name(one) for one in moved}) == len(moved), "each has a file name of its own"
    assert all(one.digest and one.id for one in moved) and len({one.id for one in moved}) == len(moved)
    with world.house() as house:
        found = whole_of(house, before[0])
    printed = [field.text for part in sections(found.definition, found.seen, "da") for field in part.fields]
    assert SECOND in printed, "read in the form it was written in"


@pytest.mark.req("R-72")
def test_whose_words_a_text_that_was_written_over_is_follows_the_talk(world_at):
    """Nobody knows who wrote what the last change took away, unless a talk says so: it is held back as the other parent's."""
    world = world_at("shared")
    first, second = world.holders(SET.child_id)[:2]
    for holder, text in ((first, "Første ord hjemmefra."), (second, "Andre ord hjemmefra.")):
        world.clock.move(minutes=2)
        with world.house() as house:
            base = house.documents.draft(world.made["document"]).fields.get("p_glad")
            change = {"p_glad": Change(value=text, base=base.revision if base else 0)}
            assert save_fields(house, holder, world.made["document"], change).problems == ()
    now, before = items(world, collected(world), "draft")
    assert not [one for one in now.flags if one.held == "other_parent" and one.field == "p_glad"], "the own words"
    assert [one.held for one in before.flags if one.field == "p_glad"] == ["other_parent"]


@pytest.mark.req("R-72")
def test_an_answer_that_its_form_no_longer_asks_for_is_seen_while_it_is_kept():
    old = "required: {eq: [{field: kind}, b]}"
    form = small(old, f'shown_if: {old.removeprefix("required: ")}, required: "no"')
    kept = {"kind": "a", "words": "Skjult nu", "plan": "Til modtageren"}
    assert answers_seen(form, kept) == kept and list(answers_seen(form, kept)) == ["kind", "words", "plan"]
