"""Soft warnings: beside the field, let be with a reason that is kept until the answers change, shown on the review."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET
from tillid.kernel.errors import NotFound
from tillid.usecases.fill import definition_of
from tillid.usecases.override_warning import override_warning
from tillid.usecases.start_document import start_document

RULE, FIELD = "droeftet_af_to", "droeftet_af"
WARNING = "Der er kun skrevet én, som har drøftet barnet."


@pytest.fixture
def opened(world_at):
    """A team's assessment, open at the section of the rule's field, with one name in it."""
    installation = WorldInstallation(world_at("people"))
    with installation.world.house() as house:
        document = start_document(house, installation.world.staff("sofie"), SET.child_id, "trivselsvurdering")
        section = definition_of(house, document).field(FIELD).section
    address = f"/dokument/{document.id}/udfyld/{section}"
    app = as_staff(installation, "sofie")
    page = app.get(address)
    assert WARNING not in page, "nothing is begun"
    page = write(page, "Sofie Brandt")
    assert WARNING in page
    return installation, document, page


def write(page, names: str):
    form = page.forms["fill"]
    form[f"f.{FIELD}"] = names
    return form.submit("go", value="stay", status=303).follow()


@pytest.mark.req("U20")
def test_it_is_let_be_with_a_reason_until_the_answers_change(opened):
    _, document, page = opened
    form = page.forms["fill"]
    form[f"why.{RULE}"] = "Kun én kender barnet endnu."
    page = form.submit("do", value=f"override.{RULE}", status=303).follow()
    assert "Begrundelse: Kun én kender barnet endnu." in page
    review = page.test_app.get(f"/dokument/{document.id}/gennemse")
    assert "Kun én kender barnet endnu." in review and "Sofie Brandt" in review
    page = write(page, "Mikkel Holst")
    assert WARNING in page and "Kun én kender barnet endnu." not in page
    page = write(page, "Mikkel Holst\nSofie Brandt")
    assert WARNING not in page


def test_a_reason_is_kept_whichever_button_was_pressed(opened):
    _, _document, page = opened
    form = page.forms["fill"]
    form[f"why.{RULE}"] = "Skrevet, før der blev gået videre."
    form.submit("go", value="next", status=303)
    assert "Skrevet, før der blev gået videre." in page.test_app.get(page.request.path)


def test_a_field_by_itself_brings_and_takes_the_warning(opened):
    _, document, page = opened
    form = page.forms["fill"]
    posted = {"csrf_token": form["csrf_token"].value, f"base.{FIELD}": form[f"base.{FIELD}"].value}
    address = f"/dokument/{document.id}/felt/{FIELD}"
    answer = page.test_app.post(address, {**posted, f"f.{FIELD}": "Sofie Brandt\nMikkel Holst"})
    assert "Gemt" in answer and WARNING not in answer and f'id="f-{FIELD}-warnings"' in answer


def test_nobody_else_lets_it_be_and_no_warning_is_let_be_that_is_not_there(opened):
    installation, document, _ = opened
    world = installation.world
    with world.house() as house, pytest.raises(NotFound):
        override_warning(house, world.staff("hanne"), document.id, RULE, "Fremmed")
    with world.house() as house:
        assert not override_warning(house, world.staff("sofie"), document.id, "findes_ikke", "Grund")
        assert not override_warning(house, world.staff("sofie"), document.id, RULE, "   ")
        assert house.documents.draft(document.id).overridden == {}
