"""The click that gives a consent and the click that takes it back, as the browser waits for them: p50 and p95.

Each click is a POST through the whole application: session, CSRF token, nonce, question to the ledger, audit row on disk,
event, signed XML record (giving), commit to FileStorage on the Plone site. Every family has its own child, parents,
text and request. The peer is the nearest thing Plone has: a logged-in person's click on a workflow transition.
"""

from __future__ import annotations

import re
import time

from benchmarks.client import Browser
from benchmarks.stage import Stage, running
from benchmarks.stock import add_object, add_type, logged_in
from benchmarks.table import Row, at_percentile, compare
from tillid.demo.loading import accounts
from tillid.process.access import Identity
from tillid.signatures.verdict import Verdict
from tillid.usecases.seal_record import RECORD

REQUESTS, QUICK_REQUESTS = 120, 3
CLICKER = "hanne"
PEER = "stock Plone: click on a workflow transition"
GIVEN = "full signature, two parents of most children, the last one releases"


def run(quick: bool = False) -> list[Row]:
    """p50 and p95 of giving and of withdrawing; all times are of one request."""
    count = QUICK_REQUESTS if quick else REQUESTS
    with running() as stage:
        copies = stage.copies_of(stage.released_document())
        families = [stage.asked(number, copies) for number in range(count)]
        peers = [_object(stage, number) for number in range(count)] if _peer_type(stage) else []
        plone = logged_in(CLICKER, dict(accounts())[CLICKER])
        given, withdrawn, stock = [], [], []
        for number, (request_id, holders) in enumerate(families):
            clicks = [_give(stage, holder, request_id) for holder in holders]
            given += [took for took, _ in clicks]
            _check(stage, clicks[0][1])
            withdrawn.append(_withdraw(stage, holders[0], request_id))
            stock.append(_transition(plone, peers[number]))
    return [
        *_rows("give consent, one click", given, stock, GIVEN),
        *_rows("withdraw, one click", withdrawn, stock, "the signed record follows through the outbox"),
    ]


def _rows(name: str, times: list[float], stock: list[float], note: str) -> list[Row]:
    return [
        compare(
            f"{name}, p{p}",
            at_percentile(times, p, "ms"),
            f"{PEER}, p{p}",
            at_percentile(stock, p, "ms"),
            better="less",
            note=note,
        )
        for p in (50, 95)
    ]


def _give(stage: Stage, holder: Identity, request_id: str) -> tuple[float, str]:
    """Milliseconds of the click that counts, and the event's id; opening the page and answering it are not timed."""
    browser = stage.browser(holder)
    path = f"/samtykke/{request_id}"
    shown = browser.get(path)
    rows = sorted(set(re.findall(rb'name="(svar\.[^"]+)"', shown.body)))
    fields = {row.decode(): "ja" for row in rows}
    return _click(browser, path, fields | _tokens(shown) | {"trin": "send"})


def _withdraw(stage: Stage, holder: Identity, request_id: str) -> float:
    browser = stage.browser(holder)
    path = f"/samtykke/{request_id}/traek-tilbage"
    shown = browser.get(path)
    return _click(browser, path, _tokens(shown) | {"set": shown.hidden("set"), "omfang": "alt"})[0]


def _tokens(shown) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {name: shown.hidden(name) for name in ("csrf_token", "nonce", "sprog")}


def _click(browser: Browser, path: str, fields: dict[str, str]) -> tuple[float, str]:
    began = time.perf_counter()
    answer = browser.post(path, fields)
    took = (time.perf_counter() - began) * 1000
    if answer.status != 303 or "/kvittering/" not in answer.headers.get("location", ""):
        raise RuntimeError(f"{path}: {answer.status}, no receipt")
    return took, answer.headers["location"].rsplit("/", 1)[1]


def _check(stage: Stage, event_id: str) -> None:
    """What was timed is a record that verifies."""
    with stage.installation.open_house() as house:
        record = house.ledger.attachments(event_id)[RECORD]
        moment = house.moment
    verdict: Verdict = stage.installation.verify_record(record, moment)
    if not verdict.passed:
        raise RuntimeError(f"a timed record does not verify: {verdict}")


def _peer_type(stage: Stage) -> bool:
    add_type(stage.installation.definitions.latest("samtykkeerklaering"), [])
    return True


def _object(stage: Stage, number: int) -> str:
    return add_object(f"Consent {number}", {}, {CLICKER: ("Owner", "Reviewer")})


def _transition(plone: Browser, path: str) -> float:
    """Milliseconds of "Publish" in the object's own menu; the page is not timed."""
    shown = plone.get(path)
    token = re.search(rb"content_status_modify\?workflow_action=publish&amp;_authenticator=([0-9a-f]+)", shown.body)
    if token is None:
        raise RuntimeError(f"{path}: no transition to click ({shown.status})")
    began = time.perf_counter()
    answer = plone.get(f"{path}/content_status_modify?workflow_action=publish&_authenticator={token[1].decode()}")
    took = (time.perf_counter() - began) * 1000
    if answer.status != 302:
        raise RuntimeError(f"{path}: {answer.status} at the transition")
    return took
