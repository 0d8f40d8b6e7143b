"""Station 7 in the browser: taken back in no more steps than it was given, and gone at the receiver's next request."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import APIResponse, expect

from tests.browser.answering import Clicks
from tests.browser.people import press
from tests.browser.test_1_write import ALMA, JEPPE, KATRINE

CHANGING = {"date"}  # what differs between any two answers


def as_read(answer: APIResponse) -> tuple[int, dict[str, str], bytes]:
    """Everything that could tell one answer from another."""
    return answer.status, {k: v for k, v in answer.headers.items() if k not in CHANGING}, answer.body()


@pytest.mark.req("R-16", "R-17", "P5")
def test_katrine_takes_it_back_in_no_more_clicks_than_giving_took(people, walk) -> None:
    walk.after("read")
    page = people.parent(KATRINE)
    people.look(KATRINE, "forside-givet")
    consents = page.locator("section[aria-labelledby=samtykker]")
    expect(consents).to_contain_text("Du har sagt ja til:")
    clicks = Clicks(page)
    clicks.through(consents.get_by_role("link", name="Træk samtykket tilbage"))
    people.look(KATRINE, "traek-tilbage")
    assert not page.locator("main [required], main input:checked").count(), "no reason is asked for"
    clicks.through(page.get_by_role("button", name="Træk hele samtykket tilbage"))
    people.look(KATRINE, "trukket-tilbage")
    expect(page.locator("h1")).to_have_text("Dit samtykke er trukket tilbage")
    assert clicks.count <= int(walk.kept["giving clicks"])
    assert clicks.pages <= int(walk.kept["giving pages"])
    walk.done.append("withdrawn")


@pytest.mark.req("R-16")
def test_the_way_back_stands_where_the_yes_was_given(people, walk) -> None:
    """The consent's own page, too: the same page (R-16), and nothing left to take back now."""
    walk.after("withdrawn")
    page = people.parent(KATRINE)
    press(page, page.locator("section[aria-labelledby=samtykker]").get_by_role("link", name=re.compile("Alma")).first)
    people.look(KATRINE, "svar-trukket")
    assert not page.get_by_role("link", name="Træk samtykket tilbage").count()
    page = people.parent(JEPPE)
    press(page, page.locator("section[aria-labelledby=samtykker]").get_by_role("link", name=re.compile("Alma")).first)
    people.look(JEPPE, "svar-gaelder-ikke")
    expect(page.get_by_role("link", name="Træk samtykket tilbage")).to_be_visible()


@pytest.mark.req("R-18", "R-22")
@pytest.mark.parametrize("who", ["hanne", "peter"])
def test_the_receivers_next_request_is_as_if_it_had_never_been(people, walk, who) -> None:
    walk.after("withdrawn")
    released = walk.kept["released"]
    never = f"/modtaget/{uuid.uuid4()}"
    for rest in ("", "/dokument.pdf", "/fremdrift"):
        assert as_read(people.get(who, released + rest)) == as_read(people.get(who, never + rest)), rest
    page = people.staff(who)
    people.look(who, "forside-efter")
    assert "Alma" not in page.locator("main").inner_text()
    page.goto(released)
    people.look(who, "findes-ikke")


@pytest.mark.req("R-18")
def test_hanne_is_told_without_a_name(people, walk) -> None:
    walk.after("withdrawn")
    page = people.staff("hanne")
    expect(page.locator("section[aria-labelledby=notices]")).to_contain_text(
        "Et dokument på din liste er ikke længere tilgængeligt."
    )
    expect(page.locator("section[aria-labelledby=received]")).to_contain_text("Ikke tilgængelig")


def test_sofie_sees_it_marked_withdrawn(people, walk) -> None:
    walk.after("withdrawn")
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=ALMA))
    expect(page.locator("main")).to_contain_text("Samtykket er trukket tilbage")
    page.goto(walk.kept["document"])
    people.look("sofie", "dokument-trukket")
    main = page.locator("main")
    expect(main).to_contain_text(f"{KATRINE}: har trukket sit ja tilbage")
    expect(main).to_contain_text("Samtykket er trukket tilbage")
    expect(main).to_contain_text(f"{JEPPE}: har sagt ja til")


@pytest.mark.req("R-02", "R-34")
def test_birgit_can_decide_with_a_provision_of_law_alone_and_hand_out(people, walk) -> None:
    walk.after("withdrawn")
    page = people.staff("birgit")
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("link", name="Giv videre uden samtykke"))
    people.look("birgit", "beslutning")
    assert not page.locator("main input:checked").count()
    expect(page.locator("main")).to_contain_text("Kun en bestemmelse i loven kan være grundlag nu")
    press(page, page.get_by_role("button", name="Se, hvad du beslutter"))
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_label("Bestemmelsen i loven").fill("Barnets lov § 133")
    page.locator("#del-1").check()
    page.get_by_label("Begrundelse").fill("Skolen skal kende barnets allergi fra den første dag.")
    page.get_by_label("Forældrene blev orienteret den").fill("2026-11-20")
    page.get_by_label("De havde ingen indsigelse").check()
    press(page, page.get_by_role("button", name="Se, hvad du beslutter"))
    expect(page.locator("h1")).to_have_text("Før du beslutter")
    people.look("birgit", "beslutning-foer")
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("link", name="Der er en fejl i det, der er givet videre"))
    people.look("birgit", "rettelse")
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("link", name="Udlevér til en forælder uden forældremyndighed"))
    people.look("birgit", "udlever")
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("link", name="Giv en plejeforælder adgang til at læse"))
    people.look("birgit", "plejeforaelder")
