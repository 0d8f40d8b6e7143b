"""Several at one document and several at one tablet: who else writes, changing person, the next child of a round (O2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.world import ANSWERS, SET, World
from tillid.cms.sessions import IDLE
from tillid.demo.loading import accounts
from tillid.usecases.start_document import start_document
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.session import IDLE_MINUTES

SECTION = "fagpersonens_del"


@pytest.fixture
def at(world_at):
    return lambda stage: WorldInstallation(world_at(stage))


def fill_page(installation: WorldInstallation, who: str):
    return as_staff(installation, who).get(f"/dokument/{installation.world.made['document']}/udfyld/{SECTION}")


def present(page) -> str:
    found = page.html.select_one("#presence")
    return found.get_text(" ", strip=True) if found else ""


def later(world: World, **by: int) -> None:
    world.clock.moment += timedelta(**by)


@pytest.mark.req("O2")
def test_colleagues_see_who_has_which_step_open_for_a_minute(at):
    installation = at("draft")
    sofie = fill_page(installation, "sofie")
    assert present(sofie) == ""
    leader = fill_page(installation, "birgit")
    assert "Sofie Brandt har også dette trin åbent." in present(leader)
    asked_again = sofie.test_app.get(sofie.html.select_one("#presence")["hx-get"])
    assert "Birgit Lauridsen" in asked_again and "Sofie" not in asked_again
    later(installation.world, seconds=61)
    assert present(fill_page(installation, "birgit")) == ""


@pytest.mark.req("O2", "P8")
def test_no_parents_presence_is_ever_noted_or_shown(at):
    installation = at("shared")
    fill_page(installation, "sofie")
    document = installation.world.made["document"]
    pages = []
    for holder in installation.world.holders(SET.child_id):
        app = as_parent(installation, holder.person_id)
        pages.append(app.get(f"/dokument/{document}/udfyld").follow())
        app.get(f"/dokument/{document}/hvem/{SECTION}", status=404)
    assert not any("presence" in page.text or "Sofie Brandt har" in page.text for page in pages)
    assert set(installation.second.presence.of(document, installation.clock.now())) == {
        installation.world.staff("sofie").person_id
    }
    assert present(fill_page(installation, "sofie")) == ""


def test_the_line_is_for_the_person_of_the_page_alone(at):
    installation = at("draft")
    address = fill_page(installation, "sofie").html.select_one("#presence")["hx-get"]
    other = as_staff(installation, "birgit")
    assert other.get(address, status=404).body == NOT_FOUND_BODY


def test_a_page_left_open_asks_no_more_once_the_document_is_signed(at):
    installation = at("signed")
    address = f"/dokument/{installation.world.made['document']}/hvem/{SECTION}"
    answer = as_staff(installation, "sofie").get(address)
    assert answer.status_int == 286 and answer.body == b""  # htmx stops asking
    assert as_staff(installation, "hanne").get(address, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-122")
def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(at):
    installation = at("draft")
    page = fill_page(installation, "sofie")
    address = page.html.select_one("#presence")["hx-get"]
    for _ in range(3):
        later(installation.world, minutes=12)
        page.test_app.get(address, status="*")
    assert page.test_app.get(address, status=404)


@pytest.mark.req("T4b")
def test_nobody_is_told_who_writes_a_blind_trivselsskema(at):
    installation = at("people")
    answers = ANSWERS["villads_sofie"]
    with installation.world.house() as house:
        document = start_document(house, installation.world.staff("sofie"), answers.child_id, "trivselsskema")
    page = as_staff(installation, "sofie").get(f"/dokument/{document.id}/udfyld").follow()
    assert page.html.select_one("#presence") is None
    assert installation.second.presence.of(document.id, installation.clock.now()) == {}


def standing(app, page) -> tuple[str, bool]:
    """What a page's question about its person is answered, and whether with a token."""
    found = app.get(page.html.select_one("#fill")["data-session"]).html.select_one("[data-session]")
    return found["data-session"], found.has_attr("data-token")


def test_only_the_person_of_a_page_gets_a_new_token_for_it(at):
    installation = at("draft")
    page = fill_page(installation, "sofie")
    assert standing(page.test_app, page) == ("same", True)
    assert standing(as_staff(installation, "sofie"), page) == ("same", True)
    assert standing(as_staff(installation, "birgit"), page) == ("other", False)
    assert standing(app_over(installation), page) == ("none", False)


def log_in(page, username: str):
    form = page.click("Log ind som medarbejder").forms["log-in"]
    form["username"], form["password"] = username, dict(accounts())[username]
    return form.submit(status=303)


def test_lock_and_change_person_saves_what_is_typed_and_comes_back_to_the_page(at):
    installation = at("draft")
    page = fill_page(installation, "sofie")
    form = page.forms["fill"]
    form["f.u_greb"] = "Skrevet, før tavlen blev givet videre."
    login = form.submit("go", value="switch", status=303).follow()
    assert "Log ind" in login and "Sofie" not in login
    page.test_app.get(page.request.path, status=404)
    back = log_in(login, "birgit")
    assert back.location.endswith(page.request.path)
    assert "Skrevet, før tavlen blev givet videre." in back.follow()


def test_who_may_not_see_the_page_comes_to_the_own_list(at):
    installation = at("draft")
    login = fill_page(installation, "sofie").forms["fill"].submit("go", value="switch").follow()
    assert log_in(login, "hanne").location.endswith("127.0.0.1:8080/")


def test_a_parent_who_takes_the_tablet_comes_to_the_own_part(at):
    installation = at("shared")
    login = fill_page(installation, "sofie").forms["fill"].submit("go", value="switch").follow()
    holder = installation.world.holders(SET.child_id)[0].person_id
    chosen = login.click("Log ind som forælder").forms["log-in"].submit("person", value=holder, status=303)
    assert chosen.location.endswith(f"/dokument/{installation.world.made['document']}/udfyld")
    assert "Forældrenes del" in chosen.follow().follow()


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example", "/drift", "/dokument/x/udfyld", "/logud"])
def test_a_login_leads_nowhere_else(at, asked):
    app = app_over(at("people"))
    form = app.get("/login/medarbejder", {"til": asked}).forms["log-in"]
    assert "til" not in form.fields
    form["username"], form["password"] = "sofie", dict(accounts())["sofie"]
    assert form.submit(status=303).location.endswith("127.0.0.1:8080/")


def test_what_is_too_long_is_not_lost_by_locking(at):
    page = fill_page(at("draft"), "sofie")
    page.forms["fill"]["f.u_greb"] = "x" * 5000
    answer = page.forms["fill"].submit("go", value="switch", status=422)
    assert answer.forms["fill"]["f.u_greb"].value == "x" * 5000


@pytest.mark.req("T4b")
def test_save_and_next_child_goes_through_the_round(at):
    installation = at("people")
    answers, world = ANSWERS["villads_sofie"], installation.world
    with world.house() as house:
        document = start_document(house, world.staff("sofie"), answers.child_id, "trivselsskema")
        round_ = house.people.round(document.round_id)
        mine = [child for child, staff in round_.assigned.items() if document.author in staff]
    page = as_staff(installation, "sofie").get(f"/dokument/{document.id}/udfyld").follow()
    assert f"Gem og næste barn ({len(mine) - 1} tilbage)" in page
    seen = [document.child_id]
    for _ in mine[1:]:
        page = page.forms["fill"].submit("go", value="next_child", status=303).follow().follow()
        with world.house() as house:
            seen.append(house.documents.get(page.request.path.split("/")[2]).child_id)
    assert sorted(seen) == sorted(mine)
    back = page.forms["fill"].submit("go", value="next_child", status=303)
    assert f"/dokument/{document.id}/" in back.location, "the first one is begun already"


@pytest.mark.req("T8")
def test_there_is_room_for_words_beside_the_mark(at):
    installation = at("people")
    with installation.world.house() as house:
        document = start_document(
            house, installation.world.staff("sofie"), ANSWERS["villads_sofie"].child_id, "trivselsskema"
        )
    app = as_staff(installation, "sofie")
    pages = [app.get(f"/dokument/{document.id}/udfyld").follow()]
    pages += [app.get(link["href"]) for link in pages[0].html.select(".step-indicator a")]
    assert any(page.html.select("textarea") and page.html.select("input[type=radio]") for page in pages)


def test_an_empty_form_shows_each_side_its_own_questions(at):
    installation = at("shared")
    address = "/skemaer/overgangsbeskrivelse/v3/tom"
    staff = as_staff(installation, "sofie").get(address)
    parent = as_parent(installation, installation.world.holders(SET.child_id)[0].person_id).get(address)
    with installation.world.house() as house:
        form = house.definitions.get("overgangsbeskrivelse", 3)
    hidden = [f.label for f in form.fields if f.phase == "content" and "parent" not in f.visible_to]
    labels = [p.text for p in parent.html.select(".printed-question .weight-semibold")]
    assert labels and not set(hidden) & set(labels)
    assert len(staff.html.select(".printed-question")) >= len(labels)
    for wrong in ("/skemaer/overgangsbeskrivelse/v99/tom", "/skemaer/findes_ikke/v1/tom"):
        as_staff(installation, "sofie").get(wrong, status=404)
    app_over(installation).get(address, status=404)


@pytest.mark.req("R-122")
def test_pages_warn_before_the_session_ends(at):
    """The page counts by the same minutes as the store does."""
    assert timedelta(minutes=IDLE_MINUTES) == IDLE
    page = fill_page(at("draft"), "sofie")
    assert page.html.select_one("#idle")["data-minutes"] == str(IDLE_MINUTES)


def test_enter_in_a_text_field_saves_and_does_nothing_else(at):
    """A browser presses the first button of the form in the order of the page; some stand in the header."""
    page = fill_page(at("draft"), "sofie")
    inside = page.html.select_one("#fill").select("button[type=submit]")
    buttons = [b for b in page.html.select("button") if b in inside or b.get("form") == "fill"]
    assert (buttons[0]["name"], buttons[0]["value"]) == ("go", "stay")
