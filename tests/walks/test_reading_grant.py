"""A foster parent reads what a leader grants, as long as it is granted, and nothing else (R-36)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET
from tillid.kernel.clock import local_day
from tillid.web.answers import NOT_FOUND_BODY


@pytest.mark.req("R-36", "R-71", "P8")
def test_a_foster_parent_reads_by_a_grant_alone_and_no_longer_when_it_is_ended(world_at):
    world = world_at("shared")
    installation, id = WorldInstallation(world), world.made["document"]
    base, reads = f"/dokument/{id}/plejeforaelder", f"/foraelder/dokument/{id}/laes"
    foster = as_parent(installation, world.ids.parents["shirin"])
    assert foster.get(reads, status=404).body == NOT_FOUND_BODY
    birgit = as_staff(installation, "birgit")
    for who in ("sofie", "hanne"):
        assert as_staff(installation, who).get(base, status=404).body == NOT_FOUND_BODY
    with world.house() as house:
        today = local_day(house.moment)
        until = (today + timedelta(days=30)).isoformat()
    good = {"cpr": "810690-4018", "basis": "Børne- og ungeudvalget, 1. november", "day": until}
    over = [(today + timedelta(days=days)).isoformat() for days in (-1, 366)]
    wrong = [{"basis": "kort"}, {"basis": "Afgørelse om 810690-4018"}, {"cpr": "310101-4000"}, {"day": ""}]
    at = {"basis": ["#afgoerelse"], "day": ["#dag"], "cpr": ["#cpr"]}
    for change in (*wrong, *({"day": day} for day in over)):
        told = grant(birgit, base, **{**good, **change})
        assert [one["href"] for one in told.html.select(".error-summary a")] == at[next(iter(change))], change
    told = grant(birgit, base, cpr="310101-4000", basis="kort", day="").html
    assert {one["href"] for one in told.select(".error-summary a")} == {"#afgoerelse", "#dag"}, "nothing of the number"
    assert foster.get(reads, status=404).body == NOT_FOUND_BODY
    own = grant(birgit, base, cpr="741189-4126", basis="Børne- og ungeudvalget, 1. november", day=until)
    assert "ikke selv have forældremyndigheden" in own and "741189" not in own, "the number is never shown again"
    page = grant(birgit, base, **good)
    assert "Shirin Rahimi kan læse dokumentet" in page
    home = foster.get("/")
    assert home.click(href=f"/foraelder/dokument/{id}$", index=0).status_int == 200
    text = foster.get(f"/foraelder/dokument/{id}")
    assert "har givet dig adgang til at læse" in text and "Skriv jeres egen del" not in text
    assert foster.get(reads).status_int == 200
    for closed in ("enig", "fravaelg", "ord"):
        foster.get(f"/foraelder/dokument/{id}/{closed}", status=404)
    holder = as_parent(installation, world.holders(SET.child_id)[0].person_id)
    told = holder.get(f"/foraelder/dokument/{id}")
    assert "har givet en plejeforælder adgang" in told and "Shirin" not in told
    with world.house() as house:
        rows = [
            row.action for row in house.audit.of_child(SET.child_id) if row.person_id == world.ids.parents["shirin"]
        ]
    assert "read_parent_copy" in rows
    ending = next(one for one in birgit.get(base).forms.values() if "ophoer" in one.fields)
    assert "Adgangen er taget tilbage" in ending.submit("ophoer").follow()
    assert foster.get(reads, status=404).body == NOT_FOUND_BODY
    assert id not in foster.get("/").text


def grant(app, base, *, cpr, basis, day):
    form = next(one for one in app.get(base).forms.values() if "cpr" in one.fields)
    form["cpr"], form["afgoerelse"], form["dag"] = cpr, basis, day
    answer = form.submit(expect_errors=True)
    return answer.follow() if answer.status_int == 303 else answer


@pytest.mark.req("R-36")
def test_who_has_no_child_here_finds_what_is_granted_and_until_when(world_at):
    world = world_at("shared")
    installation, id = WorldInstallation(world), world.made["document"]
    foster, birgit = world.ids.parents["grethe"], as_staff(installation, "birgit")
    assert "forældremyndighed over et barn" in as_parent(installation, foster).get("/")
    with world.house() as house:
        until = local_day(house.moment) + timedelta(days=3)
    grant(
        birgit,
        f"/dokument/{id}/plejeforaelder",
        cpr="790866-4042",
        basis="Børne- og ungeudvalget",
        day=until.isoformat(),
    )
    home = as_parent(installation, foster).get("/")
    assert "Du kan læse det til og med" in home and "Dine børn her" not in home and "Mine samtykker" not in home
    assert home.click(href=f"/foraelder/dokument/{id}$", index=0).status_int == 200
    world.clock.moment += timedelta(days=4)
    assert id not in as_parent(installation, foster).get("/").text, "the day is over"
