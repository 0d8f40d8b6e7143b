"""Station 5: asked, answered item by item, signed; every way it must not go."""

from __future__ import annotations

import threading

import msgspec
import pytest

from tests.support.world import SET, author, document_now, leader, request_now, say_yes
from tillid.adapters.keyfile import KeyFileSigner
from tillid.consents.custody import Holder
from tillid.consents.record import read_record
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.facts import facts_of
from tillid.usecases.give_consent import AlreadyAnswered, NotSealed, Unanswered, consent_page, give_consent
from tillid.usecases.request_consent import AlreadyAsked, request_consent
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.seal_record import RECORD


def verdict_of(world):
    with world.house() as house:
        return facts_of(house, house.documents.get(world.made["document"])).verdict


def answer(world, who, answers, *, event_id=None, oral=False, language="da"):
    with world.house() as house:
        return give_consent(
            house, who, world.made["request"], answers, oral=oral, language=language, event_id=event_id or new_id()
        )


def all_yes(world):
    return {item.id: True for item in request_now(world).items}


def change_custody(world, change):
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        house.people.put_custody(msgspec.structs.replace(custody, holders=tuple(change(list(custody.holders)))))


@pytest.mark.req("O6", "O7", "R-31", "P4", "R9")
def test_all_holders_yes_signs_and_releases(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    assert document_now(world).state == "shared" and not verdict_of(world).effective
    say_yes(world, second)
    assert document_now(world).state == "signed" and verdict_of(world).effective
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
        follows = {entry.step for entry in house.outbox.pending()}
        told = {one.text_id for one in house.notices.of_person(world.staff("hanne").person_id)}
        written = [RECORD in house.ledger.attachments(event.id) for event in events if event.kind == "consent_given"]
        assert world.made["document"] in house.exclusions.all(), "what search knows of it is older than this"
    assert written == [True, True] and [event.kind for event in events].count("set_signed") == 1
    assert "render_released" in follows and "released" in told, "the receiver's copy is made, and its leader told"
    assert world.drain() == []
    with world.house() as house:
        assert world.made["document"] not in house.exclusions.all()


@pytest.mark.req("R-10", "R-101", "R-102", "O8")
def test_each_answer_has_its_own_signed_record_with_the_very_words(world_at):
    world = world_at("signed")
    request = request_now(world)
    with world.house() as house:
        given = [e for e in house.ledger.of_request(request.id) if e.kind == "consent_given"]
        records = [house.ledger.attachments(event.id)[RECORD] for event in given]
    assert len(records) == 2
    assert {event.payload["holder_id"]: event.series_id for event in given} == request.series
    assert len(set(request.series.values())) == 2, "each parent's answers are a series of their own"
    for event, record in zip(given, records, strict=True):
        verdict = world.parts.verify_record(record, world.clock.now())
        assert verdict.passed, verdict
        facts = read_record(verdict.signed)
        assert facts.text.body == event.payload["text"]["body"] and event.payload["holder_name"] in facts.text.body
        assert {item.id for item in facts.items} == {item.id for item in request.items}
        assert not holds_cpr(record.decode())
        other = next(e for e in given if e.id != event.id)
        assert other.payload["holder_name"].encode() not in record, "one parent's record tells nothing of the other"


@pytest.mark.req("R-12", "R-14")
def test_nothing_is_answered_beforehand_and_sensitive_things_are_asked_apart(world_at):
    world = world_at("asked")
    with world.house() as house:
        page = consent_page(house, world.holders(SET.child_id)[0], world.made["request"], "da")
    assert page.mine is None and page.answers == {} and page.live
    sensitive = [item for item in page.request.items if item.sensitive]
    assert {item.id for item in sensitive} == {"field:p_helbred", "field:u_fagpersoner"}
    covered = {field for item in page.request.items if item.kind == "section" for field in item.field_ids}
    assert not covered & {"p_helbred", "u_fagpersoner"}


@pytest.mark.req("R-12")
def test_a_row_without_an_answer_registers_nothing(world_at):
    world = world_at("asked")
    who = world.holders(SET.child_id)[0]
    answers = all_yes(world)
    left_out = answers.popitem()[0]
    with pytest.raises(Unanswered) as refused:
        answer(world, who, answers, oral=True)
    assert left_out in refused.value.items
    with pytest.raises(Unanswered) as refused:
        answer(world, who, all_yes(world), oral=None)
    assert refused.value.items == ("oral",)
    with world.house() as house:
        assert not [e for e in house.ledger.of_request(world.made["request"]) if e.kind.startswith("consent_")]


@pytest.mark.req("R-12", "R-21", "O14")
def test_a_refusal_is_a_full_answer_kept_and_signed(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    receipt = answer(world, first, dict.fromkeys(all_yes(world), False))
    assert receipt.kind == "consent_refused" and receipt.sealed
    say_yes(world, second)
    assert (verdict_of(world).standing, document_now(world).state) == ("refused", "shared")
    with pytest.raises(AlreadyAnswered):
        answer(world, first, all_yes(world), oral=True)


@pytest.mark.req("R-32")
def test_a_no_to_one_item_narrows_for_both(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first, no=frozenset({"field:p_helbred"}))
    say_yes(world, second)
    released = verdict_of(world).items
    assert released and "field:p_helbred" not in released


@pytest.mark.req("R-21")
def test_the_same_click_twice_is_one_record(world_at):
    world = world_at("asked")
    who, click = world.holders(SET.child_id)[0], new_id()
    one = answer(world, who, all_yes(world), oral=True, event_id=click)
    two = answer(world, who, all_yes(world), oral=True, event_id=click)
    assert one == two
    with world.house() as house:
        assert [e.kind for e in house.ledger.of_request(world.made["request"])].count("consent_given") == 1
    with pytest.raises((NotFound, AlreadyAnswered, TillidError)):
        answer(world, world.holders(SET.child_id)[1], all_yes(world), oral=True, event_id=click)


@pytest.mark.req("P8", "R-34")
def test_another_parents_link_does_not_exist(world_at):
    world = world_at("asked")
    stranger = world.parent(world.ids.parents["shirin"])
    with pytest.raises(NotFound), world.house() as house:
        consent_page(house, stranger, world.made["request"], "da")
    with pytest.raises(NotFound):
        answer(world, stranger, all_yes(world), oral=True)
    for who in (author(world), leader(world), world.staff("hanne"), world.staff("ove")):
        with pytest.raises(NotFound):
            answer(world, who, all_yes(world), oral=True)


@pytest.mark.req("P8")
def test_an_answer_to_what_was_not_asked_registers_nothing(world_at):
    world = world_at("asked")
    with pytest.raises(NotFound):
        answer(world, world.holders(SET.child_id)[0], all_yes(world) | {"field:aldrig_spurgt": True}, oral=True)
    with world.house() as house:
        assert not [e for e in house.ledger.of_request(world.made["request"]) if e.kind.startswith("consent_")]


@pytest.mark.req("R-11", "O9")
def test_an_edit_voids_the_question_and_a_late_click_is_refused_with_the_reason(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    with world.house() as house:
        revision = house.documents.draft(world.made["document"]).fields["u_greb"].revision
        change = {"u_greb": Change(value="Ny tekst efter samtalen.", base=revision)}
        saved = save_fields(house, author(world), world.made["document"], change)
    assert saved.agreement_voided
    with pytest.raises(TillidError) as refused:
        answer(world, second, all_yes(world), oral=True)
    assert refused.value.code == "consent.document-changed" and "ændret" in refused.value.message
    assert not verdict_of(world).effective and document_now(world).agreed_version is None
    with world.house() as house:
        assert [e.kind for e in house.ledger.of_request(world.made["request"])].count("request_voided") == 1


@pytest.mark.req("R-11")
def test_one_question_per_agreed_version(world_at):
    world = world_at("asked")
    with pytest.raises(AlreadyAsked), world.house() as house:
        request_consent(house, author(world), world.made["document"])


@pytest.mark.req("R-33")
def test_a_holder_added_between_the_two_must_answer_too(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    new = world.ids.parents["shirin"]
    since = world.clock.now()
    change_custody(
        world, lambda h: [*h, Holder(person_id=new, name="S", relation="other", resident=False, since=since)]
    )
    with pytest.raises(NotFound):  # who was not asked then needs a question of the own
        answer(world, world.parent(new), all_yes(world), oral=True)
    say_yes(world, second)
    verdict = verdict_of(world)
    assert (verdict.effective, verdict.reason, verdict.waiting_for) == (False, "waiting", (new,))
    assert document_now(world).state == "shared"


@pytest.mark.req("R-33")
def test_a_holder_removed_between_the_two_may_not_answer_and_is_not_missed(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)

    def leaves(holders):
        return [
            msgspec.structs.replace(h, until=world.clock.now()) if h.person_id == second.person_id else h
            for h in holders
        ]

    change_custody(world, leaves)
    with pytest.raises(NotFound):
        answer(world, second, all_yes(world), oral=True)
    say_yes(world, first)
    assert verdict_of(world).effective


@pytest.mark.req("R-33")
def test_a_silent_custody_register_registers_no_consent(world_at):
    world = world_at("asked")
    who = world.holders(SET.child_id)[0]

    def silent(child_id):
        raise Unavailable("register down")

    world.store._custody_source = silent
    with pytest.raises(TillidError):
        answer(world, who, all_yes(world), oral=True)
    world.store._custody_source = None
    with world.house() as house:
        assert not [e for e in house.ledger.of_request(world.made["request"]) if e.kind.startswith("consent_")]


def test_without_the_key_nothing_is_registered(world_at):
    world = world_at("asked")
    who = world.holders(SET.child_id)[0]
    gone = world.folder / "keys" / "away.pem"
    world.parts.seal = KeyFileSigner(gone, gone, demo=True)
    with pytest.raises(NotSealed):
        answer(world, who, all_yes(world), oral=True)
    with world.house() as house:
        assert not [e for e in house.ledger.of_request(world.made["request"]) if e.kind.startswith("consent_")]


@pytest.mark.req("R-71")
def test_without_the_log_nothing_is_registered(world_at):
    world = world_at("asked")
    with world.full_log(), pytest.raises(Unavailable):
        answer(world, world.holders(SET.child_id)[0], all_yes(world), oral=True)
    with world.house() as house:
        assert not [e for e in house.ledger.of_request(world.made["request"]) if e.kind.startswith("consent_")]


@pytest.mark.req("R-31", "R-32")
def test_two_holders_in_the_same_second_become_signed_exactly_once(world_at):
    """Both transactions are open before either commits; without a conflict each would see itself as the only one."""
    from transaction.interfaces import TransientError

    world = world_at("asked")
    holders = world.holders(SET.child_id)
    both_ready = threading.Barrier(2, timeout=20)
    tries: list[str] = []

    def click(who):
        for attempt in range(3):
            try:
                with world.house() as house:
                    give_consent(
                        house,
                        who,
                        world.made["request"],
                        all_items,
                        oral=True,
                        language="da",
                        event_id=clicks[who.person_id],
                    )
                    if attempt == 0:
                        both_ready.wait()
                tries.append("done")
                return
            except TransientError:
                tries.append("conflict")

    all_items = all_yes(world)
    clicks = {who.person_id: new_id() for who in holders}
    threads = [threading.Thread(target=click, args=(who,)) for who in holders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert tries.count("done") == 2 and tries.count("conflict") >= 1
    with world.house() as house:
        kinds = [e.kind for e in house.ledger.of_document(world.made["document"])]
    assert kinds.count("consent_given") == 2 and kinds.count("set_signed") == 1
    assert verdict_of(world).effective
