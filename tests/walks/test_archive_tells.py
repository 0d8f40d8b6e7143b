"""What the archivist's page says of a question that went otherwise than it was meant: signs that are no order, much too much, an order."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import document_now
from tests.walks.test_archive_pages import closed_cases, search
from tillid.documents.model import Draft
from tillid.kernel.ids import new_id
from tillid.web import archive_search

NO_ORDER = "En stjerne virker kun sidst i et ord"


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def test_signs_that_are_no_order_are_told_and_cost_nothing(signed):
    """A leading star, a regular expression, brackets, a name of a field: nothing typed is an error, and nothing is left unsaid."""
    app = as_staff(signed, "ove")
    for words in (
        "*insvin",
        "pind*svin",
        "/pin.*/",
        "((((pindsvin))))",
        "tekst:pindsvin",
        "pindsvin~2",
        "pindsvin OR (hund)",
    ):
        assert NO_ORDER in search(app, words), words
    for words in ("pindsv*", '"et pindsvin"', "trivsel og/eller leg", "kl. 8.30", "", "legeplads-pindsvin", "4:30"):
        assert NO_ORDER not in search(app, words), words


def test_too_much_found_says_what_to_do(signed, monkeypatch):
    closed_cases(signed.world, 24)
    app = as_staff(signed, "ove")
    assert "Det er mange" not in search(app, "pindsvin")
    monkeypatch.setattr(archive_search, "MANY", 20)
    assert "Det er mange" in search(app, "pindsvin")
    monkeypatch.setattr(archive_search, "DEEPEST", 20)
    monkeypatch.setattr(archive_search, "MOST_PAGES", 1)
    page = search(app, "pindsvin")
    assert "kan bladres igennem" in page


def test_the_order_that_is_asked_for_is_the_order_of_the_hits(signed):
    world, app = signed.world, as_staff(signed, "ove")
    base = document_now(world)
    with world.house() as house:
        locked = house.documents.version(base.id, base.versions)
        for number in range(5):
            case = msgspec.structs.replace(
                base, id=new_id(), number=f"TD-LUK{number:03}", state="closed", versions=1, agreed_version=1
            )
            house.documents.add(case, Draft(document_id=case.id))
            earlier = locked.frozen_at - timedelta(days=1 + number)
            house.documents.add_version(
                msgspec.structs.replace(locked, document_id=case.id, number=1, frozen_at=earlier)
            )
            house.outbox.add("index", {"document": case.id, "event": new_id()}, house.moment)
    assert world.drain() == []
    first = search(app, "pindsvin").forms["search"]
    shown = {}
    for order in ("newest", "oldest"):
        first["sort"] = order
        shown[order] = re.findall(r"TD-[A-Z0-9]+", first.submit().html.select_one("main").text)
    numbers = [f"TD-LUK{number:03}" for number in range(5)]
    assert list(dict.fromkeys(shown["newest"]))[1:] == numbers
    assert list(dict.fromkeys(shown["oldest"]))[:-1] == numbers[::-1]
