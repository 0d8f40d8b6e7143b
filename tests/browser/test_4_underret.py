"""An underretning of every kind and an overgangsbeskrivelse of every kind, through the real pages; one by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import field, go_on, put, write
from tests.browser.people import press
from tests.browser.test_5_pages import enter, tab_to
from tests.support.effort import EVERYTHING

KINDS = {
    "bekymring": "Bekymring for et barns trivsel eller udvikling",
    "overgreb": "Viden eller mistanke om vold eller seksuelt overgreb",
    "ufoedt": "Bekymring for et ufødt barn",
    "fravaer": "Ulovligt skolefravær på 15 procent eller derover i et kvartal",
    "mellemkommunal": "Familien er flyttet til en anden kommune",
}
# These ask nothing of their own; tests/walks fill them, the browser at night.
LIKE_ANOTHER = {"ufoedt", "mellemkommunal"}
TRIED = [kind for kind in KINDS if EVERYTHING or kind not in LIKE_ANOTHER]
NAME, WORRY = "Et barn fra Birkevej", "Barnet siger, at det er bange for at komme hjem om fredagen."
# What is written of each kind, section by section; a wish left out is a reminder and stops nothing.
ANSWERS = {
    "akut": False,
    "maa_ikke_orienteres": True,
    "grund": ["stoette"],
    "b_navn": NAME,
    "b_cpr": "010119-4242",
    "b_adresse": "Birkevej 12",
    "f_samvaer": "Barnet bor hos sin mor.",
    "u_kendskab": "Vi har set hinanden hver dag i et år.",
    "c_aarsager": ["omsorg", "trivsel_barn"],
    "c_kort": WORRY,
    "c_observationer": [{"dato": "23. november", "situation": "Aflevering", "hvad": "Barnet holdt fast i døren."}],
    "c_varighed": "Siden september, hver fredag.",
    "c_barnets_ord": "»Jeg vil ikke hjem.«",
    "h_udvikling": "Er blevet stille.",
    "h_ressourcer": "Har en god ven på stuen.",
    "i_indsatser": [{"hvad": "Samtale", "hvem": "Stuens pædagog", "hvornaar": "Oktober", "virkning": "Ingen"}],
    "o_status": "nej_bevidst",
    "o_begrundelse": "Barnet er bange for at være alene med den voksne.",
    "v_vurdering": "Barnet har brug for hjælp nu.",
}
MORE = {
    "overgreb": {"c_overgreb": "Jeg har set et mærke på armen den 20. november."},
    "ufoedt": {"b_navn": "Mor er i 28. uge"},
}


def begin(page: Page, kind: str) -> None:
    page.goto("/underret")
    page.get_by_label(KINDS[kind]).check()
    press(page, page.get_by_role("button", name="Begynd at skrive"))


def fill(page: Page, answers: dict, after=lambda section: None) -> list[str]:
    """Section by section to the end; every answer that a section asks for is put in, also what comes with an answer."""
    seen = []
    while "/udfyld/" in page.url:
        for field_id, value in answers.items():
            if field_id not in seen and field(page, field_id).count():
                # an answer before it may have brought the field just now
                expect(field(page, field_id).locator("input, textarea, select").first).to_be_attached()
                put(page, field_id, value)
                seen.append(field_id)
        after(page.url.rsplit("/", 1)[1])
        go_on(page)
    return seen


@pytest.mark.req("R-50", "R-51", "R-52", "U18")
@pytest.mark.parametrize("kind", TRIED)
def test_an_underretning_of_every_kind_is_written_and_sent(people, kind) -> None:
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name="Underret", exact=True))
    if kind == "bekymring":
        people.look("sofie", "underret")
    begin(page, kind)

    def look(section: str) -> None:
        if kind == "bekymring" or (kind in ("overgreb", "fravaer") and section == "bekymringen"):
            people.look("sofie", f"underret-{kind}-{section}")

    wanted = ANSWERS | MORE.get(kind, {})
    filled = fill(page, wanted, look)
    assert set(filled) == set(wanted), set(wanted) - set(filled)
    main = page.locator("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Læs underretningen igennem")
    expect(main).to_contain_text("Det kan du også skrive")
    if kind == "fravaer":
        expect(main).to_contain_text("Du har ikke skrevet fraværet eller vedlagt opgørelsen.")
    expect(main).not_to_contain_text("4242")
    people.look("sofie", f"underret-{kind}-gennemse")
    press(page, page.get_by_role("button", name="Send underretningen"))
    expect(main).to_contain_text("Underretningen er sendt til kommunen.")
    expect(main).to_contain_text(WORRY)
    people.look("sofie", f"underret-{kind}-sendt")


@pytest.mark.req("R-54", "U3")
def test_mettemarie_finds_them_and_reads_one(people) -> None:
    page = people.staff("mettemarie")
    press(page, page.get_by_role("link", name="Underretninger", exact=True))
    assert page.locator("main li h2").count() >= len(TRIED)
    people.look("mettemarie", "underretninger-modtaget")
    press(page, page.locator("main li h2 a").first)
    expect(page.locator("main")).to_contain_text(WORRY)
    expect(page.locator("main")).to_contain_text("Forældrene må ikke få besked endnu.")
    people.look("mettemarie", "underretning")
    officer = people.staff("rasmus")
    officer.goto("/log/underretninger")
    expect(officer.locator("main")).to_contain_text("Mette-Marie Juhl")
    expect(officer.locator("main")).not_to_contain_text(WORRY)
    people.look("rasmus", "log-underretninger-laest")


@pytest.mark.req("R-53", "R-54", "R-72", "R-120")
def test_mettemarie_answers_a_case_of_insight(people) -> None:
    officer = people.staff("rasmus")
    press(officer, officer.get_by_role("link", name="Indsigt", exact=True))
    officer.locator("summary", has_text="Stjernehuset").click()
    press(officer, officer.get_by_role("link", name="Noor"))
    officer.get_by_label("Hvilken indehaver, eller for hvem?").select_option(index=1)
    officer.get_by_label("Hvordan har I sikret jer, hvem det er?").fill("Logget ind med MitID")
    officer.get_by_label("Hvilken dag kom anmodningen?").fill(officer.evaluate("new Date().toISOString().slice(0, 10)"))
    press(officer, officer.get_by_role("button", name="Begynd sagen"))
    expect(officer.locator("main")).to_contain_text("Har ikke svaret endnu")
    case = officer.url.rsplit("/", 1)[1]

    page = people.staff("mettemarie")
    press(page, page.get_by_role("link", name="Underretninger", exact=True))
    number = page.locator("main li h2 a").first.inner_text()
    press(page, page.get_by_role("link", name="Sager om indsigt, som I skal svare i"))
    people.look("mettemarie", "indsigt-sager")
    press(page, page.locator(f"main li h2 a[href$='{case}']"))
    press(page, page.get_by_role("button", name="Led efter underretninger"))
    page.get_by_label("Nummer på en underretning, der også handler om barnet").fill("TD-NEJ")
    press(page, page.get_by_role("button", name="Tag den med"))
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_label("Nummer på en underretning, der også handler om barnet").fill(number)
    press(page, page.get_by_role("button", name="Tag den med"))
    people.look("mettemarie", "indsigt-sag")
    press(page, page.get_by_role("link", name=f"Underretning {number}"))
    expect(page.get_by_role("checkbox", name="Udelad Dit navn og din stilling")).to_be_checked()
    page.get_by_label("Giv det uden det, jeg har valgt fra").check()
    page.get_by_label("Hvis noget ikke gives: efter hvilken bestemmelse?").fill("Forvaltningslovens § 15 b")
    page.get_by_label("Hvorfor?", exact=True).fill("Hensynet til andre vejer tungere.")
    press(page, page.get_by_role("button", name="Gem beslutningen"))
    expect(page.locator("#trods-fejl")).to_contain_text("forældrene ikke må få besked endnu")
    people.look("mettemarie", "indsigt-underretning")
    page.get_by_label("Hvorfor må det gives, selv om forældrene ikke må få besked endnu?").fill(
        "De har fået det at vide."
    )
    press(page, page.get_by_role("button", name="Gem beslutningen"))
    press(page, page.get_by_role("button", name="Svar: vi har taget stilling til alt"))
    expect(page.locator("main")).to_contain_text("I har svaret")
    officer.reload()
    expect(officer.locator("main")).to_contain_text("Har svaret")
    expect(officer.locator("main")).not_to_contain_text(number)


@pytest.mark.req("R-50", "R-51", "R-121")
def test_about_a_child_on_the_list_by_keyboard_alone_with_the_least(people) -> None:
    page = people.staff("mikkel")
    enter(page, page.get_by_role("link", name="Villads Krag"))
    enter(page, page.get_by_role("link", name="Skriv en underretning"))
    people.look("mikkel", "underret-barn")
    tab_to(page, page.locator("#kind-1"))
    page.keyboard.press("Space")
    enter(page, page.get_by_role("button", name="Begynd at skrive"))
    while not page.url.endswith("/bekymringen"):
        enter(page, page.get_by_role("button", name="Gem og gå videre"))
    tab_to(page, page.locator("#f-c_kort"))
    page.keyboard.type("Villads er ofte ked af det.")
    while "/udfyld/" in page.url:
        enter(page, page.get_by_role("button", name="Gem og gå videre"))
    expect(page.locator("main")).to_contain_text("Villads er ofte ked af det.")
    enter(page, page.get_by_role("button", name="Send underretningen"))
    expect(page.locator("main")).to_contain_text("Underretningen er sendt til kommunen.")


@pytest.mark.req("R-51")
def test_what_is_missing_leads_to_its_field_and_danger_to_the_telephone(people) -> None:
    page = people.staff("sofie")
    begin(page, "bekymring")
    field(page, "akut").get_by_text("Ja", exact=True).click()
    go_on(page)
    while "/udfyld/" in page.url:
        go_on(page)
    expect(page.locator("main")).to_contain_text("Er barnet i fare nu, så ring først")
    expect(page.get_by_role("button", name="Send underretningen")).to_have_count(0)
    people.look("sofie", "underret-mangler")
    press(page, page.get_by_role("link", name=re.compile("Bekymringen kort")).first)
    expect(page.locator("#f-c_kort")).to_be_in_viewport()
    write(page, "c_kort", "Barnet græder hver dag.")


# kind → who begins it, about whom, and from which place's answers the receiver is picked
TRANSITIONS = {
    "sp_dp": ("anja", "Viggo Aagaard", "Dagplejen og Vuggestuen Bækken"),
    "dp_bh": ("yusuf", "Storm Nguyễn Madsen", "Børnehaven Stjernehuset"),
    "bh_bh": ("sofie", "Olivia Nowak", "Skovbørnehaven Skovtrolden"),
    "bh_sk": ("sofie", "Olivia Nowak", "Lindeskolen med SFO Lindetræet"),
    "sk_sk": ("peter", "Freja Mørch", "Børnehaven Stjernehuset"),
    "ind_mel": ("peter", "Freja Mørch", "Børnehaven Stjernehuset"),
}
# These ask what the one before them asks.
ALIKE = {"dp_bh", "sk_sk"}
WRITTEN = {
    "u_ressourcer": "Er nysgerrig og kan lide at bygge.",
    "u_relationer": "Leger helst med to faste venner.",
    "u_sprog": "Taler i hele sætninger.",
    "u_greb": "Vi viser dagen med billeder.",
    "u_position": False,
    "u_indsatser": [{"indsats": "Lille legegruppe", "fortsaetter": True}],
}


@pytest.mark.req("O1", "O20", "O24")
@pytest.mark.parametrize("kind", [kind for kind in TRANSITIONS if EVERYTHING or kind not in ALIKE])
def test_an_overgangsbeskrivelse_of_every_kind_is_written(people, kind) -> None:
    username, child, receiver = TRANSITIONS[kind]
    page = people.staff(username)
    press(page, page.get_by_role("link", name=child))
    form = page.locator("form", has=page.locator("input[name=form][value=overgangsbeskrivelse]"))
    if form.locator("input[type=radio]").count():
        form.locator(f"label[for=overgangsbeskrivelse-{kind}]").click()
    press(page, form.get_by_role("button"))
    expect(page.locator(f"input[name='f.overgangstype'][value={kind}]")).to_be_checked()
    field(page, "til_enhed").locator("select").select_option(label=receiver)
    asked_for_learning = kind in ("bh_sk", "sk_sk", "ind_mel")

    def look(section: str) -> None:
        if section == "fagpersonens_del":
            label = page.locator("label[for=f-u_laering]")
            expect(label).to_have_text(re.compile("skal udfyldes" if asked_for_learning else "læring$"))
            if kind in ("sp_dp", "bh_sk"):
                people.look(username, f"overgang-{kind}-{section}")

    wanted = WRITTEN | ({"u_laering": "Kan fordybe sig i en bog."} if asked_for_learning else {})
    if kind == "ind_mel":  # rests on the municipality's guidelines: the parents are informed, not asked
        wanted |= {"orientering_dato": "2026-11-20"}
    assert set(fill(page, wanted, look)) == set(wanted)
    expect(page.get_by_role("button", name="Del med forældrene")).to_be_visible()
    missing = page.locator(".error-summary li")
    if kind == "bh_sk":  # the leader's to answer
        expect(missing).to_have_text(["Feltet »Tvivl om skolestart« skal udfyldes."])
    else:
        expect(missing).to_have_count(0)
    people.look(username, f"overgang-{kind}-gennemse")
