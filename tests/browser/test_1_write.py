"""Stations 2 to 4 in the browser: a pædagog writes about Alma, shares, the parents write theirs, all agree on the words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import SAVED, answers_of, field, fill_in, go_on, put, state, write
from tests.browser.people import press
from tillid.kernel.clock import SystemClock, local_day

ALMA = "Alma Skov Petersen"
KATRINE, JEPPE = "Katrine Skov", "Jeppe Petersen"
# Written by hand below: together with Katrine, by Jeppe, in two tabs.
TOGETHER, BY_JEPPE, IN_TWO_TABS = "p_styrker", "b_glaeder", "u_krop"


def document_path(page: Page) -> str:
    """``/dokument/<id>`` of the page's address."""
    return re.search(r"/dokument/[0-9a-f-]{36}", page.url)[0]


@pytest.mark.req("O2")
def test_a_paedagog_begins(people, walk) -> None:
    page = people.staff("sofie")
    people.look("sofie", "forside")
    press(page, page.get_by_role("link", name=ALMA))
    people.look("sofie", "barn")
    page.get_by_text("Fra børnehave til skole og SFO").click()
    page.get_by_text("Fra børnehave til skole og SFO").click()
    press(page, page.get_by_role("button", name="Begynd en overgangsbeskrivelse"))
    walk.kept["document"] = document_path(page)
    expect(page.locator("h1")).to_have_text("Overgangen")
    people.look("sofie", "udfyld-overgangen")
    walk.done.append("begun")


def test_a_field_saves_itself_and_counts(people, walk) -> None:
    walk.after("begun")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/udfyld/fagpersonens_del")
    write(page, "u_ressourcer", "Alma tegner.")
    expect(field(page, "u_ressourcer").locator(".character-limit")).to_have_text("Du har 588 tegn tilbage")
    page.reload()
    expect(field(page, "u_ressourcer").locator("textarea")).to_have_value("Alma tegner.")


def test_too_long_is_said_beside_the_field_and_in_the_summary(people, walk) -> None:
    walk.after("begun")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/udfyld/fagpersonens_del")
    long = "Alma klatrer. " * 30
    place = field(page, "u_krop")
    place.locator("textarea").fill(long)
    expect(place.locator(".character-limit")).to_have_text(re.compile("^Du har [0-9]+ tegn for meget$"))
    expect(state(page, "u_krop")).to_have_text("Ikke gemt. Se beskeden ved feltet.")
    press(page, page.get_by_role("button", name="Gem og gå videre"))
    expect(page.locator("h1")).to_have_text("Fagpersonens del")
    expect(place.locator("textarea")).to_have_value(long)
    expect(place.locator(".form-error-message")).to_be_visible()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    people.look("sofie", "for-langt")
    summary.get_by_role("link", name=re.compile("Krop og bevægelse")).click()
    expect(place.locator("textarea")).to_be_focused()


def test_missing_answers_are_listed_with_a_way_to_each(people, walk) -> None:
    walk.after("begun")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/gennemse")
    people.look("sofie", "gennemse-mangler")
    press(page, page.get_by_role("button", name="Del med forældrene"))
    missing = page.locator("[aria-labelledby=missing-heading]")
    expect(missing).to_be_visible()
    link = missing.get_by_role("link", name=re.compile("Modtagende sted"))
    press(page, link)
    expect(field(page, "til_enhed")).to_be_in_viewport()
    expect(field(page, "til_enhed").locator("select")).to_be_focused()
    page.goto(walk.kept["document"])
    assert "Kladde" in page.locator("main").inner_text()


def test_the_whole_form_section_by_section(people, walk) -> None:
    walk.after("begun")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/udfyld/overgangen")
    answers = answers_of("alma_bh_sk")
    day = answers.start_after(local_day(SystemClock().now()))
    given = {**answers.professional, "startdato": day.isoformat()}
    for heading in fill_in(page, given):
        if heading == "Fagpersonens del":
            assert not field(page, "u_skolestart").locator("input").count(), "that is the leader's question"
            people.look("sofie", "udfyld-fagpersonens-del")
    expect(page.locator("h1")).to_have_text("Gennemse det hele")
    walk.done.append("filled")


def test_two_tabs_on_one_draft_lose_nothing(people, walk) -> None:
    walk.after("filled")
    first = people.staff("sofie")
    address = walk.kept["document"] + "/udfyld/fagpersonens_del"
    first.goto(address)
    second = people.second_tab("sofie")
    second.goto(address)
    write(first, IN_TWO_TABS, "Fra den første fane.")
    field(second, IN_TWO_TABS).locator("textarea").fill("Fra den anden fane.")
    expect(state(second, IN_TWO_TABS)).to_have_text(re.compile("^En anden har skrevet her på samme tid"))
    told = second.locator(f"#f-{IN_TWO_TABS}-clash")
    expect(told).to_contain_text("Fra den første fane.")
    expect(told).to_contain_text("Fra den anden fane.")
    people.look("sofie", "to-faner", second)
    press(second, told.get_by_role("button", name="Brug min tekst"))
    expect(field(second, IN_TWO_TABS).locator("textarea")).to_have_value("Fra den anden fane.")
    second.close()
    first.reload()
    expect(first.locator(".clash")).to_have_count(0)
    write(first, IN_TWO_TABS, answers_of("alma_bh_sk").professional[IN_TWO_TABS])


@pytest.mark.req("O2")
def test_written_together_with_a_parent(people, walk) -> None:
    walk.after("filled")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/udfyld/foraeldrenes_del")
    people.look("sofie", "foraeldrenes-del")
    assert not field(page, TOGETHER).locator("textarea").count(), "the parents' words are the parents'"
    page.get_by_label("Skrevet sammen med").select_option(label=KATRINE)
    press(page, page.get_by_role("button", name="Skriv sammen med forælderen"))
    write(page, TOGETHER, answers_of("alma_bh_sk").parents[TOGETHER])
    people.look("sofie", "skrevet-sammen")
    go_on(page)
    page.goto(walk.kept["document"] + "/gennemse")
    marked = page.locator(".written-for", has_text="Skrevet sammen med en forælder, ikke bekræftet endnu")
    expect(marked).to_have_count(1)  # not the empty fields that were saved with the section


def test_the_leader_answers_the_leaders_question(people, walk) -> None:
    walk.after("filled")
    page = people.staff("birgit")
    people.look("birgit", "forside")
    press(page, page.get_by_role("link", name=ALMA))
    people.look("birgit", "barn")
    press(page, page.locator(f"a[href='{walk.kept['document']}']"))
    people.look("birgit", "dokument")
    page.goto(walk.kept["document"] + "/udfyld/fagpersonens_del")
    people.look("birgit", "lederens-felt")
    put(page, "u_skolestart", False)
    expect(state(page, "u_skolestart")).to_have_text(SAVED)
    walk.done.append("written")


def test_before_sharing_the_parents_see_nothing(people, walk) -> None:
    walk.after("written")
    page = people.parent(KATRINE)
    people.look(KATRINE, "forside-foer")
    expect(page.locator("main")).not_to_contain_text("har delt en tekst")
    document = walk.kept["document"]
    assert people.get(KATRINE, f"/foraelder{document}").status == 404
    assert people.get(KATRINE, f"{document}/udfyld/fagpersonens_del").status == 404


def test_preview_and_share_with_progress(people, walk) -> None:
    walk.after("written")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/gennemse")
    people.look("sofie", "gennemse")
    press(page, page.get_by_role("button", name="Lav forhåndsvisning"))
    made = page.get_by_role("link", name=re.compile("Se, hvad forældrene får"))
    expect(made).to_be_visible()  # without a reload: the page asks until the worker has made it
    preview = made.get_attribute("href")
    answer = people.get("sofie", preview)
    assert answer.status == 200 and answer.body().startswith(b"%PDF-")
    press(page, page.get_by_role("button", name="Del med forældrene"))
    expect(page.locator("#progress")).to_be_visible()
    people.looker.look(page, "sofie", "dokument-delt", widths=("telefon",))
    # Without a reload: the page asks until the worker has made it.
    link = page.get_by_role("link", name="Åbn som PDF")
    expect(link).to_be_visible()
    assert people.get("sofie", link.get_attribute("href")).body().startswith(b"%PDF-")
    people.look("sofie", "dokument")
    walk.done.append("shared")


@pytest.mark.req("O2", "P3", "P6")
def test_katrine_confirms_her_words_and_writes_her_part_on_the_phone(people, walk) -> None:
    walk.after("shared")
    page = people.parent(KATRINE)
    people.look(KATRINE, "forside-delt")
    press(page, page.get_by_role("link", name="Er det dine ord om"))
    people.look(KATRINE, "mine-ord")
    expect(page.locator("main")).to_contain_text("Alma er nysgerrig og omsorgsfuld")
    press(page, page.get_by_role("button", name="Ja, det er mine ord"))
    people.look(KATRINE, "dokument")
    press(page, page.get_by_role("link", name="Skriv jeres egen del"))
    answers = answers_of("alma_bh_sk")
    mine = {**answers.parents, **answers.child}
    mine = {name: value for name, value in mine.items() if name not in (TOGETHER, BY_JEPPE)}
    for _heading in fill_in(page, mine):
        people.look(KATRINE, "udfyld")
    expect(page.locator("h1")).to_have_text("Hele teksten")


@pytest.mark.req("O2", "P3", "P6", "P8")
def test_jeppe_reads_and_writes_his(people, walk) -> None:
    walk.after("shared")
    page = people.parent(JEPPE)
    document = "/foraelder" + walk.kept["document"]
    press(page, page.get_by_role("link", name="Læs og skriv om"))
    people.look(JEPPE, "dokument")
    press(page, page.get_by_role("link", name="Læs teksten her på siden"))
    people.look(JEPPE, "laes")
    expect(page.locator("main")).to_contain_text("Alma er en varm og vågen pige")
    answer = people.get(JEPPE, document + "/laes.pdf")
    assert answer.status == 200 and answer.body().startswith(b"%PDF-")
    page.goto(walk.kept["document"] + "/udfyld/barnets_egen_del")
    drawing = field(page, "b_tegning")
    drawing.locator("input[type=file]").set_input_files(
        {"name": "tegning.png", "mimeType": "image/png", "buffer": b"#!/bin/sh\necho not a drawing\n"}
    )
    expect(drawing.locator(".form-error-message")).to_be_visible()
    people.look(JEPPE, "ikke-en-tegning")
    page.reload()
    write(page, BY_JEPPE, answers_of("alma_bh_sk").child[BY_JEPPE])
    page.goto(document + "/nej-tak")
    people.look(JEPPE, "nej-tak")
    # Another child's parent gets nothing of it, on any of the addresses.
    people.parent("Dorthe Krag")
    for address in (document, document + "/laes", document + "/laes.pdf", walk.kept["document"]):
        assert people.get("Dorthe Krag", address).status == 404, address
    walk.done.append("parents' part")


@pytest.mark.req("O9", "R-23")
def test_all_agree_on_the_same_words(people, walk) -> None:
    walk.after("parents' part")
    for who in (KATRINE, JEPPE):
        page = people.parent(who)
        page.goto("/foraelder" + walk.kept["document"])
        press(page, page.get_by_role("link", name="Læs hele teksten, og sig, om du er enig"))
        people.look(who, "hele-teksten")
        expect(page.locator("main")).to_contain_text("Det er ikke et samtykke.")
        press(page, page.get_by_role("button", name="Jeg er enig i teksten"))
        people.look(who, "enig")
    page = people.staff("sofie")
    page.goto(walk.kept["document"] + "/gennemse")
    people.look("sofie", "gennemse-enig")
    press(page, page.get_by_role("button", name="Vi er enige i teksten"))
    people.look("sofie", "dokument-enig")
    expect(page.get_by_role("button", name="Spørg forældrene om samtykke")).to_be_visible()
    page = people.parent(KATRINE)
    expect(page.locator("main")).not_to_contain_text("Må Lindeskolen")
    walk.done.append("agreed")
