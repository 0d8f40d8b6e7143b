"""All of a round's documents in one file: asked for, watched until it is ready, fetched (ADR 0034)."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.people import press
from tillid.web.render import environment


@pytest.mark.req("R-71", "R-111")
def test_a_rounds_documents_are_gathered_and_fetched(people) -> None:
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=re.compile("^Møder og overblik")))
    press(page, page.get_by_role("link", name=re.compile("^Hent rundens dokumenter")).first)
    people.look("sofie", "runde-dokumenter")
    page.get_by_label("Hvad skal du bruge dokumenterne til?").select_option("team_meeting")
    press(page, page.get_by_role("button", name="Saml dokumenterne"))
    expect(page.get_by_role("heading", name="Filen er klar")).to_be_visible()
    people.look("sofie", "runde-dokumenter-klar")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hent filen").click()
    with zipfile.ZipFile(fetched.value.path()) as file:
        names, listed = file.namelist(), file.read("indhold.html").decode()
        assert file.testzip() is None
    assert fetched.value.suggested_filename == "runde.zip" and names[-1] == "indhold.html"
    assert len(names) > 1 and all(name in listed for name in names[:-1]) and "Villads" in listed
    other = people.context(like="sofie").new_page()  # watched by nobody: what goes wrong in it is meant to
    other.goto(page.url)
    _one_answer_does_not_come(other)
    expect(other.get_by_role("heading", name="Filen er klar")).to_be_visible()
    press(page, page.get_by_role("button", name="Slet bestillingen"))
    expect(page.get_by_role("button", name="Saml dokumenterne")).to_be_visible()
    # No file any more: a page that says so, no failed download.
    press(other, other.get_by_role("link", name="Hent filen"))
    expect(other.get_by_text("Bestil dem igen")).to_be_visible()
    other.context.close()


def _one_answer_does_not_come(page) -> None:
    """What waits stands there again as every such page has it, and its first question is lost, as while Tillid is started again."""
    asking = environment("da").get_template("parts.html").module.asking(page.url.partition("#")[0] + "/fremdrift")
    page.route("**/fremdrift", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        page.evaluate(
            """asking => {
                document.getElementById("samling").outerHTML = `<div id="samling" ${asking}>venter</div>`;
                htmx.process(document.getElementById("samling"));
            }""",
            str(asking),
        )
    expect(page.locator("#samling")).to_have_text("venter")
