"""A round's documents that are held back: what the page says, promises and goes on asking (ADR 0034)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support.installation import as_staff
from tests.walks.test_gathered_pages import ADDRESS, ZIP, attested, both, entries, listed, opened, order, people, stop
from tests.walks.test_round_pages import SOFIE
from tillid.usecases import gather_progress
from tillid.web.views import gathered

__all__ = ["both", "people"]  # fixtures


def fail(world, entry, times=1):
    for _ in range(times):
        with world.house() as house:
            house.outbox.failed(entry.key, "documents.render-failed", house.moment)


@pytest.mark.req("R-123")
def test_while_none_could_be_made_no_file_is_promised_and_the_page_goes_on_asking(both):
    world, app = both.world, as_staff(both, "sofie")
    order(app)
    for one in entries(world):
        fail(world, one)
    page = app.get(f"{ADDRESS}/fremdrift")
    assert "Ingen dokumenter er færdige endnu" in page and "hx-get" in page, "it shows when they are made after all"
    assert page.text.count("Systemet prøver igen af sig selv") == 1, "one reason is said once"
    assert not any(words in page for words in ("Filen er klar", "0 dokumenter", "Hent filen", "Filen indeholder"))
    fail(world, entries(world)[0], 7)
    world.clock.move(minutes=1)
    assert world.drain() == []
    page = app.get(f"{ADDRESS}/fremdrift")
    assert "Filen kan hentes, men noget mangler" in page and "Sig det til jeres administrator" in page
    assert "Hent filen" in page and "hx-get" not in page, "nothing more comes by itself"
    stop(app)
    order(app)
    for one in entries(world):
        fail(world, one, 8)
    again = app.get(f"{ADDRESS}/fremdrift")
    assert "Filen kan hentes, men noget mangler" in again and "hx-get" not in again


def test_many_that_fail_alike_are_told_in_one_line(both, monkeypatch):
    app = as_staff(both, "sofie")
    order(app)
    real = gather_progress.gather_page

    def all_failed(house, who, round_id):
        found = real(house, who, round_id)
        held = tuple(gather_progress.Held(number=f"TD-{n:08}", state="given_up", code="a.b") for n in range(200))
        return msgspec.structs.replace(
            found, progress=msgspec.structs.replace(found.progress, ready=0, waiting=0, held=held)
        )

    monkeypatch.setattr(gathered, "gather_page", all_failed)
    page = app.get(f"{ADDRESS}/fremdrift")
    assert "Der er ingen dokumenter at hente" in page and page.text.count("a.b") == 1
    assert "TD-00000009" in page and "TD-00000010" not in page and "og 190 til" in page


@pytest.mark.req("R-18", "R-71")
def test_what_may_no_longer_be_read_is_not_promised_to_be_in_the_file(both):
    world, app = both.world, as_staff(both, "birgit")
    document = attested(world)
    order(app, "follow_up")
    world.drain()
    assert "1 dokument er med" in app.get(ADDRESS)
    with world.house() as house:
        found = house.documents.get(document)
        house.documents.replace(msgspec.structs.replace(found, unit_id=world.ids.units["skovtrolden"]))
    page = app.get(ADDRESS)
    assert "Du må ikke længere læse det" in page and found.number in page
    assert "er med" not in page and "Hent filen" not in page


def test_one_damaged_copy_keeps_the_others_back_from_nobody(both):
    world, app = both.world, as_staff(both, "sofie")
    order(app)
    world.drain()
    whole = app.get(ZIP)
    with world.house() as house:
        first = house.documents.of_round(SOFIE.round_id)[0]
        digest = house.documents.version(first.id, 1).copies["team"].sha256
        place = Path(house.blobs._contents[digest].blob.committed())
    place.chmod(0o644)
    place.write_bytes(b"%PDF- something else")
    answer = app.get(ZIP)
    assert len(opened(answer).namelist()) == len(opened(whole).namelist()) - 1 and opened(answer).testzip() is None
    assert "Filen er beskadiget" in listed(answer) and first.number in listed(answer)
    assert not any(first.number in name for name in opened(answer).namelist())
    done = [r.object_id for r in world.parts.audit.tail(500) if (r.phase, r.action) == ("outcome", "read_individual")]
    assert done.count(first.id) == 1 and len(done) == 3, "what did not leave is not noted as read"
    place.unlink()
    assert "Filen er beskadiget" in listed(app.get(ZIP))


def test_an_order_of_nothing_promises_no_file(both):
    app = as_staff(both, "birgit")
    token = app.get("/").forms[0]["csrf_token"].value
    page = app.post(ADDRESS, {"csrf_token": token, "purpose": "follow_up"}).follow()
    assert "Der er ingen dokumenter at hente" in page and "Filen er klar" not in page and "Hent filen" not in page
