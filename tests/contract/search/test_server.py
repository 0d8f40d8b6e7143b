"""What is Elasticsearch's own: the key, the alias, the life of an index, and a server that is away, hung, blocked or strange."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

import pytest
from elasticsearch import ApiError

from tests.contract.search.searching import ask, entry, found
from tillid.adapters.elasticsearch import ElasticIndex, server_at
from tillid.adapters.elasticsearch.address import client_of
from tillid.adapters.elasticsearch.answers import SearchRejected
from tillid.adapters.elasticsearch.building import Building
from tillid.adapters.elasticsearch.documents import LAYOUT
from tillid.archive.query import SearchUnavailable
from tillid.cli.probe_search import search_server
from tillid.kernel.errors import TillidError


def other(node, name, **changes):
    return ElasticIndex(node.server(name, **changes))


def test_the_key_is_for_its_own_indices_alone(elastic, node):
    node.root.indices.create(index="others")
    try:
        client = client_of(elastic.server)
        for forbidden in (
            lambda: client.search(index="others"),
            lambda: client.cluster.health(),
            lambda: client.security.get_user(),
            lambda: client.security.create_api_key(name="mine"),
        ):
            with pytest.raises(ApiError) as refused:
                forbidden()
            assert refused.value.status_code == 403
    finally:
        node.root.indices.delete(index="others")


def test_only_who_is_who_its_certificate_says_is_spoken_to(elastic, node):
    for changes in ({"ca": ""}, {"credential": ""}, {"hosts": ("https://127.0.0.1:1",)}):
        with pytest.raises(SearchUnavailable):
            other(node, elastic.server.name, **changes).search(ask())


def test_a_page_of_hits_asks_twice(elastic, monkeypatch):
    elastic.put_many(entry(n, "Hun leger") for n in range(20))
    transport, sent = elastic._client.transport, []
    send = transport.perform_request
    monkeypatch.setattr(transport, "perform_request", lambda *a, **more: sent.append(a[1]) or send(*a, **more))
    shown = elastic.excerpts(elastic.search(ask("leger")).hits, ask("leger"))
    assert len(shown) == 20 and all(shown)
    assert len(sent) == 2


def test_what_is_written_in_several_parts_is_visible_when_all_is(elastic, monkeypatch):
    monkeypatch.setattr("tillid.adapters.elasticsearch.index._AT_ONCE", 10)
    for count in (20, 25):
        elastic.put_many(entry(n, "Hun leger", sequence=count) for n in range(count))
        assert elastic.search(ask("leger")).total == count


def test_an_index_that_was_lost_is_missed_and_takes_nothing_before_it_is_built_anew(elastic, node):
    elastic.put(entry(1, "leg"))
    node.forget(elastic.server.name)
    assert elastic.needs_rebuild
    for call in (lambda: elastic.put(entry(2, "leg")), lambda: elastic.search(ask())):
        with pytest.raises(SearchUnavailable):
            call()
    # Nothing was made in passing: the server would have guessed what the fields are.
    assert not node.root.indices.exists(index=elastic.server.name)
    elastic.rebuild(lambda: [entry(1, "leg")])
    assert found(elastic) == {"doc-1"} and not elastic.needs_rebuild


def test_an_index_of_another_make_is_missed(elastic, node):
    (name,) = node.root.indices.get_alias(name=elastic.server.name)
    node.root.indices.put_mapping(index=name, meta={"layout": "schema 0"})
    assert elastic.needs_rebuild
    # What an earlier Tillid's fields do not take is no dead letter: it is taken once the index is built anew.
    properties = {"key": {"type": "keyword"}, "live": {"type": "boolean"}, "sequence": {"type": "long"}}
    node.forget(elastic.server.name)
    node.root.indices.create(
        index=f"{elastic.server.name}-old",
        mappings={"dynamic": "strict", "_meta": {"layout": "schema 0"}, "properties": properties},
        aliases={elastic.server.name: {}},
    )
    with pytest.raises(SearchUnavailable):
        elastic.put(entry(1, "leg"))
    elastic.rebuild(lambda: [entry(1, "leg")])
    elastic.put(entry(2, "leg"))
    assert found(elastic) == {"doc-1", "doc-2"}


def test_building_anew_loses_no_write_of_meanwhile_and_leaves_no_old_index(elastic, node):
    elastic.put_many(entry(n, "leg") for n in range(10))
    beside = other(node, elastic.server.name)  # another process
    stop, written = threading.Event(), []

    def write():
        for n in range(100, 1000):
            beside.put(entry(n, "leg", sequence=2))
            written.append(n)
            if stop.is_set():
                return

    def entries():
        writer.start()
        while len(written) < 3:
            stop.wait(0.01)
        beside.delete("doc-0", 1, sequence=3)  # later than the snapshot below was read
        yield from (entry(n, "leg") for n in range(10))
        while len(written) < 6:
            stop.wait(0.01)

    writer = threading.Thread(target=write)
    elastic.rebuild(entries)
    stop.set()
    writer.join()
    wanted = {f"doc-{n}" for n in [*range(1, 10), *written]}
    assert {one.document_id for one in elastic.held()} == wanted
    assert len(node.root.indices.get(index=f"{elastic.server.name}-*")) == 1


@pytest.mark.req("R-90")
def test_what_is_taken_out_lies_in_no_file_of_the_server_once_it_is_built_anew(elastic, node):
    """A delete alone leaves the words in the server's files for as long as it likes."""
    elastic.put_many([entry(1, f"leg {LONG} leg"), entry(2, "leg")])
    node.root.indices.flush(index=elastic.server.name, force=True)
    elastic.delete("doc-1", 1, sequence=2)
    assert files_with(node, LONG), "the scan finds what is there"
    elastic.rebuild(lambda: [entry(2, "leg")])
    for _ in range(100):  # the server takes the old index's folder away when it has answered
        if not (left := files_with(node, LONG)):
            break
        time.sleep(0.2)
    assert left == set() and found(elastic) == {"doc-2"}


LONG = "qzyvwxkjhgfdplmnbvcz"


def files_with(node, word: str) -> set[str]:
    """Names of the files of the server, its log among them, in which ``word`` stands."""
    names = set()
    for folder, _, files in os.walk(node.folder / "run"):  # which goes on when a folder is gone: the server tidies
        for path in (Path(folder, name) for name in files):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink() and word.encode() in path.read_bytes():
                    names.add(path.name)
    return names


def test_what_was_left_half_built_goes_with_the_next(elastic, node):
    Building(client_of(elastic.server), elastic.server.name).begin()
    elastic.put(entry(1, "leg"))
    assert elastic.rebuild(lambda: [entry(1, "leg")]) == 1
    assert len(node.root.indices.get(index=f"{elastic.server.name}-*")) == 1


def test_a_server_that_takes_no_writes_loses_nothing_and_goes_on(elastic, node):
    elastic.put(entry(1, "leg"))
    node.root.indices.put_settings(
        index=f"{elastic.server.name}-*", settings={"index.blocks.read_only_allow_delete": True}
    )
    with pytest.raises(SearchUnavailable):
        elastic.put(entry(2, "leg"))
    assert found(elastic) == {"doc-1"}
    node.root.indices.put_settings(
        index=f"{elastic.server.name}-*", settings={"index.blocks.read_only_allow_delete": None}
    )
    elastic.put(entry(2, "leg"))
    assert found(elastic) == {"doc-1", "doc-2"}


def test_what_the_mapping_never_takes_is_not_tried_again_and_names_no_word_of_it(elastic, node):
    name = f"{elastic.server.name}-strange"
    properties = {"key": {"type": "keyword"}, "sequence": {"type": "date"}}
    aliases = {"tillid-archive-strange": {}}
    mappings = {"dynamic": "strict", "_meta": {"layout": LAYOUT}, "properties": properties}
    node.root.indices.create(index=name, mappings=mappings, aliases=aliases)
    with pytest.raises(SearchRejected) as rejected:
        other(node, "tillid-archive-strange").put(entry(1, "hemmeligt"))
    assert rejected.value.why == "strict_dynamic_mapping_exception"
    assert "hemmeligt" not in str(rejected.value)


def test_who_asks_a_server_that_hangs_is_told(elastic, node, monkeypatch):
    monkeypatch.setattr("tillid.adapters.elasticsearch.address.SECONDS", 0.5)
    asked = other(node, elastic.server.name)
    with node.hung():
        with pytest.raises(SearchUnavailable):
            asked.search(ask())
        assert not asked.needs_rebuild
    assert found(elastic) == set()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9200", "elasticsearch://", "elasticsearch://me:secret@host", "elasticsearch+http://elsewhere:9200",
        "elasticsearch://host/Name", "elasticsearch://host/../x", "elasticsearch://host:99999", "host:9200",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(tmp_path, address):
    with pytest.raises(TillidError) as refused:
        server_at(address, tmp_path)
    assert refused.value.code == "search.address"


def test_several_nodes_and_a_key_that_others_can_read(tmp_path):
    server = server_at("elasticsearch://a:9201,b/archive", tmp_path)
    assert (server.hosts, server.name) == (("https://a:9201", "https://b:9200"), "archive")
    (tmp_path / "search.key").write_text("secret")
    (tmp_path / "search.key").chmod(0o640)
    with pytest.raises(TillidError) as refused:
        server_at("elasticsearch://a", tmp_path)
    assert refused.value.code == "search.key-open"
    (tmp_path / "search.key").chmod(0o600)
    assert "secret" not in repr(server_at("elasticsearch://a", tmp_path))


def test_the_doctor_tells_how_it_is(elastic, node, tmp_path):
    elastic.put(entry(1, "leg"))
    (tmp_path / "keys").symlink_to(node.keys)
    address = f"{node.address}/{elastic.server.name}"
    finding = search_server(address, tmp_path)
    assert (finding.usable, finding.version) == (True, "elasticsearch, 1 dokumenter")
    assert not search_server(f"{node.address}/others", tmp_path).usable
    assert search_server("", tmp_path).usable
