"""Drafts that nobody shared and old rows of the access log go by their rule alone, once the municipality has said so (R-81, R-90)."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, timedelta

import msgspec
import pytest

from tests.support.destruction import FIRST, found_in, holding, keeper, made_pdfs, mark, ordered
from tests.support.fixity import read_again
from tests.support.installation import WorldInstallation, as_staff
from tests.support.uploads import picture
from tests.support.world import SET, author, fill_all
from tests.unit.cms.samples import tombstone
from tillid.archive.drafts import ByRule, Warned
from tillid.archive.keeping import DESTROYED, WARNED
from tillid.cms.store.destroyed import NotFree
from tillid.forms.settings import Changed
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.due_list import due_list
from tillid.usecases.due_overview import due_overview
from tillid.usecases.forget_drafts import SETTING, SYSTEM, forget_drafts, was_shown
from tillid.usecases.keep_document import keeping_page, lift_hold, place_hold
from tillid.usecases.notify import start_notification
from tillid.usecases.preview_document import make_preview
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.work_out_due import work_out_due
from tillid.usecases.writing import record_event

WORDS = "Alma leger helst med sin ven fra stuen, når der er ro omkring dem."


def allow(world):
    with world.house() as house:
        house.choices.put(SETTING, True, Changed(by="camilla", at=house.moment))


def write(world, words):
    with world.house() as house:
        base = house.documents.draft(world.made["document"]).fields
        base = base["u_greb"].revision if "u_greb" in base else 0
        save_fields(house, author(world), world.made["document"], {"u_greb": Change(value=words, base=base)})


def there(world):
    with world.house() as house:
        return house.documents.get(world.made["document"]) is not None


def warned(world):
    with world.house() as house:
        told = house.notices.of_person(author(world).person_id)
    return len([one for one in told if one.text_id == "draft_ending"])


def taken_out(world):
    """A file that once stood in the draft and does no more; a piece of it."""
    data = picture()
    with world.house() as house:
        before = house.documents.draft(world.made["document"])
        field = next(iter(before.fields.values()))
        value = {
            "sha256": house.blobs.put(data, "image/png"),
            "name": "a.png",
            "media_type": "image/png",
            "size": len(data),
        }
        fields = before.fields | {"b_tegning": msgspec.structs.replace(field, value=value)}
        house.documents.save_draft(msgspec.structs.replace(before, fields=fields))
    with world.house() as house:
        house.documents.save_draft(before)
    return data


@pytest.fixture
def draft(world_at):
    world = world_at("draft")
    write(world, WORDS)
    return world


@pytest.mark.req("R-81", "R-90")
def test_a_draft_goes_only_when_rules_may_and_its_author_was_told_in_time(draft):
    with draft.house() as house:
        make_preview(house, author(draft), draft.made["document"])
    assert draft.drain() == [] and len(made_pdfs(draft)) == 1
    pdfs = made_pdfs(draft) | {taken_out(draft)}
    assert holding(draft.folder, pdfs) and read_again(draft).damages == ()
    draft.clock.move(days=400)
    assert forget_drafts(draft.house) == (0, 0) and warned(draft) == 0, "no rule may, as long as nobody has said so"
    allow(draft)
    assert forget_drafts(draft.house) == (1, 0) and warned(draft) == 1
    assert forget_drafts(draft.house) == (0, 0) and warned(draft) == 1, "told once"
    front = as_staff(WorldInstallation(draft), "sofie").get("/")
    assert front.html.find("a", string=re.compile("snart destrueret"))["href"] == f"/dokument/{draft.made['document']}"
    draft.clock.move(days=27)
    assert forget_drafts(draft.house) == (0, 0) and there(draft)
    draft.clock.move(days=2)
    assert draft.drain() == []
    assert {"zodb"} <= {place for place, _ in found_in(draft.folder, {WORDS})}
    assert forget_drafts(draft.house) == (0, 1) and not there(draft)
    assert draft.drain() == [] and keeper(draft).wipe(draft.house) == 1
    assert found_in(draft.folder, {WORDS}) == set() and not holding(draft.folder, pdfs), "nor as a preview, nor a file"
    with draft.house() as house:
        stone = house.documents.tombstone(draft.made["document"])
        events = house.ledger.of_document(stone.id)
        assert (stone.rule, stone.digests) == ("draft", ()) and {one.kind for one in events} <= {
            "forgotten",
            WARNED,
            DESTROYED,
        }
        assert [(one.what, one.count) for one in house.keeping.runs()] == [("draft", 1)]
        assert due_list(house, draft.staff(FIRST), SET.unit_id).destroyed == (), (
            "nobody was told of it while it was there"
        )


@pytest.mark.req("R-90", "R-54")
def test_interrupted_between_two_drafts_the_next_run_goes_on_and_an_underretning_is_its_notifiers_alone(draft):
    """Each draft is one transaction; a kill leaves what was committed, as the error here does."""
    with draft.house() as house:
        begun = start_notification(house, draft.staff("sofie"), "bekymring", None)
    allow(draft)
    draft.clock.move(days=170)
    assert forget_drafts(draft.house) == (2, 0)
    with draft.house() as house:
        told = [one for one in house.notices.of_person(draft.staff("sofie").person_id) if one.text_id == "draft_ending"]
        others = [house.notices.of_person(draft.staff(who).person_id) for who in ("birgit", "mettemarie", "jonas")]
    assert {tuple(one.ids) for one in told} == {("document",), ("notification",)}
    assert not [one for each in others for one in each if one.text_id == "draft_ending"]
    assert as_staff(WorldInstallation(draft), "sofie").get("/").html.find("a", href=f"/underretning/{begun.id}")
    draft.clock.move(days=30)
    opened = []

    @contextmanager
    def dying():
        opened.append(1)
        if len(opened) == 5:  # one to ask whether a rule may, two to look, one for the first draft
            raise KeyboardInterrupt
        with draft.house() as house:
            yield house

    with pytest.raises(KeyboardInterrupt):
        forget_drafts(dying)
    with draft.house() as house:
        assert sum(house.documents.get(one) is None for one in (begun.id, draft.made["document"])) == 1
    assert forget_drafts(draft.house) == (0, 1) and not there(draft)
    front = as_staff(WorldInstallation(draft), "sofie").get("/").html
    assert "bliver snart destrueret" in front.text, "what was told stays told"
    assert not front.select(f"a[href$='{begun.id}'], a[href$='/dokument/{draft.made['document']}']"), (
        "and leads nowhere"
    )
    with draft.house() as house:
        assert len(house.documents.unpacked()) == 2 and house.documents.tombstone(begun.id).digests == ()


@pytest.mark.req("R-90")
def test_who_writes_after_the_warning_keeps_the_draft_and_is_warned_anew(draft):
    allow(draft)
    draft.clock.move(days=160)
    assert forget_drafts(draft.house) == (1, 0)
    draft.clock.move(days=20)
    write(draft, WORDS + " Det gør hun stadig.")
    draft.clock.move(days=40)
    assert forget_drafts(draft.house) == (0, 0) and there(draft)
    draft.clock.move(days=120)
    assert forget_drafts(draft.house) == (1, 0) and warned(draft) == 2 and there(draft)


def the_store_itself_keeps_it(world):
    """Also from who has warned in time and then asks for it by the rule, whatever the use case would have said."""
    due = world.clock.now().date() + timedelta(days=30)
    with world.house() as house:
        record_event(house, house.documents.get(world.made["document"]), WARNED, SYSTEM, Warned(due=due))
    world.clock.move(days=40)
    with pytest.raises(NotFree), world.house() as house:
        document = house.documents.get(world.made["document"])
        record_event(house, document, DESTROYED, SYSTEM, ByRule(rule="draft", due=due))
        house.documents.destroy(tombstone(document))


@pytest.mark.req("R-82", "R-90")
def test_what_was_ever_shared_never_goes_by_the_rule_for_drafts(world_at):
    world = world_at("shared")
    allow(world)
    world.clock.move(days=2000)
    assert forget_drafts(world.house) == (0, 0)
    the_store_itself_keeps_it(world)
    with world.house() as house, pytest.raises(NotFound):
        place_hold(house, world.staff("birgit"), world.made["document"], "legal", "x" * 20, event_id=new_id())


@pytest.mark.req("R-54", "R-81", "R-82", "R-90")
def test_what_a_colleague_has_read_goes_by_no_rule_but_by_two_who_see_its_days_alone(draft):
    address = f"/dokument/{draft.made['document']}/gennemse"
    with draft.house() as house:
        begun = start_notification(house, draft.staff("sofie"), "bekymring", None).id
    as_staff(WorldInstallation(draft), "sofie").get(address)
    assert not shown(draft), "its author alone has read it"
    as_staff(WorldInstallation(draft), "mikkel").get(address)
    assert shown(draft)
    allow(draft)
    draft.clock.move(days=200)
    assert forget_drafts(draft.house) == (1, 0) and warned(draft) == 1, "the underretning alone is nobody else's"
    work_out_due(draft.house)
    with draft.house() as house:
        found = due_list(house, draft.staff(FIRST), SET.unit_id)
        ((_, (kept,)),) = found.months
        assert (kept.document.id, kept.rule.id, kept.due) == (draft.made["document"], "draft", date(2027, 5, 25))
        assert due_overview(house, draft.staff(FIRST)).months == {"2027-05": 1}
        with pytest.raises(NotFound):
            keeping_page(house, draft.staff(FIRST), begun)
    page = as_staff(WorldInstallation(draft), FIRST).get(f"/arkiv/{draft.made['document']}/bevaring")
    assert "den dag, nogen sidst skrev i kladden" in page and "Alma" not in page
    mark(draft)
    ordered(draft)
    draft.clock.move(days=15)
    assert draft.drain() == [] and not there(draft)
    with draft.house() as house:
        assert [one.id for one in due_list(house, draft.staff(FIRST), SET.unit_id).destroyed] == [
            draft.made["document"]
        ]


def shown(world):
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        return was_shown(house, document, house.ledger.of_document(document.id), house.documents.draft(document.id))


@pytest.mark.req("R-81", "R-90")
def test_the_store_itself_keeps_what_a_colleague_has_written_in(draft):
    fill_all(draft, draft.staff("mikkel"), draft.made["document"], {"u_relationer": "Hun bygger gerne med de andre."})
    the_store_itself_keeps_it(draft)
    assert there(draft)


@pytest.mark.req("R-71", "R-81", "R-90")
def test_rows_of_the_log_go_a_month_at_a_time_but_those_of_what_is_held(world_at):
    world = world_at("shared")
    before = len(world.parts.audit.of_child(SET.child_id, 10_000))
    assert before >= 3
    with world.house() as house:
        held = place_hold(
            house, world.staff(FIRST), world.made["document"], "insight", "Der er bedt om indsigt.", event_id=new_id()
        )
    world.clock.move(days=5 * 366 + 40)
    assert keeper(world).forget_log(world.house) == 0, "not before the municipality has said so"
    allow(world)
    keeper(world).forget_log(world.house)
    assert len(world.parts.audit.of_child(SET.child_id, 10_000)) == before + 1 and world.parts.audit.verify() == []
    with world.house() as house:
        lift_hold(house, world.staff(FIRST), world.made["document"], held.id, "Indsigten er givet.", event_id=new_id())
    gone = keeper(world).forget_log(world.house)
    assert gone >= before and len(world.parts.audit.of_child(SET.child_id, 10_000)) == 1
    assert world.parts.audit.verify() == []
    with world.house() as house:
        run = house.keeping.runs()[0]
    assert (run.what, run.count, run.before) == ("access_log", gone, date(2027, 1, 1))
    assert keeper(world).forget_log(world.house) == 0
