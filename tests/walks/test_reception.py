"""The receiver acknowledges what was released: sealed, shown to the sender and the archive, and opening nothing (R-22, R-23)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, request_now
from tests.walks.test_archived_page import case_of
from tests.walks.test_decided_share import decide
from tillid.adapters.pdf.box import opened
from tillid.archive.package_proof import _named
from tillid.cli import main
from tillid.cli.consents import _row
from tillid.cli.verify_pdf import _judged
from tillid.consents.reception import KIND, read_reception
from tillid.kernel.clock import instant, parse_instant
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify
from tillid.usecases.acknowledge_reception import ReleaseChanged, acknowledge_reception
from tillid.usecases.archived_versions import open_archived_copy
from tillid.usecases.decide_share import decision_page
from tillid.usecases.ledger_report import Reading, listed, sealed_named, share_named, shown
from tillid.usecases.open_copy import name_reader, open_copy
from tillid.usecases.receive_document import received_page
from tillid.usecases.seal_record import RECORD
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.imported_words import part_name, who


@pytest.fixture
def world(world_at):
    return world_at("signed")


def page_of(world, who="hanne"):
    with world.house() as house:
        return received_page(house, world.staff(who), world.made["document"])


def acknowledge(world, who="hanne", key=None):
    key = key or page_of(world, who).reception.key
    with world.house() as house:
        return acknowledge_reception(house, world.staff(who), world.made["document"], key)


def acknowledged(world):
    with world.house() as house:
        return [event for event in house.ledger.of_document(world.made["document"]) if event.kind == KIND]


def withdraw(world, items=()):
    with world.house() as house:
        withdraw_consent(house, world.holders(SET.child_id)[0], request_now(world).id, items, language="da", event_id=new_id())  # fmt: skip


def refused(world, who, key):
    with pytest.raises(NotFound), world.house() as house:
        acknowledge_reception(house, world.staff(who), world.made["document"], key)


@pytest.mark.req("R-22", "R-23", "R-103", "R-104", "R-70")
def test_hanne_sees_what_she_acknowledges_and_sender_archive_and_operator_see_that_she_did(world, tmp_path, capsys):
    people = WorldInstallation(world)
    app, base = as_staff(people, "hanne"), f"/modtaget/{world.made['document']}"
    with world.house() as house:
        name_reader(house, world.staff("hanne"), world.made["document"], world.ids.staff["peter"])
    page = app.get(base)
    parts = [item.title for item in request_now(world).items]
    section = page.html.find("section", {"aria-labelledby": "kvittering"})
    assert [one.text for one in section.select("li")] == parts
    assert "Kvitteringen er ikke et samtykke" in section.text and "udgave 2" in section.text
    sender = as_staff(people, "sofie")
    assert "Modtagerens kvittering" not in sender.get(f"/dokument/{world.made['document']}")
    form = page.forms["acknowledge-reception"]
    after = form.submit().follow()
    assert "Hanne" in after.html.find("section", {"aria-labelledby": "kvittering"}).text
    assert "acknowledge-reception" not in after.forms
    form.submit()  # the same click again, and a colleague's page from before
    seen = as_staff(people, "peter").get(base)
    assert "acknowledge-reception" not in seen.forms and "kvitterede for det" in seen
    (event,) = acknowledged(world)
    told = sender.get(f"/dokument/{world.made['document']}")
    assert "Modtagerens kvittering" in told and "har kvitteret for" in told and world.staff("hanne").name in told
    parent = as_parent(people, world.holders(SET.child_id)[0].person_id)
    assert world.staff("hanne").name not in parent.get(f"/foraelder/dokument/{world.made['document']}")

    assert world.drain() == []
    with world.house() as house:
        record = house.ledger.attachments(event.id)[RECORD]
        pdf = open_archived_copy(house, world.staff("ove"), world.made["document"], "Aktindsigt: sag 26-1234").data
        assert [one.id for one in sealed_named(house.ledger, event.id)] == [event.id]
        reading = Reading(ledger=house.ledger, people=house.people, settings=house.settings, moment=house.moment,
                          restored=house.restored)  # fmt: skip
        of_question = shown(reading, share_named(house.ledger, event.id))["events"]
        (line,) = listed(reading, [house.ledger.of_child(SET.child_id)])
    found = world.parts.verify_record(record, world.clock.now())
    assert found.passed and found.details["kind"] == "ReceptionAcknowledged"
    said = read_reception(found.signed)
    assert (said.receiver_id, said.capacity, said.to_unit.id) == (world.staff("hanne").person_id, "leader", SET.receiver_unit_id)  # fmt: skip
    assert {item.id for item in said.items} == {item.id for item in request_now(world).items}
    with world.house() as house:
        rests = [house.ledger.event(one.id) for one in said.rests_on]
    assert [one.kind for one in rests] == ["consent_given", "consent_given", "set_signed"]
    assert [one.digest for one in rests] == [one.digest for one in said.rests_on] and said.share_id == line["request"]
    assert opened(pdf)[-1].files[0].data == record, "the archive's copy has it as its newest revision"
    (mine,) = [one for one in of_question if one["kind"] == KIND]
    assert mine["sealed"] and mine["event"] == event.id and mine["receiver"] == said.receiver_id
    assert line["acknowledged_at"] == [instant(event.at)] and "modtagelse kvitteret" in _row(line)
    (tmp_path / "archive.pdf").write_bytes(pdf)
    assert main(["verify", str(tmp_path / "archive.pdf"), "--trust", str(SIGNING / "trust" / "test")]) == 0
    assert "modtagerens kvittering" in capsys.readouterr().out
    _, case = case_of(people)
    assert "Det modtagende sted kvitterede for, hvad det har modtaget" in case.html.select("ol.timeline")[0].text
    assert f"/post/{event.id}" in case.text


@pytest.mark.req("R-23")
def test_a_package_of_another_says_whose_acknowledgement_it_holds_and_of_which_version():
    sealed = (SIGNING / "vectors" / "valid" / "received.xml").read_bytes()
    found = verify(sealed, load_trust(SIGNING / "trust" / "test"), at=parse_instant("2026-11-26T12:00:00Z"))
    assert who(found) == "Hanne Skov & Søn" and part_name("records/x", found) == "Modtagerens kvittering"
    named = _named(found)
    assert named is not None and (named.version, named.title) == (3, "Overgangsbeskrivelse")
    added = SimpleNamespace(number=2, added_at="2026-11-26T12:00:00Z")
    own = {"id": named.document_id, "definition_digest": named.definition_digest}
    in_pdf = [_judged(found, about, "", added)[0].step for about in (own, own | {"id": new_id()})]
    assert in_pdf == ["ok", "pdf.other-document"], "a record that was put into another document's file is told"


@pytest.mark.req("R-16", "R-17", "R-18", "R-22")
def test_it_keeps_nothing_open_and_is_refused_once_access_is_gone(world):
    people = WorldInstallation(world)
    app, base = as_staff(people, "hanne"), f"/modtaget/{world.made['document']}"
    form = app.get(base).forms["acknowledge-reception"]
    key = form["digest"].value
    event = acknowledge(world)
    withdraw(world)
    assert app.get(base, status=404).body == form.submit(status=404).body == NOT_FOUND_BODY
    with pytest.raises(NotFound), world.house() as house:
        open_copy(house, world.staff("hanne"), world.made["document"], "read_released")
    refused(world, "hanne", key)
    assert [one.id for one in acknowledged(world)] == [event.id]
    assert world.drain() == [], "what was acknowledged before is sealed all the same"
    with world.house() as house:
        assert RECORD in house.ledger.attachments(event.id)


@pytest.mark.req("R-22", "R-70")
def test_only_who_reads_it_at_the_receiver_acknowledges(world):
    key = page_of(world).reception.key
    for name in ("peter", "line", "sofie", "birgit", "ove", "camilla"):
        refused(world, name, key)
    with world.house() as house:
        name_reader(house, world.staff("hanne"), world.made["document"], world.ids.staff["peter"])
    event = acknowledge(world, "peter")
    assert event.payload["capacity"] == "named" and len(acknowledged(world)) == 1
    assert acknowledge(world).id == event.id, "once for each release and receiving unit, whoever presses"


@pytest.mark.req("R-22", "R-32")
def test_what_is_narrowed_is_another_release_and_an_old_page_acknowledges_nothing(world):
    before = page_of(world)
    first = acknowledge(world)
    gone = request_now(world).items[0]
    withdraw(world, (gone.id,))
    with pytest.raises(ReleaseChanged):
        acknowledge(world, key=before.reception.key)
    now = page_of(world).reception
    assert now.done is None and gone.id not in {item.id for item in now.asked.items}
    second = acknowledge(world)
    assert second.id != first.id and {item["id"] for item in first.payload["items"]} - {
        item["id"] for item in second.payload["items"]
    } == {gone.id}
    kinds = []
    with world.house() as house:
        kinds = [house.ledger.event(one["id"]).kind for one in second.payload["rests_on"]]
    assert kinds == ["consent_given", "consent_given", "set_signed", "consent_withdrawn"]


@pytest.mark.req("R-02", "R-22")
def test_what_rests_on_a_leaders_decision_is_acknowledged_as_that(world_at):
    world = world_at("agreed")
    with world.house() as house:
        first = min(decision_page(house, world.staff("birgit"), world.made["document"]).items, key=lambda one: one.id)
    decide(world, "birgit", chosen=frozenset({first.id}))
    event = acknowledge(world)
    said = event.payload
    assert said["kind"] == "decision" and len(said["rests_on"]) == 1
    with world.house() as house:
        assert house.ledger.event(said["rests_on"][0]["id"]).kind == "share_decided"
        reading = Reading(ledger=house.ledger, people=house.people, settings=house.settings, moment=house.moment,
                          restored=house.restored)  # fmt: skip
        assert KIND in [one["kind"] for one in shown(reading, share_named(house.ledger, said["share_id"]))["events"]]
