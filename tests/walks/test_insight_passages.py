"""A part of a text is left out of what is handed out: chosen by boxes or words, kept by places, nowhere in any byte (R-72)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.world import author
from tests.walks.test_insight import PROVISION, WHY, begun, csrf, now, press, the_words
from tillid.archive.insight import DECIDED, FORGOTTEN
from tillid.documents.passages import MARK
from tillid.usecases.save_fields import Change, save_fields
from tillid.web.answers import NOT_FOUND_BODY

SECRET = "Naboen Ruth Ravnkilde henter ham tit."
SAID = f"Alma er glad for at være ude. {SECRET} Hun hviler efter frokost."
FIELD, OTHER = "u_greb", "u_sprog"


def write(world, **texts):
    with world.house() as house:
        base = house.documents.draft(world.made["document"]).fields
        changes = {
            name: Change(value=text, base=base[name].revision if name in base else 0) for name, text in texts.items()
        }
        assert save_fields(house, author(world), world.made["document"], changes).problems == ()


@pytest.fixture
def draft(world_at):
    """A case with one draft, in which a neighbour is told of in two answers."""
    world = world_at("draft")
    write(world, **{FIELD: SAID, OTHER: f"Husk: {SECRET}"})
    world, app, address = begun(world)
    place = next(at for at, item in enumerate(now(world, address).items, 1) if item.kind == "draft")
    return world, app, address, f"{address}/post/{place}"


def form_of(app, page, choice="redact"):
    found = next(one for one in app.get(page).forms.values() if "valg" in one.fields)
    found["valg"], found["bestemmelse"], found["hvorfor"] = choice, PROVISION, WHY
    return found


def the_rest_held(world, app, address):
    """What nobody has decided about is held back, and the package is made."""
    case = now(world, address)
    for place, item in enumerate(case.items, 1):
        if item in case.undecided:
            form_of(app, f"{address}/post/{place}", "hold").submit("trin", value="gem", status=303)
    press(app, address, "afslut")
    assert world.drain() == []


def tick(found, words):
    """The box whose label is ``words``."""
    box = next(
        one
        for one in found.html.select("input[name=del]")
        if words == found.html.select_one(f"label[for={one['id']}]").text
    )
    for one in found.fields["del"]:
        if one._value == box["value"]:
            one.checked = True


def given(answer):
    return answer.html.select_one("section[aria-labelledby=bliver]").text


@pytest.mark.req("R-72", "R-111")
def test_a_sentence_and_words_are_in_no_byte_of_the_package_and_in_no_event(draft):
    world, app, address, page = draft
    form = form_of(app, page)
    tick(form, SECRET)
    shown = form.submit("trin", value="se", status=200)
    assert MARK in given(shown) and "Ravnkilde" in given(shown), "it stands in the other answer too"
    assert "Det samme står et andet sted" in shown
    form = next(one for one in shown.forms.values() if "valg" in one.fields)
    form[f"ord-{OTHER}"] = "ruth  ravnkilde"
    shown = form.submit("trin", value="se", status=200)
    assert "Ravnkilde" not in given(shown) and "Det samme står" not in shown and given(shown).count(MARK) == 2
    form = next(one for one in shown.forms.values() if "valg" in one.fields)
    assert [one.checked for one in form.fields["del"]].count(True) == 2, "what was found by words is ticked"
    form.submit("trin", value="gem", status=303)
    form.submit("trin", value="gem", status=303)
    case = now(world, address)
    decision = next(one for one in case.decisions.values())
    assert [(one.field, one.text) for one in decision.passages] == [(OTHER, 0), (FIELD, 0)]
    for place, item in enumerate(case.items, 1):
        if item.kind != "draft":
            held = form_of(app, f"{address}/post/{place}", "hold")
            held.submit("trin", value="gem", status=303)
    press(app, address, "afslut")
    assert world.drain() == []
    words = the_words(app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}).body, world)
    assert "Ravnkilde" not in words and "glad for at være ude" in words and words.count("[Udeladt]") >= 2
    with world.house() as house:
        events = [event for event in house.ledger.of_document(case.id) if event.kind != FORGOTTEN]
        rows = house.audit.of_child(case.child_id, 5000)
        assert house.documents.draft(world.made["document"]).answers[FIELD] == SAID, "the original is untouched"
    assert [event.kind for event in events].count(DECIDED) == len(case.items)
    kept = msgspec.json.encode([events, rows]).decode()
    assert "Ravnkilde" not in kept and "glad for" not in kept


@pytest.mark.req("R-72")
def test_places_in_another_text_are_void_and_a_slip_gives_nothing_away(draft):
    world, app, address, page = draft
    form = form_of(app, page)
    form["hvorfor"] = f"Fordi {SECRET.lower()}"
    tick(form, SECRET)
    refused = form.submit("trin", value="gem", status=422)
    assert "Begrundelsen gentager ord" in refused
    form = form_of(app, page)
    tick(form, SECRET)
    form["valg"] = "give"
    assert "Vælg ét af dem" in form.submit("trin", value="gem", status=422)
    form = form_of(app, page)
    form[f"ord-{FIELD}"] = "Ole"
    answer = form.submit("trin", value="gem", status=422)
    assert answer.html.select_one(f"#ord-{FIELD}")["aria-invalid"] == "true" and "Skriv dem, som de står" in answer
    posted = [(name, value) for name, value in form.submit_fields() if name != f"ord-{FIELD}"]
    for wrong in (f"{FIELD}.0.5-99999", f"{FIELD}.9.0-1", "ukendt.0.0-1", "../x", f"{FIELD}.0.5-5"):
        got = app.post(page, [*posted, ("del", wrong), ("trin", "gem")], status=404)
        assert got.body == NOT_FOUND_BODY
    assert not now(world, address).decisions, "nothing of it was decided"
    form = form_of(app, page)
    tick(form, SECRET)
    form.submit("trin", value="gem", status=303)
    write(world, **{FIELD: "Alma er nu glad. " + SAID})
    assert "Teksten er ændret" in app.get(page, status=409)
    assert "Teksten er ændret" in app.post(
        address,
        {
            "csrf_token": csrf(app, address),
            "nonce": nonce(app, address),
            "set": now(world, address).digest,
            "trin": "afslut",
        },
        status=409,
    )
    press(app, address, "saml")
    again = next(one for one in now(world, address).items if one.kind == "draft")
    assert again.id not in now(world, address).decisions and now(world, address).choice_of(again) == "hold"


def nonce(app, address):
    return next(one["nonce"].value for one in app.get(address).forms.values() if "nonce" in one.fields)


@pytest.mark.req("R-72")
def test_what_is_left_out_of_one_version_is_warned_about_in_another(world_at):
    world, app, address = begun(world_at("agreed"))
    items = now(world, address).items
    first, second = (
        next(at for at, one in enumerate(items, 1) if one.kind == "version" and one.version == n) for n in (1, 2)
    )
    form = form_of(app, f"{address}/post/{second}")
    texts = [one.text for one in form.html.select("details.passages label") if len(one.text) > 30]
    before = app.get(f"{address}/post/{first}").text
    words = next(one for one in texts if one in before)
    tick(form, words)
    form.submit("trin", value="gem", status=303)
    other = form_of(app, f"{address}/post/{first}")
    other["valg"] = "give"
    assert "Det samme står et andet sted" in other.submit("trin", value="se", status=200)
    other.submit("trin", value="gem", status=303)
    page = app.get(f"{address}/post/{second}")
    assert page.html.find("a", href=f"{address}/post/{first}") is not None, "in which version the same words are given"
