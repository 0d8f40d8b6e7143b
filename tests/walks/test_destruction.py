"""Held, appraised, ordered by one, confirmed by another, thought over, gone: from every file, and for good (R-82, R-90)."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from tests.support.fixity import read_again
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, document_now, leader
from tillid.adapters.archive_keeper import ArchiveKeeper
from tillid.archive.keeping import CANCELLED, DESTROYED, KINDS, TRANSFERRED, WARNED
from tillid.archive.query import SearchQuery
from tillid.cms.previews import _Kept
from tillid.cms.repeating import again_on_conflict
from tillid.cms.store.destroyed import NotFree, refuse_unless_free
from tillid.consents.events import broken_links
from tillid.consents.remarks import RESTRICTED, remarks_of
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.usecases.appraise import appraise, approve_transfer
from tillid.usecases.change_pdf import make_changes
from tillid.usecases.destroy_evidence import hold_evidence, lift_evidence_hold
from tillid.usecases.due_list import due_list
from tillid.usecases.fasten_remark import lift_restriction, restrict
from tillid.usecases.insight_case import Asked, begin_insight, hand_out_insight, require_case
from tillid.usecases.insight_collect import collect_insight
from tillid.usecases.insight_item import decide_item, end_review
from tillid.usecases.insight_made import PDF
from tillid.usecases.insight_made import STEP as RENDER_INSIGHT
from tillid.usecases.insight_package import LIFE, order_package, render_insight
from tillid.usecases.keep_document import keeping_page, lift_hold, place_hold
from tillid.usecases.order_destruction import cancel_destruction, confirm_destruction, order_destruction
from tillid.usecases.seal_record import RECORD
from tillid.usecases.search_archive import search_archive
from tillid.web.answers import NOT_FOUND_BODY

WHY = "Perioden er udløbet, og rådet har besluttet kassation."
FIRST, SECOND = "ove", "solvej"


@pytest.fixture
def due(world_at):
    """A signed case whose child left the unit six years ago; its consent ran out long since."""
    return child_left(world_at("signed"))


def child_left(world):
    with world.house() as house:
        child = house.people.child(SET.child_id)
        left = msgspec.structs.replace(child, left={child.unit_id: date(2026, 12, 31)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))
    world.clock.move(days=6 * 366)
    return world


def act(world, who, use_case, *args, **more):
    with world.house() as house:
        return use_case(house, world.staff(who), world.made["document"], *args, **{"event_id": new_id(), **more}).id


def mark(world, name="kasseres", who=FIRST, **more):
    said = {"subject": "17.00.00", "facet": "G01", "basis": "BEK 183/2018", "reason": WHY} | more
    return act(world, who, appraise, name, **said)


def ordered(world):
    order = act(world, FIRST, order_destruction, WHY)
    act(world, SECOND, confirm_destruction, order)
    return order


def code(call, *args, **more):
    with pytest.raises(TillidError) as refused:
        call(*args, **more)
    return refused.value.code


def stops(world):
    with world.house() as house:
        return keeping_page(house, world.staff(FIRST), world.made["document"]).stops


def gone(world):
    with world.house() as house:
        return house.documents.get(world.made["document"]) is None


def keeper(world):
    def pack():
        world.store.db.pack()
        world.second.pack()

    return ArchiveKeeper(world.folder, world.parts.search, pack, world.clock)


def texts_of(world):
    """Every longer piece of what was written in the document."""
    found = []

    def walk(value):
        if isinstance(value, str) and len(value) > 25 and " " in value:
            found.append(value)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
            walk(one)

    with world.house() as house:
        document = house.documents.get(world.made["document"])
        for number in range(1, document.versions + 1):
            walk(msgspec.to_builtins(house.documents.version(document.id, number).answers))
        places = {unit.name for unit in house.people.organigram().units.values()}
    return set(found) - places


def forms(text):
    """As it may stand in a file: JSON as written, JSON escaped, and UTF-16 as PDF metadata has it."""
    part = text[:25]
    return {part.encode(), part.encode("unicode_escape"), part.encode("utf-16-be")}


def found_in(folder: Path, texts):
    where = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            where |= {
                (path.relative_to(folder).parts[0], text) for text in texts if any(f in data for f in forms(text))
            }
    return where


@pytest.mark.req("R-82", "R-83", "R-90")
def test_nothing_goes_before_everything_is_said_and_two_have_said_it(due):
    assert stops(due) == ("undecided",), "born undecided"
    assert code(act, due, FIRST, order_destruction, WHY) == "keeping.stopped"
    assert code(mark, due, facet="") == "keeping.class" and code(mark, due, basis="") == "keeping.class"
    assert code(mark, due, reason="kort") == "keeping.reason"
    assert code(mark, due, reason="Barnet har CPR 010120-1234, siger mor.") == "keeping.reason"
    mark(due, who=SECOND)
    order = act(due, FIRST, order_destruction, WHY)
    for who in (FIRST, SECOND):  # who asked for it, and who set the mark
        assert code(act, due, who, confirm_destruction, order) == "keeping.same-person"
    mark(due, "bevares")
    assert stops(due) == ("not_archived",)
    assert code(act, due, FIRST, approve_transfer, archive="", reference="1", approved_on=None) == "keeping.transfer"
    tomorrow = due.clock.now().date() + timedelta(days=1)
    assert (
        code(act, due, FIRST, approve_transfer, archive="A", reference="1", approved_on=tomorrow) == "keeping.transfer"
    )
    assert stops(due) == ("not_archived",), "only an approval makes it archived"
    act(due, FIRST, approve_transfer, archive="Rigsarkivet", reference="32-1", approved_on=date(2032, 1, 2))
    assert stops(due) == ()
    order = act(due, FIRST, order_destruction, WHY)
    assert code(act, due, FIRST, confirm_destruction, order) == "keeping.same-person"
    held = act(due, SECOND, place_hold, "legal", "En retssag er anlagt mod kommunen.")
    assert code(act, due, SECOND, confirm_destruction, order) == "keeping.stopped"
    act(due, SECOND, lift_hold, held, "Retssagen er afsluttet.")
    act(due, SECOND, confirm_destruction, order)
    assert due.drain() == [] and not gone(due), "time to think again"
    due.clock.move(days=13)
    assert due.drain() == [] and not gone(due)
    act(due, FIRST, cancel_destruction, order, "Vi vil se den igennem en gang til.")
    due.clock.move(days=5)
    assert due.drain() == [] and not gone(due)


@pytest.mark.req("R-90")
def test_a_hold_placed_after_the_confirmation_stops_it_and_the_order_has_to_be_given_anew(due):
    mark(due)
    ordered(due)
    held = act(due, FIRST, place_hold, "insight", "Forældrene har bedt om indsigt.")
    due.clock.move(days=15)
    assert due.drain() == [] and not gone(due)
    with due.house() as house:
        last = house.ledger.of_document(due.made["document"])[-1]
    assert (last.kind, last.actor, last.payload["reason"]) == (CANCELLED, "system", "held")
    act(due, FIRST, lift_hold, held, "Indsigten er givet.")
    due.clock.move(days=30)
    assert due.drain() == [] and not gone(due)


@pytest.mark.req("R-72", "R-90")
def test_what_somebody_objects_to_is_not_destroyed_before_the_objection_is_settled(due):
    mark(due)
    ordered(due)
    document_id = due.made["document"]
    with due.house() as house:
        restrict(house, leader(due), document_id, "claims", "Skal bruges i en sag.", event_id=new_id())
    assert stops(due) == ("restricted",)
    due.clock.move(days=15)
    assert due.drain() == [] and not gone(due)
    with due.house() as house:
        events = house.ledger.of_document(document_id)
        done = [one for one in events if one.kind != CANCELLED] + [msgspec.structs.replace(events[-1], kind=DESTROYED)]
        with pytest.raises(NotFree):  # whichever way the call came
            refuse_unless_free(done)
        refuse_unless_free([one for one in done if one.kind != RESTRICTED])
        restriction = remarks_of(events).restrictions[0].id
        lift_restriction(house, leader(due), document_id, restriction, "Sagen er afgjort.", event_id=new_id())
    assert events[-1].payload["reason"] == "restricted" and stops(due) == ()


@pytest.mark.req("R-18", "R-05", "R-82")
@pytest.mark.parametrize("who", ["birgit", "camilla", "rasmus", "hanne"])
def test_nobody_but_the_controllers_archivists_has_any_of_it(due, who):
    for call in (order_destruction, place_hold):
        more = ("legal", WHY) if call is place_hold else (WHY,)
        with pytest.raises(NotFound):
            act(due, who, call, *more)
    with due.house() as house, pytest.raises(NotFound):
        due_list(house, due.staff(who), SET.unit_id)


@pytest.mark.req("R-82", "R-83", "R-90")
def test_the_store_itself_refuses_what_the_ledger_does_not_allow(due):
    from tests.unit.cms.samples import tombstone

    document = document_now(due)
    mark(due)
    for free in (None, "held"):
        if free == "held":
            ordered(due)
            act(due, FIRST, place_hold, "legal", "En retssag er anlagt.")
        with pytest.raises(NotFree), due.house() as house:
            house.documents.destroy(tombstone(document))
    assert not gone(due)


@pytest.mark.req("R-90", "R-21")
def test_what_is_destroyed_is_in_no_file_and_the_log_stays_whole(due):
    document, texts = document_now(due), texts_of(due)
    assert len(texts) > 10
    before = {place for place, _ in found_in(due.folder, texts)}
    assert {"zodb", "index"} <= before, "the scan finds what is there"
    with due.house() as house:
        events = house.ledger.of_document(document.id)
        copies = house.documents.version(document.id, document.versions).copies
        blobs = {one.sha256 for one in copies.values()}
        assert "archive" in copies
    assert blobs <= {sha256(path.read_bytes()) for path in due.folder.rglob("*") if path.is_file()}
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    query = SearchQuery(allowed_units=(), words="")
    with due.house() as house:
        assert search_archive(house, due.staff(FIRST), query, "Kontrol af destruktion").total == 0
        assert due_list(house, due.staff(FIRST), document.unit_id).destroyed[0].id == document.id
        with pytest.raises(NotFound):
            keeping_page(house, due.staff(FIRST), document.id)
    keeping = keeper(due)
    keeping.look(due.house, again_on_conflict)
    keeping.wait(60)
    assert found_in(due.folder, texts) == set()
    assert not blobs & {sha256(path.read_bytes()) for path in due.folder.rglob("*") if path.is_file()}, "nor as a PDF"
    with due.house() as house:
        assert all(house.blobs.get(digest) is None for digest in blobs)
        after = house.ledger.of_document(document.id)
        assert (
            [one.digest for one in after[: len(events)]] == [one.digest for one in events]
            and after[-1].kind == DESTROYED
            and broken_links(after) == []
        )
        assert all(house.event_log.place(event.digest) is not None for event in after)
        stone = house.documents.tombstone(document.id)
        assert house.documents.unpacked() == ()
        assert house.documents.of_child(SET.child_id) == [] and house.documents.of_unit(document.unit_id) == []
    assert (stone.number, stone.mark, stone.basis) == (document.number, "kasseres", "BEK 183/2018")
    people = due.ids.staff
    assert (stone.ordered_by, stone.confirmed_by) == (people[FIRST], people[SECOND])
    list_is_read_again(due)
    assert len(stone.digests) == document.versions and blobs <= set(stone.copies)


def made_pdfs(world):
    """A piece from the middle of every PDF that was made for single people, with which no other begins."""
    found = world.second.read(lambda root: [one.data.data for one in root.get("previews", {}).values()])
    return {data[len(data) // 2 :][:64] for data in found if data.startswith(b"%PDF-")}


def holding(folder: Path, pieces):
    return {path.name for path in folder.rglob("*") if path.is_file() for one in pieces if one in path.read_bytes()}


def insight_given(world):
    """A case of insight with the newest version in it, closed: it holds the document no more. Returns its id."""
    officer, child = world.staff("rasmus"), SET.child_id
    asked = Asked(asker="authority", name="Ankestyrelsen", holder_id="", identity="Sikker post", basis="gdpr",
                  asked_on=world.clock.now().date())  # fmt: skip
    with world.house() as house:
        case_id = begin_insight(house, officer, child, asked, event_id=new_id())
        collect_insight(house, officer, case_id, event_id=new_id())
        case = require_case(house, officer, case_id)[0]
        for place, item in enumerate(case.items, 1):
            if item.flags:
                given = item.kind == "version" and item.version == document_now(world).versions
                more = {} if given else {"provision": "Databeskyttelseslovens § 22", "reason": "Det er ikke relevant."}
                decide_item(house, officer, case_id, place, "give" if given else "hold", event_id=new_id(), **more)
        digest = require_case(house, officer, case_id)[0].digest
        end_review(house, officer, case_id, digest, event_id=new_id())
        hand_out_insight(house, officer, case_id, "Sikker post", "0" * 64, event_id=new_id())
    return case_id


@pytest.mark.req("R-90", "R-72")
def test_what_was_made_of_it_for_single_people_goes_with_it_also_what_is_made_on_the_last_day_and_after(due):
    """Insight copies live for two weeks, and may be made anew once they were handed out."""
    document, case_id = due.made["document"], insight_given(due)
    with due.house() as house:
        make_changes(house, author(due), document, 1, 2)
    assert due.drain() == []
    mark(due)
    ordered(due)
    due.clock.move(days=13)
    with due.house() as house:
        order_package(house, due.staff("rasmus"), case_id)
        (late,) = [one for one in house.outbox.pending() if one.step == RENDER_INSIGHT]
    assert due.drain() == []
    pdfs = made_pdfs(due)
    assert len(pdfs) == 2 and holding(due.folder, pdfs), "the scan finds what is there"
    others = due.second.previews.put("ove", b"%PDF-of another document", PDF, due.clock.now(), of=new_id(), life=LIFE)
    under_way = dying_put(due, late)
    due.clock.move(days=2)
    assert due.drain() == [] and gone(due)
    under_way()
    assert made_pdfs(due) <= {b"%PDF-of another document"[12:]}, "at once, and nothing comes after"
    left = _Kept("rasmus", "2099-01-01T00:00:00+00:00", PDF, b"%PDF-" + (last := b"left by a kill" * 9), document)
    due.second.write(lambda root: root["previews"].__setitem__("left", left))  # whatever became of the outbox's step
    assert keeper(due).wipe(due.house) == 1
    assert holding(due.folder, {*pdfs, last}) == set()
    assert due.second.previews.get(others, "ove", due.clock.now()) is not None, "nobody else's"


def dying_put(world, entry):
    """The insight copy is rendered while the document is there; what is returned stores it when it is there no more."""
    stored = []
    previews = SimpleNamespace(put=lambda *args, **more: stored.append((args, more)))

    @contextmanager
    def slow():
        with world.house() as house:
            yield replace(house, previews=previews)

    render_insight(slow, entry)
    ((args, more),) = stored
    return lambda: world.second.previews.put(*args, **more)


def list_is_read_again(world):
    """A line of the list that is changed, gone, or about nothing that was destroyed."""
    listed = world.folder / "destroyed" / "destroyed.jsonl"
    line = listed.read_bytes()
    another = line.replace(world.made["document"].encode(), new_id().encode())
    for data, damaged in (
        (line, False),
        (line.replace(b"BEK 183", b"BEK 184"), True),
        (b"", True),
        (line + another, True),
        (line, False),
    ):
        listed.write_bytes(data)
        world.clock.move(days=1)
        told = [(one.what, one.how) for one in read_again(world).damages]
        assert told == [("beside:destroyed", "fixity.destroyed")] * damaged


@pytest.mark.req("R-90", "R-21")
def test_the_evidence_of_its_consents_goes_when_its_own_period_is_over_unless_it_is_held(due):
    document_id = due.made["document"]
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    with due.house() as house:
        stone, before = house.documents.tombstone(document_id), house.ledger.of_document(document_id)
        given = next(one for one in before if one.kind == "consent_given")
        assert RECORD in house.ledger.attachments(given.id), "its period is not over"
        assert due.clock.now().date() < stone.evidence_due
    held = act(due, FIRST, hold_evidence, "legal", "En forælder har klaget til Datatilsynet.")
    for who in ("birgit", "rasmus", "camilla"):
        with pytest.raises(NotFound):
            act(due, who, hold_evidence, "legal", WHY)
    due.clock.move(days=366)
    assert due.drain() == []
    with due.house() as house:
        assert RECORD in house.ledger.attachments(given.id), "it is held"
    act(due, SECOND, lift_evidence_hold, held, "Klagen er afgjort.")
    assert due.drain() == []
    keeper(due).wipe(due.house)
    with due.house() as house:
        after = house.ledger.of_document(document_id)
        assert house.documents.tombstone(document_id).evidence_gone == due.clock.now()
        assert all(house.ledger.attachments(one.id) == {} for one in after)
        assert all(house.event_log.place(one.digest) is not None for one in after) and broken_links(after) == []
    assert [one.digest for one in after[: len(before)]] == [one.digest for one in before]
    assert {one.kind for one in after} == {"forgotten", *KINDS} - {TRANSFERRED, CANCELLED, WARNED}
    words = given.payload["text"]["body"].split("\n")[0][:40].encode()
    assert not [path for path in due.folder.rglob("*") if path.is_file() and words in path.read_bytes()], (
        "the words said yes to"
    )
    assert read_again(due).damages == (), "what went by its rule is no damage"


@pytest.mark.req("R-90", "R-21")
def test_where_nobody_was_asked_the_events_go_with_the_document(world_at):
    world = child_left(world_at("agreed"))
    mark(world)
    ordered(world)
    world.clock.move(days=15)
    assert world.drain() == [] and gone(world)
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
        assert all(house.event_log.place(one.digest) is not None for one in events) and broken_links(events) == []
    assert {one.kind for one in events} <= {"forgotten", *KINDS} and events[0].kind == "forgotten"
    assert {one.actor for one in events if one.kind == "forgotten"} == {""}


@pytest.mark.req("R-90")
def test_what_an_older_backup_brings_back_goes_again_before_anybody_is_answered(due, world_at):
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    due.drain()
    assert keeper(due).wipe(due.house) == 1
    restored = world_at("signed")
    restored.clock.moment = due.clock.moment
    shutil.copytree(due.folder / "destroyed", restored.folder / "destroyed")
    assert keeper(restored).replay(restored.house) == 1 and gone(restored)
    assert keeper(restored).replay(restored.house) == 0
    with restored.house() as house:
        assert house.documents.tombstone(restored.made["document"]).after_restore == restored.clock.moment
    assert restored.drain() == []
    assert keeper(restored).wipe(restored.house) == 1, "its texts leave these files too"


@pytest.mark.req("R-90", "R-21")
def test_who_had_to_do_with_it_still_finds_what_is_theirs(due):
    """The child's ledger tells of a document that is no more; no page may stumble over it."""
    document = document_now(due)
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    installation = WorldInstallation(due)
    holder = due.holders(SET.child_id)[0].person_id
    for app in (
        as_parent(installation, holder),
        *(as_staff(installation, who) for who in ("sofie", "hanne", "rasmus")),
    ):
        assert document.number not in app.get("/", status=200)
    for who, address in (("sofie", "barn"), ("rasmus", "log")):
        page = as_staff(installation, who).get(f"/{address}/{SET.child_id}", status="*")
        assert page.status_int in (200, 404), f"{address}: {page.status_int}"
    for address in (f"/dokument/{document.id}", f"/foraelder/dokument/{document.id}"):
        assert as_parent(installation, holder).get(address, status=404).body == NOT_FOUND_BODY
