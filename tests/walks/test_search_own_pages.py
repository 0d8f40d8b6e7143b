"""The page of the own search: from the front page, posted, nothing in an address, and each state says what to do (R-70, R-111)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, fill_all, request_now
from tests.walks.test_asked_again import assignment_ends
from tests.walks.test_insight import csrf
from tests.walks.test_later_part import begun
from tests.walks.test_moved_child import moves
from tests.walks.test_receiver_pages import take_back
from tests.walks.test_round_pages import SOFIE, submit
from tests.walks.test_search_own import GREB, MARK
from tillid.kernel.clock import local_day
from tillid.usecases.start_document import start_without_child
from tillid.web import archive_search
from tillid.web.answers import NOT_FOUND_BODY

PAGE = "/soeg"


def searched(app, words, at="/", **more):
    form = app.get(at).forms["own-search" if at == "/" else "search"]
    form["words"] = words
    return form.submit(**more)


def main_of(page):
    """Without what is of this one request."""
    main = page.html.select_one("main")
    for one in main.select("input[name=csrf_token]"):
        one.decompose()
    return str(main)


@pytest.mark.req("R-70", "R-111", "R-71")
def test_from_the_front_page_to_the_document(world_at):
    world = world_at("signed")
    home, document = WorldInstallation(world), world.made["document"]
    for username, to in (("sofie", f"/dokument/{document}"), ("hanne", f"/modtaget/{document}")):
        page = searched(as_staff(home, username), GREB)
        assert page.request.path == PAGE and not page.request.query_string, "the words are in no address"
        assert page.html.select_one("#hits").text == "1 dokument fundet"
        link = page.html.select_one("main .list-cards a")
        assert link["href"] == to and SET.child_id not in page and "Alma" in link.text
        assert page.html.select_one(".excerpt mark").text == GREB
        assert page.goto(to).status_int == 200
        assert page.forms["search"]["words"].value == GREB
    assert [one.action for one in world.parts.audit.tail(20)].count("search_own_hit") >= 2


@pytest.mark.req("R-70", "R-18")
@pytest.mark.parametrize("username", ["ove", "rasmus", "camilla", "mettemarie"])
def test_who_works_nowhere_has_no_box_and_no_page(world_at, username):
    world = world_at("signed")
    home = WorldInstallation(world)
    app, token = as_staff(home, username), as_staff(home, "sofie").get(PAGE).forms["search"]["csrf_token"].value
    assert "own-search" not in app.get("/").forms
    assert app.get(PAGE, status=404).body == NOT_FOUND_BODY
    assert app.post(PAGE, {"words": GREB, "csrf_token": token}, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-18")
def test_a_parent_has_no_page(world_at):
    world = world_at("signed")
    app = as_parent(WorldInstallation(world), world.holders(SET.child_id)[0].person_id)
    assert app.get(PAGE, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("T4b", "R-22", "R-18")
def test_a_page_without_hits_is_the_same_whatever_there_is_that_one_may_not_read(world_at):
    """Also what was probably meant and what the box completes to."""
    pages = {}
    for there in (False, True):
        world = world_at("asked")
        if there:
            submit(world, "sofie", SOFIE.professional)
        home = WorldInstallation(world)
        for username in ("mikkel", "birgit", "jonas", "hanne", "nadja"):
            for words in (MARK, MARK[:-2], f"{MARK[:5]}*"):
                page = searched(as_staff(home, username), words, PAGE)
                assert page.html.select_one("#hits").text == "Ingen resultater"
                pages.setdefault((username, words), set()).add(main_of(page))
        page = searched(as_staff(home, "hanne"), GREB, PAGE)
        pages.setdefault(("hanne", GREB), set()).add(main_of(page))
        assert page.html.select_one("#hits").text == "Ingen resultater", "asked for and not answered"
    assert {key: len(found) for key, found in pages.items() if len(found) > 1} == {}


def test_nothing_found_says_what_to_do_and_puts_slips_right(world_at):
    app = as_staff(WorldInstallation(world_at("agreed")), "sofie")
    page = searched(app, "overgangsbeskrivlse", PAGE)
    assert "Ingen resultater" in page and "skrive færre ord" in page
    button = page.html.select_one("button[name=meant]")
    assert button["value"] == "overgangsbeskrivelse"
    again = page.forms["search"].submit("meant", value=button["value"])
    assert again.html.select_one("#hits").text == "1 dokument fundet"
    assert again.forms["search"]["words"].value == "overgangsbeskrivelse"


@pytest.mark.req("R-111")
@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Skriv et eller flere ord"), ("010120-1234", "Skriv ikke CPR-numre"), ("ord " * 33, "Skriv højst 32.")],
)
def test_what_is_not_asked_is_said_beside_the_box(world_at, words, said):
    app = as_staff(WorldInstallation(world_at("people")), "sofie")
    page = searched(app, words, PAGE, status=422)
    assert (
        said in page.html.select_one("#words-error").text and page.html.select_one("#words")["aria-invalid"] == "true"
    )
    assert "010120" not in page


def test_html_in_a_text_and_in_the_words_is_shown_as_written(world_at):
    world = world_at("draft")
    fill_all(world, world.staff("sofie"), world.made["document"], {"u_greb": "<b onclick=x>frostmappe</b> & <script>"})
    page = searched(as_staff(WorldInstallation(world), "sofie"), "frostmappe <b>", PAGE)
    excerpt = page.html.select_one(".excerpt")
    assert (
        "<b onclick=x>frostmappe</b> & <script>" in excerpt.text
        and [one.name for one in excerpt.find_all()] == ["mark"] * 3
    )


def test_pages_are_turned_and_too_many_is_said(world_at, monkeypatch):
    monkeypatch.setattr(archive_search, "MANY", 22)
    world = world_at("people")
    who = world.staff("birgit")
    for number in range(23):
        with world.house() as house:
            one = start_without_child(house, who, SET.unit_id, "fdr", "faglig_sparring").id
        fill_all(world, who, one, {"d_muligheder": f"frostmappe {number}"})
    first = searched(as_staff(WorldInstallation(world), "sofie"), "frostmappe", PAGE)
    assert "23 dokumenter fundet" in first and "Flere ord gør listen kortere" in first and "Side 1 af 2" in first
    second = first.forms["search"].submit("page", value="2")
    assert "Side 2 af 2" in second and len(second.html.select("main .list-cards > li")) == 3
    seen = [set(re.findall(r"/dokument/([0-9a-f-]{36})", main_of(one))) for one in (first, second)]
    assert not seen[0] & seen[1] and len(seen[0] | seen[1]) == 23
    assert "Flere ord" in first.forms["search"].submit("page", value="999999"), "beyond the end is the last page"


@pytest.mark.req("R-70", "R-18")
def test_who_loses_the_work_while_the_page_is_made_gets_no_page(world_at):
    home = WorldInstallation(world_at("agreed"))
    app = as_staff(home, "sofie")
    form = app.get(PAGE).forms["search"]
    form["words"] = GREB
    once = [assignment_ends("sofie")]
    home.before_refresh = lambda: once.pop()(home.world) if once else None
    assert form.submit(status=404).body == NOT_FOUND_BODY and not once


@pytest.mark.req("R-22", "R-18", "P3")
def test_what_a_receiver_has_written_itself_names_the_child_no_longer_than_its_front_page_does(world_at):
    """A hit is one of the receiver's own lists: after a withdrawal it tells a name as little as they do (ADR 0074)."""
    world = world_at("signed")
    own, home = begun(world), WorldInstallation(world)
    fill_all(world, world.staff("hanne"), own, {"mundtligt": "Vi talte om middagsluren."})
    app = as_staff(home, "hanne")

    def named():
        """Whether the front page, a hit by the text's words, and a hit by the name say who it is."""
        line = app.get("/").html.select_one(f"section[aria-labelledby=own-parts] a[href='/dokument/{own}']").text
        hit = searched(app, "middagsluren").html.select_one(f"main .list-cards a[href='/dokument/{own}']").text
        by_name = searched(app, "Alma").html.select_one(f"main .list-cards a[href='/dokument/{own}']")
        return "Alma" in line, "Alma" in hit, by_name is not None

    assert named() == (True, True, True)
    take_back(world)
    assert named() == (False, False, False)
    assert "Alma" not in searched(app, "middagsluren").html.select_one("main").text
    moves(world, SET.child_id, SET.receiver_unit_id)
    assert named() == (True, True, True), "once the child is there"


def narrowed(page, **chosen):
    """The same search with these boxes ticked and days typed."""
    form = page.forms["search"]
    for name, values in chosen.items():
        if name in ("since", "until"):
            form[name] = values
        else:
            for box in form.fields[name]:
                box.checked = box._value in values
    return form.submit()


def offered(page, name):
    """What can be chosen, as it is read out."""
    labels = {one["for"]: " ".join(one.text.split()) for one in page.html.select("label[for]")}
    return [labels[one["id"]] for one in page.html.select(f"input[type=checkbox][name={name}]")]


def hits(page):
    return re.findall(
        r"/dokument/([0-9a-f-]{36})", "".join(str(one) for one in page.html.select("main .list-cards h3"))
    )


@pytest.fixture
def three(world_at):
    """Of Alma a description, of the house two sheets, one a week later."""
    world = world_at("agreed")
    made = [world.made["document"]]
    for number in range(2):
        with world.house() as house:
            made.append(start_without_child(house, world.staff("birgit"), SET.unit_id, "fdr", "faglig_sparring").id)
        fill_all(world, world.staff("birgit"), made[-1], {"d_muligheder": f"dyrehospital {number}"})
        world.clock.move(days=7)
    return world, made


@pytest.mark.req("R-70", "R-111", "R-120")
def test_what_is_found_is_narrowed_by_kind_child_and_days_and_widened_again(three):
    world, (alma, first, second) = three
    app = as_staff(WorldInstallation(world), "birgit")
    everything = searched(app, GREB, PAGE)
    sheet = next(one for one in offered(everything, "form") if one.startswith("FDR"))
    assert set(hits(everything)) == {alma, first, second} and "(2)" in sheet
    (child,) = offered(everything, "barn")
    assert child.startswith("Alma") and child.endswith("(1)") and SET.child_id not in everything

    of_alma = narrowed(everything, barn=[child.removesuffix(" (1)")])
    assert hits(of_alma) == [alma] and "1 dokument fundet" in of_alma
    assert of_alma.html.select_one("details.facets").has_attr("open")
    chips = [" ".join(one.text.split()) for one in of_alma.html.select(".chips button")]
    assert chips == [f"Fjern Barn: {child.removesuffix(' (1)')}"]
    assert [one.rpartition("(")[2] for one in offered(of_alma, "form")] == ["1)"], "counted under what is chosen"
    back = of_alma.forms["search"].submit("off", value=of_alma.html.select_one(".chips button")["value"])
    assert len(hits(back)) == 3 and not back.html.select(".chips")

    sheets = narrowed(everything, form=["fdr"], barn=[])
    assert set(hits(sheets)) == {first, second} and offered(sheets, "barn") == []
    day = local_day(world.clock.now() - timedelta(days=7))
    late = narrowed(sheets, since=f"{day.day}-{day.month}-{day.year}")
    assert hits(late) == [second]
    none = narrowed(sheets, until="1-1-2020")
    assert "Ingen resultater" in none and "fjerne filtre" in none
    assert [one["value"] for one in none.html.select(".chips button")] == ["since", "until", "form:fdr"]
    wrong = everything.forms["search"]
    wrong["since"] = "i går"
    refused = wrong.submit(status=422)
    assert "Skriv dag, måned og år" in refused.html.select_one("#since-error").text
    assert refused.html.select_one("#since")["aria-invalid"] == "true"


@pytest.mark.req("R-22", "R-18", "R-70", "P3")
def test_nothing_that_one_chooses_from_or_chooses_tells_of_what_may_not_be_read(world_at):
    """Whoever posts a name or a kind that was not offered finds as little as who does not, and the page says no name."""
    world = world_at("signed")
    own, home = begun(world), WorldInstallation(world)
    fill_all(world, world.staff("hanne"), own, {"mundtligt": "Vi talte om middagsluren."})
    app, name = as_staff(home, "hanne"), request_now(world).child_name
    found = searched(app, "middagsluren", PAGE)
    assert offered(found, "barn") == [f"{name} (1)"]
    take_back(world)
    token = {"csrf_token": found.forms["search"]["csrf_token"].value, "words": "middagsluren"}
    assert hits(app.post(PAGE, token)) == [own] and offered(app.post(PAGE, token), "barn") == []
    guessed = app.post(PAGE, {**token, "barn": name})
    assert "Ingen resultater" in guessed and name not in guessed and guessed.html.select(".chips") == []
    other = as_staff(home, "nadja")
    pages = {
        main_of(other.post(PAGE, {"csrf_token": csrf(other, PAGE), "words": GREB, **more}))
        for more in ({}, {"barn": name}, {"form": "overgangsbeskrivelse"})
    }
    assert all("Ingen resultater" in page and name not in page and 'type="checkbox"' not in page for page in pages)
