"""A full disk stops neither a parent nor an employee who takes back the consent to a meeting, and does stop who gives one (R-17)."""

from __future__ import annotations

import errno

import pytest

from tests.support.installation import ORIGIN, WorldInstallation, as_parent, as_staff
from tests.support.shared_forms import SHEET
from tests.walks.test_meeting_consent import answer, ask, called_meeting
from tests.walks.test_meeting_pages import form_with
from tillid.cms.reserve import full_disk, is_full_disk
from tillid.kernel.ids import new_id
from tillid.wiring.running import URGENT

__all__ = ["called_meeting"]


class OnFullDisk(WorldInstallation):
    """``reserve``: whether there is one; room is made for what is urgent, as the running installation does."""

    reserve = True

    def fill(self):
        self.fails_at_vote = OSError(errno.ENOSPC, "No space left on device")

    def full(self, error, note):
        if not is_full_disk(error):
            return error, False
        if made := note in URGENT and self.reserve:
            self.fails_at_vote, self.reserve = None, False
        return full_disk(), made


@pytest.fixture
def full(called_meeting):
    """Both mothers are asked; the second has said yes."""
    world, leader, document_id = called_meeting
    question = ask(world, leader, document_id)
    answer(world, world.holders(SHEET.child_id)[1], question)
    return OnFullDisk(world), f"/moede/{question.id}", f"/dokument/{document_id}/moedesamtykke"


@pytest.mark.req("R-17", "D12")
def test_a_mother_takes_back_and_does_not_give(full):
    installation, address, _ = full
    first, second = (as_parent(installation, one.person_id) for one in installation.world.holders(SHEET.child_id))
    form = form_with(first.get(address), "svar.purpose")
    for name in [one for one in form.fields if one and one.startswith("svar.")]:
        form[name] = "ja"
    taking = next(one for one in second.get(address).forms.values() if one.html.select_one('button[value="alt"]'))
    installation.fill()
    assert "ikke registreret" in form.submit("trin", value="svar", status=503)
    assert installation.reserve, "it is not for a yes"
    assert "virker allerede" in taking.submit("trin", value="alt", status=303).follow()


@pytest.mark.req("R-16", "R-17", "D12")
def test_an_employee_is_told_by_phone(full):
    installation, _, address = full
    form = form_with(as_staff(installation, "birgit").get(address), "hvem")
    installation.fill()
    assert "Tilbagekaldelsen er registreret" in form.submit("metode", value="telefon", status=303).follow()


@pytest.mark.req("R-17", "D12")
def test_without_a_reserve_the_page_says_so_and_whom_to_ring(full):
    installation, address, staff = full
    installation.reserve = False
    mother = as_parent(installation, installation.world.holders(SHEET.child_id)[1].person_id)
    taking = next(one for one in mother.get(address).forms.values() if one.html.select_one('button[value="alt"]'))
    by_phone = form_with(as_staff(installation, "birgit").get(staff), "hvem")
    installation.fill()
    for page in (
        taking.submit("trin", value="alt", status=503),
        by_phone.submit("metode", value="telefon", status=503),
    ):
        assert "IKKE registreret" in page and "tel:" in page


@pytest.mark.req("R-18")
@pytest.mark.parametrize(
    "body", [b"trin=alt" + b"&a=" * 100_001, b"trin=%ff", b"\xff\xfe=1"], ids=["many", "code", "bytes"]
)
def test_a_form_that_cannot_be_read_is_answered_as_on_every_other_page(full, body):
    installation, address, _ = full
    mother = as_parent(installation, installation.world.holders(SHEET.child_id)[1].person_id)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN}
    elsewhere = f"/samtykke/{new_id()}/traek-tilbage"
    here, there = (mother.post(one, body, headers=form, expect_errors=True) for one in (address, elsewhere))
    assert here.status_int == there.status_int in (404, 409)
