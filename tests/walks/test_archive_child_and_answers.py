"""The archivist's page: a child by name or number, and filters over a form's answers (ADR 0055)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import posted_purpose, state_purpose
from tests.support.world import SET, document_now, request_now
from tests.walks.test_archive_pages import PURPOSE, all_rows, search
from tillid.kernel.cpr import holds_cpr


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def chips(page):
    return {one["value"]: one.text for one in page.html.select(".chips button")}


@pytest.mark.req("R-71", "R-111")
def test_a_child_is_asked_of_the_register_and_what_was_typed_goes_no_further(signed):
    app, name = as_staff(signed, "ove"), request_now(signed.world).child_name
    with signed.world.house() as house:
        cpr = house.people.unmask_cpr(SET.child_id)
    for typed in (name, name.split()[0].lower(), cpr, f"{cpr[:6]}-{cpr[6:]}"):
        form = app.get("/arkiv").forms["search"]
        state_purpose(form, PURPOSE)
        form["child"] = typed
        found = form.submit()
        assert "1 dokument fundet" in found and chips(found) == {f"barn:{SET.child_id}": f"Fjern Barn: {name}"}
        assert found.forms["search"]["child"].value == "" and not holds_cpr(found.text)
    again = found.forms["search"].submit()
    assert chips(again) and "1 dokument fundet" in again
    assert not chips(again.forms["search"].submit("off", value=f"barn:{SET.child_id}"))
    rows = [(row.action, row.purpose) for row in all_rows(signed.world) if row.child_id == SET.child_id]
    assert rows[-10:-8] == [("find_child", PURPOSE), ("search_hit", PURPOSE)]
    assert "Ingen resultater" in search(app, name.split()[0]), "no text holds it"


@pytest.mark.req("R-70", "R-111")
def test_a_child_that_is_not_the_archives_is_not_told_of(signed):
    app = as_staff(signed, "ove")
    with signed.world.house() as house:
        units = house.people.organigram().units
        other = next(c for unit in units for c in house.people.children_of_unit(unit) if c.id != SET.child_id)
        number = house.people.unmask_cpr(other.id)
    answers = []
    for typed in (other.name, "Ingen Sådan", number, "0101010000"):
        form = app.get("/arkiv").forms["search"]
        state_purpose(form, PURPOSE)
        form["child"] = typed
        refused = form.submit(status=422)
        assert "Ingen børn med det navn eller CPR-nummer" in refused and not holds_cpr(refused.text)
        answers.append(refused.text.replace(typed, ""))
    assert len({len(one) for one in answers[2:]}) == 1
    form = app.get("/arkiv").forms["search"]
    fields = [
        *((n, v) for n, v in form.submit_fields() if n not in ("purpose", "purpose_note", "barn")),
        *posted_purpose(PURPOSE).items(),
        ("barn", other.id),
    ]
    forged = app.post("/arkiv", fields)
    assert (
        "Ingen resultater" in forged
        and other.name not in forged
        and chips(forged) == {f"barn:{other.id}": "Fjern Barn: et barn"}
    )


def test_answers_of_the_chosen_form_narrow_and_a_wrong_one_is_told(signed):
    app = as_staff(signed, "ove")
    found = search(app, "")
    assert not [name for name in found.forms["search"].fields if name and name.startswith("svar.")], (
        "no form is chosen yet"
    )
    form = found.forms["search"]
    form["form"].checked = True
    form = form.submit().forms["search"]
    options = {value: text for value, _, text in form["svar.overgangstype"].options if value}
    document = document_now(signed.world)
    with signed.world.house() as house:
        kept = house.documents.version(document.id, document.versions).answers["overgangstype"]
    assert any("Børnehave" in one.text for one in found.html.select("label[for^=variant]"))
    form["svar.overgangstype"] = kept
    right = form.submit()
    assert "1 dokument fundet" in right
    assert chips(right)["svar.overgangstype"] == f"Fjern Overgang: {options[kept]}"
    form["svar.overgangstype"] = next(one for one in options if one != kept)
    wrong = form.submit()
    assert "Ingen resultater" in wrong and "fjerne filtre" in wrong
    assert "1 dokument fundet" in wrong.forms["search"].submit("off", value="svar.overgangstype")
    form["svar.overgangstype"], form["svar.startdato:fra"], form["svar.startdato:til"] = "", "1-1-1990", "31-12-2099"
    assert "1 dokument fundet" in form.submit()
    form["svar.startdato:til"] = "1-1-1991"
    assert "Ingen resultater" in form.submit()
    for typed in ("0-0-0000", "i går"):
        form["svar.startdato:til"] = typed
        told = form.submit(status=422).html
        assert told.select_one(".error-summary a")["href"] == "#svar.startdato:til"
        assert told.find(id="svar.startdato:til")["value"] == typed, "it can be mended where it is told"
    fields = [(name, value) for name, value in form.submit_fields() if name and not name.startswith("svar.")]
    assert "Der kan ikke filtreres på feltet" in app.post("/arkiv", [*fields, ("svar.p_helbred", "x")], status=422)


def test_a_saved_search_keeps_child_and_answers(signed):
    app = as_staff(signed, "ove")
    form = search(app, "").forms["search"]
    form["form"].checked, form["child"] = True, request_now(signed.world).child_name
    form = form.submit().forms["search"]
    form["svar.startdato:fra"] = "1-1-1990"
    save = form.submit().forms["save"]
    save["title"] = "Alle"
    save.submit()
    with signed.world.house() as house:
        (saved,) = house.saved.of_person(signed.world.ids.staff["ove"])
    assert saved.question.child == (SET.child_id,)
    assert [(one.field, str(one.least)) for one in saved.question.answers] == [("startdato", "1990-01-01")]
    opened = app.get(f"/arkiv/soegning/{saved.id}")
    assert set(chips(opened)) == {f"barn:{SET.child_id}", "form:overgangsbeskrivelse", "svar.startdato"}
    form = opened.forms["search"]
    state_purpose(form, PURPOSE)
    assert "1 dokument fundet" in form.submit()
