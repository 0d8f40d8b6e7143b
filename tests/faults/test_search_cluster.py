"""A search cluster whose nodes are killed under load: whatever was acknowledged is there (`make faults`)."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing

import pytest

from tests.contract.search.searching import entry
from tests.faults.search_cluster import Cluster
from tillid.adapters.elasticsearch import ElasticIndex
from tillid.archive.query import SearchUnavailable

pytestmark = pytest.mark.skipif(not os.environ.get("SEARCH_SERVERS"), reason="three servers: `make faults` starts them")

WRITERS, AT_ONCE, BETWEEN = 4, 50, 4.0


def test_no_acknowledged_document_is_lost_when_one_node_after_another_is_killed():
    acknowledged: set[str] = set()
    refused: list[SearchUnavailable] = []
    stop = threading.Event()

    def write(start: int) -> None:
        with closing(ElasticIndex(cluster.server)) as index:
            number = start
            while not stop.is_set():
                some = [entry(n, "leg") for n in range(number, number + AT_ONCE)]
                try:
                    index.put_many(some)
                except SearchUnavailable as error:
                    refused.append(error)
                    continue
                acknowledged.update(one.document_id for one in some)
                number += AT_ONCE

    with closing(Cluster()) as cluster, closing(ElasticIndex(cluster.server)) as index:
        index.rebuild(list)
        cluster.wait_green()
        writers = [threading.Thread(target=write, args=(n * 100_000,)) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            for number in range(2):
                time.sleep(BETWEEN)
                before = len(acknowledged)
                cluster.kill(number)
                time.sleep(BETWEEN)
                cluster.start_again(number)
                assert len(acknowledged) > before  # it went on
        finally:
            stop.set()
            for writer in writers:
                writer.join()
        found = {one.document_id for one in index.held()}
    assert len(acknowledged) >= WRITERS * AT_ONCE
    assert acknowledged - found == set()
