"""The browsers of ``trust_clicks`` in a process of their own: one form each, all at once. Orders on stdin, milliseconds on stdout."""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time


def main() -> None:
    told = json.load(sys.stdin)
    gate = threading.Barrier(len(told["orders"]))
    took: list[float] = []
    failures: list[str] = []
    threads = [
        threading.Thread(target=_send, args=(told["port"], order, gate, took, failures)) for order in told["orders"]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(f"{len(failures)} failed: {failures[0]}")
    json.dump(took, sys.stdout)


def _send(port: int, order: dict[str, str], gate: threading.Barrier, took: list[float], failures: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Cookie": order["cookie"],
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.connect()
    gate.wait()
    began = time.perf_counter()
    try:
        connection.request("POST", order["path"], order["body"], headers)
        answer = connection.getresponse()
        answer.read()
    except OSError as error:
        failures.append(repr(error))
        return
    took.append((time.perf_counter() - began) * 1000)
    connection.close()
    if answer.status != 303 or "/kvittering/" not in answer.headers.get("Location", ""):
        failures.append(f"{answer.status} without a receipt")


if __name__ == "__main__":
    main()
