"""An individual trivselsskema is its author's alone until all are in (design 25)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.access import INDIVIDUAL, NOW, PEOPLE, facts
from tillid.process.access import may


@pytest.mark.req("T4b")
@pytest.mark.parametrize("person", ["peer", "late peer", "leader", "area leader", "dpo", "archivist", "holder"])
def test_an_individual_mark_is_its_authors_alone_until_all_are_in(person):
    for situation in ("individual draft", "individual submitted"):
        document_changes, fact_changes, _ = INDIVIDUAL[situation]
        known = facts(document_changes, fact_changes, round_=True)
        for operation in ("see_draft", "read_individual", "read_team_copy"):
            assert not may(PEOPLE[person][0], operation, known, NOW).allowed, (situation, operation)


@pytest.mark.req("T4b")
def test_when_all_are_in_only_who_has_submitted_sees():
    document_changes, fact_changes, _ = INDIVIDUAL["individual, all in"]
    known = facts(document_changes, fact_changes, round_=True)
    assert may(PEOPLE["peer"][0], "read_individual", known, NOW).allowed
    assert not may(PEOPLE["leader"][0], "read_individual", known, NOW).allowed
    outsider = msgspec.structs.replace(known, submitted_by=frozenset({"writer", "peer", "late"}) - {"peer"})
    assert not may(PEOPLE["peer"][0], "read_individual", outsider, NOW).allowed
