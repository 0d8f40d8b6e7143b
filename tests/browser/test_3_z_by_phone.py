"""Taken back by telephone: one employee records it, and it is gone at the receiver's next request."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.people import press
from tests.browser.test_3_withdraw import as_read
from tests.browser.test_3_x_restored import STORM


@pytest.mark.req("R-16", "R-17", "R-18")
def test_a_withdrawal_by_phone_is_recorded_by_one_employee(people, walk) -> None:
    walk.after("withdrawn")
    page = people.staff("birgit")
    press(page, page.get_by_role("link", name=STORM))
    released = re.search(r"/modtaget/[0-9a-f-]{36}", page.url)[0]
    people.look("birgit", "modtaget-storm")
    page = people.staff("yusuf")
    people.look("yusuf", "forside")
    press(page, page.get_by_role("link", name=STORM))
    press(page, page.locator("main .list-cards a").first)
    people.look("yusuf", "dokument-storm")
    press(page, page.get_by_role("link", name=re.compile("vil trække sit samtykke tilbage i telefonen")))
    people.look("yusuf", "tilbagekald")
    row = page.locator("section.item", has_text="Linh Nguyễn")
    press(page, row.get_by_role("button", name=re.compile("sagt i telefonen")))
    expect(page.locator("main")).to_contain_text("Tilbagekaldelsen er registreret og virker allerede.")
    people.look("yusuf", "tilbagekaldt")
    never = f"/modtaget/{uuid.uuid4()}"
    assert as_read(people.get("birgit", released)) == as_read(people.get("birgit", never))
    page = people.parent("Linh Nguyễn")
    people.look("Linh Nguyễn", "forside-tilbagekaldt")
    expect(page.locator("section[aria-labelledby=samtykker]")).not_to_contain_text("Du har sagt ja til:")
    walk.done.append("by phone")
