"""An index that holds what the ledger forbids: of a store that was set back to a backup, say. Numbers and facets tell nothing of it."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.walks.test_archive_pages import closed_cases, search
from tillid.archive.query import SearchQuery, SearchUnavailable
from tillid.usecases import search_archive as asking
from tillid.usecases.export_hits import export_hits
from tillid.usecases.follow_up import all_entries
from tillid.usecases.search_archive import search_archive

PURPOSE = "Aktindsigt: sag 26-1234"
ASKED = SearchQuery(allowed_units=(), words="pindsvin")
pytestmark = pytest.mark.req("R-70", "R-18")


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def moved_away(world, but: int = 0) -> None:
    """All documents but the first ``but`` are another controller's now, and no index heard of it."""
    other = world.ids.units["skovtrolden"]
    with world.house() as house:
        for one in sorted(house.documents.ids())[but:]:
            house.documents.replace(msgspec.structs.replace(house.documents.get(one), unit_id=other))


@pytest.mark.parametrize("stay", [0, 3])
def test_no_number_and_no_facet_tells_of_what_may_not_be_shown(signed, stay):
    """More than a page of it."""
    world = signed.world
    closed_cases(world, 44)
    moved_away(world, stay)
    with world.house() as house:
        result = search_archive(house, world.staff("ove"), ASKED, PURPOSE)
        listed = export_hits(house, world.staff("ove"), ASKED, PURPOSE)
    assert (result.total, len(result.hits), listed.total, len(listed.hits)) == (stay, stay, stay, stay)
    assert {count for values in result.facets.values() for count in dict(values).values()} <= {*range(1, stay + 1)}
    page = search(as_staff(signed, "ove"), "pindsvin")
    assert "45" not in page.html.select_one("main").text and "25 dokumenter" not in page


def test_a_version_that_the_store_does_not_know_is_neither_shown_nor_counted(signed):
    """A server's index that outlived the store has what was written and signed since the backup."""
    world = signed.world
    with world.house() as house:
        (own,) = all_entries(house)
        versions = house.documents.get(own.document_id).versions
    world.parts.search.put(msgspec.structs.replace(own, version=versions, text="pindsvin", sequence=own.sequence + 1))
    app = as_staff(signed, "ove")
    assert "1 dokument fundet" in search(app, "pindsvin")
    world.parts.search.put(msgspec.structs.replace(own, version=versions + 1, text="zebrastriber", sequence=99))
    for words in ("zebra*", ""):
        page = search(app, words)
        assert "Ingen resultater" in page and "striber" not in page


def test_an_index_that_is_too_wrong_answers_nothing(signed, monkeypatch):
    world = signed.world
    closed_cases(world, 24)
    moved_away(world)
    monkeypatch.setattr(asking, "MAX_SIZE", 4)
    monkeypatch.setattr(asking, "MOST_ASKED", 5)
    with world.house() as house, pytest.raises(SearchUnavailable):
        search_archive(house, world.staff("ove"), ASKED, PURPOSE)


def test_a_document_that_was_taken_back_costs_no_question_more_than_one_that_never_was(signed, monkeypatch):
    """How long an answer takes is no hint either: the index lags, and the document is left out of the one question."""
    world = signed.world
    with world.house() as house:
        found = search_archive(house, world.staff("ove"), ASKED, PURPOSE).hits
        for hit in found:
            house.exclusions.add(hit.document_id, "lags")
    asked = []
    put = world.parts.search.search
    monkeypatch.setattr(world.parts.search, "search", lambda query: asked.append(query) or put(query))
    with world.house() as house:
        assert search_archive(house, world.staff("ove"), ASKED, PURPOSE).hits == ()
        there = len(asked)
        assert (
            search_archive(
                house, world.staff("ove"), msgspec.structs.replace(ASKED, words="fandtesaldrig"), PURPOSE
            ).hits
            == ()
        )
    assert found and (there, len(asked) - there) == (1, 1)
