"""The load of ``own_page`` in a process of its own: a few kept connections for a few seconds. Order on stdin, rate on stdout."""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any


def main() -> None:
    order = json.load(sys.stdin)
    counts: list[int] = []
    failures: list[str] = []
    threads = [threading.Thread(target=_ask, args=(order, counts, failures)) for _ in range(order["connections"])]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if failures:
        sys.exit(failures[0])
    json.dump({"per_second": sum(counts) / took}, sys.stdout)


def _ask(order: dict[str, Any], counts: list[int], failures: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", order["port"], timeout=30)
    headers, words = {"Cookie": order["cookie"]}, order["words"].encode()
    done, until = 0, time.perf_counter() + order["seconds"]
    while time.perf_counter() < until:
        connection.request("GET", order["path"], headers=headers)
        answer = connection.getresponse()
        if answer.status != 200 or words not in answer.read():
            failures.append(f"{answer.status} without the text")
            return
        done += 1
    connection.close()
    counts.append(done)


if __name__ == "__main__":
    main()
