"""A note and a restriction beside a text: every reader meets them, and nothing goes to anybody new (R-72)."""

from __future__ import annotations

import msgspec
import pytest

from tests.security.walk_consent import PURPOSE
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.purposes import state_purpose
from tests.support.world import SET, leader, say_yes
from tillid.consents.remarks import remarks_of
from tillid.kernel.ids import new_id
from tillid.usecases.decide_share import decide_share
from tillid.usecases.fasten_remark import RemarkUnfit, fasten_note, lift_restriction, restrict
from tillid.usecases.grant_reading import grant_reading
from tillid.usecases.hand_out import hand_out, handed_out_copy
from tillid.usecases.open_copy import name_reader
from tillid.usecases.request_consent import request_consent
from tillid.usecases.restricted import UseRestricted
from tillid.usecases.share_document import share_document
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY

NOTE = "Mor mener, at Alma ikke har sagt det."
WHY = "Forælderen har gjort indsigelse."


def restricted(world):
    with world.house() as house:
        restrict(house, leader(world), world.made["document"], "contested", WHY, event_id=new_id())


@pytest.mark.req("R-72")
def test_every_reader_meets_note_and_restriction_above_the_text(world_at):
    world = world_at("signed")
    installation, document = WorldInstallation(world), world.made["document"]
    address = f"/dokument/{document}/bemaerkninger"
    for who in ("sofie", "hanne", "ove"):
        assert as_staff(installation, who).get(address, status=404).body == NOT_FOUND_BODY
    birgit = as_staff(installation, "birgit")
    form = next(one for one in birgit.get(address).forms.values() if "slags" in one.fields)
    assert "Skriv mindst" in form.submit("trin", value="note", status=422)
    form["tekst"] = NOTE
    form.submit("trin", value="note", status=303)
    form.submit("trin", value="note", status=303)
    form = next(one for one in birgit.get(address).forms.values() if "grund" in one.fields)
    form["hvorfor"] = WHY
    assert "Brugen er ikke begrænset" not in form.submit("trin", value="begraens").follow()
    with world.house() as house:
        found = remarks_of(house.ledger.of_document(document))
    assert len(found.notes) == len(found.restrictions) == 1, "the same click is one note"
    holder = world.holders(SET.child_id)[0].person_id
    pages = [
        as_staff(installation, "sofie").get(f"/dokument/{document}/laes"),
        as_parent(installation, holder).get(f"/foraelder/dokument/{document}/laes"),
        as_staff(installation, "hanne").get(f"/modtaget/{document}"),
        archived(as_staff(installation, "ove"), document),
    ]
    for page in pages:
        text = page.html.select_one("article.beside-text").get_text(" ", strip=True)
        assert NOTE in text and "Brugen af dokumentet er begrænset." in text, page.request.url
        assert text.index(NOTE) < text.index("Barn"), "before the text"
        assert WHY not in page, "the reason is for those who decide"
    assert "bemærkning" in as_parent(installation, holder).get("/")
    assert f"/modtaget/{document}" in as_staff(installation, "hanne").get("/")


def archived(app, document):
    page = app.get(f"/arkiv/{document}")
    form = next(one for one in page.forms.values() if "purpose" in one.fields)
    state_purpose(form, PURPOSE)
    return form.submit()


@pytest.mark.req("R-72", "R-17")
def test_while_it_is_restricted_nothing_goes_to_anybody_new_and_a_no_still_counts(world_at):
    world, first, second = (asked := world_at("asked")), *asked.holders(SET.child_id)[:2]
    document = world.made["document"]
    restricted(world)
    with pytest.raises(UseRestricted):
        say_yes(world, first)
    request = world.player.request(world.made["request"])
    say_yes(world, second, no=frozenset(one.id for one in request.items))  # a refusal is never stopped
    with world.house() as house:
        mark = remarks_of(house.ledger.of_document(document)).restrictions[0].id
    assert kinds(world).count("consent_refused") == 1 and "consent_given" not in kinds(world)
    with world.house() as house:
        lift_restriction(house, leader(world), document, mark, "Det er afklaret nu.", event_id=new_id())
    say_yes(world, first)


@pytest.mark.req("R-72")
def test_every_verb_that_gives_what_parents_have_on_is_stopped(world_at):
    world = world_at("shared")
    document, before = world.made["document"], new_id()
    with world.house() as house:
        hand_out(house, leader(world), document, to="Far", reason="Bad selv om det.", event_id=before)
    restricted(world)
    verbs = {
        "share": lambda house, who: share_document(house, who, document),
        "hand out": lambda house, who: hand_out(
            house, who, document, to="Far", reason="Bad om det.", event_id=new_id()
        ),
        "fetch what was handed out": lambda house, who: handed_out_copy(house, who, document, before),
        "grant": lambda house, who: grant_reading(
            house, who, document, cpr="", basis="", until=None, event_id=new_id()
        ),
    }
    assert stopped(world, verbs) == list(verbs)


@pytest.mark.req("R-72")
def test_every_verb_that_gives_an_agreed_text_on_is_stopped(world_at):
    world = world_at("agreed")
    document = world.made["document"]
    restricted(world)
    verbs = {
        "ask": lambda house, who: request_consent(house, who, document),
        "decide": lambda house, who: decide_share(house, who, document, None, event_id=new_id()),
    }
    assert stopped(world, verbs) == list(verbs)


def stopped(world, verbs):
    """The names of those that the restriction stops; nothing happens by any of them."""
    before, found = kinds(world), []
    for name, verb in verbs.items():
        try:
            with world.house() as house:
                verb(house, leader(world))
        except UseRestricted:
            found.append(name)
    assert kinds(world) == before
    return found


def kinds(world):
    with world.house() as house:
        return [one.kind for one in house.ledger.of_document(world.made["document"])]


@pytest.mark.req("R-72", "R-17")
def test_of_a_released_document_nobody_new_is_named_and_a_yes_can_be_taken_back(world_at):
    world = world_at("signed")
    restricted(world)
    document, holder = world.made["document"], world.holders(SET.child_id)[0]
    with world.house() as house, pytest.raises(UseRestricted):
        name_reader(house, world.staff("hanne"), document, world.ids.staff["peter"])
    with world.house() as house:
        withdraw_consent(house, holder, world.made["request"], (), language="da", event_id=new_id())


@pytest.mark.req("R-111", "R-37")
def test_a_note_that_may_not_be_kept_is_refused(world_at):
    world = world_at("shared")
    with world.house() as house:
        house.people.put_address(SET.child_id, "Bakkevej 7, 8000 Aarhus C")
        child = house.people.child(SET.child_id)
        house.people.put_child(msgspec.structs.replace(child, protected_address=True), *register(house, child))
    for text in ("For kort", "Ring til 010119-1234 om det", "x" * 2001, "De bor på Bakkevej 7, 8000 Aarhus."):
        with world.house() as house, pytest.raises(RemarkUnfit):
            fasten_note(house, leader(world), world.made["document"], "institution", text, event_id=new_id())


def register(house, child):
    return house.people.unmask_cpr(child.id), house.people.custody(child.id)
