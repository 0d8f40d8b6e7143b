"""``search_live`` once more with one Elasticsearch node in the embedded index's place; a process can start one Tillid only."""

from __future__ import annotations

from benchmarks.search.engines import Place, search_place, told_of_server
from benchmarks.search_live import measured
from benchmarks.table import Row
from tillid.adapters.elasticsearch import ElasticIndex, server_at


def run(quick: bool = False) -> list[Row]:
    """The rows of ``search_live``; none where no server was ever fetched."""
    with search_place() as place:
        return measured("Elasticsearch", quick, lambda _: _index(place), place, told_of_server()) if place else []


def _index(place: Place) -> ElasticIndex:
    """An empty one; what was there under its name is gone."""
    index = ElasticIndex(server_at(*place))
    index.rebuild(list)
    return index
