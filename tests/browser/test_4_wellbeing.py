"""The forms of the method in the browser: each in each variant, filled field by field, by keyboard alone too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.every_field import document_of, fill_section, sections_of, type_section
from tests.browser.looking import WIDTHS
from tests.browser.people import press
from tests.support.effort import EVERYTHING

# Where a child of each age is, who marks it, and the kind of place its form then shows (T15).
AGES = {
    "sundhedspleje": ("Viggo Aagaard", ("anja", "bodil")),
    "dagpleje_vuggestue": ("Rosa Thygesen", ("trine",)),
    "boernehave": ("Olivia Nowak", ("mikkel",)),
    "skole_sfo": ("Freja Mørch", ("line",)),
}
MEETINGS = ("Dialogmøde med forældre", "Netværksmøde", "Småbørnsteam", "Tværfagligt team")
FORUM = "Fagligt sparringsforum (uden konkret barn)"
# The assessment differs less from age to age than the marks before it; all ages at night.
ASSESSED = [age for age in AGES if EVERYTHING or age in ("sundhedspleje", "boernehave")]
# The meetings about a child ask the same; all of them at night (``make test-thorough``).
KINDS = (*(MEETINGS if EVERYTHING else MEETINGS[1:2]), FORUM)
# Filled by the system or by parents; "r_ingen_aftaler" is instead of an agreement.
NEVER_ASKED = {"variant", "moedetype", "barn"}


def child_page(page: Page, name: str) -> None:
    press(page, page.get_by_role("link", name=name))


def begin_mark(page: Page, child: str) -> None:
    child_page(page, child)
    press(page, page.get_by_role("link", name=re.compile("^Trivselsskema, ")))
    press(page, page.get_by_role("button", name="Begynd dit trivselsskema"))


def begin_sheet(page: Page, kind: str) -> None:
    page.get_by_label(kind).check(force=True)
    press(page, page.get_by_role("button", name="Begynd et FDR-skema"))


def look(people, page: Page, who: str, name: str, *, everywhere: bool) -> None:
    """The phone always; the desk too in one variant of each form."""
    people.looker.look(page, who, name, widths=tuple(WIDTHS) if everywhere else ("telefon",))


def nothing_is_missing(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Gennemse det hele")
    expect(page.locator("[aria-labelledby=missing-heading]")).to_have_count(0)


def filled_in(found: dict[str, set[str]]) -> set[str]:
    return set().union(*found.values())


@pytest.mark.req("T15", "T8", "T22")
@pytest.mark.parametrize("age", list(AGES))
def test_a_trivselsskema_of_each_age(people, age) -> None:
    child, (first, *_) = AGES[age]
    page = people.staff(first)
    begin_mark(page, child)

    def fill(page: Page) -> set[str]:
        done = fill_section(page)
        look(people, page, first, f"trivselsskema-{age}", everywhere=age == "boernehave")
        return done

    done = filled_in(sections_of(page, fill))
    nothing_is_missing(page)
    look(people, page, first, f"trivselsskema-{age}-gennemse", everywhere=age == "boernehave")
    assert ("position_kontekst" in done) == (age == "sundhedspleje")
    assert {"position", "begrundelse", "tegn_folelser", "styrker", "akut"} <= done and not NEVER_ASKED & done
    press(page, page.get_by_role("button", name="Indsend"))
    look(people, page, first, f"trivselsskema-{age}-indsendt", everywhere=age == "boernehave")


@pytest.mark.req("T5", "T32")
def test_the_overview_when_all_of_a_group_have_submitted(people, walk) -> None:
    page = people.staff("bodil")
    begin_mark(page, "Viggo Aagaard")
    sections_of(page, type_section)  # this one by keyboard alone
    nothing_is_missing(page)
    press(page, page.get_by_role("button", name="Indsend"))
    page.goto("/")
    child_page(page, "Viggo Aagaard")
    press(page, page.get_by_role("link", name=re.compile("^Trivselsskema, ")))
    press(page, page.get_by_role("link", name="Se overblikket for gruppen"))
    expect(page.locator("main .position")).to_have_count(4)  # two marks, of the child and of its surroundings
    people.look("bodil", "overblik")
    press(page, page.get_by_role("link", name=re.compile("^Skriv om gruppen")))

    def fill(page: Page) -> set[str]:
        done = type_section(page)
        people.look("bodil", "overblik-skriv")
        return done

    assert {"miljoe", "gruppe_aftaler"} <= filled_in(sections_of(page, fill))
    page.goto("/")
    press(page, page.get_by_role("link", name=re.compile("^Møder og overblik")))
    people.look("bodil", "enhed")
    expect(page.get_by_role("link", name=re.compile("^Trivselsoverblik for gruppen: Distrikt Nord"))).to_be_visible()


@pytest.mark.req("R-03", "T9")
def test_the_mother_was_told_and_sees_no_mark(people) -> None:
    page = people.parent("Emma Aagaard")
    notice = page.locator("section[aria-labelledby=beskeder]").get_by_role("link")
    expect(notice).to_have_text("Sådan følger vi, hvordan børn har det")
    press(page, notice)
    people.look("Emma Aagaard", "orientering")
    expect(page.locator("main")).to_contain_text("hvordan alle børn trives")
    expect(page.locator("main")).not_to_contain_text("Gul")


@pytest.mark.req("T6", "T15", "T22")
@pytest.mark.parametrize("age", ASSESSED)
def test_a_trivselsvurdering_of_each_age(people, age) -> None:
    page = people.staff("jonas")
    child_page(page, AGES[age][0])
    press(page, page.get_by_role("button", name="Begynd en trivselsvurdering"))

    def fill(page: Page) -> set[str]:
        done = fill_section(page)
        look(people, page, "jonas", f"trivselsvurdering-{age}", everywhere=age == "boernehave")
        return done

    done = filled_in(sections_of(page, fill))
    assert ("samlet_position_kontekst" in done) == (age == "sundhedspleje")
    assert {"trekant_barnet", "underret_stilling", "f_vi_goer", "f_foraeldre_inddraget"} <= done
    nothing_is_missing(page)
    look(people, page, "jonas", f"trivselsvurdering-{age}-gennemse", everywhere=age == "boernehave")
    press(page, page.get_by_role("button", name="Attestér og lås"))
    expect(page.locator("main")).to_contain_text("Bekræftet af Jonas Terkelsen som leder")
    look(people, page, "jonas", f"trivselsvurdering-{age}-laast", everywhere=age == "boernehave")
    expect(page.get_by_role("button", name=re.compile("Del"))).to_have_count(0)


@pytest.mark.req("T6", "R-122")
def test_a_trivselsvurdering_by_keyboard_alone(people) -> None:
    page = people.staff("jonas")
    child_page(page, "Alma Skov Petersen")
    press(page, page.get_by_role("button", name="Begynd en trivselsvurdering"))
    done = filled_in(sections_of(page, type_section))
    assert {"droeftet_af", "spoergsmaal", "samlet_position", "handling", "f_vi_goer", "f_opfoelgning"} <= done
    nothing_is_missing(page)


@pytest.mark.req("D1", "D2", "D3", "D5", "D6", "D13")
@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_of_each_kind_of_meeting(people, kind) -> None:
    page = people.staff("jonas")
    if kind == FORUM:
        press(page, page.get_by_role("link", name=re.compile("^Møder og overblik.*Børnehaven Stjernehuset$")))
        people.look("jonas", "enhed")
    else:
        child_page(page, "Theo Lindgaard Bech")
    begin_sheet(page, kind)

    def fill(page: Page) -> set[str]:
        done = fill_section(page)
        look(people, page, "jonas", "fdr", everywhere=kind == MEETINGS[1])
        return done

    done = filled_in(sections_of(page, fill))
    about_a_child = {"grundlag", "grundlag_ref", "barn_forb", "r_tovholder", "foraeldre_deltager", "foraeldre_nej"}
    assert about_a_child & done == (set() if kind == FORUM else about_a_child)
    assert {"problemstilling", "domaener", "domaener_tid", "d_analyse", "d_beslutning", "r_aftaler", "e_klart"} <= done
    nothing_is_missing(page)
    look(people, page, "jonas", "fdr-gennemse", everywhere=kind == MEETINGS[1])
    press(page, page.get_by_role("button", name="Godkend referatet og lås"))
    people.look("jonas", "fdr-laast")
    if kind == FORUM:
        closed(people, page)


def closed(people, page: Page) -> None:
    """All that was agreed on is done (D7)."""
    press(page, page.get_by_role("link", name="Se aftalerne, og afslut dem"))
    people.look("jonas", "fdr-aftaler")
    press(page, page.get_by_role("button", name="Afslut aftalerne"))
    people.look("jonas", "fdr-aftaler-mangler")
    for agreement in page.locator("fieldset").all():
        agreement.get_by_label("Udført").check()
    press(page, page.get_by_role("button", name="Afslut aftalerne"))
    expect(page.locator("main")).to_contain_text("Alle aftaler er afsluttet.")
    press(page, page.get_by_role("link", name="Se, hvordan de endte"))
    people.look("jonas", "fdr-aftaler-afsluttet")


@pytest.mark.req("D1", "R-122")
def test_a_sheet_by_keyboard_alone(people) -> None:
    page = people.staff("birgit")
    child_page(page, "Theo Lindgaard Bech")
    begin_sheet(page, "Netværksmøde")
    done = filled_in(sections_of(page, type_section))
    assert {
        "grundlag",
        "tid_sted",
        "deltagere",
        "domaener",
        "d_refleksion",
        "r_aftaler",
        "r_naeste",
        "e_formaal",
    } <= done
    nothing_is_missing(page)


@pytest.mark.req("D13")
def test_an_anonymous_case_has_no_child(people) -> None:
    page = people.staff("birgit")
    press(page, page.get_by_role("link", name=re.compile("^Møder og overblik")))
    begin_sheet(page, "Småbørnsteam")
    expect(page.locator("#field-barn")).to_have_count(0)
    page.get_by_label("Barnet drøftes anonymt").check(force=True)
    press(page, page.get_by_role("button", name="Gem", exact=True))
    expect(page.locator("#field-foraeldre_deltager")).to_be_hidden()
    document = document_of(page)
    for who, status in (("sofie", 200), ("trine", 404)):
        people.staff(who)
        assert people.get(who, document).status == status, who
    page.goto(document + "/gennemse")
    press(page, page.get_by_role("button", name="Godkend referatet og lås"))
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Det er ikke gjort endnu.")
    people.look("birgit", "fdr-ikke-laast")
    press(page, summary.get_by_role("link", name=re.compile("Kort resumé")))
    expect(page.locator("#f-r_resume")).to_be_focused()
