"""The whole CPR number with a reason in the log (R-111), and who has read underretninger, for the officer (R-71)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET
from tests.walks.test_notification import CHILD, begin, sent
from tillid.kernel.ids import new_id
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


def rows(people, action):
    return [row for row in people.world.parts.audit.tail(200) if row.action == action]


def asking(app):
    return next(form for form in app.get(f"/barn/{SET.child_id}").forms.values() if form.action.endswith("/cpr"))


@pytest.mark.req("R-111", "R-71")
def test_a_cpr_number_is_masked_until_a_reason_is_in_the_log(people):
    with people.world.house() as house:
        digits = house.people.unmask_cpr(SET.child_id)
    whole = f"{digits[:6]}-{digits[6:]}"
    app = as_staff(people, "sofie")
    page = app.get(f"/barn/{SET.child_id}")
    assert f"{digits[:6]}-xxxx" in page and whole not in page and digits not in page
    form = asking(app)
    refused = form.submit(status=422)
    assert "Vælg, hvad du skal bruge CPR-nummeret til" in refused and whole not in refused
    assert rows(people, "unmask_cpr") == []
    form["reason"] = "letter"
    shown = form.submit()
    assert whole in shown and shown.cache_control.no_store and digits[6:] not in shown.request.url
    assert "skrevet i loggen" in shown.html.select_one("[role=status][data-focus]").text
    attempt, outcome = rows(people, "unmask_cpr")
    assert (attempt.person_id, attempt.child_id, attempt.purpose) == (
        people.world.staff("sofie").person_id,
        SET.child_id,
        "cpr:letter",
    )
    assert outcome.outcome == "ok" and digits not in people.world.parts.audit.path.read_text()
    told = as_staff(people, "rasmus").get(f"/log/{SET.child_id}")
    assert "Så hele CPR-nummeret" in told and "Et brev eller et opslag" in told


@pytest.mark.req("R-111", "R-70")
def test_no_log_no_number_and_only_for_who_works_with_the_child(people):
    form = asking(as_staff(people, "sofie"))
    form["reason"] = "letter"
    with people.world.house() as house:
        digits = house.people.unmask_cpr(SET.child_id)
    with people.world.full_log():
        refused = form.submit(expect_errors=True)
    assert refused.status_int >= 500 and digits[6:] not in refused
    for who in ("hanne", "ove", "rasmus", "camilla", "mettemarie"):
        app = as_staff(people, who)
        token = app.get("/").forms[0]["csrf_token"].value
        answer = app.post(f"/barn/{SET.child_id}/cpr", {"csrf_token": token, "reason": "letter"}, status=404)
        assert answer.body == NOT_FOUND_BODY
    assert rows(people, "unmask_cpr") == []


@pytest.mark.req("R-71", "R-53", "R-54")
def test_the_officer_sees_who_read_a_notification_and_nothing_of_it(people):
    notifier = as_staff(people, "sofie")
    document_id = sent(notifier, child_id=CHILD)
    officer = as_staff(people, "rasmus")
    with people.world.house() as house:
        document = house.documents.get(document_id)
        child, answers = house.people.child(CHILD), house.documents.version(document_id, 1).answers
    before = officer.get("/log").click("Se, hvem der har læst underretninger")
    assert document.number in before and "Ingen har læst den endnu." in before
    as_staff(people, "mettemarie").get(f"/underretning/{document_id}")
    notifier.get(f"/underretning/{document_id}")
    page = officer.get("/log/underretninger").html.select_one("main").text
    with people.world.house() as house:
        intake = house.people.staff(people.world.staff("mettemarie").person_id).name
    assert f"{intake}, Læste en underretning (Gennemført)" in page and "Den, der sendte den, Læste" in page
    assert "Sofie" not in page and child.name not in page and child.id not in page
    assert not any(value in page for value in answers.values() if isinstance(value, str) and len(value) > 3)
    assert [row.phase for row in rows(people, "see_notification_log")] == ["attempt", "outcome"] * 2


@pytest.mark.req("R-71", "R-54")
def test_a_draft_is_on_no_list_and_nobody_else_sees_the_page(people):
    document_id = begin(as_staff(people, "sofie"))
    with people.world.house() as house:
        number = house.documents.get(document_id).number
    page = as_staff(people, "rasmus").get("/log/underretninger")
    assert number not in page and "ikke fået nogen underretninger" in page
    for who in ("sofie", "birgit", "ove", "camilla", "mettemarie"):
        assert as_staff(people, who).get("/log/underretninger", status=404).body == NOT_FOUND_BODY
    assert as_staff(people, "rasmus").get(f"/log/{new_id()}", status=404).body == NOT_FOUND_BODY
