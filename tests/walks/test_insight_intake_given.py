"""What the intake gives in a case of insight: chosen answer by answer, and without who notified (R-53, R-54, R-72, ADR 0068)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.support.installation import WorldInstallation, as_staff
from tests.support.uploads import picture
from tests.support.world import SET
from tests.walks.test_insight import WHY, csrf, members, post, press, reviewed, the_words
from tests.walks.test_insight_intake import WORRY, asked, notified
from tests.walks.test_insight_passages import form_of

SENDER, WORK = "Sofie Brandt", "Stjernehuset"
DESPITE = "Politiet har talt med forældrene i dag."


@pytest.mark.req("R-53", "R-54", "R-72", "R-37")
def test_it_is_held_back_until_chosen_and_who_notified_is_burned_out(world_at):
    world, app, address, intake, answer = with_a_drawing(world_at("people"))
    page = intake.get(answer)
    assert page.text.count("Holdes tilbage, til I har set på det") == 2
    assert "Svar:" not in page and "ingen har taget stilling til" in post(intake, answer, "svar", 422)
    page = intake.get(f"{answer}/post/1")
    ticked = {box["value"] for box in page.html.select("input[name=udelad][checked]")}
    assert {
        "u_navn",
        "u_arbejdssted",
        "u_kategori",
        "h_relationer",
        "maa_ikke_orienteres",
        "i_bilag",
    } == ticked
    assert page.html.select_one("input[name=valg][checked]")["value"] == "hold"
    text_given_in_part(intake, answer)
    drawing_given_with_boxes(intake, answer)
    press(intake, answer, "svar")
    reviewed(world, app, address)
    tells_nobody_who_notified(world, app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}).body)
    taken_back_while_it_is_fetched(world, address, intake, answer)
    assert app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}, status=409)


def with_a_drawing(world):
    """One whose notifier stands in it, with a picture; looked for by the intake. As ``asked``."""
    with world.house() as house:
        sha256 = house.blobs.put(picture(), "image/png")
        name = house.people.child(SET.child_id).name
    file = {"sha256": sha256, "title": "sofies-tegning.png", "media_type": "image/png"}
    friend = f"Alma leger med {SENDER} hver dag. Hun ler."
    notified(world, None, b_navn=name, maa_ikke_orienteres=True, i_bilag=[file], h_relationer=friend)
    found = asked(world)
    press(*found[3:], "led")
    return found


def text_given_in_part(intake, answer):
    """Refused until it has a reason of its own (R-53), the notifier's name is out, and the reason that is handed out has none."""
    form = form_of(intake, f"{answer}/post/1", "redact")
    assert "forældrene ikke må få besked endnu" in form.submit("trin", value="gem", status=422)
    form["trods"] = DESPITE
    box = next(one for one in form.fields["udelad"] if one._value == "h_relationer")
    box.checked = False
    assert "hvem der har underrettet" in form.submit("trin", value="gem", status=422)
    form["ord-h_relationer"] = SENDER
    shown = form.submit("trin", value="se", status=200)
    form = next(one for one in shown.forms.values() if "valg" in one.fields)
    kept_without_naming(form)


def drawing_given_with_boxes(intake, answer):
    """It needs the same reasons."""
    form = form_of(intake, f"{answer}/post/2", "redact")
    form["felter"] = "A1-J30"
    assert "forældrene ikke må få besked endnu" in form.submit("trin", value="gem", status=422)
    form["trods"] = DESPITE
    kept_without_naming(form)


def kept_without_naming(form):
    form["hvorfor"] = "Sofie skal kunne arbejde i fred."
    assert "uden navn, sted" in form.submit("trin", value="gem", status=422)
    form["hvorfor"] = WHY
    form.submit("trin", value="gem", status=303)


def tells_nobody_who_notified(world, data):
    """What is in the package: the worry, and neither name, place, picture nor the intake's own reasons."""
    inside = members(data)
    given, drawing = (name for name in inside if name.startswith("underretninger/"))
    words = the_words(data, world)
    assert WORRY in words and "Alma leger med [Udeladt] hver dag. Hun ler." in words
    assert SENDER not in words and DESPITE not in words
    text = " ".join(world.parts.renderer.tools.texts(inside[given]))
    for secret in ("Sofie", WORK, "må ikke få besked endnu Ja", "pædagog", "sofies-tegning"):
        assert secret not in text, secret
    index = inside["indhold.html"].decode()
    assert given in index and drawing in index and WHY in index and "sofies-tegning" not in index
    made = Image.open(io.BytesIO(inside[drawing]))
    assert {made.getpixel((x, y)) for x in range(20) for y in range(30)} == {(0, 0, 0)} and picture() not in data


def taken_back_while_it_is_fetched(world, address, intake, answer):
    """The package does not leave."""
    installation, once = WorldInstallation(world), [True]
    again = as_staff(installation, "rasmus")
    token = csrf(again, address)
    installation.before_refresh = lambda: press(intake, answer, "genaabn") if once and once.pop() else None
    assert "har ikke svaret endnu" in again.post(f"{address}/pakke", {"csrf_token": token}, status=409)
