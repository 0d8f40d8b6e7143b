"""Bad values through the front door: each refused beside its field with the limit, and what was stored still there."""

from __future__ import annotations

import pytest
from lxml import html

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import author
from tillid.usecases.fill import definition_of

ROW = ["Sprogleg", "Pædagogen", "Efteråret", "God", "yes"]
CASES = {
    "a text of a megabyte": ("u_greb", ["x" * 1_000_000], "Skriv højst"),
    "a text that runs from right to left": ("u_greb", ["ord \u202e dro"], "tegn, der ikke kan ses"),
    "a text with a zero-width joiner": ("u_greb", ["o\u200brd"], "tegn, der ikke kan ses"),
    "a table of ten thousand rows": ("u_indsatser", ROW * 10_000, "Skriv højst 20 rækker."),
    "a table of twenty-one rows": ("u_indsatser", ROW * 21, "Skriv højst 20 rækker."),
    "a torn table": ("u_indsatser", ROW[:3], "har ikke den rigtige form"),
    "too long in a row": ("u_indsatser", ["x" * 121, *ROW[1:]], "Række 1, Indsats: Skriv højst 120 tegn."),
    "a code nobody offered": ("overgangstype", ["til_maanen"], "Vælg et af de svar, der er på listen."),
    "the 31st of February": ("startdato", ["2026-02-31"], "Datoen findes ikke."),
    "the year 1": ("startdato", ["0001-01-01"], "Året skal ligge mellem 1900 og 2100."),
    "a day in words": ("startdato", ["i morgen"], "Datoen findes ikke."),
    "a unit that is not ours": ("til_enhed", ["99999999-9999-4999-8999-999999999999"], "Svaret er ikke fuldstændigt."),
}


@pytest.fixture(scope="module")
def written(stages):
    world = stages.at("draft")
    with world.house() as house:
        username = house.people.staff(author(world).person_id).username
        definition = definition_of(house, house.documents.get(world.made["document"]))
    installation = WorldInstallation(world)
    yield world, as_staff(installation, username), definition
    installation.second.close()
    world.close()


@pytest.mark.parametrize("what", CASES)
def test_refused_beside_the_field_with_the_limit(written, what):
    world, browser, definition = written
    field_id, texts, said = CASES[what]
    one, address = definition.field(field_id), f"/dokument/{world.made['document']}/udfyld/"

    def stored():
        with world.house() as house:
            return house.documents.draft(world.made["document"]).answers.get(field_id)

    before = stored()
    form = next(f for f in browser.get(address + one.section).forms.values() if f"base.{field_id}" in f.fields)
    posted = [("csrf_token", form["csrf_token"].value), (f"base.{field_id}", form[f"base.{field_id}"].value)]
    posted += [(f"f.{field_id}", text) for text in texts]
    answer = browser.post(address + one.section, posted, expect_errors=True)
    assert answer.status_int == 422
    assert len(answer.body) < 3_000_000, "what was sent is not sent back many times over"
    page = html.fromstring(answer.body)
    assert said in page.get_element_by_id(f"f-{field_id}-error").text_content()
    (summary,) = page.xpath(f"//*[contains(@class, 'alert')]//a[starts-with(@href, '#f-{field_id}')]")
    assert one.label in summary.text_content() and said in summary.text_content()
    assert stored() == before
