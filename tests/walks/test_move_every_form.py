"""T30: each form's earlier versions really move: begun then, moved now, by whom it belongs to and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.definitions import our_definitions
from tests.support.world import SET, World
from tillid.documents.model import Document
from tillid.forms.answers import check_answers
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.loading import Definitions
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.fill import definition_of
from tillid.usecases.move_draft import move_draft, preview_move
from tillid.usecases.notify import start_notification
from tillid.usecases.ports import House
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.start_document import start_document

pytestmark = pytest.mark.req("T30")
EARLIER = [
    (one.id, one.version)
    for one in our_definitions().all()
    if one.version < our_definitions().latest(one.id).version and one.id != "samtykkeerklaering"
]
WORDS = "Ordene her må ikke blive væk."


def begun(world: World, form_id: str, version: int) -> tuple[str, Document]:
    """A draft of ``version``, begun while that was the newest; and the login name of who began it."""
    known = [one for one in our_definitions().all() if one.id != form_id or one.version <= version]
    now, world.parts = world.parts, replace(world.parts, definitions=Definitions(known, our_definitions().list_digests))
    who = "birgit" if form_id in ("fdr", "trivselsvurdering") else "sofie"
    person = world.staff(who)
    with world.house() as house:
        form = house.definitions.latest(form_id)
        if form_id == "underretning":
            document = start_notification(house, person, form.variants[0].id, SET.child_id)
        else:
            document = _started(house, person, form)
    world.parts = now
    return who, document


def _started(house: House, person: Identity, form: FormDefinition) -> Document:
    """About the first child, in the first variant, that the form can be begun for."""
    round_id = house.people.rounds_of_unit(SET.unit_id)[0].id if form.id == "trivselsskema" else None
    for variant in ["", *(one.id for one in form.variants)]:
        for child in house.people.children_of_unit(SET.unit_id):
            try:
                return start_document(house, person, child.id, form.id, round_id=round_id, variant=variant)
            except TillidError:
                continue
    raise AssertionError(f"nobody to begin {form.name} for")


def plain(field: Field) -> bool:
    return (
        field.type in ("text", "long_text") and field.phase == "content" and field.settings.get("max", 0) >= len(WORDS)
    )


@pytest.mark.parametrize(("form_id", "version"), EARLIER)
def test_a_draft_begun_then_moves_now(world_at, form_id: str, version: int):
    world = world_at("people")
    who, document = begun(world, form_id, version)
    person = world.staff(who)
    assert document.definition.version == version
    with world.house() as house:
        form = definition_of(house, document)
        mine = [
            f.id for f in form.fields if plain(f) and {"professional", "team", "notifier", "leader"} & set(f.filled_by)
        ]
        changes = {name: Change(value=WORDS, base=0) for name in mine}
        written = set(save_fields(house, person, document.id, changes).revisions)
    assert written
    with world.house() as house:
        preview = preview_move(house, person, document.id)
        assert len([row for row in preview.rows if row.words == WORDS]) == len(written)
    with world.house() as house:
        after = move_draft(house, person, document.id, preview.new.version, preview.seen)
    with world.house() as house:
        new, draft = definition_of(house, after), house.documents.draft(document.id)
        assert new.version == our_definitions().latest(form_id).version
        answers = {name: value for name, value in draft.answers.items() if value is not None}
        assert check_answers(new, answers, {"variant": after.variant}, complete=False) == []
        (kept,) = house.documents.earlier_drafts(document.id)
    carried = sum(str(value).count(WORDS) for value in answers.values())
    assert carried + sum(one.text.count(WORDS) for one in preview.left_over) == len(written)
    assert {name for name in written if kept.draft.answers[name] == WORDS} == written


@pytest.mark.parametrize("form_id", ["trivselsskema", "underretning"])
def test_what_is_one_persons_own_is_moved_by_nobody_else(world_at, form_id: str):
    world = world_at("people")
    _, document = begun(world, form_id, 1)
    for other in ("mikkel", "birgit", "jonas", "mettemarie", "ove"):
        with pytest.raises(NotFound), world.house() as house:
            preview_move(house, world.staff(other), document.id)
