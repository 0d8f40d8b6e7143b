"""A round's documents that are held back: what the page says, promises and goes on asking (ADR 0034)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import as_staff
from tests.walks.test_gathered_pages import ADDRESS, both, entries, order, people, stop
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
