"""Every back end of the search, empty, for one test; a real Elasticsearch with TLS and a key of its own is begun when the run
begins, so that it is there when its tests come."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.contract.search.node import SCRIPTS, Node, PlainNode
from tillid.adapters.elasticsearch import ElasticIndex
from tillid.adapters.tantivy import TantivyIndex
from tillid.kernel.paths import PROJECT

_nodes: list[Node] = []
_numbers = itertools.count(1)
# The others in `make faults`: the same adapter, so not worth a minute of each run.
BACK_ENDS = [
    "tantivy",
    "elasticsearch",
    *(["opensearch", "elasticsearch9"] if os.environ.get("SEARCH_SERVERS") else []),
]


def pytest_collection_finish(session: pytest.Session) -> None:
    if (
        any("node" in getattr(item, "fixturenames", ()) for item in session.items)
        and not session.config.option.collectonly
    ):
        _nodes.append(Node())


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    (started,) = _nodes or [Node()]
    started.wait()
    yield started


def pytest_unconfigure() -> None:
    for started in _nodes:
        started.stop()


@pytest.fixture
def elastic(node) -> Iterator[ElasticIndex]:
    """An index of the test's own on the node."""
    made = ElasticIndex(node.server(f"tillid-archive-{next(_numbers)}"))
    made.rebuild(list)
    yield made
    made.close()
    node.forget(made.server.name)


@pytest.fixture(scope="session")
def opensearch() -> Iterator[PlainNode]:
    yield from _running(PlainNode("opensearch", PROJECT / "deploy" / "opensearch" / "start.sh"))


@pytest.fixture(scope="session")
def elasticsearch9() -> Iterator[PlainNode]:
    yield from _running(PlainNode("elasticsearch", SCRIPTS / "nine" / "start.sh"))


def _running(node: PlainNode) -> Iterator[PlainNode]:
    yield node
    node.stop()


@pytest.fixture(params=BACK_ENDS)
def index(request, tmp_path, node):
    """One after the other; whoever is asked must answer the same."""
    if request.param == "elasticsearch":
        yield request.getfixturevalue("elastic")
        return
    if request.param == "tantivy":
        made: TantivyIndex | ElasticIndex = TantivyIndex(tmp_path / "index")
    else:
        made = ElasticIndex(request.getfixturevalue(request.param).server(f"tillid-archive-{next(_numbers)}"))
        made.rebuild(list)
    yield made
    made.close()
