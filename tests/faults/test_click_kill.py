"""kill -9 in the clicks before the consent: filling, sharing, agreeing, asking. All of a click or nothing of it."""

from __future__ import annotations

import pytest

from tests.faults.dying import AFTER_COMMIT, BEFORE_COMMIT, CLICKS, FIELD, WORDS
from tests.faults.test_walk_kill import Scene, scene  # noqa: F401
from tests.support.world import SET, World, document_now, fill_all, leader
from tillid.usecases.facts import requests_of

POINTS = [*BEFORE_COMMIT, *AFTER_COMMIT]


@pytest.fixture(scope="module")
def nearly_agreed(stages) -> World:
    """Everybody but the second holder has said that the text is right: that one's click freezes it."""
    world = stages.at("shared")
    first, _ = world.holders(SET.child_id)
    document_id = world.made["document"]
    fill_all(world, leader(world), document_id, SET.leader)
    fill_all(world, first, document_id, {**SET.parents, **SET.child})
    for who in (world.player.staff(SET.author_id), first):
        world.player.agree(who, document_id)
    world.close()
    return world


def closed(stages, stage: str) -> World:
    world = stages.at(stage)
    world.close()
    return world


def died(scene, before: World, click: str, point: str) -> tuple[Scene, bool]:  # noqa: F811
    """The scene after ``click`` died at ``point``, and whether the click must be there."""
    one = scene(before, click)
    told = one.die_at(point)
    assert one.log_is_whole()
    registered = point not in BEFORE_COMMIT
    assert registered or "acknowledged" not in told
    return one, registered


def again(one: Scene) -> None:
    """The browser sends the same form once more."""
    with one.world.house() as house:
        who = one.world.holders(SET.child_id)[1]
        CLICKS[one.click](one.world, house, who, one.event_id)


def pending(one: Scene) -> list[str]:
    with one.world.house() as house:
        return [entry.step for entry in house.outbox.pending()]


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_saving_words(scene, stages, point):  # noqa: F811
    before = closed(stages, "draft")
    old = SET.professional[FIELD]
    one, registered = died(scene, before, "fill", point)
    field = draft_field(one)
    assert field.value == (WORDS if registered else old)
    revision = field.revision if registered else field.revision + 1
    for _ in range(2):
        again(one)
        field = draft_field(one)
        assert (field.value, field.revision) == (WORDS, revision), "saved once, whatever was sent twice"
    with one.world.house() as house:
        assert not house.documents.draft(one.made["document"]).kept


def draft_field(one: Scene):
    with one.world.house() as house:
        return house.documents.draft(one.made["document"]).fields[FIELD]


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_sharing(scene, stages, point):  # noqa: F811
    one, registered = died(scene, closed(stages, "draft"), "share", point)
    if not registered:
        document = document_now(one.world)
        assert (document.state, document.versions, one.kinds()["version_shared"]) == ("draft", 0, 0)
        assert pending(one) == [] and not one.notices()
        again(one)
    assert_shared_once(one)


def assert_shared_once(one: Scene) -> None:
    """State, version, event, work to do and notices: each once, and nothing without the others."""
    document = document_now(one.world)
    assert (document.state, document.versions, one.kinds()["version_shared"]) == ("shared", 1, 1)
    assert sorted(pending(one)) == ["enter_log", "render_copies"]
    told = {key: count for key, count in one.notices().items() if key[1] == "document_shared"}
    assert len(told) == len(one.world.holders(SET.child_id)) and set(told.values()) == {1}
    with one.world.house() as house:
        version, draft = house.documents.version(document.id, 1), house.documents.draft(document.id)
        worked_out = {field.id for field in house.definitions.of(version.definition).fields if field.computed}
    written = {name: value for name, value in version.answers.items() if name not in worked_out}
    assert written == {name: value for name, value in draft.answers.items() if value is not None}


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_the_last_one_agrees(scene, nearly_agreed, point):  # noqa: F811
    one, registered = died(scene, nearly_agreed, "agree", point)
    document, kinds = document_now(one.world), one.kinds()
    assert (document.agreed_version is not None) is registered
    assert (kinds["agreement_confirmed"], kinds["version_agreed"]) == ((3, 1) if registered else (2, 0))
    for _ in range(2):
        again(one)
        document, kinds = document_now(one.world), one.kinds()
        assert (kinds["agreement_confirmed"], kinds["version_agreed"]) == (3, 1)
        assert document.agreed_version == document.versions == 2
    if point == "acknowledged":
        one.recover()  # and what follows it is done: the copies of the agreed version
        with one.world.house() as house:
            assert set(house.documents.version(document.id, 2).copies) == {"team", "parent", "archive"}


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_asking(scene, stages, point):  # noqa: F811
    one, registered = died(scene, closed(stages, "agreed"), "ask", point)
    assert one.kinds()["request_created"] == (1 if registered else 0)
    for _ in range(2):
        again(one)
        with one.world.house() as house:
            (request,) = requests_of(house.ledger.of_document(one.made["document"]))
        told = {key: count for key, count in one.notices().items() if key[1] == "consent_asked"}
        assert told == {(holder, "consent_asked"): 1 for holder in request.required_holders}
