"""The data protection officer's, the administrator's and the intake's pages."""

from __future__ import annotations

import ast
import os
import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

import tillid.usecases
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, document_now, request_now
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.tasks import starting
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS
from tillid.usecases.retry_step import tell_given_up
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.archive_words import ACTION
from tillid.web.views.admin import STEP


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


@pytest.mark.req("R-71", "R-05")
def test_the_officer_sees_who_did_what_when_and_no_content(signed):
    app = as_staff(signed, "rasmus")
    page = app.get("/log").click("Alma", index=0)
    main = page.html.select_one("main").text
    assert "Sofie Brandt, Fagperson" in main and "Spurgte om samtykke" in main and "25. november 2026 kl. 10.00" in main
    assert document_now(signed.world).number in main and "Så loggen om barnet" in main
    version = document_now(signed.world).versions
    with signed.world.house() as house:
        answers = house.documents.version(document_now(signed.world).id, version).answers
    texts = [value for value in answers.values() if isinstance(value, str) and len(value) > 30]
    assert texts and not any(text in page for text in texts)


@pytest.mark.req("R-05", "R-18")
def test_another_controllers_child_does_not_exist_for_the_officer(signed):
    app, ids = as_staff(signed, "rasmus"), signed.world.ids
    assert ids.children["ellie"] not in app.get("/log")
    assert app.get(f"/log/{ids.children['ellie']}", status=404).body == NOT_FOUND_BODY
    assert app.get(f"/log/{new_id()}", status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-18", "R-70")
def test_nobody_else_sees_the_log_or_the_running_state(signed):
    for who in ("ove", "camilla", "hanne", "sofie", "mettemarie"):
        app = as_staff(signed, who)
        for path in ("/log", f"/log/{SET.child_id}", "/drift", "/drift/log"):
            if who != "camilla" or "drift" not in path or "log/" in path:
                assert app.get(path, status=404).body == NOT_FOUND_BODY, (who, path)


def test_every_action_that_is_logged_has_words():
    logged = set()
    for file in Path(tillid.usecases.__file__).parent.glob("*.py"):
        named = vars(import_module(f"tillid.usecases.{file.stem}"))
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "note",
                "note_later_if_needed",
                "audit_row",
            ):
                action = node.args[2]
                said = action.value if isinstance(action, ast.Constant) else named.get(getattr(action, "id", ""))
                logged |= {said} if isinstance(said, str) else set()
    assert len(logged) > 10 and logged <= set(ACTION)
    assert set(STEPS) <= set(STEP)


def fail(world, step="render_copies"):
    with world.house() as house:
        entry = house.outbox.add(step, {"document": document_now(world).id, "version": "1"}, house.moment)
        for _ in range(8):
            house.outbox.failed(entry.key, "documents.render-failed", house.moment)
    return entry.key


@pytest.mark.req("R-111")
def test_the_administrator_sees_the_parts_and_no_childs_data(signed):
    fail(signed.world)
    page = as_staff(signed, "camilla").get("/drift")
    for words in ("Kan bruges", "Afskærmet", "documents.render-failed", "overgangsbeskrivelse/v3", "Kandidat"):
        assert words in page, words
    with signed.world.house() as house:
        names = [
            child.name for unit in house.people.organigram().units for child in house.people.children_of_unit(unit)
        ]
    assert names and not any(name in page for name in names)
    assert document_now(signed.world).number in page, "by which the people who wait for it name it"


def test_what_is_about_no_document_is_seen_too(signed):
    with signed.world.house() as house:
        key = house.outbox.add("try_template", {"proposal": "p-1"}, house.moment).key
        for _ in range(8):
            house.outbox.failed(key, "documents.template-refused", house.moment)
    assert "proposal: p-1" in as_staff(signed, "camilla").get("/drift")


def test_a_step_that_was_given_up_is_begun_anew_once(signed):
    world = signed.world
    key = fail(world)
    app = as_staff(signed, "camilla")
    form = next(form for form in app.get("/drift").forms.values() if form.action == "/drift/igen")
    assert "Intet er opgivet" in form.submit().follow()
    with world.house() as house:
        entry = house.outbox.get(key)
    assert not entry.dead and entry.attempts == 0 and entry.due_at <= world.clock.now()
    form.submit(status=404)
    app.post("/drift/igen", {"csrf_token": form["csrf_token"].value, "key": "index:x"}, status=404)
    assert [r.action for r in world.parts.audit.tail(5) if r.phase == "attempt"].count("retry_step") == 1
    assert world.drain() == []


def fail_many(world, why, number, times=8):
    with world.house() as house:
        for version in range(number):
            ids = {"document": document_now(world).id, "version": str(version), "why": f"{why} {times}"}
            key = house.outbox.add("render_copies", ids, house.moment).key
            for _ in range(times):
                house.outbox.failed(key, "documents.render-failed", house.moment, why=why)


@pytest.mark.req("R-123")
def test_what_failed_alike_stands_once_with_what_to_do_and_is_begun_anew_together(signed):
    world, app = signed.world, as_staff(signed, "camilla")
    fail_many(world, "documents.office-failed: LibreOffice did not start", 40)
    fail_many(world, "documents.office-failed: LibreOffice did not start", 2, times=3)
    fail_many(world, "documents.office-failed: 130 pages", 1)
    fail_many(world, "documents.template-refused: the values are too large", 1)
    page = app.get("/drift")
    forms = [form for form in page.forms.values() if form.action == "/drift/igen"]
    assert len(forms) == 4 and "42 trin er opgivet" in page
    assert page.text.count("Kør »tillid doctor«") == 2 and page.text.count("må forkorte det") == 2
    together = next(form for form in forms if "alike" in form.fields)
    assert together.submit().follow().text.count("(40)") == 0
    with world.house() as house:
        dead = [one for one in house.outbox.pending() if one.dead]
        waiting = [one for one in house.outbox.pending() if not one.dead and one.ids.get("why")]
    assert len(dead) == 2 and not any("did not start" in one.why for one in dead), (
        "another reason is not begun with them"
    )
    assert sorted(one.attempts for one in waiting) == [0] * 40 + [3] * 2, "what is tried by itself waits its time"
    rows = [r.object_id for r in world.parts.audit.tail(200) if r.action == "retry_step" and r.phase == "attempt"]
    assert sorted(rows) == sorted(one.key for one in waiting if not one.attempts), "a row for each"
    assert "42 trin venter" in app.get("/drift") and len(app.get("/drift").html.select("tbody tr")) == 2
    together.submit(status=404)


def test_the_administrator_hears_of_what_was_given_up_once_a_day_for_each_reason(signed):
    """By the worker's own runner, whose steps fail here."""

    def fails(open_house, entry):
        raise TillidError(code="documents.render-failed" if "a" in entry.ids["why"] else "index.damaged")

    world = signed.world
    with world.house() as house:
        keys = [
            house.outbox.add("render_copies", {"document": "1", "why": why}, house.moment).key
            for why in ("a1", "a2", "b")
        ]
    runner = Runner(world.house, {"render_copies": fails}, Marks(world.folder / "marks"), tell_given_up)
    for _ in range(7):
        for key in keys:
            assert runner.run(key) is False
        world.clock.move(minutes=70)
    assert "har opgivet" not in as_staff(signed, "camilla").get("/")
    for key in keys:
        runner.run(key)
    front = as_staff(signed, "camilla").get("/")
    assert front.text.count("Systemet har opgivet noget") == 2, "one for each reason"
    assert front.html.find("a", string=re.compile("har opgivet noget"))["href"] == "/drift#udbakke"
    assert "har opgivet" not in as_staff(signed, "sofie").get("/")


def test_the_worker_of_a_running_installation_tells_it(signed, monkeypatch):
    monkeypatch.setattr(starting.TaskWorker, "start", lambda self: None)
    installation = SimpleNamespace(
        open_house=None, var=signed.world.folder, upkeep=None, clicks=SimpleNamespace(give_way=None)
    )
    assert starting.start_worker(installation)._runner._given_up is tell_given_up


def test_one_of_many_can_be_tried_alone_first(signed):
    fail_many(signed.world, "x", 3)
    app = as_staff(signed, "camilla")
    alone = next(
        one for one in app.get("/drift").forms.values() if one.action == "/drift/igen" and "alike" not in one.fields
    )
    assert "2 trin er opgivet" in alone.submit().follow()


def test_a_key_that_cannot_be_used_is_told(signed):
    os.chmod(signed.world.folder / "keys" / "seal.key.pem", 0o644)
    assert "seal.key-mode" in as_staff(signed, "camilla").get("/drift")


@pytest.mark.req("R-71")
def test_a_broken_log_is_told(signed):
    app = as_staff(signed, "camilla")
    assert "Kæden er hel" in app.get("/drift/log")
    path = signed.world.folder / "audit" / "audit.jsonl"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"give_consent", b"give_c0nsent", 1))
    assert "Kæden er brudt" in app.get("/drift/log")


def test_the_intake_is_told_what_to_do_meanwhile(signed):
    page = as_staff(signed, "mettemarie").get("/").click("Underretninger")
    assert "Der er ingen underretninger endnu." in page and "ikke bygget endnu" in page
    assert "tel:" in page and request_now(signed.world).child_name not in page
