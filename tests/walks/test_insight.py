"""Somebody asks what is kept about a child: collected, held back until decided, left out for good, handed out (R-72)."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.intake import nothing_to_give
from tests.support.world import SET, document_now
from tests.walks.test_asked_again import with_notification
from tillid.archive.insight import case_of
from tillid.archive.keeping import keeping_of
from tillid.kernel.ids import new_id
from tillid.usecases.insight_item import Undecided, end_review
from tillid.web.answers import NOT_FOUND_BODY

WHY = "Det handler om den anden forælder."
PROVISION = "Databeskyttelseslovens § 22, stk. 1"


@pytest.fixture
def case(world_at):
    """A case begun by the second holder: what the first one wrote at home is another parent's."""
    return begun(world_at("signed"))


def begun(world, *, answered=True):
    """``answered``: the intake has looked, and has nothing to give."""
    world.clock.move(minutes=1)
    app = as_staff(WorldInstallation(world), "rasmus")
    form = next(one for one in app.get(f"/indsigt/barn/{SET.child_id}").forms.values() if "spoerger" in one.fields)
    form["holder"] = world.holders(SET.child_id)[1].person_id
    form["identitet"], form["dag"] = "Logget ind med MitID", "2026-11-25"
    answer = form.submit(status=303)
    assert form.submit(status=303).location == answer.location, "the same click is one case"
    address = urlsplit(answer.location).path
    press(app, address, "saml")
    if answered:
        nothing_to_give(world, address)
    return world, app, address


def press(app, address, step, status=303, **typed):
    form = next(
        one for one in app.get(address).forms.values() if one.html.select_one(f'button[value="{step}"]') is not None
    )
    for name, value in typed.items():
        form[name] = value
    return form.submit("trin", value=step, status=status)


def now(world, address):
    with world.house() as house:
        found = case_of(house.ledger.of_document(address.rsplit("/", 1)[1]))
    assert found is not None
    return found


def decide(app, address, place, choice, left_out=(), **typed):
    page = app.get(f"{address}/post/{place}")
    form = next(one for one in page.forms.values() if "valg" in one.fields)
    form["valg"] = choice
    for box in form.fields.get("udelad", ()):
        box.checked = box._value in left_out
    for name, value in typed.items():
        form[name] = value
    form.submit("trin", value="se", status=200)
    return form.submit("trin", value="gem", status=303)


def flagged(item):
    return {flag.field for flag in item.flags if flag.held == "other_parent" and flag.field}


def reviewed(world, app, address):
    """Everything of the other parent's left out, the rest given."""
    for place, item in enumerate(now(world, address).items, 1):
        if not item.flags:
            continue
        choice = "redact" if item.kind in ("version", "draft", "consents", "log") else "hold"
        left_out = flagged(item) if item.kind in ("version", "draft") else ()
        decide(app, address, place, choice, left_out, bestemmelse=PROVISION, hvorfor=WHY)
    press(app, address, "afslut")
    assert world.drain() == []


def the_words(data: bytes, world) -> str:
    """Everything that can be read out of the package, by whatever way."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            inside = file.read(name)
            found.append(name)
            if name.endswith(".pdf"):
                found += world.parts.renderer.tools.texts(inside)
            else:
                found.append(inside.decode(errors="replace"))
    return " ".join(" ".join(found).split())


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def written_at_home(world, address):
    """The other parent's answers in words, long enough to be nobody else's."""
    with world.house() as house:
        answers = house.documents.version(world.made["document"], document_now(world).versions).answers
    names = set().union(*(flagged(one) for one in now(world, address).items))
    return {name: answers[name] for name in names if isinstance(answers.get(name), str) and len(answers[name]) > 12}


@pytest.mark.req("R-72", "R-111")
def test_what_was_left_out_is_nowhere_in_the_package_and_the_original_is_untouched(case):
    world, app, address = case
    with world.house() as house:
        before = house.documents.version(world.made["document"], 2)
    assert "holdt tilbage" in app.get(address) or "holdes tilbage" in app.get(address).text.lower()
    own = written_at_home(world, address)
    assert own, "the other parent has written something"
    reviewed(world, app, address)
    package = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)})
    assert package.content_type == "application/zip" and "Alma" not in package.headers["Content-Disposition"]
    again = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)})
    assert members(package.body) == members(again.body)
    assert package.body == again.body, "the same case is the same file"
    words = the_words(package.body, world)
    for name, text in own.items():
        assert " ".join(text.split())[:60] not in words, name
    given = [
        text for name, text in before.answers.items() if isinstance(text, str) and len(text) > 40 and name not in own
    ]
    assert given and all(" ".join(one.split())[:30] in words for one in given), "the rest is there"
    assert "Udeladt" in words and PROVISION in words and WHY in words and "Datatilsynet" in words
    first = world.holders(SET.child_id)[0]
    assert first.name not in words and first.person_id not in words, "nothing tells of the other parent"
    with world.house() as house:
        assert house.documents.version(world.made["document"], 2) == before


@pytest.mark.req("R-72")
def test_every_list_in_which_the_other_parent_stands_is_held_back_until_it_is_decided(case):
    """Consents and log tell of both; of messages and sealed records each parent has own ones."""
    world, app, address = case
    found, (other, asks) = now(world, address), (one.person_id for one in world.holders(SET.child_id))
    with world.house() as house:
        whose = {one.of: house.ledger.event(one.of).payload["holder_id"] for one in found.items if one.kind == "record"}
    told = {}
    for item in (one for one in found.items if one.kind in ("consents", "log", "notices", "record")):
        told[item.kind, whose.get(item.of, item.of) == asks] = (
            found.choice_of(item),
            item in found.undecided,
            {flag.held for flag in item.flags},
        )
    held, given = ("hold", True, {"other_parent"}), ("give", False, set())
    assert told == {
        ("consents", False): held, ("log", False): held, ("notices", False): held, ("record", False): held,
        ("notices", True): given, ("record", True): given,
    }  # fmt: skip
    assert other != asks and 'value="afslut"' not in app.get(address)
    with world.house() as house, pytest.raises(Undecided):
        end_review(house, world.staff("rasmus"), found.id, found.digest, event_id=new_id())


@pytest.mark.req("R-72", "R-90", "R-71")
def test_handing_out_closes_the_case_and_lets_go_of_what_it_held(case):
    world, app, address = case
    document = world.made["document"]
    with world.house() as house:
        assert [one.hold.kind for one in keeping_of(house.ledger.of_document(document)).holds] == ["insight"]
    press(app, address, "saml")
    with world.house() as house:
        assert len(keeping_of(house.ledger.of_document(document)).holds) == 1, (
            "held once, however often it is collected"
        )
    assert "ingen har taget stilling til" in post(app, address, "afslut", 422)
    reviewed(world, app, address)
    form = next(one for one in app.get(address).forms.values() if "maade" in one.fields)
    form["maade"] = "Digital Post til den, der bad om det"
    form.submit(status=303)
    form.submit(status=303)
    closed = now(world, address)
    assert closed.state == "handed_out" and len(closed.handed.sha256) == 64
    assert [one.kind for one in closed.steps].count("insight_handed_out") == 1
    with world.house() as house:
        assert not keeping_of(house.ledger.of_document(document)).holds
        mine = [
            row.action for row in house.audit.of_child(SET.child_id, 5000) if row.person_id == world.ids.staff["rasmus"]
        ]
    assert {"begin_insight", "collect_insight", "see_insight_item", "decide_insight", "hand_out_insight"} <= set(mine)
    world.clock.move(days=15)
    later = as_staff(WorldInstallation(world), "rasmus")
    assert "to uger" in later.post(f"{address}/pakke", {"csrf_token": csrf(later, address)}, status=409)


def csrf(app, address):
    return next(one["csrf_token"].value for one in app.get(address).forms.values() if "csrf_token" in one.fields)


def post(app, address, step, status):
    """The step although the page offers no button for it."""
    form = next(one for one in app.get(address).forms.values() if "set" in one.fields)
    return app.post(address, [*form.submit_fields(), ("trin", step)], status=status)


@pytest.mark.req("R-72", "R-05", "R-18")
def test_the_pages_are_the_officers_alone_and_a_refusal_needs_its_provision(case):
    world, app, address = case
    installation = WorldInstallation(world)
    for who in ("sofie", "birgit", "ove", "camilla", "hanne"):
        for path in ("/indsigt", f"/indsigt/barn/{SET.child_id}", address, f"{address}/post/1"):
            assert as_staff(installation, who).get(path, status=404).body == NOT_FOUND_BODY, (who, path)
    parent = as_parent(installation, world.holders(SET.child_id)[0].person_id)
    assert parent.get(address, status=404).body == NOT_FOUND_BODY
    assert now(world, address).request.number in app.get("/indsigt")
    press(app, address, "afvis", 422)
    press(
        app,
        address,
        "afvis",
        bestemmelse="Forvaltningslovens § 15 b",
        hvorfor="Hensynet til barnet selv vejer tungere.",
    )
    assert now(world, address).state == "refused"
    with world.house() as house:
        unit = house.people.unit(SET.unit_id)
        private = msgspec.structs.replace(unit.controller, id="another", name="En privat institution")
        house.people.put_unit(msgspec.structs.replace(unit, controller=private))
    for path in (address, f"{address}/post/1", f"/indsigt/barn/{SET.child_id}"):
        assert app.get(path, status=404).body == NOT_FOUND_BODY, "another controller answers for its own (R-05)"
    with world.house() as house:
        house.people.put_unit(unit)
    app.get(f"{address}/post/999", status=404)
    with world.house() as house:
        assert not keeping_of(house.ledger.of_document(world.made["document"])).holds


@pytest.mark.req("R-53", "R-54", "R-72")
def test_a_notification_is_not_collected_and_nothing_tells_that_there_is_one(world_at):
    without = begun(world_at("people"), answered=False)
    world, app, address = begun(with_notification(world_at("people")), answered=False)
    assert [one.kind for one in now(world, address).items] == [one.kind for one in now(*without[::2]).items]
    assert not [one for one in now(world, address).items if one.document_id]
    assert "bange" not in app.get(address)
    for found, there in ((app, address), without[1:]):
        assert "Har ikke svaret endnu" in found.get(there), "the intake is asked in every case (test_insight_intake.py)"
