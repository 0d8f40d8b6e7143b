"""Station 8 and the other desks: archivist, data protection officer, administrator, intake, area leader; a blind round."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.filling import answers_of, fill_in
from tests.browser.people import NOTE_ASKED, PURPOSE_ASKED, press, state_purpose

PURPOSE = "Aktindsigt: sag 26-1234"
VILLADS = "Villads Krag"


@pytest.mark.req("R-71", "R-111")
def test_ove_states_a_purpose_searches_filters_and_opens(people, walk) -> None:
    walk.after("withdrawn")
    people.settled()
    page = people.staff("ove")
    people.look("ove", "forside")
    press(page, page.get_by_role("link", name="Søg i arkivet"))
    people.look("ove", "arkiv")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    expect(page.locator(".error-summary")).to_be_focused()
    people.look("ove", "arkiv-uden-formaal")
    page.keyboard.press("Tab")  # from the list of what is missing, by keyboard alone
    page.keyboard.press("Enter")
    expect(page.get_by_label(PURPOSE_ASKED)).to_be_focused()
    page.keyboard.type("Aktindsigt")
    page.keyboard.press("Tab")
    page.keyboard.type("sag 26-1234")
    expect(page.get_by_label(NOTE_ASKED)).to_have_value("sag 26-1234")
    page.get_by_label("Søgeord").fill("pindsvin")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    expect(page.locator("#hits")).to_be_focused()
    people.look("ove", "arkiv-fundet")
    assert "pindsvin" not in page.url
    page.get_by_text("Vælg filtre").click()
    page.locator("label", has_text=re.compile("^Stjernehuset|^Børnehaven Stjernehuset")).first.click()
    press(page, page.get_by_role("button", name="Brug filtrene"))
    people.look("ove", "arkiv-filtreret")
    expect(page.locator("#hits")).to_contain_text("1 dokument fundet")
    press(page, page.get_by_role("button", name=re.compile("Åbn sagen .*Alma")))
    people.look("ove", "arkiv-sag")
    records = page.locator("section[aria-labelledby=records]")
    expect(records.get_by_text("Seglet holder", exact=True)).to_have_count(3)
    expect(page.locator("main")).to_contain_text("pindsvin")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Hent arkivets udgave (PDF)").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    with page.expect_download() as waiting:
        records.get_by_role("button", name=re.compile("Hent posten")).first.click()
    assert b"<" in waiting.value.path().read_bytes()[:5]
    address = page.url
    expect(page.locator("#beside img").first).to_be_visible()  # the archive's copy beside the text
    press(page, page.get_by_role("button", name="Vis siderne som billeder"))
    people.look("ove", "arkiv-sider")
    press(page, page.get_by_role("button", name="Tilbage til sagen"))
    press(page, page.get_by_role("button", name="Tilbage til søgningen"))
    expect(page.get_by_label("Søgeord")).to_have_value("pindsvin")
    page.goto(address)
    expect(page.get_by_label(PURPOSE_ASKED)).to_have_value("aktindsigt")  # once per piece of work
    expect(page.get_by_label(NOTE_ASKED)).to_have_value("sag 26-1234")
    people.look("ove", "arkiv-formaal")
    page.get_by_label(NOTE_ASKED).fill("")
    press(page, page.get_by_role("button", name="Åbn sagen"))
    people.look("ove", "arkiv-formaal-mangler")
    state_purpose(page, PURPOSE)
    press(page, page.get_by_role("button", name="Åbn sagen"))
    press(page, page.get_by_role("button", name="Bevaring og destruktion"))
    page.get_by_text("Hold det tilbage", exact=True).first.click()
    page.get_by_text("Sæt et mærke", exact=True).click()
    page.get_by_text("Notér, at arkivet har godkendt afleveringen").click()
    people.look("ove", "bevaring")
    page.get_by_label("Hvorfor?").fill("kort")
    press(page, page.get_by_role("button", name="Hold det tilbage"))
    expect(page.locator(".error-summary")).to_be_focused()
    people.look("ove", "bevaring-mangler")
    press(page, page.get_by_role("link", name="Tilbage til stedets frister"))
    people.look("ove", "frister")
    for link, name in (("Reglerne", "frister-regler"), ("Kommunens KLE-mærker", "kle")):
        press(page, page.get_by_role("link", name=link))
        people.look("ove", name)
    press(page, page.get_by_role("link", name="Modtaget fra andre"))
    people.look("ove", "importeret")
    page.goto("/arkiv/importeret/00000000-0000-4000-8000-00000000000f")
    people.look("ove", "importeret-formaal")


def test_ove_finds_nothing_and_is_told_what_may_help(people) -> None:
    page = people.staff("ove")
    page.goto("/arkiv")
    state_purpose(page, PURPOSE)
    page.get_by_label("Søgeord").fill("guldregnsbus")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    expect(page.locator("#hits")).to_have_text("Ingen resultater")
    people.look("ove", "arkiv-intet")
    page.get_by_label("Søgeord").fill("")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    people.look("ove", "arkiv-alt")
    page.get_by_text("Vælg filtre").click()
    page.locator("label", has_text=re.compile("^Overgangsbeskrivelse")).first.click()
    page.get_by_label("Barn", exact=True).fill("Ingen Sådan")
    press(page, page.get_by_role("button", name="Brug filtrene").first)
    expect(page.locator(".error-summary")).to_contain_text("Ingen børn med det navn")
    page.get_by_label("Barn", exact=True).fill("")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    page.get_by_text("Filtrér på svar i skemaet").click()
    page.get_by_label("Overgang", exact=True).select_option(index=4)
    press(page, page.get_by_role("button", name="Brug filtrene").last)
    people.look("ove", "arkiv-svar")


def test_ove_chooses_columns_and_saves_a_search(people) -> None:
    page = people.staff("ove")
    page.goto("/arkiv")
    state_purpose(page, PURPOSE)
    press(page, page.get_by_role("button", name="Søg", exact=True))
    page.locator("summary", has_text="Visning").click()
    page.get_by_label("Vis som").select_option("table")
    press(page, page.get_by_role("button", name="Vis sådan"))
    expect(page.locator("#hits")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hit]").first).to_be_focused()
    people.look("ove", "arkiv-tabel")
    page.get_by_label("Gem søgningen under navnet").fill("Alt i arkivet")
    press(page, page.get_by_role("button", name="Gem søgningen"))
    press(page, page.get_by_role("link", name="Fast link til søgningen"))
    people.look("ove", "arkiv-gemt-soegning")
    press(page, page.get_by_role("link", name="Gemte søgninger"))
    people.look("ove", "gemte-soegninger")


@pytest.mark.req("R-71")
def test_rasmus_sees_who_read_what_and_no_content(people, walk) -> None:
    walk.after("withdrawn")
    page = people.staff("rasmus")
    people.look("rasmus", "forside")
    press(page, page.get_by_role("link", name="Hvem har læst hvad"))
    people.look("rasmus", "log")
    press(page, page.get_by_role("link", name="Se, hvem der har læst underretninger"))
    people.look("rasmus", "log-underretninger")
    press(page, page.get_by_role("link", name="Tilbage til loggen"))
    page.locator("summary", has_text="Stjernehuset").click()
    press(page, page.get_by_role("link", name="Alma Skov Petersen"))
    people.look("rasmus", "log-barn")
    main = page.locator("main")
    expect(main).to_contain_text("Ove Ravnkilde")
    expect(main).to_contain_text(PURPOSE)
    expect(main).to_contain_text("Peter Damsgaard")
    assert "pindsvin" not in page.content()


def test_camilla_sees_forms_and_outbox_and_no_child(people, walk) -> None:
    walk.after("withdrawn")
    page = people.staff("camilla")
    people.look("camilla", "forside")
    press(page, page.get_by_role("link", name="Drift"))
    people.look("camilla", "drift")
    main = page.locator("main")
    for words in ("Udbakke", "overgangsbeskrivelse", "samtykkeerklaering", "Kan bruges"):
        expect(main).to_contain_text(words)
    assert "Alma" not in page.content()
    press(page, page.get_by_role("link", name="Se, hvad der er læst hvornår"))
    people.look("camilla", "eftersyn")
    page.go_back()
    press(page, page.get_by_role("link", name="Kontrollér hele kæden nu"))
    people.look("camilla", "drift-log")
    expect(main).to_contain_text("Kæden er hel")


def test_mettemarie_is_told_honestly_what_is_not_there_yet(people) -> None:
    page = people.staff("mettemarie")
    people.look("mettemarie", "forside")
    press(page, page.get_by_role("link", name="Underretninger", exact=True))
    people.look("mettemarie", "underretninger")
    expect(page.locator("main")).to_contain_text("Der er ingen underretninger endnu.")


@pytest.mark.req("R1", "R-70")
def test_jonas_sees_the_units_below_him_only(people) -> None:
    page = people.staff("jonas")
    people.look("jonas", "forside")
    main = page.locator("main")
    expect(main).to_contain_text(VILLADS)
    expect(main).not_to_contain_text("Kastanjen")
    press(page, page.get_by_role("link", name=VILLADS))
    people.look("jonas", "barn")


@pytest.mark.req("T4b")
def test_a_round_is_blind_until_all_have_submitted(people, walk) -> None:
    sofie, mikkel = people.staff("sofie"), people.staff("mikkel")
    people.look("mikkel", "forside")
    for page in (sofie, mikkel):
        press(page, page.get_by_role("link", name=VILLADS))
        press(page, page.get_by_role("link", name=re.compile("^Trivselsskema, ")))
    blind = "Du kan se dem, når du selv har indsendt"
    words = {"sofie": "bygger landskaber", "mikkel": "siddet alene efter kl. 15"}
    people.look("sofie", "runde-blind")
    expect(sofie.locator("main")).to_contain_text(blind)
    people.look("mikkel", "runde-ikke-begyndt")
    expect(mikkel.locator("main")).to_contain_text(blind)
    assert words["sofie"] not in mikkel.content()
    press(mikkel, mikkel.get_by_role("button", name="Begynd dit trivselsskema"))
    for heading in fill_in(mikkel, answers_of("villads_mikkel").professional):
        people.look("mikkel", f"skema-{heading.split()[0].lower()}")
    people.look("mikkel", "skema-gennemse")
    # A colleague cannot open his draft; neither can the leader, who is not told either who has submitted.
    draft = re.search(r"/dokument/[0-9a-f-]{36}", mikkel.url)[0]
    birgit = people.staff("birgit")
    press(birgit, birgit.get_by_role("link", name=re.compile("^Trivsel, .*Stjernehuset")))
    people.look("birgit", "runde-foer-fristen")
    assert "Sofie" not in birgit.locator("main").inner_text() and "Mikkel" not in birgit.locator("main").inner_text()
    assert not birgit.get_by_role("button", name="Ja, åbn runden").count()
    for who in ("sofie", "birgit"):
        assert people.get(who, draft).status == 404, who
    sofie.reload()
    assert words["mikkel"] not in sofie.content()
    press(mikkel, mikkel.get_by_role("button", name="Indsend"))
    people.look("mikkel", "skema-indsendt")
    sofie.reload()
    people.look("sofie", "runde-aaben")
    expect(sofie.locator("main")).to_contain_text(words["mikkel"])
    mikkel.goto(sofie.url)
    people.look("mikkel", "runde-aaben")
    expect(mikkel.locator("main")).to_contain_text(words["sofie"])
