"""A real server that is too busy, and one whose index is red: nothing is lost, and nothing is said to be there that is not
(`make faults`)."""

from __future__ import annotations

import os
import threading
from contextlib import closing

import pytest

from tests.contract.search.node import Node
from tests.contract.search.searching import ask, entry, found
from tillid.adapters.elasticsearch import ElasticIndex
from tillid.archive.query import SearchUnavailable

pytestmark = pytest.mark.skipif(
    not os.environ.get("SEARCH_SERVERS"), reason="a server of its own: `make faults` starts it"
)

WRITERS, LOTS, AT_ONCE = 12, 8, 50


@pytest.fixture(scope="module")
def busy():
    """One thread that writes, and room for one more to wait."""
    node = Node("-E thread_pool.write.size=1 -E thread_pool.write.queue_size=1")
    node.wait()
    yield node
    node.stop()


@pytest.fixture
def index(busy):
    with closing(ElasticIndex(busy.server("tillid-archive-busy"))) as made:
        made.rebuild(list)
        yield made
        busy.forget("tillid-archive-busy")


def rejected(node: Node) -> int:
    """How often the server itself says that it has refused."""
    pools = node.root.nodes.stats(metric="thread_pool")["nodes"].values()
    return sum(one["thread_pool"]["write"]["rejected"] for one in pools)


def test_a_server_that_answers_429_gets_all_in_the_end(busy, index):
    told: list[SearchUnavailable] = []

    def write(first: int) -> None:
        with closing(ElasticIndex(index.server)) as own:
            for lot in range(LOTS):
                some = [entry(first + lot * AT_ONCE + n, "leg " * 200) for n in range(AT_ONCE)]
                while True:  # as the outbox does, without its pauses
                    try:
                        own.put_many(some)
                        break
                    except SearchUnavailable as error:
                        told.append(error)

    writers = [threading.Thread(target=write, args=(n * 10_000,)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert rejected(busy) > 0, "the server was never too busy: this test showed nothing"
    assert len({one.document_id for one in index.held()}) == WRITERS * LOTS * AT_ONCE
    assert all(error.code == "search.unavailable" for error in told)


def test_an_index_that_is_red_takes_and_answers_nothing_and_is_built_anew(busy, index):
    """A shard whose files are damaged: the server itself never gets it back."""
    index.put(entry(1, "leg"))
    (name,) = busy.root.indices.get_alias(name=index.server.name)
    uuid = busy.root.indices.get_settings(index=name)[name]["settings"]["index"]["uuid"]
    busy.root.indices.close(index=name)
    for commit in (busy.folder / "run" / "data" / "indices" / uuid).rglob("segments_*"):
        commit.unlink()
    busy.root.indices.open(index=name, wait_for_active_shards="0")
    assert busy.root.cluster.health(index=name)["status"] == "red"
    for call in (lambda: index.search(ask()), lambda: index.put(entry(2, "leg"))):
        with pytest.raises(SearchUnavailable):
            call()
    assert not index.needs_rebuild, "a shard may come back, and what it holds is not thrown away unasked"
    assert index.rebuild(lambda: [entry(1, "leg"), entry(2, "leg")]) == 2  # `tillid index rebuild`
    assert found(index) == {"doc-1", "doc-2"}


def test_a_server_that_begins_with_an_empty_disk_is_filled_by_itself(busy):
    """Where Tillid is a user of the server's configuration. A key lies on the disk that was lost: then nothing is asked of anybody."""
    name = "tillid-archive-emptied"
    busy.add_user("tillid", "a-long-password")
    by_user = busy.server(name, credential="tillid:a-long-password")
    with closing(ElasticIndex(busy.server(name))) as by_key:
        by_key.rebuild(lambda: [entry(1, "leg")])
    busy.again_on_an_empty_disk()
    with closing(ElasticIndex(busy.server(name))) as by_key:
        assert not by_key.needs_rebuild, "nobody knows the key any more"
        with pytest.raises(SearchUnavailable):
            by_key.search(ask())
    with closing(ElasticIndex(by_user)) as index:
        assert index.needs_rebuild, "which is what the sweep asks"
        with pytest.raises(SearchUnavailable):
            index.put(entry(2, "leg"))  # it waits in the outbox
        assert index.rebuild(lambda: [entry(1, "leg"), entry(2, "leg")]) == 2
        index.put(entry(3, "leg"))
        assert found(index) == {"doc-1", "doc-2", "doc-3"} and not index.needs_rebuild
