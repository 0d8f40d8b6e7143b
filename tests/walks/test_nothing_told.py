"""What a reviewer found in issue 4: ways in which a text, a position or a parent's words got further than they may."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.next_version import publish_next
from tests.support.world import SET, author, fill_all, leader
from tests.walks.test_wording import ADDRESS, protect
from tillid.usecases import outside_facts as outside
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.fill import open_draft, text_digest
from tillid.usecases.move_draft import move_draft, preview_move, preview_restore, restore_draft
from tillid.usecases.moved_draft import parents_words
from tillid.usecases.request_consent import request_consent
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.share_document import NotReady


@pytest.mark.req("R-37")
def test_the_senders_side_cannot_write_a_protected_address_into_a_text_parents_read(world_at):
    world = world_at("shared")
    document_id = world.made["document"]
    protect(world)
    with world.house() as house:
        base = house.documents.draft(document_id).fields["u_greb"].revision
        change = Change(value="Mor bor på Lærkesporet 41.", base=base)
        saved = save_fields(house, author(world), document_id, {"u_greb": change})
        assert [p.field_id for p in saved.problems] == ["u_greb"]
        assert "Lærkesporet" not in str(house.documents.draft(document_id).answers)


@pytest.mark.req("R-37")
def test_nobody_is_asked_to_pass_on_an_address_protected_since_the_text_was_agreed(world_at):
    world = world_at("agreed")
    document_id = world.made["document"]
    protect(world)
    with world.house() as house:
        real = house.documents.version

        def agreed_with_it(*asked):
            version = real(*asked)
            return msgspec.structs.replace(version, answers={**version.answers, "u_greb": f"Mor bor på {ADDRESS}."})

        house.documents.version = agreed_with_it
        with pytest.raises(NotReady):
            request_consent(house, author(world), document_id)


@pytest.mark.req("T9", "O5")
def test_a_position_attested_since_sharing_refuses_no_parents_enig(world_at, monkeypatch):
    world = world_at("shared")
    document_id = world.made["document"]
    fill_all(world, leader(world), document_id, SET.leader)
    parent = world.holders(SET.child_id)[0]
    fill_all(world, parent, document_id, {**SET.parents, **SET.child})
    with world.house() as house:
        base = house.documents.draft(document_id).fields
    if "u_behov" in base and base["u_behov"].value:
        with world.house() as house:
            save_fields(
                house, author(world), document_id, {"u_behov": Change(value=None, base=base["u_behov"].revision)}
            )
    monkeypatch.setattr(outside, "latest_position", lambda *a: "roed")
    with world.house() as house:
        digest = text_digest(house.documents.draft(document_id))
        state = confirm_agreement(house, parent, document_id, digest)
    assert parent.person_id in state.agreed
    with world.house() as house, pytest.raises(NotReady):
        confirm_agreement(house, author(world), document_id, digest)


@pytest.mark.req("T30")
def test_parents_are_told_when_words_they_have_taken_out_come_back_with_an_earlier_draft(world_at):
    world = world_at("shared")
    publish_next(world)
    document_id, who, parent = world.made["document"], author(world), world.holders(SET.child_id)[0]
    fill_all(world, parent, document_id, SET.parents)
    with world.house() as house:
        seen = preview_move(house, who, document_id).seen
    with world.house() as house:
        move_draft(house, who, document_id, 4, seen)
    with world.house() as house:
        fields = house.documents.draft(document_id).fields
        mine = {k: f for k, f in fields.items() if f.side == "parent" and f.value is not None}
        view = open_draft(house, parent, document_id)
        emptied = {k: Change(value=None, base=f.revision) for k, f in mine.items() if k in view.mine}
        save_fields(house, parent, document_id, emptied)

    def told() -> int:
        with world.house() as house:
            return [one.text_id for one in house.notices.of_person(parent.person_id)].count("draft_moved")

    with world.house() as house:
        assert not parents_words(house.documents.draft(document_id))
    before = told()
    with world.house() as house:
        preview = preview_restore(house, who, document_id, 1)
    assert preview.tells_parents
    with world.house() as house:
        restore_draft(house, who, document_id, 1, preview.seen)
    assert told() == before + 1
