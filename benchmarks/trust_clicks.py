"""Fifty parents at once over HTTP: all send their consent in the same moment, and later all take it back. p95 of what they wait.

The whole of Tillid in one process as ``tillid start`` has it: front door on waitress, worker with LibreOffice, seal,
timestamps, log, index, audit log, real Plone's database on the disk of the checkout. The parents are a second process with
a connection each; their pages were opened before, from the same server. Whole families: half of the consents release something.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from benchmarks.client import Browser, served
from benchmarks.stage import Stage, running
from benchmarks.table import Row, at_percentile
from tillid.process.access import Identity
from tillid.tasks.worker import TaskWorker

PARENTS, ROUNDS = 50, 4
QUICK_PARENTS, QUICK_ROUNDS = 6, 1
MOST = 1000.0  # ms
NOTE = (
    "all at the same moment, each on a connection of its own; worker, LibreOffice, seal, timestamps and log beside them"
)


def run(quick: bool = False) -> list[Row]:
    """Milliseconds from the first byte sent to the last one read; every answer is a receipt."""
    parents, rounds = (QUICK_PARENTS, QUICK_ROUNDS) if quick else (PARENTS, ROUNDS)
    given: list[float] = []
    withdrawn: list[float] = []
    with running() as stage, stage.served() as port:
        copies = stage.copies_of(stage.released_document())
        families = iter(stage.asked(number, copies) for number in range(parents * rounds))
        asked = [_people(families, parents) for _ in range(rounds)]
        with stage.working() as worker:
            _done_with(stage, worker)
            for people in asked:
                given += _at_once(port, [_consent(stage, port, who, request) for who, request in people])
                withdrawn += _at_once(port, [_withdrawal(stage, port, who, request) for who, request in people])
    return [
        Row(name=f"{parents} parents {what} at once, p{p}", ours=at_percentile(times, p, "ms"), note=NOTE,
            most=MOST if p == 95 else None)
        for what, times in (("consent", given), ("withdraw", withdrawn)) for p in (50, 95)
    ]  # fmt: skip


def _people(families: Iterator[tuple[str, list[Identity]]], wanted: int) -> list[tuple[Identity, str]]:
    found: list[tuple[Identity, str]] = []
    while len(found) < wanted:
        request, holders = next(families)
        found += [(holder, request) for holder in holders]
    return found[:wanted]


def _consent(stage: Stage, port: int, who: Identity, request: str) -> dict[str, str]:
    browser, path = _browser(stage, port, who), f"/samtykke/{request}"
    shown = browser.get(path)
    rows = sorted(set(re.findall(rb'name="(svar\.[^"]+)"', shown.body)))
    return _order(browser, shown, path, {row.decode(): "ja" for row in rows} | {"trin": "send"})


def _withdrawal(stage: Stage, port: int, who: Identity, request: str) -> dict[str, str]:
    browser, path = _browser(stage, port, who), f"/samtykke/{request}/traek-tilbage"
    shown = browser.get(path)
    return _order(browser, shown, path, {"set": shown.hidden("set"), "omfang": "alt"})


def _browser(stage: Stage, port: int, who: Identity) -> Browser:
    return stage.browser(who, served(port), f"127.0.0.1:{port}")


def _order(browser: Browser, shown: Any, path: str, fields: dict[str, str]) -> dict[str, str]:
    kept = {name: shown.hidden(name) for name in ("csrf_token", "nonce", "sprog")}
    return {"path": path, "cookie": browser.cookie_header, "body": urlencode(kept | fields)}


def _at_once(port: int, orders: list[dict[str, str]]) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.clicks_load"]
    order = json.dumps({"port": port, "orders": orders})
    done = subprocess.run(command, input=order, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-1000:])
    return json.loads(done.stdout)


def _done_with(stage: Stage, worker: TaskWorker) -> None:
    """Wait for what asking the families has left to be done."""
    while True:
        with stage.installation.open_house() as house:
            left = [one.key for one in house.outbox.pending() if not one.dead and one.due_at <= house.moment]
        if not left:
            return
        worker.wake(left)
        time.sleep(0.5)
