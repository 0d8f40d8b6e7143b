"""Stations 3, 6, 7: each reader's copy, the release, the withdrawal and everything that may fail beside it."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.support.world import SET, author, document_now, leader, request_now, say_yes
from tillid.adapters.keyfile import KeyFileSigner
from tillid.adapters.pdf.extract import extract, page_text
from tillid.archive.query import SearchQuery
from tillid.consents.record import read_record
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.facts import facts_of
from tillid.usecases.lists import own_consents, parent_home, received_lines, staff_home
from tillid.usecases.open_archived import open_archived
from tillid.usecases.open_copy import name_reader, open_copy, released
from tillid.usecases.seal_record import RECORD
from tillid.usecases.search_archive import search_archive
from tillid.usecases.withdraw_consent import NothingToWithdraw, record_withdrawal, withdraw_consent

PURPOSE = "Aktindsigt: anmodning fra forældrene"


def copy_of(world, who, operation):
    with world.house() as house:
        return open_copy(house, who, world.made["document"], operation, purpose=PURPOSE)


def withdraw(world, who, items=(), event_id=None):
    with world.house() as house:
        return withdraw_consent(house, who, world.made["request"], items, language="da", event_id=event_id or new_id())


def effective_items(world):
    with world.house() as house:
        return facts_of(house, house.documents.get(world.made["document"])).verdict.items


def principal(world):
    return world.staff("hanne")


def words_in(pdf: bytes) -> str:
    return page_text(pdf) + "".join(file.data.decode() for file in extract(pdf))


@pytest.mark.req("R-22", "X6", "R-32")
def test_the_receivers_copy_is_made_of_the_released_items_alone(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    refused = frozenset({"field:p_helbred", "section:barnets_egen_del"})
    assert refused <= {item.id for item in request_now(world).items}
    say_yes(world, first, no=refused)
    say_yes(world, second)
    assert world.drain() == []
    words = words_in(copy_of(world, principal(world), "read_released").data)
    for field in ("p_helbred", "b_glaeder", "b_vide"):
        assert SET.answers[field][:40] not in " ".join(words.split()), field
        assert field not in words
    assert SET.answers["u_greb"][:30] in " ".join(words.split())
    with world.house() as house:
        answers = released(house, principal(world), world.made["document"]).answers
    assert not {"p_helbred", "b_glaeder", "b_vide"} & set(answers) and "u_greb" in answers


@pytest.mark.req("T9", "R-22", "R-37", "R-111")
@pytest.mark.parametrize(
    ("who", "operation", "hidden"),
    [
        ("parent", "read_parent_copy", []),
        ("principal", "read_released", ["samtale_dato", "u_position", "u_skolestart", "foraeldremyndighed_cpr"]),
    ],
)
def test_each_readers_copy_holds_only_what_that_reader_may_see(world_at, who, operation, hidden):
    world = world_at("signed")
    person = world.holders(SET.child_id)[0] if who == "parent" else principal(world)
    pdf = copy_of(world, person, operation).data
    embedded = extract(pdf)
    assert [file.name for file in embedded] == ["answers.json"]
    data = json.loads(embedded[0].data)
    with world.house() as house:
        definition = house.definitions.latest("overgangsbeskrivelse")
        addresses = [house.people.unmask_cpr(p) for p in (SET.child_id, *world.ids.parents.values())]
    reader = data["reader"]
    assert reader == {"parent": "parent", "principal": "receiver"}[who]
    for field in data["answers"]:
        assert reader in definition.field(field).visible_to
    words = words_in(pdf)
    for field in hidden:
        assert field not in words
    for cpr in addresses:
        assert cpr not in words and f"{cpr[:6]}-{cpr[6:]}" not in words


@pytest.mark.req("R-22", "X6")
def test_before_the_last_yes_the_receiver_sees_only_a_neutral_line(world_at):
    world = world_at("asked")
    say_yes(world, world.holders(SET.child_id)[0])
    with pytest.raises(NotFound):
        copy_of(world, principal(world), "read_released")
    with world.house() as house:
        (line,) = received_lines(house, principal(world), SET.receiver_unit_id)
    assert (line.line, line.child_name) == ("waiting", "")


@pytest.mark.req("R-22")
def test_the_leader_names_who_may_read(world_at):
    world = world_at("signed")
    teacher, colleague = world.staff("peter"), world.staff("line")
    with pytest.raises(NotFound):
        copy_of(world, teacher, "read_released")
    with world.house() as house:
        name_reader(house, principal(world), world.made["document"], teacher.person_id)
    assert copy_of(world, teacher, "read_released").data[:5] == b"%PDF-"
    with pytest.raises(NotFound):
        copy_of(world, colleague, "read_released")
    for outsider in (world.staff("sofie"), world.staff("camilla")):
        with pytest.raises(NotFound), world.house() as house:
            name_reader(house, principal(world), world.made["document"], outsider.person_id)


@pytest.mark.req("R-16", "R-17", "R-18", "R-21", "R-22", "P5")
def test_a_withdrawal_closes_at_the_click(world_at):
    world = world_at("signed")
    parent, other = world.holders(SET.child_id)
    assert copy_of(world, principal(world), "read_released").data
    receipt = withdraw(world, parent)
    for operation in ("read_released",):
        with pytest.raises(NotFound):
            copy_of(world, principal(world), operation)
    with world.house() as house:
        (line,) = received_lines(house, principal(world), SET.receiver_unit_id)
        assert (line.line, line.child_name) == ("unavailable", "")
        assert not receipt.sealed and RECORD not in house.ledger.attachments(receipt.event_id)
        verdict = facts_of(house, house.documents.get(world.made["document"])).verdict
        assert (verdict.standing, verdict.signed) == ("withdrawn", True)
        kinds = [e.kind for e in house.ledger.of_request(world.made["request"])]
    assert kinds.count("consent_given") == 2, "nothing is overwritten"
    assert document_now(world).state == "signed", "signed is history"
    assert world.drain() == []
    with world.house() as house:
        record = house.ledger.attachments(receipt.event_id)[RECORD]
    judged = world.parts.verify_record(record, world.clock.now())
    assert judged.passed
    facts = read_record(judged.signed)
    assert facts.kind == "consent_withdrawn"
    assert copy_of(world, other, "read_parent_copy").data, "the parents keep their own copy (design 14)"


@pytest.mark.req("R-18", "R-22")
def test_notices_after_a_withdrawal_carry_no_personal_data(world_at):
    world = world_at("signed")
    parent, _ = world.holders(SET.child_id)
    withdraw(world, parent)
    with world.house() as house:
        (notice, *_) = [
            n for n in house.notices.of_person(principal(world).person_id) if n.text_id == "no_longer_available"
        ]
        child = house.people.child(SET.child_id)
        stored = msgspec.json.encode(notice).decode()
        assert child.name not in stored and parent.name not in stored
        assert set(notice.ids) == {"document"}
        assert any(n.text_id == "consent_withdrawn" for n in house.notices.of_person(author(world).person_id))


@pytest.mark.req("R-16", "R-32")
def test_a_partial_withdrawal_narrows_and_the_old_file_is_gone_for_the_receiver(world_at):
    world = world_at("signed")
    parent, _ = world.holders(SET.child_id)
    before = copy_of(world, principal(world), "read_released")
    assert SET.answers["p_helbred"][:30] in " ".join(words_in(before.data).split())
    withdraw(world, parent, ["field:p_helbred"])
    with world.house() as house:
        assert "p_helbred" not in released(house, principal(world), world.made["document"]).answers
    with pytest.raises(Exception) as waiting:
        copy_of(world, principal(world), "read_released")
    assert getattr(waiting.value, "code", "") == "document.not-rendered"
    assert world.drain() == []
    after = copy_of(world, principal(world), "read_released")
    assert after.copy.sha256 != before.copy.sha256
    assert SET.answers["p_helbred"][:30] not in " ".join(words_in(after.data).split())


@pytest.mark.req("R-17")
def test_the_same_withdrawal_twice_is_one(world_at):
    world = world_at("signed")
    parent, click = world.holders(SET.child_id)[0], new_id()
    assert withdraw(world, parent, event_id=click) == withdraw(world, parent, event_id=click)
    with world.house() as house:
        assert [e.kind for e in house.ledger.of_request(world.made["request"])].count("consent_withdrawn") == 1
    with pytest.raises(NothingToWithdraw):
        withdraw(world, parent)
    for other in (world.parent(world.ids.parents["shirin"]), principal(world)):
        with pytest.raises(NotFound):  # whose click it was not learns nothing of it
            withdraw(world, other, event_id=click)


@pytest.mark.req("R-16", "R-21")
def test_a_part_that_is_taken_back_already_never_takes_the_rest_with_it(world_at):
    world = world_at("signed")
    parent = world.holders(SET.child_id)[0]
    withdraw(world, parent, ["field:p_helbred"])
    left = effective_items(world)
    with pytest.raises(NothingToWithdraw):
        withdraw(world, parent, ["field:p_helbred"])
    assert left and effective_items(world) == left
    with pytest.raises(NotFound):
        withdraw(world, parent, ["field:aldrig_spurgt"])
    assert effective_items(world) == left


@pytest.mark.req("R-16", "R-106")
@pytest.mark.parametrize("method", ["phone", "in_person"])
def test_one_employee_records_a_withdrawal_at_once(world_at, method):
    world = world_at("signed")
    parent, _ = world.holders(SET.child_id)
    with world.house() as house:
        record_withdrawal(
            house, author(world), world.made["request"], parent.person_id, method=method, event_id=new_id()
        )
    with pytest.raises(NotFound):
        copy_of(world, principal(world), "read_released")
    assert world.drain() == []
    with pytest.raises(NotFound), world.house() as house:
        record_withdrawal(
            house, principal(world), world.made["request"], parent.person_id, method=method, event_id=new_id()
        )


@pytest.mark.req("R-17")
def test_a_withdrawal_needs_no_key_no_renderer_no_index_and_no_log(world_at):
    world = world_at("signed")
    parent, _ = world.holders(SET.child_id)

    class Dead:
        """Every call fails, as with a full disk, a dead LibreOffice, a locked index."""

        def __getattr__(self, name):
            def fail(*args, **kwargs):
                raise Unavailable(name, code=f"{name}.down")

            return fail

        def close(self):
            """The world closes its parts at the end of the test; nothing of it is asked here."""

    kept = (world.parts.audit, world.parts.renderer, world.parts.search, world.parts.seal)
    gone = world.folder / "keys" / "away.pem"
    world.parts.audit, world.parts.renderer, world.parts.search = Dead(), Dead(), Dead()
    world.parts.seal = KeyFileSigner(gone, gone, demo=True)
    receipt = withdraw(world, parent)
    with world.house() as house:
        assert not facts_of(house, house.documents.get(world.made["document"])).verdict.effective
        assert world.made["document"] in house.exclusions.all()
    assert set(world.drain()) >= {"seal.unavailable"}, "what follows fails now and is remembered"
    world.parts.audit, world.parts.renderer, world.parts.search, world.parts.seal = kept
    world.clock.move(hours=2)
    assert world.drain() == []
    with world.house() as house:
        assert RECORD in house.ledger.attachments(receipt.event_id)
        assert not house.outbox.pending()
    rows = [row for row in world.parts.audit.of_child(SET.child_id) if row.action == "withdraw"]
    assert rows, "the audit row that could not be written then is there now"


@pytest.mark.req("R-17")
def test_a_withdrawal_while_the_receivers_copy_is_being_rendered(world_at):
    """The withdrawal commits between reading and writing of the render step: what was rendered opens nothing."""
    world = world_at("asked")
    parent, second = world.holders(SET.child_id)
    say_yes(world, parent)
    say_yes(world, second)
    real = world.parts.renderer

    class WithdrawsMeanwhile:
        def render(self, job):
            withdraw(world, parent)
            world.parts.renderer = real
            return real.render(job)

        def __getattr__(self, name):
            return getattr(real, name)

    world.parts.renderer = WithdrawsMeanwhile()
    assert world.drain() == []
    with pytest.raises(NotFound):
        copy_of(world, principal(world), "read_released")


@pytest.mark.req("P5", "R-23")
def test_a_parent_sees_what_a_consent_covers_and_nothing_of_the_other_parent(world_at):
    world = world_at("asked")
    parent, other = world.holders(SET.child_id)
    say_yes(world, parent, no=frozenset({"field:p_helbred"}))
    with world.house() as house:
        home = parent_home(house, parent)
        (mine,) = home.consents
        (theirs,) = own_consents(house, other, house.documents.get(world.made["document"]))
    assert mine.may_withdraw and not mine.may_answer and mine.state == "not_open"
    asked = request_now(world).items
    assert mine.yes_titles == tuple(item.title for item in asked if item.id != "field:p_helbred") != ()
    assert len(mine.yes_titles) == len(asked) - 1, "what was said no to is not covered"
    assert theirs.mine is None and theirs.may_answer and not theirs.yes_titles
    assert {child.id for child in home.children} == {SET.child_id}
    say_yes(world, other)
    with world.house() as house:
        assert [line.state for line in parent_home(house, parent).consents] == ["open"]
    withdraw(world, other)
    with world.house() as house:
        (mine,) = parent_home(house, parent).consents
    assert (mine.state, mine.may_withdraw) == ("not_open", True), "not whose doing it is, and one's own can still go"


@pytest.mark.req("R-70", "R1")
def test_staff_see_only_children_of_their_own_units(world_at):
    world = world_at("signed")
    with world.house() as house:
        sofie = {line.child.id for line in staff_home(house, world.staff("sofie")).children}
        trine = {line.child.id for line in staff_home(house, world.staff("trine")).children}
        archivist = staff_home(house, world.staff("ove")).children
    assert SET.child_id in sofie and not sofie & trine and archivist == ()


@pytest.mark.req("R-71", "R-70", "R-05")
def test_the_archivist_states_a_purpose_finds_and_opens(world_at):
    world = world_at("signed")
    ove = world.staff("ove")
    query = SearchQuery(allowed_units=(), words="overgangsbeskrivelse OR leg", size=20)
    with pytest.raises(PurposeMissing), world.house() as house:
        search_archive(house, ove, query, "kort")
    with world.house() as house:
        result = search_archive(house, ove, msgspec.structs.replace(query, words=""), PURPOSE)
        assert [hit.document_id for hit in result.hits] == [world.made["document"]] and result.total == 1
        case = open_archived(house, ove, world.made["document"], PURPOSE, world.parts.verify_record)
    assert [shown.verdict.passed for shown in case.records] == [True, True] and not case.chain_broken
    assert copy_of(world, ove, "read_archived").data[:5] == b"%PDF-"
    rows = [row for row in world.parts.audit.of_child(SET.child_id) if row.person_id == ove.person_id]
    assert {row.action for row in rows} == {"search_hit", "open_archived", "read_archived"}
    assert {row.purpose for row in rows} == {PURPOSE}
    for nobody in (world.staff("sofie"), world.staff("hanne"), world.staff("camilla"), world.holders(SET.child_id)[0]):
        with pytest.raises(NotFound), world.house() as house:
            search_archive(house, nobody, query, PURPOSE)


@pytest.mark.req("R-70")
@pytest.mark.parametrize("stage", ["draft", "shared", "agreed", "asked"])
def test_what_is_not_released_or_closed_is_not_the_archives(world_at, stage):
    world = world_at(stage)
    with pytest.raises(NotFound), world.house() as house:
        open_archived(house, world.staff("ove"), world.made["document"], PURPOSE, world.parts.verify_record)


@pytest.mark.req("R-18", "R-71")
def test_search_shows_a_withdrawn_case_only_when_the_index_knows_it(world_at):
    world = world_at("signed")
    withdraw(world, world.holders(SET.child_id)[0])
    ask = SearchQuery(allowed_units=(), words="")
    with world.house() as house:
        before = search_archive(house, world.staff("ove"), ask, PURPOSE)
    assert before.total == 0 and not before.hits and not before.facets.get("state")
    assert world.drain() == []
    with world.house() as house:
        after = search_archive(house, world.staff("ove"), ask, PURPOSE)
    assert [hit.state for hit in after.hits] == ["withdrawn"]


@pytest.mark.req("R-71")
def test_a_read_that_cannot_be_logged_is_refused(world_at):
    world = world_at("signed")
    for who, operation in ((principal(world), "read_released"), (leader(world), "read_team_copy")):
        with world.full_log(), pytest.raises(Unavailable):
            copy_of(world, who, operation)
