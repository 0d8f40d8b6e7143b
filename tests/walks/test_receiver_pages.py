"""Station 6 in the browser: the receiver reads what is released, and nothing the second after a withdrawal."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, app_over, as_staff
from tests.support.world import SET, request_now
from tillid.kernel.ids import new_id
from tillid.process.organisation import Staff
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def at(installation, end=""):
    return f"/modtaget/{installation.world.made['document']}{end}"


def take_back(world, items=frozenset()):
    request = request_now(world)
    with world.house() as house:
        withdraw_consent(
            house, world.holders(SET.child_id)[0], request.id, items=items, language="da", event_id=new_id()
        )


def rows(world, action):
    with world.house() as house:
        return [row for row in house.audit.of_child(SET.child_id) if row.action == action and row.phase == "attempt"]


@pytest.mark.req("R-22", "R-71", "X6")
def test_the_leader_reads_the_released_answers_and_each_read_is_logged_once(signed):
    app = as_staff(signed, "hanne")
    page = app.get(at(signed))
    request = request_now(signed.world)
    assert request.from_unit.name in page and request.purpose.text in page and "Kan læses til og med" in page
    for item in request.items:
        assert item.kind != "section" or item.title in page
    assert [row.person_id for row in rows(signed.world, "read_released")] == [signed.world.ids.staff["hanne"]]
    pdf = app.get(at(signed, "/dokument.pdf"))
    assert pdf.body.startswith(b"%PDF-") and pdf.cache_control.no_store
    assert len(rows(signed.world, "read_released")) == 2


@pytest.mark.req("R-22")
def test_the_leader_can_name_those_who_teach_at_the_place_and_nobody_else_of_it(signed):
    with signed.world.house() as house:
        peter = house.people.staff(signed.world.ids.staff["peter"])
        (teaches,) = peter.assignments
        kept = msgspec.structs.replace(teaches, role="archivist")
        for name, assignments in (("Arkivaren", (kept,)), ("Begge", (kept, teaches, teaches))):
            made = Staff(id=new_id(), name=name, username=name, profession=peter.profession, assignments=assignments)
            house.people.put_staff(made)
    options = as_staff(signed, "hanne").get(at(signed)).forms["name-reader"]["staff"].options
    names = [label for _value, _chosen, label in options]
    assert names.count("Begge") == 1 and peter.name in names and "Arkivaren" not in names


@pytest.mark.req("R-22", "R-18")
def test_who_is_not_named_gets_the_answer_of_what_does_not_exist(signed):
    nothing = f"/modtaget/{new_id()}"
    for who in ("peter", "line", "sofie", "ove", "rasmus", "camilla", "jonas", "bent"):
        app = as_staff(signed, who)
        for end in ("", "/dokument.pdf", "/fremdrift"):
            answer = app.get(at(signed, end), status=404)
            assert answer.body == NOT_FOUND_BODY and answer.headers == app.get(nothing, status=404).headers, (who, end)
    assert app_over(signed).get(at(signed), status=404).body == NOT_FOUND_BODY
    assert rows(signed.world, "read_released") == []


@pytest.mark.req("R-22")
def test_the_leader_names_a_teacher_of_the_own_unit_and_nobody_else(signed):
    app, ids = as_staff(signed, "hanne"), signed.world.ids.staff
    form = app.get(at(signed)).forms["name-reader"]
    assert {value for value, *_ in form["staff"].options} == {ids["peter"], ids["line"]}
    form["staff"] = ids["peter"]
    assert "Peter Damsgaard" in form.submit().follow()
    peter = as_staff(signed, "peter")
    page = peter.get(at(signed))
    assert request_now(signed.world).child_name in page and "Hvem må også læse" not in page
    token = page.forms[0]["csrf_token"].value
    peter.post(at(signed, "/laeser"), {"csrf_token": token, "staff": ids["line"]}, status=404)
    token = app.get(at(signed)).forms[0]["csrf_token"].value
    for wrong in (ids["sofie"], ids["hanne"], "x", ""):
        app.post(at(signed, "/laeser"), {"csrf_token": token, "staff": wrong}, status=404)
    as_staff(signed, "line").get(at(signed), status=404)


@pytest.mark.req("R-16", "R-17", "R-18", "R-22")
def test_the_very_next_request_after_a_withdrawal_is_the_uniform_answer(signed):
    app = as_staff(signed, "hanne")
    app.get(at(signed))
    take_back(signed.world)
    for end in ("", "/dokument.pdf", "/fremdrift"):
        assert app.get(at(signed, end), status=404).body == NOT_FOUND_BODY
    home = app.get("/")
    child = request_now(signed.world).child_name
    assert "Ikke tilgængelig" in home and child not in home and "trukket" not in home.text.lower()


@pytest.mark.req("R-17", "R-22")
@pytest.mark.parametrize("end", ["", "/dokument.pdf"])
def test_a_withdrawal_while_the_answer_is_built_closes_that_answer(signed, end):
    app = as_staff(signed, "hanne")
    waiting = [
        signed.world
    ]  # the hook is met twice: when it is asked whether anything was committed, and at the fresh view
    signed.before_refresh = lambda: waiting and take_back(waiting.pop())
    assert app.get(at(signed, end), status=404).body == NOT_FOUND_BODY
    assert not waiting


@pytest.mark.req("R-32", "R-14")
def test_a_part_taken_back_while_the_page_is_built_is_not_on_it(signed):
    app = as_staff(signed, "hanne")
    request = request_now(signed.world)
    gone = next(item for item in request.items if item.kind == "section")
    before = app.get(at(signed))
    assert gone.title in before

    waiting = [gone.id]

    def once():
        if waiting:
            take_back(signed.world, frozenset({waiting.pop()}))

    signed.before_refresh = once
    after = app.get(at(signed))
    assert not waiting
    assert f">{gone.title}</h2>" in before and f">{gone.title}</h2>" not in after
    assert "ved at blive lavet" in after, "the narrower copy is not rendered yet; the wider one is not offered"
    assert app.get(at(signed, "/dokument.pdf"), status=409).content_type == "text/html"
    assert signed.world.drain() == []
    assert "dokument.pdf" in app.get(at(signed, "/fremdrift"))
    assert app.get(at(signed, "/dokument.pdf")).body.startswith(b"%PDF-")


@pytest.mark.req("R-17", "R-22", "R-32")
@pytest.mark.parametrize("end", ["/dokument.pdf", "/side/1.png"])
def test_a_part_taken_back_while_the_file_is_answered_is_not_in_it(signed, end):
    """The wider file is there and was opened: the narrower one is what may leave, and it is not made yet."""
    app, gone = as_staff(signed, "hanne"), next(one for one in request_now(signed.world).items if one.kind == "section")
    wider = app.get(at(signed, end)).body
    waiting = [gone.id]
    signed.before_refresh = lambda: waiting and take_back(signed.world, frozenset({waiting.pop()}))
    refused = app.get(at(signed, end), status=409)
    assert not waiting and wider not in refused.body and refused.content_type == "text/html"
    assert signed.world.drain() == []
    assert app.get(at(signed, end)).body != wider


@pytest.mark.req("R-22", "R-111")
def test_a_waiting_line_tells_nothing_of_the_child(world_at):
    installation = WorldInstallation(world_at("asked"))
    home = as_staff(installation, "hanne").get("/")
    assert "Afventer" in home and request_now(installation.world).child_name not in home
