"""An attempt row before anything happens, an outcome row after (design 23), and the log page that shows both (R-71)."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, document_now
from tests.walks.test_asked_again import assignment_ends
from tillid.adapters.audit_export import check_export, held_against
from tillid.adapters.audit_file import FileAudit
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def shared(world_at):
    return WorldInstallation(world_at("shared"))


def rows(installation, action):
    return [row for row in installation.world.parts.audit.tail(500) if row.action == action]


def page_of(installation):
    return f"/dokument/{installation.world.made['document']}"


@pytest.mark.req("R-71")
def test_a_page_that_was_shown_leaves_its_attempt_and_its_outcome(shared):
    as_staff(shared, "sofie").get(page_of(shared))
    attempt, outcome = rows(shared, "see_document")
    assert (attempt.phase, attempt.outcome, outcome.phase, outcome.outcome) == ("attempt", "", "outcome", "ok")
    for name in ("request_id", "person_id", "role", "object_id", "child_id", "purpose"):
        assert getattr(attempt, name) == getattr(outcome, name)
    assert attempt.id != outcome.id and attempt.request_id
    assert shared.world.parts.audit.verify() == []


@pytest.mark.req("R-71", "R-18")
def test_a_page_refused_at_the_second_question_is_an_attempt_refused(shared):
    app = as_staff(shared, "sofie")
    shared.before_refresh = lambda: assignment_ends("sofie")(shared.world)
    assert app.get(page_of(shared), status=404).body == NOT_FOUND_BODY
    assert [row.outcome for row in rows(shared, "see_document")] == ["", "refused"]


@pytest.mark.req("R-71")
def test_a_page_that_broke_is_an_attempt_failed(shared, monkeypatch):
    app = as_staff(shared, "sofie")

    def broken(*_, **__):
        raise RuntimeError("no page")

    monkeypatch.setattr("tillid.web.views.document.page_of", broken)
    app.get(page_of(shared), status=500)
    assert [row.outcome for row in rows(shared, "see_document")] == ["", "failed"]


@pytest.mark.req("R-71")
def test_what_was_not_committed_is_an_attempt_failed(shared):
    app = as_staff(shared, "sofie")
    form = next(f for f in app.get(f"{page_of(shared)}/gennemse").forms.values() if f.action.endswith("/del"))
    shared.fails_at_vote = RuntimeError("no commit")
    form.submit(expect_errors=True)
    assert [row.outcome for row in rows(shared, "share")][-2:] == ["", "failed"]


@pytest.mark.req("R-71")
def test_two_rows_of_one_request_get_an_outcome_each_and_a_row_written_twice_one(shared):
    as_staff(shared, "sofie").get(f"{page_of(shared)}/gennemse")
    for action in ("see_draft", "see_document"):
        assert [row.phase for row in rows(shared, action)] == ["attempt", "outcome"]


def test_an_outcome_that_cannot_be_written_costs_no_answer(shared, monkeypatch):
    def away(_):
        raise OSError("no log")

    monkeypatch.setattr(shared.world.parts.audit, "later", away)
    assert as_staff(shared, "sofie").get(page_of(shared)).status_int == 200
    assert [row.phase for row in rows(shared, "see_document")] == ["attempt"]


@pytest.mark.req("R-71")
def test_the_log_says_what_came_of_each_attempt_in_one_line(shared):
    as_parent(shared, shared.world.holders(SET.child_id)[0].person_id).get(f"/foraelder{page_of(shared)}/laes")
    app = as_staff(shared, "sofie")
    shared.before_refresh = lambda: assignment_ends("sofie")(shared.world)
    app.get(page_of(shared), status=404)
    shared.before_refresh = lambda: None
    operators = FileAudit(shared.world.folder / "audit" / "operators.jsonl", shared.clock)
    row = rows(shared, "see_document")[0]
    operators.write(
        msgspec.structs.replace(
            row, action="make_package", person_id="operator:7", role="operator", purpose="make_package"
        )
    )
    operators.close()
    page = as_staff(shared, "rasmus").get(f"/log/{SET.child_id}")
    lines = [row.get_text(" ", strip=True) for row in page.html.select("tbody tr")]
    assert sum("Læste forældrenes udgave" in line and "Gennemført" in line for line in lines) == 1
    assert sum("Åbnede dokumentets side" in line and "Afvist" in line for line in lines) == 1
    assert sum("Lavede en arkivpakke" in line and "Bruger 7 på serveren, Driften" in line for line in lines) == 1
    assert sum("Så loggen om barnet" in line for line in lines) == 1, "this very look, whose outcome is not known yet"


@pytest.mark.req("R-71")
def test_the_log_about_a_child_is_handed_out_line_by_line_to_its_officer_alone(shared):
    world = shared.world
    as_staff(shared, "sofie").get(page_of(shared))
    app = as_staff(shared, "rasmus")
    form = next(f for f in app.get(f"/log/{SET.child_id}").forms.values() if f.action.endswith("/hent"))
    answer = form.submit()
    assert answer.content_type == "application/zip" and "attachment" in answer.headers["Content-Disposition"]
    checked = check_export(answer.body, [world.parts.event_log.verifier])
    assert checked.status == "whole" and held_against(world.folder / "audit", checked) == []
    lines = checked.members["log.jsonl"].splitlines(keepends=True)
    stored = world.parts.audit.path.read_bytes()
    assert all(line in stored for line in lines)
    told = [json.loads(line)["row"] for line in lines]
    assert {row["child_id"] for row in told} == {SET.child_id}
    assert (told[-1]["action"], told[-1]["phase"]) == ("export_log", "attempt"), "the export is logged before it leaves"
    table = checked.members["log.csv"].decode("utf-8-sig").splitlines()
    assert len(table) == 1 + sum(row["phase"] == "attempt" for row in told) and document_now(world).number in "".join(
        table
    )
    assert "Sofie" in "".join(table) and "Åbnede dokumentets side" in "".join(table)
    assert document_now(world).number.encode() not in b"".join(lines)
    for who, number in (("rasmus", "0"), ("sofie", ""), ("ove", "")):
        other = as_staff(shared, who)
        token = other.get("/").forms[0]["csrf_token"].value
        child = SET.child_id[:-1] + ("0" if SET.child_id[-1] != "0" else "1") if number else SET.child_id
        assert other.post(f"/log/{child}/hent", {"csrf_token": token}, status=404).body == NOT_FOUND_BODY
