"""Everything that is kept of a document is listed for insight: what was written after it was shared, what a draft held before, and what
stands beside it (R-72)."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.support.next_version import publish_next
from tests.support.world import SET, START, author, leader
from tests.unit.forms.examples import small
from tests.walks.test_insight import begun, csrf, members, now, press, the_words
from tests.walks.test_insight_passages import form_of, given, the_rest_held, tick, write
from tillid.archive.insight import case_of
from tillid.archive.insight_flags import Around, Other, flags_of
from tillid.consents.events import EventKind, next_event
from tillid.documents.model import Draft, Override
from tillid.documents.rendering import sections
from tillid.kernel.clock import local_day
from tillid.kernel.ids import new_id
from tillid.usecases.fasten_remark import fasten_note, restrict
from tillid.usecases.insight_beside import SAID, last_words, words_in_draft, words_in_events
from tillid.usecases.insight_case import Asked, begin_insight
from tillid.usecases.insight_collect import collect_insight
from tillid.usecases.insight_sources import answers_seen, short_name
from tillid.usecases.insight_text import whole_of
from tillid.usecases.keep_document import place_hold
from tillid.usecases.move_draft import move_draft, preview_move
from tillid.usecases.save_fields import Change, save_fields

FIRST, SECOND, LOST = "Hun bygger med klodser.", "Hun bygger med klodser og tegner.", "Hun synger for de små."
REASON = "Kun én kender barnet endnu."


def collected(world, child_id=SET.child_id):
    """A case begun for the last holder and collected, without the pages; its id."""
    with world.house() as house:
        asked = Asked(asker="holder", name="", holder_id=world.holders(child_id)[-1].person_id, identity="MitID", basis="gdpr",
                      asked_on=local_day(house.moment))  # fmt: skip
        case_id = begin_insight(house, world.staff("rasmus"), child_id, asked, event_id=new_id())
        collect_insight(house, world.staff("rasmus"), case_id, event_id=new_id())
    return case_id


def items(world, case_id, *kinds):
    with world.house() as house:
        return [one for one in case_of(house.ledger.of_document(case_id)).items if one.kind in kinds]


def seen(world, item):
    with world.house() as house:
        return whole_of(house, item).seen


@pytest.mark.req("R-72")
def test_what_a_draft_holds_after_sharing_and_held_before_is_listed_too(world_at):
    world = world_at("shared")
    document = world.made["document"]
    assert not items(world, collected(world), "draft"), "nothing was written since"
    for text in (FIRST, SECOND):
        world.clock.move(minutes=2)
        write(world, u_greb=text)
    write(world, u_sprog="Hun taler mere nu.")  # what stood there before, version 1 says
    with world.house() as house:  # somebody who began before saves after: both texts are kept
        lost = save_fields(house, world.staff("mikkel"), document, {"u_greb": Change(value=LOST, base=0)})
        assert lost.clashes
    now = items(world, collected(world), "draft")
    assert [(one.of, seen(world, one)["u_greb"]) for one in now] == [
        ("", SECOND),
        ("waiting:1", LOST),
        ("before", FIRST),
    ]
    assert all(one.flags[0].held == "unfinished" for one in now)
    assert set(seen(world, now[2])) == {"u_greb"}, "what stands elsewhere is not told twice"
    with world.house() as house:
        said = {"droeftet_af_to": Override(reason=REASON, by="x", at=START, digest="x")}
        house.documents.save_draft(msgspec.structs.replace(house.documents.draft(document), overridden=said))
    publish_next(world)
    with world.house() as house:
        shown = preview_move(house, author(world), document).seen
        move_draft(house, author(world), document, 4, shown)
    case_id = collected(world)
    moved = items(world, case_id, "draft")
    before = [one for one in moved if one.of.startswith("earlier:1")]
    assert [(one.of, seen(world, one)["u_greb"]) for one in before] == [
        ("earlier:1", SECOND), ("earlier:1:waiting:1", LOST), ("earlier:1:before", FIRST),
    ]  # fmt: skip
    assert [(one.of, seen(world, one)["u_metoder"]) for one in moved[:2]] == [("", SECOND), ("waiting:1", LOST)]
    assert len({short_name(one) for one in moved}) == len(moved), "each has a file name of its own"
    why = [(one.of, [*seen(world, one).values()]) for one in items(world, case_id, "words")]
    assert ("earlier:1:warnings", [REASON]) in why, "why a warning was let be"
    assert all(one.digest and one.id for one in moved) and len({one.id for one in moved}) == len(moved)
    with world.house() as house:
        found = whole_of(house, before[0])
    printed = [field.text for part in sections(found.definition, found.seen, "da") for field in part.fields]
    assert SECOND in printed, "read in the form it was written in"


@pytest.mark.req("R-72")
def test_whose_words_a_text_that_was_written_over_is_follows_the_talk(world_at):
    """Nobody knows who wrote what the last change took away, unless a talk says so: it is held back as the other parent's."""
    world = world_at("shared")
    first, second = world.holders(SET.child_id)[:2]
    for holder, text in ((first, "Første ord hjemmefra."), (second, "Andre ord hjemmefra.")):
        world.clock.move(minutes=2)
        with world.house() as house:
            base = house.documents.draft(world.made["document"]).fields.get("p_glad")
            change = {"p_glad": Change(value=text, base=base.revision if base else 0)}
            assert save_fields(house, holder, world.made["document"], change).problems == ()
    now, before = items(world, collected(world), "draft")
    assert not [one for one in now.flags if one.held == "other_parent" and one.field == "p_glad"], "the own words"
    assert [one.held for one in before.flags if one.field == "p_glad"] == ["other_parent"]


@pytest.mark.req("R-72", "R-37")
def test_the_home_of_a_holder_is_pointed_at_though_it_is_not_protected(world_at):
    world = world_at("shared")
    with world.house() as house:
        house.people.put_address(world.holders(SET.child_id)[0].person_id, "Strøget 9, 8000 Aarhus C")
        assert not house.people.protected_addresses(SET.child_id)
    write(world, u_greb="Han flyttede til Strøget 9.", u_sprog="Skriv til mor@hjemme.dk.")
    case_id = collected(world)
    (draft,) = items(world, case_id, "draft")
    assert {one.field for one in draft.flags if one.held == "contact"} >= {"u_greb", "u_sprog"}
    with world.house() as house:
        assert case_of(house.ledger.of_document(case_id)).choice_of(draft) == "hold", "until the reviewer has decided"


@pytest.mark.req("R-72")
def test_an_answer_that_its_form_no_longer_asks_for_is_seen_while_it_is_kept():
    old = "required: {eq: [{field: kind}, b]}"
    form = small(old, f'shown_if: {old.removeprefix("required: ")}, required: "no"')
    kept = {"kind": "a", "words": "Skjult nu", "plan": "Til modtageren"}
    assert answers_seen(form, kept) == kept and list(answers_seen(form, kept)) == ["kind", "words", "plan"]


NOTE, WHY = "Mor siger, at Alma ikke har sagt det om naboen Ruth.", "Far har klaget over ordene om Ruth."


@pytest.mark.req("R-72")
def test_notes_and_reasons_reach_the_package_with_their_words_and_without_what_is_left_out(world_at, monkeypatch):
    # A template of the municipality's own may print this form's fields by name and no others.
    monkeypatch.setattr("tillid.usecases.copy_job.own_bytes", lambda *_: b"no document")
    world = world_at("shared")
    document, leads = world.made["document"], leader(world)
    with world.house() as house:
        before = msgspec.structs.replace(house.people.child(SET.child_id), former_names=("Alma Bro",))
        house.people.put_child(before, house.people.unmask_cpr(before.id), house.people.custody(before.id))
        fasten_note(house, leads, document, "registered", NOTE, event_id=new_id())
        restrict(house, leads, document, "contested", WHY, event_id=new_id())
        hold = new_id()
        place_hold(house, world.staff("ove"), document, "legal", "Der er en klagesag.", event_id=hold)
    world, app, address = begun(world)
    press(app, address, "saml")  # now the case's own hold is among the document's events
    found = now(world, address)
    place, words = next((at, one) for at, one in enumerate(found.items, 1) if one.kind == "words")
    assert {one.held for one in words.flags} == {"other_parent", "internal"}
    page = app.get(f"{address}/post/{place}")
    labels = [one.text for one in page.html.select("h3[lang=da]")]
    assert [one.split(": ")[1] for one in labels] == [
        "Bemærkning", "Hvorfor brugen blev begrænset", "Hvorfor dokumentet ikke må destrueres",
    ], "and not that the case itself holds it"  # fmt: skip
    assert all(one in page for one in (NOTE, WHY, "klagesag"))
    form = form_of(app, f"{address}/post/{place}")
    note = next(name for name in form.fields if name and name.startswith("ord-") and name.endswith("_text"))
    form[note] = "naboen Ruth"
    tick(form, WHY)
    shown = form.submit("trin", value="se", status=200)
    assert "Ruth" not in given(shown) and "Alma ikke har sagt det om [Udeladt]" in given(shown)
    form.submit("trin", value="gem", status=303)
    the_rest_held(world, app, address)
    data = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}).body
    said = the_words(data, world)
    assert "Alma ikke har sagt det om [Udeladt]" in said and "klagesag" in said and "Ruth" not in said
    assert "Bemærkninger og begrundelser" in members(data)["indhold.html"].decode() and "Alma Bro" in said
    (path,) = [name for name in members(data) if name.startswith("dokumenter/")]
    assert path.endswith("-ord.pdf") and path in members(data)["indhold.html"].decode()


# Events whose payload holds ids, codes, digests and days, a text of the form or the law, or answers that a sealed record holds.
WORDLESS = {
    "document_created", "draft_moved", "version_shared", "words_confirmed", "text_acknowledged", "agreement_confirmed",
    "agreement_voided", "version_agreed", "transition_declined", "request_created", "request_voided", "consent_given",
    "consent_refused", "consent_withdrawn", "paper_entered", "paper_rejected", "set_signed", "meeting_given",
    "meeting_refused", "meeting_withdrawn", "share_ended", "reading_ended", "reader_named", "document_attested",
    "document_submitted", "reception_acknowledged", "document_closed", "document_reopened", "document_journalled",
    "journal_handed_over", "journal_confirmed", "transfer_approved", "document_destroyed", "draft_warned", "forgotten",
    "release_confirmed",
}  # fmt: skip


@pytest.mark.req("R-72")
def test_whoever_adds_an_event_says_whether_words_about_the_child_stand_in_it():
    every = {kind for kind in get_args(EventKind) if not kind.startswith("insight_")}
    assert every - WORDLESS == set(SAID) and not WORDLESS & set(SAID)


@pytest.mark.req("R-72")
def test_all_that_a_leader_wrote_about_giving_on_is_among_the_words():
    basis = {"code": "lov", "provision": "Forvaltningslovens § 28"}
    plan = {"purpose": "Ro om måltidet", "participants": [{"name": "Bo Bak", "role": "psykolog", "organisation": ""}]}
    said = [
        ("share_decided", "birgit", {"reason": "Skolen skal vide det", "basis": basis, "objection": "Far sagde nej"}),
        ("handed_out", "birgit", {"to": "Ib Skov", "reason": "Han bad om det"}),
        ("reading_granted", "birgit", {"name": "Grethe Holm", "basis": "Afgørelse om anbringelse"}),
        ("meeting_asked", "birgit", {"plan": plan}),
        ("version_corrected", "sofie", {"version": 1, "reason": "Datoen var forkert"}),
        ("destruction_cancelled", "system", {"reason": "not_due"}),
    ]
    series = []
    for number, (kind, actor, payload) in enumerate(said):
        series.append(next_event(series, id=f"e{number}", kind=kind, series_id="d", at=START, actor=actor, child_id="c", document_id="d",
                                 payload=payload))  # fmt: skip
    assert last_words(series) == "e4", "the system's codes are nobody's words"
    found = words_in_events(series, "e4")
    assert words_in_events(series, "e1").answers == dict(list(found.answers.items())[:5]), "up to what was collected"
    around = Around(asks="ane", others=(Other(id="ib", name="Ib Skov"),), known=frozenset())
    held = flags_of(found.definition, found.answers, Draft(document_id="d"), around)
    flags = {name: {one.held for one in held if one.field == name} for name in found.answers}
    assert list(flags.values()) == [
        {"internal"}, {"internal"}, {"other_parent", "internal"},
        {"other_parent", "third_person", "internal"}, {"internal"},
        {"third_person", "internal"}, {"internal"},
        set(), {"third_person"}, {"internal"},
    ]  # fmt: skip


@pytest.mark.req("R-72")
def test_why_a_warning_was_let_be_stands_by_the_warning_and_is_the_team_s_where_its_fields_are():
    said = {
        name: Override(reason=REASON, by="x", at=START, digest="x") for name in ("droeftet_af_to", "no longer there")
    }
    form = our_definitions().get("trivselsvurdering", 2)
    found = words_in_draft(Draft(document_id="d", overridden=said), form).definition.fields
    assert [one.filled_by for one in found] == [("team",), ("parent",)], "whose it was is not known without the warning"
    assert "kun skrevet én" in found[0].label
