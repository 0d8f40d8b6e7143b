"""The forms as JSON over HTTP: for employees, without anything about anybody."""

from __future__ import annotations

import jsonschema
import pytest

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.world import SET
from tillid.forms.json_schema import answers_schema
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture(scope="module")
def installation(stages) -> WorldInstallation:
    return WorldInstallation(stages.at("people"))


def test_the_list_leads_to_schemas_that_are_schemas(installation):
    app = as_staff(installation, "sofie")
    listed = app.get("/api/skemaer").json["forms"]
    known = installation.definitions
    names = [*(one.name for one in known.all()), *(one.full_name for one in known.additions)]
    assert [one["name"] for one in listed] == names
    for one in listed:
        answer = app.get(one["schema"])
        assert answer.content_type == "application/schema+json"
        jsonschema.Draft202012Validator.check_schema(answer.json)
        assert answer.json["x-tillid-digest"] == one["digest"]
    latest = installation.definitions.latest("overgangsbeskrivelse")
    assert app.get("/api/skemaer/overgangsbeskrivelse/v3.json").json == answers_schema(latest)


@pytest.mark.parametrize("path", ["/api/skemaer/ukendt/v1.json", "/api/skemaer/overgangsbeskrivelse/v99.json"])
def test_a_version_that_is_not_there(installation, path):
    assert as_staff(installation, "sofie").get(path, status=404).body == NOT_FOUND_BODY


@pytest.mark.parametrize("path", ["/api/skemaer", "/api/skemaer/overgangsbeskrivelse/v3.json"])
def test_only_employees(installation, path):
    assert app_over(installation).get(path, status=404).body == NOT_FOUND_BODY
    with installation.world.house() as house:
        holder = house.people.custody(SET.child_id).current(house.moment)[0].person_id
    assert as_parent(installation, holder).get(path, status=404).body == NOT_FOUND_BODY
