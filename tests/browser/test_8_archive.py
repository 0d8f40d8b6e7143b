"""Search, open, verify, hold, appraise, export, destroy: an old case's whole way, walked by two archivists (issue 7).

The server is started anew on a clock that moves, so this comes after everything that is logged in by today's.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import log_in_staff, press, state_purpose
from tillid.archive.retention import after
from tillid.archive.retention_rules import our_rules
from tillid.demo.archive_cases import archive_case

PURPOSE = "Bevaring eller kassation: sag 27-0314"
TRIAL = "Retssag <b>anlagt</b> mod kommunen & afdelingen"
WHY = "Perioden er udløbet, og rådet har besluttet kassation."
CASE = archive_case(1)  # from Kastanjen, with an answer of each of two holders
DUE = after(CASE.child_moved.left[CASE.unit_id], our_rules().of_forms()[CASE.form_id].period)


class Archivist:
    """One of the two, on a page of their own; ``go``: through a button or a link that leads to another page."""

    def __init__(self, people, username: str) -> None:
        self.people, self.name, self.page = people, username, people.stranger()
        log_in_staff(self.page, username)
        self.main = self.page.locator("main")

    def go(self, role: str, name: str | re.Pattern[str], place=None) -> None:
        press(self.page, (place or self.main).get_by_role(role, name=name, exact=True).first)

    def look(self, name: str) -> None:
        self.people.look(self.name, f"vej-{name}", self.page)

    def says(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def offers(self, name: str) -> bool:
        return self.page.get_by_role("button", name=name, exact=True).count() > 0

    def search(self) -> None:
        """For the case's child, with a place as filter."""
        self.page.goto("/arkiv")
        state_purpose(self.page, PURPOSE)
        self.page.get_by_label("Barn", exact=True).fill(CASE.child.name)
        self.go("button", "Søg")


def found(ove: Archivist) -> str:
    """Found by child and place, opened without stating the purpose again; its permanent address."""
    ove.search()
    ove.page.get_by_text("Vælg filtre", exact=True).click()
    ove.page.locator("label", has_text="Kastanjen").first.click()
    ove.go("button", "Brug filtrene")
    expect(ove.page.locator("#hits")).to_have_text("1 dokument fundet")
    ove.look("1-fundet")
    ove.go("button", re.compile("^Åbn sagen"))
    ove.look("2-sag")
    expect(ove.page.locator("#records ~ ul").get_by_text("Seglet holder", exact=True)).to_have_count(2)
    ove.says(
        "Dokumentet blev begyndt", "Gav samtykke: Kirstine", "Alle, der skulle svare, havde givet samtykke", PURPOSE
    )
    return ove.page.url


def held(ove: Archivist) -> None:
    """A hold says in words that nothing can be destroyed, and is lifted."""
    ove.go("button", "Bevaring og destruktion")
    ove.look("3-bevaring")
    ove.page.get_by_text("Hold det tilbage", exact=True).first.click()
    ove.page.get_by_label("Hvorfor?").fill(TRIAL)
    ove.go("button", "Hold det tilbage")
    ove.says("Dokumentet kan ikke destrueres", "Dokumentet er holdt tilbage.", TRIAL)
    assert not ove.offers("Bed om destruktion")
    ove.look("4-holdt")
    ove.page.get_by_label("Hvorfor kan det slippes?").fill("Retssagen er slut.")
    ove.go("button", "Slip det fri")
    ove.says("Dokumentet er ikke holdt tilbage.")


def appraised(ove: Archivist) -> None:
    """Marked and asked for by one, who cannot confirm it."""
    ove.page.get_by_text("Sæt et mærke", exact=True).click()
    ove.page.get_by_text("Kasseres", exact=True).click()
    for label, value in (("KLE-emne", "17.00.00"), ("Handlingsfacet", "G01"), ("Begrundelse", WHY)):
        ove.page.get_by_label(label, exact=True).fill(value)
    ove.go("button", "Sæt mærket")
    expect(ove.page.locator(".error-summary")).to_be_focused()
    ove.look("5-mangler")
    ove.page.get_by_label("Bestemmelse eller beslutning").fill("BEK 183/2018")
    ove.go("button", "Sæt mærket")
    ove.page.get_by_label("Hvorfor skal det destrueres nu?").fill(WHY)
    ove.look("6-vurderet")
    ove.go("button", "Bed om destruktion")
    ove.says("En anden arkivar skal bekræfte. Det kan du ikke selv.")
    assert not ove.offers("Bekræft destruktionen")
    ove.look("7-bedt-om")


def confirmed(solvej: Archivist, number: str) -> None:
    """The other finds it by the place's due days, and confirms it with a double click, which is one."""
    solvej.go("link", "Frister", solvej.page.locator(".site-menu"))
    solvej.page.get_by_label("Sted").select_option(label="Vuggestuen Kastanjen")
    solvej.go("button", "Vis stedets frister")
    solvej.look("8-frister")
    press(solvej.page, solvej.main.get_by_role("link", name=re.compile(number)).first)
    solvej.look("9-den-anden")
    with solvej.page.expect_navigation():
        solvej.page.get_by_role("button", name="Bekræft destruktionen").dblclick()
    solvej.says("Solvej Astrup bekræftede den")
    expect(solvej.page.locator("#sket ~ ol").get_by_text("Bekræftede destruktionen")).to_have_count(1)
    solvej.look("10-bekraeftet")


def gone(ove: Archivist, number: str, link: str) -> None:
    """After the fortnight only what happened is left: by the link, by the due days, and not by any search."""
    page = ove.page
    for _ in range(60):
        page.goto(link + "/bevaring")
        if "Destrueret" in page.locator("h1").inner_text():
            break
        page.wait_for_timeout(250)
    ove.says("Dokumentet findes ikke mere.", number, "BEK 183/2018", "Ove Ravnkilde", "Solvej Astrup")
    ove.look("11-destrueret")
    ove.search()
    ove.look("12-intet")
    page.goto(link)
    state_purpose(page, PURPOSE)
    ove.go("button", "Åbn sagen")
    ove.says("Dokumentet findes ikke mere.", number)


@pytest.mark.req("R-71", "R-82", "R-90", "R-111")
def test_an_old_case_is_found_proven_held_appraised_packed_and_destroyed_by_two(served, people, tmp_path: Path) -> None:
    people.leave()
    served.again_on_a_clock(max(0, (DUE - date.today()).days + 2))
    ove, packages = Archivist(people, "ove"), str(tmp_path / "pakker")
    link = found(ove)
    held(ove)
    number = re.search(r"TD-\w+", ove.main.inner_text())[0]
    appraised(ove)
    packing = served.command("package", "make", "--document", number, "--out", packages, "--var", str(served.var))
    confirmed(Archivist(people, "solvej"), number)
    assert packing.wait(60) == 0, packing.stdout.read()
    ove.page.goto(link)
    state_purpose(ove.page, PURPOSE)
    ove.go("button", "Åbn sagen")
    ove.says("Sidst sat i gang", "En arkivpakke blev sat i gang")
    checked = served.command("package", "check", packages)
    served.move(15)
    gone(Archivist(people, "ove"), number, link)
    assert checked.wait(60) == 0, checked.stdout.read()
