"""A computed field on its way: worked out while its inputs are written, frozen with the text, in every reader's copy."""

from __future__ import annotations

import json

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, author
from tillid.adapters.pdf.extract import extract, page_text
from tillid.usecases.open_copy import open_copy
from tillid.usecases.read_text import read_draft

FIELD, SECTION = "eval_frist", "overgangen"


@pytest.fixture
def filling(world_at):
    world = world_at("draft")
    with world.house() as house:
        username = house.people.staff(author(world).person_id).username
    address = f"/dokument/{world.made['document']}"
    app = as_staff(WorldInstallation(world), username)
    return world, address, app, app.get(f"{address}/udfyld/{SECTION}")


def stored(world):
    with world.house() as house:
        return house.documents.draft(world.made["document"]).answers


@pytest.mark.req("O16")
def test_the_evaluation_is_due_four_months_after_the_start_as_soon_as_that_is_saved(filling):
    world, address, app, page = filling
    form = next(one for one in page.forms.values() if "f.startdato" in one.fields)
    posted = {name: value for name, value in form.submit_fields() if name in ("csrf_token", "base.startdato")}
    for typed, due in (("2027-10-31", "29. februar 2028"), ("2027-08-01", "1. december 2027")):
        answer = app.post(f"{address}/felt/startdato", {**posted, "f.startdato": typed})
        shown = answer.html.select_one(f"#field-{FIELD}")
        assert due in shown.text and not shown.select("input, textarea, select"), shown
        posted["base.startdato"] = answer.html.select_one("input[name='base.startdato']")["value"]
    assert stored(world)["startdato"] == "2027-08-01" and FIELD not in stored(world)
    app.post(f"{address}/felt/{FIELD}", {**posted, f"f.{FIELD}": "2040-01-01", f"base.{FIELD}": "0"}, status=404)
    assert "1. december 2027" in app.get(f"{address}/udfyld/{SECTION}").html.select_one(f"#field-{FIELD}").text
    with world.house() as house:
        _view, text = read_draft(house, author(world), world.made["document"], "da")
    assert "1. december 2027" in [field.text for section in text.sections for field in section.fields]
    gone = app.post(f"{address}/felt/startdato", {**posted, "f.startdato": ""})
    assert "hidden" in gone.html.select_one(f"#field-{FIELD}").attrs


@pytest.mark.req("O16", "R-22")
def test_it_is_frozen_and_stands_in_the_copies_of_all_who_may_see_it(world_at):
    world = world_at("signed")
    parent, receiver, archivist = world.holders(SET.child_id)[0], world.staff("hanne"), world.staff("ove")
    with world.house() as house:
        version = house.documents.version(world.made["document"], house.documents.get(world.made["document"]).versions)
        form = house.definitions.latest("overgangsbeskrivelse")
        shown = form.field(FIELD)
    due = version.answers[FIELD]
    assert FIELD not in stored(world) and due > version.answers["startdato"]
    for who, operation, reader in (
        (parent, "read_parent_copy", "parent"),
        (receiver, "read_released", "receiver"),
        (archivist, "read_archived", "archive"),
    ):
        assert reader in shown.visible_to
        with world.house() as house:
            pdf = open_copy(house, who, world.made["document"], operation, purpose="Aktindsigt: sag 26-1234").data
        (embedded, *_more) = [json.loads(file.data) for file in extract(pdf) if file.name == "answers.json"]
        assert embedded["answers"][FIELD] == due, reader
        assert shown.label in page_text(pdf), reader
