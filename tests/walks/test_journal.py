"""Underretninger are journalled with date and theme by the click that sends them; wellbeing forms where the municipality wants it (R-80)."""

from __future__ import annotations

import csv
import json

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.shared_forms import THEO, lock
from tests.walks.test_notification import NAME, WORRY, sent
from tests.walks.test_operator_commands import rows
from tests.walks.test_operator_commands import run as run
from tests.walks.test_operator_commands import signed as signed
from tests.walks.test_round_pages import SOFIE, begin
from tillid.archive.journal import SETTING, journalled
from tillid.demo.present import assessed
from tillid.kernel.clock import local_day
from tillid.usecases.municipal_settings import choose
from tillid.usecases.submit_form import submit_form


def entry_of(world, document_id):
    with world.house() as house:
        return journalled(house.ledger.of_document(document_id))


def want_wellbeing(world):
    with world.house() as house:
        choose(house, world.staff("camilla"), SETTING, True)


def submitted(world):
    document_id = begin(world, "sofie", SOFIE.professional)
    with world.house() as house:
        submit_form(house, world.staff("sofie"), document_id)
    return document_id


@pytest.mark.req("R-80")
@pytest.mark.parametrize(("kind", "theme"), [("bekymring", "Bekymring"), ("ufoedt", "ufødt")])
def test_an_underretning_is_journalled_by_its_click_with_date_and_theme(world_at, kind, theme):
    people = WorldInstallation(world_at("people"))
    document_id = sent(as_staff(people, "sofie"), kind=kind)
    entry = entry_of(people.world, document_id)
    assert entry.date == local_day(people.world.clock.now()) and entry.version == 1
    assert entry.theme.startswith("Underretningsskema: ") and theme.lower() in entry.theme.lower()
    assert NAME not in entry.theme and WORRY not in entry.theme, "a journal is read by many"
    listed = as_staff(people, "mettemarie").get("/underretninger")
    assert f"Journalført {entry.date.day}." in listed and entry.theme in listed
    assert entry.theme in as_staff(people, "mettemarie").get(f"/underretning/{document_id}")


@pytest.mark.req("R-80")
def test_wellbeing_forms_are_journalled_only_where_the_municipality_wants_it(world_at):
    world = world_at("people")
    before = submitted(world)
    assert entry_of(world, before) is None
    want_wellbeing(world)
    assessment = assessed(world.player, THEO)
    lock(world, assessment)
    entry = entry_of(world, assessment)
    assert entry is not None and entry.theme.startswith("Trivselsvurdering"), "also what its leader locks"
    assert entry_of(world, before) is None, "what was locked before the choice stays as it was"


@pytest.mark.req("R-80")
def test_a_professionals_own_form_is_journalled_too_once_it_is_wanted(world_at):
    world = world_at("people")
    want_wellbeing(world)
    assert entry_of(world, submitted(world)).theme.startswith("Trivselsskema")


@pytest.mark.req("R-80", "R-111")
def test_the_journal_is_listed_for_the_municipalitys_own_system_without_names(signed, run):
    assert "Intet er journalført" in run("journal")
    document_id = sent(as_staff(WorldInstallation(signed), "sofie"))
    entry = entry_of(signed, document_id)
    with signed.house() as house:
        document = house.documents.get(document_id)
        place = house.people.unit(document.unit_id).name
    day = str(entry.date)
    assert list(csv.reader(run("journal", "--csv").splitlines(), delimiter=";")) == [
        ["dato", "nummer", "emne", "sted", "journalsag", "journaldag"],
        [day, document.number, entry.theme, place, "", ""],
    ]
    assert [one["number"] for one in json.loads(run("journal", "--json", "--from", day, "--to", day))] == [
        document.number
    ]
    assert "Intet er journalført" in run("journal", "--to", "2020-01-01")
    assert NAME not in run("journal")
    assert rows(signed)[-1]["action"] == "journal_list"
