"""What stays of the events of a destroyed document, and until when (R-90, R-21)."""

from __future__ import annotations

import pytest

from tests.support.destruction import (
    FIRST,
    SECOND,
    WHY,
    act,
    child_left,
    gone,
    keeper,
    mark,
    ordered,
)
from tests.support.destruction import due as due
from tests.support.fixity import read_again
from tests.walks.test_archive_pages import closed_cases
from tillid.archive.keeping import CANCELLED, KINDS, TRANSFERRED, WARNED
from tillid.consents.events import broken_links
from tillid.kernel.errors import NotFound
from tillid.usecases.destroy_evidence import hold_evidence, lift_evidence_hold
from tillid.usecases.seal_record import RECORD
from tillid.usecases.writing import record_event


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
def test_a_scan_is_kept_as_long_as_it_proves_an_answer(due):
    """One sheet, or a whole pile scanned into one file, is the proof of several answers; and it may have been attached as well."""
    closed_cases(due, 1)
    with due.house() as house:
        document = house.documents.get(due.made["document"])
        (other,) = [house.documents.get(one) for one in house.documents.ids() if one != document.id]
        own, both, attached = (house.blobs.put(data, "image/png") for data in (b"its own", b"of both", b"attached"))
        for about, scan in ((document, own), (document, both), (document, attached), (other, both)):
            record_event(house, about, "paper_entered", due.ids.staff["birgit"], {"evidence": {"scan_sha256": scan}})
        house.documents.leave_files(document.id, [attached])
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    assert due.drain() == [] and gone(due)
    with due.house() as house:
        assert all(map(house.blobs.holds, (own, both, attached))), "the evidence has a period of its own"
    due.clock.move(days=3 * 366)
    assert due.drain() == []
    with due.house() as house:
        assert house.documents.tombstone(document.id).evidence_gone is not None
        assert [house.blobs.holds(one) for one in (own, both, attached)] == [False, True, False]


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
