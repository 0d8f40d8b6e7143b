"""Station 2: filling without loss; two sides, two tabs, words written in a talk, the blind trivselsskema."""

from __future__ import annotations

import pytest
from transaction.interfaces import TransientError

from tests.support.world import ANSWERS, SET, author, fill_all, leader
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.agree import WordsNotConfirmed, confirm_agreement
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.facts import Conflict
from tillid.usecases.fill import open_draft, text_digest
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.settle_clash import settle_clash
from tillid.usecases.share_document import NotReady, share_document
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import see_round, submit_form


def save(world, who, field, value, base, **more):
    with world.house() as house:
        return save_fields(house, who, world.made["document"], {field: Change(value=value, base=base)}, **more)


def test_two_tabs_the_second_is_told_and_both_texts_are_kept(world_at):
    world, field = world_at("draft"), "u_greb"
    who = author(world)
    with world.house() as house:
        base = house.documents.draft(world.made["document"]).fields[field].revision
    first = save(world, who, field, "Fanebladet til venstre.", base)
    second = save(world, who, field, "Fanebladet til højre.", base)
    assert first.revisions == {field: base + 1} and not first.clashes
    clash = second.clashes[field]
    assert (clash.theirs.value, clash.yours.value) == ("Fanebladet til venstre.", "Fanebladet til højre.")
    with world.house() as house:
        view = open_draft(house, who, world.made["document"])
        assert view.draft.fields[field].value == "Fanebladet til venstre."
        assert [one.value for one in view.draft.kept[field]] == ["Fanebladet til højre."]
        settle_clash(house, who, world.made["document"], field, keep="yours")
        view = open_draft(house, who, world.made["document"])
        assert view.draft.fields[field].value == "Fanebladet til højre." and not view.draft.kept


def test_the_same_text_saved_twice_is_no_clash(world_at):
    world = world_at("draft")
    who = author(world)
    with world.house() as house:
        base = house.documents.draft(world.made["document"]).fields["u_greb"].revision
    save(world, who, "u_greb", "Det samme.", base)
    assert not save(world, who, "u_greb", "Det samme.", base).clashes


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("u_greb", "x" * 601, "forms.too-long"),
        ("u_greb", "usynligt\u200b tegn", None),
        ("u_greb", "klokke\x07", None),
        ("overgangstype", "til_maanen", "forms.wrong-code"),
        ("overgangstype", ["dp_bh"], None),
    ],
)
def test_bad_answers_are_told_beside_the_field_and_not_stored(world_at, field, value, code):
    world = world_at("draft")
    who = author(world)
    with world.house() as house:
        before = house.documents.draft(world.made["document"]).fields.get(field)
    saved = save(world, who, field, value, before.revision if before else 0)
    assert saved.problems and saved.problems[0].field_id == field and field not in saved.revisions
    if code:
        assert saved.problems[0].code == code
    with world.house() as house:
        assert house.documents.draft(world.made["document"]).fields.get(field) == before


def test_an_unknown_field_is_refused(world_at):
    world = world_at("draft")
    with pytest.raises(NotFound):
        save(world, author(world), "findes_ikke", "x", 0)


@pytest.mark.req("O2", "P6")
def test_each_side_writes_its_own_part(world_at):
    world = world_at("shared")
    parent = world.holders(SET.child_id)[0]
    with world.house() as house:
        mine = open_draft(house, parent, world.made["document"]).mine
        theirs = open_draft(house, author(world), world.made["document"]).mine
    assert {"p_styrker", "b_glaeder"} <= mine and not any(field.startswith("u_") for field in mine)
    assert "u_greb" in theirs and not any(field.startswith(("p_", "b_")) for field in theirs)
    with pytest.raises(NotFound):
        save(world, parent, "u_greb", "Forælder skriver i fagpersonens del", 0)


def test_a_leaders_field_is_the_leaders(world_at):
    world = world_at("shared")
    with pytest.raises(NotFound):
        save(world, author(world), "u_skolestart", False, 0)
    assert save(world, leader(world), "u_skolestart", False, 0).revisions


@pytest.mark.req("R1", "R-70", "P8")
def test_strangers_get_nothing(world_at):
    world = world_at("shared")
    other_unit = world.staff("trine")
    other_parent = world.parent(world.ids.parents["shirin"])
    for who in (other_unit, other_parent, world.staff("ove"), world.staff("camilla")):
        with pytest.raises(NotFound), world.house() as house:
            open_draft(house, who, world.made["document"])


@pytest.mark.req("O2", "O9")
def test_words_written_in_a_talk_need_the_parents_confirmation_before_the_lock(world_at):
    world = world_at("shared")
    who, parent = author(world), world.holders(SET.child_id)[0]
    document_id = world.made["document"]
    saved = save(world, who, "p_styrker", "Sagt af mor i samtalen.", 0, together_with=parent.person_id)
    assert saved.revisions
    fill_all(world, leader(world), document_id, SET.leader)

    def agree(person):
        with world.house() as house:
            confirm_agreement(house, person, document_id, text_digest(house.documents.draft(document_id)))

    with pytest.raises(WordsNotConfirmed):
        agree(parent)
    with world.house() as house:
        assert confirm_words(house, parent, document_id) == 1
    agree(parent)


def test_agreeing_to_another_text_than_the_one_seen_is_refused(world_at):
    world = world_at("shared")
    with pytest.raises(Conflict), world.house() as house:
        confirm_agreement(house, author(world), world.made["document"], "0" * 64)


def test_agreeing_with_missing_parts_names_the_fields(world_at):
    world = world_at("shared")
    with pytest.raises(NotReady) as refused, world.house() as house:
        digest = text_digest(house.documents.draft(world.made["document"]))
        confirm_agreement(house, author(world), world.made["document"], digest)
    assert {"p_styrker", "u_skolestart"} <= {problem.field_id for problem in refused.value.problems}


def test_an_unfinished_draft_is_not_shared(world_at):
    world = world_at("people")
    who = author(world)
    with world.house() as house:
        document = start_document(house, who, SET.child_id, "overgangsbeskrivelse")
    with pytest.raises(NotReady), world.house() as house:
        share_document(house, who, document.id)


@pytest.mark.req("R-70")
def test_nobody_starts_a_document_about_a_child_of_another_unit(world_at):
    world = world_at("people")
    for username in ("trine", "hanne", "ove", "rasmus"):
        with pytest.raises(NotFound), world.house() as house:
            start_document(house, world.staff(username), SET.child_id, "overgangsbeskrivelse")


def submit_own(world, username: str, answers: dict) -> str:
    who = world.staff(username)
    with world.house() as house:
        document = start_document(house, who, ANSWERS["villads_sofie"].child_id, "trivselsskema")
    fill_all(world, who, document.id, answers)
    with world.house() as house:
        submit_form(house, who, document.id)
    return document.id


@pytest.mark.req("T4b", "T9")
def test_a_trivselsskema_is_blind_until_all_have_submitted(world_at):
    world = world_at("people")
    sofie, mikkel = ANSWERS["villads_sofie"], ANSWERS["villads_mikkel"]
    first = submit_own(world, "sofie", sofie.professional)

    def seen_by(username):
        with world.house() as house:
            child, round_ = house.people.child(sofie.child_id), house.people.round(sofie.round_id)
            return see_round(house, world.staff(username), child, round_)

    for username in ("mikkel", "birgit", "jonas"):
        view = seen_by(username)
        assert not view.open and not view.marks
        with pytest.raises(NotFound), world.house() as house:
            open_draft(house, world.staff(username), first)
    assert not seen_by("sofie").marks, "not all have submitted yet"
    submit_own(world, "mikkel", mikkel.professional)
    with world.house() as house:
        assigned = house.people.round(sofie.round_id).assigned[sofie.child_id]
    assert len(assigned) == 2
    assert [mark.answers["position"] for mark in seen_by("sofie").marks] == ["gul"]
    assert not seen_by("birgit").marks, "a leader who has not submitted sees no mark"
    for parent in world.holders(sofie.child_id):
        with pytest.raises(NotFound), world.house() as house:
            open_draft(house, parent, first)


def test_a_submitted_form_is_locked(world_at):
    world = world_at("people")
    document_id = submit_own(world, "sofie", ANSWERS["villads_sofie"].professional)
    with pytest.raises(NotFound), world.house() as house:
        save_fields(house, world.staff("sofie"), document_id, {"styrker": Change(value="Ny", base=1)})


def test_there_is_no_second_form_for_the_same_child_and_round(world_at):
    world = world_at("people")
    who = world.staff("sofie")
    child = ANSWERS["villads_sofie"].child_id
    with world.house() as house:
        assert start_document(house, who, child, "trivselsskema") == start_document(house, who, child, "trivselsskema")
        with pytest.raises(TillidError, match=r"round\.not-assigned"):
            start_document(house, world.staff("birgit"), child, "trivselsskema")


@pytest.mark.req("O2", "R-11")
def test_a_freeze_and_an_autosave_of_the_same_moment_never_miss_each_other(world_at):
    """Both are open before either commits: what was saved stands in what is frozen, or the freeze is done again."""
    world = world_at("draft")
    document_id = world.made["document"]
    with pytest.raises(TransientError), world.house() as freezing:
        share_document(freezing, author(world), document_id)
        with world.house() as saving:
            base = saving.documents.draft(document_id).fields["u_greb"].revision
            change = {"u_greb": Change(value="Skrevet i samme sekund.", base=base)}
            save_fields(saving, author(world), document_id, change)
    with world.house() as again:
        version = share_document(again, author(world), document_id)
    assert version.number == 1 and version.answers["u_greb"] == "Skrevet i samme sekund."
