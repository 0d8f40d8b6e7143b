"""Part 8 without a browser: a new version is designed, reviewed by a second person, published and used; nothing is a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.world import SET, World, author
from tillid.forms import design_edits as edits
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.design_check import checked
from tillid.forms.designs import Design
from tillid.forms.loading import definition_from
from tillid.forms.yamldata import read_yaml
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.design_form import (
    DesignChanged,
    FileRefused,
    NotEditable,
    UnknownForm,
    edit_design,
    forms_overview,
    import_design,
    open_design,
    restore_design,
    start_design,
    undo_design,
)
from tillid.usecases.fill import open_draft
from tillid.usecases.move_draft import newer_version, preview_move
from tillid.usecases.review_form import (
    BaseMoved,
    DayPassed,
    HasFaults,
    OwnWork,
    ReasonMissing,
    open_review,
    publish_design,
    reject_design,
    submit_design,
    take_back_design,
)
from tillid.usecases.start_document import start_document
from tillid.usecases.withdraw_form import LastInUse, use_version_again, withdraw_version

FORM = "overgangsbeskrivelse"


@pytest.fixture
def world(world_at):
    return world_at("draft")


def begun(world: World, who: str = "camilla") -> Design:
    with world.house() as house:
        return start_design(house, world.staff(who), FORM, 3)


def relabelled(data: dict) -> dict:
    return edits.edit_field(data, "u_greb", {"label": "Det virker hos os"})


def step(
    world: World, design: Design, change=relabelled, who: str = "camilla", decided: tuple[str, ...] = ()
) -> Design:
    with world.house() as house:
        return edit_design(house, world.staff(who), design.id, design.revision, "Et felt er ændret", change, decided)


def submitted(world: World, design: Design, who: str = "camilla", day: str = "") -> Design:
    with world.house() as house:
        return submit_design(house, world.staff(who), design.id, design.revision, day)


def published(world: World, design: Design, who: str = "henriette", day: str = ""):
    with world.house() as house:
        return publish_design(house, world.staff(who), design.id, design.revision, day)


@pytest.mark.req("T30", "O22")
def test_a_new_version_is_designed_reviewed_published_and_used(world):
    design = step(world, begun(world))
    form = published(world, submitted(world, design))
    assert (form.version, form.author, form.reviewer) == (
        4,
        world.staff("camilla").person_id,
        world.staff("henriette").person_id,
    )
    who = author(world)
    with world.house() as house:
        fresh = start_document(house, who, SET.child_id, FORM, variant="bh_sk")
        assert fresh.definition.version == 4 and fresh.definition.digest == form.digest
        assert open_draft(house, who, fresh.id).document.definition.version == 4
        older = house.documents.get(world.made["document"])
        assert older.definition.version == 3 and newer_version(house, older).version == 4
        assert preview_move(house, who, older.id).document.definition.version == 3
    with world.house() as house:  # the draft of version 3 goes on opening in it
        assert open_draft(house, who, world.made["document"]).document.definition.version == 3


def test_who_has_not_worked_on_it_is_told_that_it_waits(world):
    design = submitted(world, step(world, begun(world)))
    with world.house() as house:
        told = {who: house.notices.of_person(world.staff(who).person_id) for who in ("camilla", "henriette", "sofie")}
    assert {who: [(n.text_id, n.ids) for n in notices] for who, notices in told.items()} == {
        "camilla": [],
        "henriette": [("design_waits", {"design": design.id})],
        "sofie": [],
    }


def test_who_has_worked_on_it_does_not_publish_it(world):
    design = step(world, begun(world), who="henriette")  # begun by Camilla, changed by Henriette: neither may
    design = submitted(world, design)
    with world.house() as house:
        assert house.notices.of_person(world.staff("henriette").person_id) == [], "nobody is asked who may not"
    for who in ("camilla", "henriette"):
        with pytest.raises(OwnWork):
            published(world, design, who)
        with pytest.raises(OwnWork), world.house() as house:
            reject_design(house, world.staff(who), design.id, design.revision, "nej")
    with world.house() as house:
        assert open_review(house, world.staff("camilla"), design.id).own


@pytest.mark.parametrize("who", ["sofie", "birgit", "ove", "rasmus", "jonas"])
def test_nobody_but_an_administrator_finds_a_design(world, who):
    design = begun(world)
    with world.house() as house:
        stranger = world.staff(who)
        for ask in (
            lambda: forms_overview(house, stranger),
            lambda: open_design(house, stranger, design.id),
            lambda: start_design(house, stranger, FORM, 3),
            lambda: edit_design(house, stranger, design.id, 1, "x", relabelled),
            lambda: submit_design(house, stranger, design.id, 1, ""),
            lambda: publish_design(house, stranger, design.id, 1),
            lambda: withdraw_version(house, stranger, FORM, 3),
        ):
            with pytest.raises(NotFound):
                ask()


def test_faults_block_the_way_to_review(world):
    design = step(
        world,
        begun(world),
        lambda data: edits.edit_field(data, "u_greb", {"shown_if": {"eq": [{"field": "findes_ikke"}, True]}}),
    )
    with world.house() as house:
        found = open_design(house, world.staff("camilla"), design.id).check.problems
    assert ("u_greb", "forms.unknown-field") in {(p.field, p.code) for p in found}
    assert all(p.line for p in found)
    with pytest.raises(HasFaults):
        submitted(world, design)


def test_a_condition_that_tells_a_parent_too_much_blocks_publication(world):
    condition = {"eq": [{"fact": "latest_position"}, "roed"]}
    design = step(world, begun(world), lambda data: edits.edit_field(data, "p_glad", {"shown_if": condition}))
    with world.house() as house:
        found = open_design(house, world.staff("camilla"), design.id).check.problems
    assert "forms.leaking-condition" in {p.code for p in found}


@pytest.mark.req("T30")
def test_a_removed_field_asks_where_its_answers_go(world):
    design = step(world, begun(world), lambda data: edits.remove_field(data, "u_hverdag"))
    with world.house() as house:
        found = open_design(house, world.staff("camilla"), design.id).check.problems
    assert [(p.field, p.code) for p in found] == [("u_hverdag", "forms.undecided")]
    design = step(world, design, lambda data: data, decided=("u_hverdag",))
    with world.house() as house:
        assert open_design(house, world.staff("camilla"), design.id).check.problems == ()


def test_what_the_system_fills_cannot_be_left_out(world):
    design = step(world, begun(world), lambda data: edits.remove_field(data, "barn"))
    with world.house() as house:
        found = open_design(house, world.staff("camilla"), design.id).check.problems
    assert "forms.relied-on" in {p.code for p in found}


def test_undo_goes_back_step_by_step_and_every_revision_is_kept(world):
    first = begun(world)
    second = step(world, first)
    third = step(world, second, lambda data: edits.remove_field(data, "u_hverdag"))
    with world.house() as house:
        back = undo_design(house, world.staff("camilla"), third.id, third.revision)
        assert back.data == second.data
        again = undo_design(house, world.staff("camilla"), third.id, back.revision)
        assert again.data == first.data
        with pytest.raises(NotFound):
            undo_design(house, world.staff("camilla"), third.id, again.revision)
        forth = restore_design(house, world.staff("camilla"), third.id, again.revision, 3)
        assert forth.data == third.data and forth.revision == 6


def test_two_who_edit_at_once_lose_nothing_unsaid(world):
    design = begun(world)
    step(world, design)
    with pytest.raises(DesignChanged):
        step(world, design, who="henriette")


def test_a_design_in_review_is_not_changed_and_can_be_taken_back(world):
    design = submitted(world, step(world, begun(world)))
    with pytest.raises(NotEditable):
        step(world, design)
    with world.house() as house:
        design = take_back_design(house, world.staff("camilla"), design.id, design.revision)
    assert step(world, design).state == "draft"


def test_a_rejection_has_a_reason_and_leads_on(world):
    design = submitted(world, step(world, begun(world)))
    with world.house() as house:
        with pytest.raises(ReasonMissing):
            reject_design(house, world.staff("henriette"), design.id, design.revision, "  ")
        sent_back = reject_design(house, world.staff("henriette"), design.id, design.revision, "Ordet er for svært.")
    assert sent_back.state == "rejected" and sent_back.comments[-1].text == "Ordet er for svært."
    assert published(world, submitted(world, step(world, sent_back))).version == 4


@pytest.mark.req("O22")
def test_a_day_ahead_keeps_new_documents_in_the_version_before(world):
    ahead = (world.clock.now() + timedelta(days=10)).date().isoformat()
    published(world, submitted(world, step(world, begun(world)), day=ahead))
    with world.house() as house:
        assert house.definitions.latest(FORM).version == 3
        assert house.definitions.get(FORM, 4).version == 4
    world.clock.moment = world.clock.now() + timedelta(days=10)
    with world.house() as house:
        assert house.definitions.latest(FORM).version == 4


@pytest.mark.parametrize("day", ["2026-02-31", "0001-01-01", "2020-01-01", "i morgen", "9999-12-31"])
def test_a_day_that_is_none_is_refused(world, day):
    with pytest.raises(DayPassed):
        submitted(world, step(world, begun(world)), day=day)


def test_a_withdrawn_version_begins_nothing_and_opens_for_ever(world):
    who = author(world)
    published(world, submitted(world, step(world, begun(world))))
    with world.house() as house:
        fresh = start_document(house, who, SET.child_id, FORM, variant="bh_sk")
        withdraw_version(house, world.staff("camilla"), FORM, 4)
    with world.house() as house:
        assert house.definitions.latest(FORM).version == 3
        assert open_draft(house, who, fresh.id).document.definition.version == 4
        for version in (1, 2):
            withdraw_version(house, world.staff("camilla"), FORM, version)
    with world.house() as house:
        with pytest.raises(LastInUse):
            withdraw_version(house, world.staff("camilla"), FORM, 3)
        use_version_again(house, world.staff("camilla"), FORM, 4)
    with world.house() as house:
        assert house.definitions.latest(FORM).version == 4


def test_a_design_whose_base_is_overtaken_waits_for_the_new_one(world):
    late = submitted(world, step(world, begun(world)))
    published(world, submitted(world, step(world, begun(world))))
    with pytest.raises(BaseMoved):
        published(world, late)


def test_what_is_exported_is_the_canonical_file_with_its_digest(world):
    form = published(world, submitted(world, step(world, begun(world))))
    text = canonical_yaml(form.data)
    read = read_yaml(text.encode(), "v4.yaml")
    assert definition_from(read).digest == form.digest and canonical_yaml(read.data) == text
    with world.house() as house:
        again = import_design(house, world.staff("henriette"), text.encode())
        assert again.base == 4 and again.editors == (world.staff("henriette").person_id,)
        assert checked(again, house.definitions.get(FORM, 4)).problems == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"a: &b [1]\nc: *b\n",
        b"id: x\nid: y\n",
        b"\xff\xfe",
        b"[" * 500,
        b"id: " + b"x" * 1_100_000,
        b"",
        b"id: x\nversion: 1\n",
    ],
    ids=["anchor", "twice", "encoding", "deep", "large", "empty", "shape"],
)
def test_a_bad_file_is_refused_whole(world, raw):
    with world.house() as house:
        with pytest.raises(FileRefused):
            import_design(house, world.staff("camilla"), raw)
        assert not house.designs.all()


def test_a_file_of_a_form_nobody_knows_is_refused(world):
    from tillid.usecases.design_data import definition_data

    with world.house() as house:
        data = {**definition_data(house, "trivselsskema", 1), "id": "noget_andet"}
        with pytest.raises(UnknownForm):
            import_design(house, world.staff("camilla"), canonical_yaml(data).encode())


@pytest.mark.req("R-71")
def test_every_step_is_in_the_log(world):
    form = published(world, submitted(world, step(world, begun(world))))
    rows = (world.folder / "audit" / "audit.jsonl").read_text("utf-8")
    for action in ("start_design", "edit_design", "submit_design", "publish_design"):
        assert f'"{action}"' in rows
    assert form.design_id in rows


def test_a_number_that_a_later_release_takes_too_stops_the_start(world):
    from tests.support.next_version import next_version
    from tillid.forms.in_use import DefinitionsInUse, NumberTaken
    from tillid.forms.loading import Definitions

    published(world, submitted(world, step(world, begun(world))))
    files = Definitions([*world.parts.definitions.all(), next_version()])
    with world.store.transaction() as stores:
        designs = stores.designs
        with pytest.raises(NumberTaken):
            DefinitionsInUse(files).at(designs.mark, world.clock.now().date(), lambda: (designs.published(), [], []))


def test_a_published_version_that_is_not_what_it_was_stops_the_start(world):
    import msgspec

    from tillid.forms.in_use import DefinitionsInUse, PublishedBroken

    form = published(world, submitted(world, step(world, begun(world))))
    broken = msgspec.structs.replace(form, data={**form.data, "title": "En anden"})
    with pytest.raises(PublishedBroken):
        DefinitionsInUse(world.parts.definitions).at(b"x", world.clock.now().date(), lambda: ([broken], [], []))


def test_a_published_number_is_written_once(world):
    form = published(world, submitted(world, step(world, begun(world))))
    with world.house() as house, pytest.raises(TillidError, match=r"design\.exists"):
        house.designs.publish(form)
