"""A design is tried as each reader sees it, read by a second person and published, without a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.design_desk import FORM, Desk
from tests.support.installation import WorldInstallation, as_staff
from tillid.demo.data import demo_data
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.yamldata import read_yaml
from tillid.kernel.clock import local_day
from tillid.web.render import day_text


@pytest.fixture
def desk(world_at):
    return Desk(WorldInstallation(world_at("draft"))).begin()


@pytest.mark.req("U20")
def test_what_a_parent_sees_is_what_the_field_says(desk):
    seen = desk.app.get(f"{desk.address}/proev?laeser=parent&svar=1&variant=bh_sk")
    page = desk.app.get(f"{desk.address}/felt/u_greb")
    boxes = {box._value for box in page.forms["editor"].fields["visible_to"] if box.checked}
    label = desk.field("u_greb")["label"]
    main = seen.html.select_one("main form[method=post]").get_text(" ")
    assert (label in main) == ("parent" in boxes)
    hidden = [f["label"] for s in desk.data()["sections"] for f in s["fields"] if "parent" not in f["visible_to"]]
    assert hidden and not [
        label for label in hidden if f">{label}<" in str(seen.html.select_one("main form[method=post]"))
    ]


def test_a_trial_is_checked_and_stored_nowhere(desk):
    world = desk.installation.world
    before = world.store.db.lastTransaction()
    page = desk.app.get(f"{desk.address}/proev?laeser=team&variant=bh_sk")
    form = next(f for f in page.forms.values() if "f.u_greb" in f.fields)
    form["f.u_greb"] = "Et svar uden mening"
    page = form.submit("do", value="check")
    assert "Et svar uden mening" in page and "Hvad kontrollen siger" in page
    assert "skal udfyldes" in page.html.select_one("#resultat").get_text()
    assert world.store.db.lastTransaction() == before
    for folder in ("audit", "zodb"):
        for file in (world.folder / folder).rglob("*"):
            assert not file.is_file() or b"Et svar uden mening" not in file.read_bytes()


@pytest.mark.req("T30")
def test_the_second_person_sees_the_difference_and_publishes(desk):
    desk.act("save", "/felt/u_greb", label="Det virker hos os")
    desk.act("submit", comment="Et lettere ord.")
    own = desk.app.get(f"{desk.address}/godkendelse")
    assert "Det virker hos os" in own and "Udgiv version" not in own
    other = Desk(desk.installation, "henriette")
    other.address = desk.address
    page = other.app.get(f"{desk.address}/godkendelse")
    assert "Et lettere ord." in page and "Det virker hos os" in page and "Før:" in page
    unsaid = other.app.get(f"{desk.address}/godkendelse").forms
    told = next(f for f in unsaid.values() if "comment" in f.fields).submit("do", value="reject", status=422).html
    assert told.select_one("#comment-fejl").text and "comment-fejl" in told.select_one("#comment")["aria-describedby"]
    assert other.act("publish", "/godkendelse").status_int == 303
    listed = other.app.get("/drift/skemaer")
    assert "Version 4" in listed and "Udgivet her" in listed
    assert "Udgivet her i kommunen" in other.app.get("/drift")
    text = other.app.get(f"/drift/skemaer/{FORM}/v4.yaml").body
    assert canonical_yaml(read_yaml(text, "x").data).encode() == text
    sofie = as_staff(desk.installation, "sofie")
    child = sofie.get(f"/barn/{demo_data().children['alma'].id}")
    start = next(f for f in child.forms.values() if "form" in f.fields and f["form"].value == FORM)
    first = start.submit().follow().follow() if start else None
    assert first.status_int == 200
    assert "Den kan flyttes til version 4" in sofie.get(f"/dokument/{desk.installation.world.made['document']}")


@pytest.mark.req("T30", "O22")
def test_a_day_ahead_is_on_the_list_and_new_documents_begin_in_the_version_before(desk):
    day = local_day(desk.installation.clock.now()) + timedelta(days=10)
    desk.act("save", "/felt/u_greb", label="Det virker hos os")
    desk.act("submit", usable_from=day.isoformat())
    other = Desk(desk.installation, "henriette")
    other.address = desk.address
    asked = other.app.get(f"{desk.address}/godkendelse").html.select_one("input[name=usable_from]")
    assert asked["value"] == day.isoformat()
    other.act("publish", "/godkendelse")
    assert f"Tages i brug {day_text(day)}" in other.app.get("/drift/skemaer")
    sofie = as_staff(desk.installation, "sofie")
    child = sofie.get(f"/barn/{demo_data().children['alma'].id}")
    start = next(f for f in child.forms.values() if "form" in f.fields and f["form"].value == FORM)
    first = start.submit().follow().follow()
    assert f"/skemaer/{FORM}/v3/tom" in first and f"/skemaer/{FORM}/v4/tom" not in first
