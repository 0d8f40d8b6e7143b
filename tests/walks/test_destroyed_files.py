"""What was destroyed lies in no file: not as text, not as a PDF, not in what was made of it for single people (R-90)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest

from tests.support.destruction import (
    FIRST,
    SECOND,
    found_in,
    gone,
    holding,
    keeper,
    made_pdfs,
    mark,
    ordered,
    texts_of,
)
from tests.support.destruction import due as due
from tests.support.fixity import read_again
from tests.support.world import SET, author, document_now
from tests.walks.test_archive_pages import closed_cases
from tillid.archive.keeping import DESTROYED
from tillid.archive.query import SearchQuery
from tillid.cms.previews import _Kept
from tillid.consents.events import broken_links
from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import Draft, DraftField
from tillid.kernel.canonical import json_digest, sha256
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.change_pdf import make_changes
from tillid.usecases.due_list import due_list
from tillid.usecases.follow_up import all_entries
from tillid.usecases.insight_case import Asked, begin_insight, hand_out_insight, require_case
from tillid.usecases.insight_collect import collect_insight
from tillid.usecases.insight_item import decide_item, end_review
from tillid.usecases.insight_made import PDF
from tillid.usecases.insight_made import STEP as RENDER_INSIGHT
from tillid.usecases.insight_package import LIFE, order_package, render_insight
from tillid.usecases.keep_document import keeping_page
from tillid.usecases.search_archive import search_archive
from tillid.wiring.repeating import again_on_conflict


@pytest.mark.req("R-90", "R-21")
def test_what_is_destroyed_is_in_no_file_and_the_log_stays_whole(due):
    document, texts = document_now(due), texts_of(due)
    assert len(texts) > 10
    beside_another(due)
    before = {place for place, _ in found_in(due.folder, texts)}
    assert {"zodb", "index"} <= before, "the scan finds what is there"
    with due.house() as house:
        events = house.ledger.of_document(document.id)
        version = house.documents.version(document.id, document.versions)
        blobs = {one.sha256 for one in version.copies.values()} | {one.tail for one in version.archive_revisions}
        assert "archive" in version.copies and version.archive_revisions
    assert blobs <= {sha256(path.read_bytes()) for path in due.folder.rglob("*") if path.is_file()}
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    held = due.parts.search.search(SearchQuery(allowed_units=(document.unit_id,))).hits
    assert len(held) == 1 and held[0].document_id != document.id, "out of the index before its files are written anew"
    query = SearchQuery(allowed_units=(), words="")
    with due.house() as house:
        assert (
            search_archive(house, due.staff(FIRST), query, "Tilsyn eller revision: kontrol af destruktion").total == 0
        )
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


def beside_another(world):
    """Its words lie in one file of the index with another's, which no delete takes away."""
    with world.house() as house:
        (own,) = all_entries(house)
    other = msgspec.structs.replace(own, document_id=new_id(), text="Et andet dokument")
    world.parts.search.rebuild(lambda: [own, other])


@pytest.mark.req("R-90")
def test_what_the_outbox_was_to_do_with_it_goes_with_it_and_nothing_of_another(due):
    """Also what was given up, which waits for the administrator and is never due."""
    document, other = due.made["document"], new_id()
    mark(due)
    ordered(due)
    later = due.clock.now() + timedelta(days=400)
    with due.house() as house:
        late = house.outbox.add("index", {"document": document, "event": new_id()}, later).key
        dead = house.outbox.add("render", {"document": document, "event": new_id()}, later).key
        anothers = house.outbox.add("render", {"document": other, "event": new_id()}, later).key
    with due.house() as house:
        while not house.outbox.get(dead).dead:
            house.outbox.failed(dead, "documents.render-failed", later)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    with due.house() as house:
        assert house.outbox.get(late) is None and house.outbox.get(dead) is None
        assert house.outbox.get(anothers) is not None
        left = {one.step for one in house.outbox.pending() if document in one.ids.values()}
        assert left <= {"forget_evidence"}, "the evidence has a period of its own"


@pytest.mark.req("R-90")
def test_a_file_goes_with_the_last_document_that_has_it(due):
    """Wherever it stands in either, and there alone: in the draft, in one that was kept when the draft moved, in a version, or among
    those that stood in the draft once."""
    document = due.made["document"]
    closed_cases(due, 1)
    with due.house() as house:
        (other,) = {*house.documents.ids()} - {document}
        own = {where: house.blobs.put(f"its own: {where}".encode(), "image/png") for where in PLACES}
        shared = {where: house.blobs.put(f"of both: {where}".encode(), "image/png") for where in PLACES}
        for id_, each in ((document, own), (document, shared), (other, shared)):
            for where, digest in each.items():
                PLACES[where](house, id_, {"sha256": digest, "name": "a.png", "media_type": "image/png", "size": 9})
        left = {id_: set(house.documents.left_files(id_)) for id_ in (document, other)}
        assert left == {document: {own["left"], shared["left"]}, other: {shared["left"]}}, "each stands in one place"
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    with due.house() as house:
        assert [where for where, digest in own.items() if house.blobs.holds(digest)] == []
        assert [where for where, digest in shared.items() if not house.blobs.holds(digest)] == []


def in_draft(house, document_id, file):
    draft = house.documents.draft(document_id)
    house.documents.save_draft(msgspec.structs.replace(draft, fields=draft.fields | with_file(house, file)))


def in_earlier_draft(house, document_id, file):
    document, number = house.documents.get(document_id), len(house.documents.earlier_drafts(document_id)) + 1
    draft = Draft(document_id=document_id, fields=with_file(house, file))
    house.documents.keep_draft(
        EarlierDraft(document_id=document_id, number=number, draft=draft, definition=document.definition,
                     variant=document.variant, to=document.definition, moved_at=house.moment, moved_by="", versions=0)
    )  # fmt: skip


def with_file(house, file):
    value = [{"file": file}]
    return {file["sha256"]: DraftField(value=value, revision=1, by="", side="professional", at=house.moment)}


def in_version(house, document_id, file):
    document = house.documents.get(document_id)
    last = house.documents.version(document_id, document.versions)
    answers = last.answers | {"a": [file]}
    number = document.versions + 1
    house.documents.add_version(
        msgspec.structs.replace(last, number=number, answers=answers, copies={}, receiver_copies={},
                                archive_revisions=(), answers_digest=json_digest(answers))
    )  # fmt: skip
    house.documents.replace(msgspec.structs.replace(document, versions=number))


PLACES = {
    "draft": in_draft,
    "earlier draft": in_earlier_draft,
    "version": in_version,
    "left": lambda house, document_id, file: house.documents.leave_files(document_id, [file["sha256"]]),
}


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
