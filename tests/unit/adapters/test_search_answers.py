"""What is made of the answers of a search server: again, done, or never."""

from __future__ import annotations

import pytest

from tillid.adapters.elasticsearch.answers import SearchRejected, left_over
from tillid.archive.query import SearchUnavailable


def item(status: int, index: str = "archive-1", kind: str = "") -> dict:
    return {
        "index": {"_index": index, "status": status} | ({"error": {"type": kind, "reason": "a name"}} if kind else {})
    }


def test_a_busy_server_is_sent_the_rest_again_and_the_newer_is_left_alone():
    items = [item(201), item(429, kind="busy"), item(409, kind="version_conflict"), item(503), item(200), item(404)]
    assert left_over(items, "archive-building") == [1, 3, 5]


def test_no_index_is_being_built_and_that_is_no_fault():
    assert left_over([item(404, "archive-building", "index_not_found_exception")], "archive-building") == []


def test_what_is_never_taken_says_the_servers_word_and_no_more():
    with pytest.raises(SearchRejected) as rejected:
        left_over([item(400, kind="document_parsing_exception")], "b")
    assert rejected.value.why == "document_parsing_exception"
    assert "a name" not in str(rejected.value)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_what_an_operator_must_mend_waits(status):
    with pytest.raises(SearchUnavailable):
        left_over([item(status, kind="x")], "b")
