"""After a no, a withdrawal or the last day the parents may be asked anew; what was said before stays (R-21, R-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, document_now, leader, request_now, say_yes
from tillid.archive.query import SearchQuery
from tillid.cli.consents import _row
from tillid.consents.events import broken_links
from tillid.consents.model import Renewed
from tillid.consents.record import read_record
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.document_page import document_page
from tillid.usecases.facts import Conflict, facts_of
from tillid.usecases.give_consent import give_consent
from tillid.usecases.ledger_report import Reading, share_named, shown
from tillid.usecases.lists import own_consents, parent_home, received_lines
from tillid.usecases.open_archived import open_archived
from tillid.usecases.open_copy import open_copy
from tillid.usecases.own_consent import own_yes, standing_yeses
from tillid.usecases.request_consent import AlreadyAsked, BasisSwitched, request_consent
from tillid.usecases.search_archive import search_archive
from tillid.usecases.withdraw_consent import NothingToWithdraw, withdraw_consent
from tillid.web.archive_words import RENEWAL, timeline

PURPOSE = "Aktindsigt: anmodning fra forældrene"


def ask(world, **kw):
    """Ask again; the newest question becomes the world's, the one before is returned."""
    before = world.made["request"]
    with world.house() as house:
        world.made["request"] = request_consent(house, author(world), world.made["document"], **kw).id
    return before


def say_no(world, holder):
    answers = {item.id: False for item in request_now(world).items}
    with world.house() as house:
        give_consent(house, holder, world.made["request"], answers, oral=False, language="da", event_id=new_id())


def withdraw(world, holder, request_id=None):
    with world.house() as house:
        withdraw_consent(house, holder, request_id or world.made["request"], language="da", event_id=new_id())


def verdict_of(world):
    with world.house() as house:
        return facts_of(house, document_now(world)).verdict


def receiver_sees(world):
    with world.house() as house:
        (line,) = received_lines(house, world.staff("hanne"), SET.receiver_unit_id)
    return line.line


def archive_says(world):
    assert world.drain() == []
    with world.house() as house:
        result = search_archive(house, world.staff("ove"), SearchQuery(allowed_units=(), words=""), PURPOSE)
    return [hit.state for hit in result.hits]


def may_ask(world):
    with world.house() as house:
        return document_page(house, author(world), world.made["document"]).ask


def kinds(world):
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
    assert broken_links(events) == []
    return [event.kind for event in events]


def assert_still_released(world):
    assert world.drain() == []
    with world.house() as house:
        copy = open_copy(house, world.staff("hanne"), world.made["document"], "read_released", purpose=PURPOSE)
    assert copy.data[:5] == b"%PDF-" and verdict_of(world).effective and receiver_sees(world) == "open"


@pytest.mark.req("R-21")
def test_refused_then_asked_again_and_both_say_yes(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_no(world, first)
    assert verdict_of(world).standing == "refused" and may_ask(world)
    old = ask(world)
    assert not may_ask(world) and verdict_of(world).standing == "missing" and receiver_sees(world) == "waiting"
    say_yes(world, first)
    assert not verdict_of(world).effective, "one yes is not enough, and the other never answered the first question"
    say_yes(world, second)
    assert_still_released(world)
    assert archive_says(world) == ["released"]
    with world.house() as house:
        of_first = [event.kind for event in house.ledger.of_request(old)]
        assert of_first == ["request_created", "consent_refused"], "the no stays as it was said"
        lines = own_consents(house, first, document_now(world))
    assert [(line.request.id, line.state) for line in lines] == [(world.made["request"], "open"), (old, "refused")]


@pytest.mark.req("R-21", "R-22")
def test_withdrawn_then_asked_again(world_at):
    world = world_at("signed")
    first, second = world.holders(SET.child_id)
    withdraw(world, first)
    assert archive_says(world) == ["withdrawn"] and receiver_sees(world) == "unavailable"
    ask(world)
    assert archive_says(world) == ["withdrawn"], "a case once released stays the archive's while the parents are asked"
    with world.house() as house:
        verify = world.parts.verify_record
        case = open_archived(house, world.staff("ove"), world.made["document"], PURPOSE, verify)
    assert case.version.number == document_now(world).agreed_version and len(case.records) == 3
    assert receiver_sees(world) == "waiting"
    say_yes(world, second)
    assert not verdict_of(world).effective and receiver_sees(world) == "waiting"
    with pytest.raises(NotFound), world.house() as house:
        open_copy(house, world.staff("hanne"), world.made["document"], "read_released", purpose=PURPOSE)
    say_yes(world, first)
    assert_still_released(world)
    assert archive_says(world) == ["released"]
    found = kinds(world)
    assert (found.count("consent_withdrawn"), found.count("consent_given"), found.count("set_signed")) == (1, 4, 2)
    assert found.count("request_voided") == 0, "nothing of the old question is touched"


@pytest.mark.req("R-21")
def test_a_renewal_says_in_event_record_and_history_which_consent_it_renews(world_at):
    world = world_at("signed")
    first, second = world.holders(SET.child_id)
    withdraw(world, first)
    world.clock.move(days=3)
    old = ask(world)
    assert request_now(world).renews == old
    answers = {item.id: False for item in request_now(world).items}
    say_yes(world, first)
    with world.house() as house:
        give_consent(house, second, world.made["request"], answers, oral=False, language="da", event_id=new_id())
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
        case = open_archived(house, world.staff("ove"), world.made["document"], PURPOSE, world.parts.verify_record)
        lines = dict(zip((event.id for event in events), timeline(house, case), strict=True))
        own = next(one for one in events if one.kind == "consent_given" and one.actor == first.person_id)
        new = [one for one in events if one.request_id == world.made["request"]]
        records = [read_record(house.ledger.attachments(one.id)["record.xml"]) for one in new[1:]]
        reading = Reading(ledger=house.ledger, people=house.people, settings=house.settings, moment=house.moment,
                          restored=house.restored)  # fmt: skip
        told = shown(reading, share_named(house.ledger, world.made["request"]))
        asked_at = {one.request_id: one.at for one in events if one.kind == "request_created"}
    assert [one.kind for one in new] == ["request_created", "consent_given", "consent_refused"]
    assert records[0].renews == Renewed(request_id=old, event=own.id, digest=own.digest), "the giver's own yes alone"
    assert records[1].renews is None, "a no renews nothing"
    assert [lines[one.id].since for one in new] == [asked_at[old], asked_at[old], None]
    assert [lines[one.id].text for one in new[:2]] == [RENEWAL["request_created"], RENEWAL["consent_given"]]
    assert lines[own.id].since is None and read_record(case.records[0].record).renews is None
    assert told["renews"] == old and [one["renews"] for one in told["events"]] == [old, old, None]
    assert "fornyelse, " in _row(told)
    app = as_staff(WorldInstallation(world), "sofie")
    assert "Det fornyer et samtykke, der er ophørt" in app.get(f"/dokument/{world.made['document']}")
    ask(world)
    assert request_now(world).renews == old, "a question in between that was answered with no is not what is renewed"


@pytest.mark.req("R-16", "R-17", "R-21")
def test_a_yes_taken_back_on_an_old_page_is_never_left_standing_on_the_new(world_at):
    world = world_at("signed")
    first, second = world.holders(SET.child_id)
    withdraw(world, first)
    old = ask(world)
    for holder in (first, second):
        say_yes(world, holder)
    with world.house() as house:
        _, yeses = standing_yeses(house, author(world), world.made["document"])
        page = own_yes(house, second, old)
    assert {(one.request.id, one.holder_id) for one in yeses} == {
        (world.made["request"], holder.person_id) for holder in (first, second)
    }
    assert page.request.id == world.made["request"], "the old page is about what is released now"
    withdraw(world, second, old)
    assert verdict_of(world).standing == "withdrawn" and archive_says(world) == ["withdrawn"]
    assert receiver_sees(world) == "unavailable" and may_ask(world), "and it may be asked a third time"
    with pytest.raises(NothingToWithdraw):
        withdraw(world, second)


@pytest.mark.req("R-21")
def test_the_old_question_can_no_longer_be_answered(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_no(world, first)
    old = ask(world)
    answers = {item.id: True for item in request_now(world).items}
    with pytest.raises(Conflict) as refused, world.house() as house:
        give_consent(house, second, old, answers, oral=True, language="da", event_id=new_id())
    assert refused.value.code == "consent.asked-again"
    with world.house() as house:
        home = parent_home(house, second)
    assert [line.request.id for line in home.consents if line.may_answer] == [world.made["request"]]


@pytest.mark.req("R-21")
@pytest.mark.parametrize("stage", ["asked", "signed"])
def test_never_while_one_is_open_or_holds(world_at, stage):
    world = world_at(stage)
    assert not may_ask(world)
    with pytest.raises((AlreadyAsked, NotFound)):
        ask(world)
    assert kinds(world).count("request_created") == 1


@pytest.mark.req("R-21")
def test_the_same_click_asks_once_and_an_old_page_not_at_all(world_at):
    world = world_at("asked")
    first, _ = world.holders(SET.child_id)
    say_no(world, first)
    very_first = ask(world, after=world.made["request"])
    second_question = world.made["request"]
    assert ask(world, after=very_first) == world.made["request"] == second_question, "the same question, not another"
    with pytest.raises(AlreadyAsked), world.house() as house:
        request_consent(house, leader(world), world.made["document"], after=very_first)
    say_no(world, first)
    assert may_ask(world)
    ask(world, after=very_first)
    assert world.made["request"] == second_question and kinds(world).count("request_created") == 2
    with pytest.raises(AlreadyAsked):
        ask(world, after=new_id())
    ask(world, after=second_question)
    assert kinds(world).count("request_created") == 3


@pytest.mark.req("R-21", "R-19")
def test_when_the_last_day_has_passed(world_at):
    world = world_at("signed")
    world.clock.moment = end_of(request_now(world).valid_to) - timedelta(seconds=1)
    assert not may_ask(world)
    world.clock.move(seconds=1)
    assert verdict_of(world).standing == "expired" and may_ask(world)
    ask(world)
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert_still_released(world)


@pytest.mark.req("R-02")
@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_after_a_no_the_basis_is_never_switched(world_at, how):
    world = world_at("asked" if how == "refused" else "signed")
    first, _ = world.holders(SET.child_id)
    (say_no if how == "refused" else withdraw)(world, first)
    other = {**world.parts.settings.basis_of_transition, request_now(world).purpose.code: "samtykke_sundhed"}
    world.set_up_with(basis_of_transition=other)
    with pytest.raises(BasisSwitched):
        ask(world)
    assert kinds(world).count("request_created") == 1


@pytest.mark.req("R-02")
@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_nor_after_a_no_to_a_part_though_the_rest_was_given_and_has_run_out(world_at, how):
    world = world_at("asked")
    request, (first, second) = request_now(world), world.holders(SET.child_id)
    part = request.items[-1].id
    said = {item.id: how == "withdrawn" or item.id != part for item in request.items}
    with world.house() as house:
        give_consent(house, first, request.id, said, oral=True, language="da", event_id=new_id())
    say_yes(world, second)
    if how == "withdrawn":
        with world.house() as house:
            withdraw_consent(house, first, request.id, [part], language="da", event_id=new_id())
    world.clock.moment = end_of(request.valid_to)
    assert verdict_of(world).standing == "expired"
    same = world.parts.settings.basis_of_transition
    world.set_up_with(basis_of_transition={**same, request.purpose.code: "samtykke_sundhed"})
    with pytest.raises(BasisSwitched):
        ask(world)
    world.set_up_with(basis_of_transition=same)
    ask(world)
    assert kinds(world).count("request_created") == 2


@pytest.mark.req("R-21")
def test_in_the_browser_both_sides_find_their_way(world_at):
    world = world_at("signed")
    first, second = world.holders(SET.child_id)
    installation = WorldInstallation(world)
    page = as_staff(installation, "sofie").get(f"/dokument/{world.made['document']}")
    assert "Spørg forældrene" not in page
    withdraw(world, first)
    app = as_staff(installation, "sofie")
    page = app.get(f"/dokument/{world.made['document']}")
    form = next(form for form in page.forms.values() if form.action.endswith("/sporg"))
    assert "Spørg forældrene igen" in page
    form.submit(status=303)
    form.submit(status=303)
    assert kinds(world).count("request_created") == 2, "the same click asks once"
    with world.house() as house:
        newest = own_consents(house, second, document_now(world))[0].request.id
    parent = as_parent(installation, second.person_id)
    assert "Afløst af et nyt spørgsmål" in parent.get("/")
    old = parent.get(f"/samtykke/{world.made['request']}")
    assert "Du er spurgt igen om den samme tekst" in old
    assert parent.get(f"/samtykke/{newest}").forms
