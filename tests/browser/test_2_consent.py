"""Stations 5 and 6 in the browser: each parent answers item by item; the receiver reads what both said yes to."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.answering import Clicks, answer_all, choose, rows
from tests.browser.people import press
from tests.browser.test_1_write import ALMA, JEPPE, KATRINE
from tillid.kernel.clock import SystemClock
from tillid.kernel.paths import SIGNING
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

ASKED = re.compile("^Må Lindeskolen .* få oplysninger om Alma")
REFUSED = "Helbred"  # the item Jeppe says no to
REFUSED_WORDS = "børneeksem"
YES_WORDS = "Alma er en varm og vågen pige"


def test_sofie_asks_for_consent(people, walk) -> None:
    walk.after("agreed")
    page = people.staff("sofie")
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("button", name="Spørg forældrene om samtykke"))
    people.look("sofie", "dokument-spurgt")
    expect(page.locator("main")).to_contain_text(f"{KATRINE}: har ikke svaret endnu")
    press(page, page.get_by_role("link", name="Se, hvad der er ændret"))
    people.look("sofie", "hvad-er-aendret")
    expect(page.locator("main ins").first).to_be_visible()
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("link", name="Svar på papir"))
    people.look("sofie", "svar-paa-papir")
    press(page, page.get_by_role("link", name=re.compile("Udskriv papiret.*" + KATRINE)))
    people.look("sofie", "svar-paa-papir-arket")
    walk.done.append("asked")


@pytest.mark.req("R-22")
def test_before_the_answers_hanne_learns_only_that_it_waits(people, walk) -> None:
    walk.after("asked")
    page = people.staff("hanne")
    people.look("hanne", "forside-afventer")
    waiting = page.locator("li", has_text="Afventer")
    expect(waiting.first).to_be_visible()
    assert "Alma" not in page.locator("main").inner_text()
    document = walk.kept["document"].rsplit("/", 1)[1]
    assert document not in page.content()
    assert people.get("hanne", f"/modtaget/{document}").status == 404


@pytest.mark.req("R-12", "R-14", "R-15")
def test_nothing_is_chosen_beforehand_and_a_missing_answer_is_said(people, walk) -> None:
    walk.after("asked")
    page = people.parent(KATRINE)
    page.goto(walk.kept["document"])
    press(page, page.get_by_role("link", name="Se, hvad der er ændret"))
    people.look(KATRINE, "hvad-er-aendret")
    page.goto("/")
    people.look(KATRINE, "forside-spurgt")
    press(page, page.get_by_role("link", name=ASKED))
    people.look(KATRINE, "samtykke")
    assert len(rows(page)) > 3
    assert not page.locator("main input:checked").count()
    sensitive = page.locator("fieldset.sensitive")
    assert sensitive.filter(has_text=REFUSED).count() == 1, "a sensitive item has a yes of its own"
    expect(page.locator("main")).to_contain_text("Du bestemmer selv. Et nej får ingen betydning for barnets plads.")
    choose(Clicks(page), rows(page)[0], True)
    press(page, page.get_by_role("button", name="Se dit svar, før du sender"))
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert summary.get_by_role("link").count() == len(rows(page)) - 1
    people.look(KATRINE, "samtykke-mangler")
    assert rows(page)[0].locator("input[value=ja]").is_checked(), "what was answered stays answered"
    summary.get_by_role("link").first.click()
    expect(rows(page)[1].locator("input").first).to_be_focused()
    page.goto("/")
    expect(page.get_by_role("link", name=ASKED)).to_be_visible()


@pytest.mark.req("P4", "R-12", "O7")
def test_katrine_gives_hers_and_keeps_her_record(people, walk, tmp_path) -> None:
    walk.after("asked")
    page = people.parent(KATRINE)
    clicks = Clicks(page)
    clicks.through(page.get_by_role("link", name=ASKED))
    answer_all(clicks)
    clicks.through(page.get_by_role("button", name="Se dit svar, før du sender"))
    people.look(KATRINE, "svar-foer-send")
    clicks.through(page.get_by_role("button", name="Send mit svar"))
    walk.kept |= {"giving clicks": str(clicks.count), "giving pages": str(clicks.pages)}
    people.look(KATRINE, "kvittering")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Hent dit bevis (XML-fil)").click()
    waiting.value.save_as(tmp_path / "consent.xml")
    record = (tmp_path / "consent.xml").read_bytes()
    verdict = verify(record, load_trust(SIGNING / "trust" / "test"), at=SystemClock().now())
    assert verdict.status == "passed", verdict.step
    assert verify(record.replace(b"Lindeskolen", b"Bakkeskolen"), load_trust(SIGNING / "trust" / "test"),
                  at=SystemClock().now()).status == "failed"  # fmt: skip
    page = people.staff("hanne")
    assert "Alma" not in page.locator("main").inner_text(), "one yes of two opens nothing"
    walk.done.append("katrine gave")


@pytest.mark.req("P4", "P9", "R-12")
def test_jeppe_answers_in_english_and_says_no_to_one(people, walk) -> None:
    walk.after("katrine gave")
    page = people.parent(JEPPE)
    press(page, page.get_by_role("link", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    people.look(JEPPE, "home-english")
    press(page, page.get_by_role("link", name=re.compile("^May Lindeskolen .* have information about Alma")))
    people.look(JEPPE, "consent-english")
    clicks = Clicks(page)
    answer_all(clicks, no=REFUSED)
    clicks.through(page.get_by_role("button", name="See your answer before you send it"))
    people.look(JEPPE, "preview-english")
    # Back to the rows: nothing is lost.
    clicks.through(page.get_by_role("button", name="Change my answer"))
    assert page.locator("main input:checked").count() == len(rows(page))
    clicks.through(page.get_by_role("button", name="See your answer before you send it"))
    clicks.through(page.get_by_role("button", name="Send my answer"))
    people.look(JEPPE, "receipt-english")
    expect(page.locator("h1")).to_have_text("Thank you for your answer")
    page.goto("/")
    people.look(JEPPE, "home-answered-english")
    press(page, page.get_by_role("link", name="Dansk"))
    walk.done.append("released")


@pytest.mark.req("R-22", "R-32", "X6", "O4")
def test_hanne_reads_what_both_said_yes_to(people, walk) -> None:
    walk.after("released")
    page = people.staff("hanne")
    people.look("hanne", "forside-frigivet")
    press(page, page.get_by_role("link", name=ALMA))
    walk.kept["released"] = re.search(r"/modtaget/[0-9a-f-]{36}", page.url)[0]
    people.look("hanne", "modtaget")
    expect(page.locator("main")).to_contain_text(YES_WORDS)
    assert REFUSED_WORDS not in page.content(), "a no of one parent keeps it back"
    assert "Jeppe" not in page.locator("main .alert").all_inner_texts(), "nobody is told who said no"
    link = page.get_by_role("link", name="Åbn som PDF")
    expect(link).to_be_visible()
    answer = people.get("hanne", link.get_attribute("href"))
    assert answer.status == 200 and answer.body().startswith(b"%PDF-")


@pytest.mark.req("R-22")
def test_hanne_names_peter_who_reads_too(people, walk) -> None:
    walk.after("released")
    released = walk.kept["released"]
    people.staff("peter")
    people.look("peter", "forside-intet")
    assert people.get("peter", released).status == 404, "not before he is named"
    page = people.staff("hanne")
    page.goto(released)
    page.get_by_label("Lærer eller pædagog hos jer").select_option(label="Peter Damsgaard")
    press(page, page.get_by_role("button", name="Giv adgang"))
    people.look("hanne", "modtaget-med-laeser")
    page = people.staff("peter")
    press(page, page.get_by_role("link", name=ALMA))
    people.look("peter", "modtaget")
    expect(page.locator("main")).to_contain_text(YES_WORDS)
    assert page.get_by_role("button", name="Giv adgang").count() == 0, "only the leader names"
    assert people.get("peter", released + "/dokument.pdf").status == 200
    walk.done.append("read")


@pytest.mark.req("O16", "R-22", "R-120", "R-121")
def test_peter_begins_the_plan_of_the_reception_in_a_document_of_their_own(people, walk) -> None:
    walk.after("read")
    page = people.staff("peter")
    page.goto(walk.kept["released"])
    press(page, page.get_by_role("button", name="Begynd: Modtagelsen"))
    people.look("peter", "eget-dokument-skriv")
    page.get_by_label("Tilføjet mundtligt").fill("Hvordan middagsluren går for tiden.")
    press(page, page.get_by_role("button", name="Gem og gå videre"))
    people.look("peter", "eget-dokument-gennemse")
    expect(page.locator("main")).to_contain_text("Hvordan middagsluren går")
    page.goto(walk.kept["released"])
    people.look("peter", "modtaget-med-eget-dokument")
    press(page, page.get_by_role("link", name=re.compile("^Modtagelsen, TD-")))
    people.look("peter", "eget-dokument")
    assert YES_WORDS not in page.content(), "it holds nothing of what was given on"
