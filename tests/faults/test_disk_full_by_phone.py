"""A full disk does not stop an employee who is told by phone that a consent is taken back."""

from __future__ import annotations

import json

import pytest

from tests.faults.served import Browser
from tests.faults.test_disk_full import small_disk as small_disk
from tillid.cms.reserve import SIZE
from tillid.demo.loading import accounts


@pytest.mark.req("R-16", "R-17")
def test_a_withdrawal_by_phone_takes_the_reserve(small_disk, asked_site):
    server, disk = small_disk
    made = json.loads((asked_site / "made.json").read_text())
    request, (first, _) = made["request"], made["parents"]
    parent = Browser(server.port).log_in_as_parent(first)
    assert parent.say_yes(request)[0] == 200
    staff = Browser(server.port).log_in_as_staff("sofie", dict(accounts())["sofie"])
    address, form = f"/dokument/{made['document']}/tilbagekald", "//form[.//input[@name='samtykke']]"
    assert disk.reserve.stat().st_size == SIZE
    disk.fill_to_stay()
    status, page = staff.get(address)
    assert status == 200, page.decode()
    reserve = disk.reserve.stat().st_ino
    (status, page), had_room = disk.had_room_during(lambda: staff.submit(page, form, press=("metode", "telefon")))
    assert status == 200 and "Tilbagekaldelsen er registreret" in page.decode(), page.decode()
    assert had_room or not disk.reserve.exists() or disk.reserve.stat().st_ino != reserve
    assert "Ingen har et ja" in staff.get(address)[1].decode()
    assert "Trukket tilbage" in parent.get("/")[1].decode()
