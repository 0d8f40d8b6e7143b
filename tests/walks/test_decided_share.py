"""A leader shares without consent: one basis, reasons of its own, parents told; never a way around a parent's no (R-01, R-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, fill_all, request_now, say_yes
from tests.walks.test_protected_later import protect
from tillid.cms.store.people import ZodbPeople
from tillid.consents.decision import decisions_of
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.agree import decline_transition
from tillid.usecases.decide_share import Said, decide_share, decision_page
from tillid.usecases.facts import gathered
from tillid.usecases.grant_reading import grant_reading
from tillid.usecases.open_copy import released
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY

REASON = "Skolen skal kende barnets allergi fra første dag, og forældrene kan ikke nås."


def said(world, ground="provision", **changes):
    with world.house() as house:
        number = house.documents.get(world.made["document"]).agreed_version
        first = next(iter(house.documents.version(world.made["document"], number).answers))
    values = {"ground": ground, "provision": "Barnets lov § 133", "chosen": frozenset({first}), "reason": REASON,
              "informed_on": world.clock.now().date(), "objection": ""}  # fmt: skip
    return Said(**values | changes)


def decide(world, who, **changes):
    with world.house() as house:
        return decide_share(house, world.staff(who), world.made["document"], said(world, **changes), event_id=new_id())


def code(world, who="birgit", **changes):
    with pytest.raises(TillidError) as refused:
        decide(world, who, **changes)
    return refused.value.code


def refuse(world, holder):
    request = request_now(world)
    return say_yes(world, holder, no=frozenset(item.id for item in request.items))


def sections(world):
    return frozenset(item.id for item in request_now(world).items if item.kind == "section")


def sections_of_the_text(world):
    with world.house() as house:
        found = decision_page(house, world.staff("birgit"), world.made["document"])
    return frozenset(item.id for item in found.items if item.kind == "section")


def readable(world, who="hanne"):
    with world.house() as house:
        try:
            return released(house, world.staff(who), world.made["document"]).answers
        except NotFound:
            return None


@pytest.mark.req("R-01", "R-02", "R-17", "R-18", "R-22", "R-37", "O14")
def test_after_a_no_only_a_leaders_new_reasoned_decision_on_a_provision_of_law_releases(world_at):
    world = world_at("asked")
    world.set_up_with(basis_of_transition={"bh_sk": "retningslinje"})
    first, second = world.holders(SET.child_id)
    chosen = sections(world)
    assert code(world, chosen=chosen) == "decision.question-open", "one basis at a time"
    say_yes(world, second)
    refuse(world, first)
    assert readable(world) is None
    assert code(world, ground="guideline", chosen=chosen) == "decision.guideline-after-no"
    assert code(world, reason="fordi", chosen=chosen) == "decision.reason"
    assert code(world, provision=" ", chosen=chosen) == "decision.provision"
    assert code(world, objection=None, chosen=chosen) == "decision.informed"
    for words in ({"reason": f"{REASON} 010188-4123"}, {"provision": "\u202e § 133"}, {"objection": "Nej. 0101884123"}):
        assert code(world, chosen=chosen, **words) == "decision.unfit"
    assert code(world, chosen=frozenset()) == "decision.nothing-chosen"
    for who in ("sofie", "hanne", "ove"):
        with pytest.raises(NotFound):
            decide(world, who, chosen=chosen)
    assert readable(world) is None
    protect(world)
    assert code(world, chosen=chosen) == "decision.protected", "nor an address that is protected by now (R-37)"
    protect(world, on=False)
    decide(world, "birgit", chosen=chosen)
    assert readable(world)
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
        decision, facts = decisions_of(events)[0], gathered(house, house.documents.get(world.made["document"]))[0]
    assert (decision.after_no, decision.reason, decision.basis.code) == (True, REASON, "lov")
    assert facts.verdict.standing == "refused", "the no stays a no"
    assert code(world, chosen=chosen) == "decision.made"
    with world.house() as house:  # a later no ends what was decided before it
        withdraw_consent(house, second, world.made["request"], language="da", event_id=new_id())
    assert readable(world) is None


@pytest.mark.req("R-01", "R-02", "R-18", "R-22", "R-23", "R-71")
def test_the_leaders_page_shares_on_the_guideline_tells_the_parents_and_ends_it_at_once(world_at):
    world = world_at("agreed")
    world.set_up_with(basis_of_transition={"bh_sk": "retningslinje"})
    installation = WorldInstallation(world)
    base, holder = f"/dokument/{world.made['document']}/beslutning", world.holders(SET.child_id)[0]
    as_staff(installation, "sofie").get(base, status=404)
    birgit, hanne = as_staff(installation, "birgit"), as_staff(installation, "hanne")
    form = next(one for one in birgit.get(base).forms.values() if "hvorfor" in one.fields)
    assert not [one for one in form.fields["del"] if one.checked]
    form["hjemlet"], form["hvorfor"] = "guideline", REASON
    again = form.submit("trin", value="se", status=422)
    assert "blev orienteret" in again and REASON in again
    form = next(one for one in again.forms.values() if "hvorfor" in one.fields)
    form["orienteret"], form["svar"], form["indsigelse"] = "2026-11-24", "indsigelse", "Vi vil helst vente."
    for box in form.fields["del"][:1]:
        box.checked = True
    seen = form.submit("trin", value="se")
    assert "Intet er besluttet" in seen and REASON in seen, "what the parents will read, before anything is decided"
    with world.house() as house:
        assert decisions_of(house.ledger.of_document(world.made["document"])) == []
        version = decision_page(house, world.staff("birgit"), world.made["document"])
    title = next(item.title for item in version.items if item.id == form.fields["del"][0]._value)
    assert title in seen and version.items[-1].title not in seen.html.select_one("article").text, (
        "and what the receiver will"
    )
    final = seen.forms[next(key for key, one in seen.forms.items() if "nonce" in one.fields)]
    back = final.submit("trin", value="ret")
    assert REASON in back and "Vi vil helst vente." in back and "nonce" not in back.text
    final["hvorfor"] = REASON + " Andet."
    final.submit("trin", value="beslut", status=409)  # other words than were shown
    final["hvorfor"] = REASON
    assert "registreret og virker" in final.submit("trin", value="beslut").follow()
    assert "var registreret i forvejen" in final.submit("trin", value="beslut").follow(), "the same click is one"
    assert world.drain() == []
    page = hanne.get(f"/modtaget/{world.made['document']}")
    assert "Det er ikke et samtykke" in page and "sagt ja" not in page
    assert hanne.get(f"/modtaget/{world.made['document']}/dokument.pdf").body.startswith(b"%PDF-")
    parent = as_parent(installation, holder.person_id).get(f"/foraelder/dokument/{world.made['document']}")
    assert REASON in parent and "uden samtykke" in parent
    assert "Vi vil helst vente." not in parent, "what one parent has said is not the other's to read"
    with pytest.raises(TillidError, match=r"consent\.decided"), world.house() as house:
        world.set_up_with(basis_of_transition={})
        request_consent(house, author(world), world.made["document"])
    end = next(one for one in birgit.get(base).forms.values() if "beslutning" in one.fields)
    assert "er ophørt" in end.submit("trin", value="ophoer").follow()
    resent = final.submit("trin", value="beslut").follow()
    assert "ikke registreret noget nyt" in resent and "registreret og virker" not in resent
    assert "registreret og virker" not in birgit.get(f"{base}?gjort=besluttet")
    assert hanne.get(f"/modtaget/{world.made['document']}", status=404).body == NOT_FOUND_BODY
    assert "Ikke tilgængelig" in hanne.get("/")


@pytest.mark.req("R-02", "R-17", "O14")
def test_a_parent_who_declines_the_whole_transition_ends_what_was_decided(world_at):
    world = world_at("agreed")
    decide(world, "birgit", chosen=sections_of_the_text(world))
    assert readable(world)
    with world.house() as house:
        decline_transition(house, world.holders(SET.child_id)[0], world.made["document"])
    assert readable(world) is None
    with world.house() as house:
        told = {one.text_id for one in house.notices.of_person(world.ids.staff["hanne"])}
    assert "no_longer_available" in told


@pytest.mark.req("R-02", "R-22")
def test_a_receiver_who_is_chosen_later_reads_nothing_by_a_decision_about_another(world_at):
    world = world_at("agreed")
    decide(world, "birgit", chosen=sections_of_the_text(world))
    with world.house() as house:
        first = house.people.organigram().units[SET.receiver_unit_id]
        staff, other = next(
            (one, at.unit_id)
            for one in house.people.all_staff()
            for at in one.assignments
            if at.role == "leader" and at.unit_id not in (SET.receiver_unit_id, SET.unit_id)
        )
        name = house.people.organigram().units[other].name
    for unit, called in ((other, name), (first.id, first.name)):
        fill_all(world, author(world), world.made["document"], {"til_enhed": {"id": unit, "name": called}})
        with world.house() as house:
            share_document(house, author(world), world.made["document"])
            assert house.documents.get(world.made["document"]).receiver_unit_id == unit
        assert readable(world, staff.username) is None and readable(world) is None, "nor does it come alive again"
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
    assert [event.actor for event in events if event.kind == "share_ended"] == ["system"]


@pytest.mark.req("R-02", "R-32")
@pytest.mark.parametrize("how", ["no", "withdrawal"])
def test_no_guideline_gives_on_what_a_parent_kept_back_once_the_consent_to_the_rest_has_run_out(world_at, how):
    world = world_at("asked")
    world.set_up_with(basis_of_transition={"bh_sk": "retningslinje"})
    kept_back, (one, other) = sorted(sections(world))[0], world.holders(SET.child_id)
    say_yes(world, one, no=frozenset({kept_back}) if how == "no" else frozenset())
    say_yes(world, other)
    if how == "withdrawal":
        with world.house() as house:
            withdraw_consent(house, one, world.made["request"], [kept_back], language="da", event_id=new_id())
    assert readable(world)
    world.clock.move(days=700)
    assert readable(world) is None
    assert code(world, ground="guideline", chosen=frozenset({kept_back})) == "decision.guideline-after-no"
    decide(world, "birgit", chosen=frozenset({kept_back}))
    assert readable(world)


@pytest.mark.req("R-33", "R-35", "R-36")
def test_who_was_asked_reads_no_decision_while_the_register_does_not_say_that_it_is_a_holder(world_at, monkeypatch):
    world = world_at("asked")
    installation, holder = WorldInstallation(world), world.holders(SET.child_id)[0]
    refuse(world, holder)
    say_yes(world, world.holders(SET.child_id)[1])
    decide(world, "birgit", chosen=sections(world))
    parent, at = as_parent(installation, holder.person_id), f"/foraelder/dokument/{world.made['document']}"
    assert REASON in parent.get(at)
    foster = world.ids.parents["shirin"]
    with world.house() as house:
        until, number = house.moment.date() + timedelta(days=30), house.people.unmask_cpr(foster)
        grant_reading(house, world.staff("birgit"), world.made["document"], cpr=number, basis="Udvalgets afgørelse",
                      until=until, event_id=new_id())  # fmt: skip
    granted = as_parent(installation, foster).get(at)
    assert "har givet dig adgang til at læse" in granted and REASON not in granted, "nor does a foster parent (R-36)"

    def silent(self, child_id):
        raise Unavailable("register silent")

    monkeypatch.setattr(ZodbPeople, "custody", silent)
    assert REASON not in parent.get(at)
