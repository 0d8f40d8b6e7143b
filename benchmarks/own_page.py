"""A logged-in page of our own against the stock Plone page of the same text, in one process and run, in turn.

Ours does what it always does: session, question to the ledger, audit row on disk, template, the question whether anything was
committed since. As somebody who reads on has it (what pages are made of is remembered, ADR 0019; Plone's own caches are warm
too), and once more with that memory emptied before each request. The peer reads a stock Dexterity object with the same fields, logged in by Plone's own ticket.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import msgspec
from waitress import create_server

from benchmarks.client import Browser
from benchmarks.stage import SET, Stage, running
from benchmarks.stock import add_object, add_type, logged_in, values_of
from benchmarks.table import Row, compare, sample
from benchmarks.timing import in_turn, per_second
from tillid.cms.starting import plone_screens_app
from tillid.demo.loading import accounts
from tillid.kernel.once import forget_all
from tillid.usecases.open_copy import still_released
from tillid.web.server import make_server

READER, WRITER = "hanne", "sofie"  # who leads the receiving school; who wrote the document
GOAL = 40.0
ROUNDS, WINDOW = 7, 3.0
QUICK_ROUNDS, QUICK_WINDOW = 2, 0.5
CONNECTIONS, THREADS = 2, 4
PEERS = {
    "reader": "stock Plone page of the same text, logged in to read",
    "writer": "stock Plone page of the same text, logged in as its owner, with toolbar",
}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads what where. ``role``: which peer it is compared with; ``words`` are of the text; ``anew``: nothing is
    remembered from the request before."""

    name: str
    role: Literal["reader", "writer"]
    path: str
    browser: Browser
    words: bytes
    stock: bool = False
    anew: bool = False

    def read(self) -> None:
        if self.anew:
            forget_all()
        answer = self.browser.get(self.path)
        if answer.status != 200 or self.words not in answer.body:
            raise RuntimeError(f"{self.name}: {answer.status} without the text")


def run(quick: bool = False) -> list[Row]:
    """Requests per second; rows per page and way of asking."""
    rounds, window = (QUICK_ROUNDS, QUICK_WINDOW) if quick else (ROUNDS, WINDOW)
    with running() as stage:
        pages = prepared(stage)
        anew = [msgspec.structs.replace(p, name=f"{p.name}, made anew", anew=True) for p in pages if not p.stock]
        works = {p.name: p.read for p in (*pages, *anew)}
        direct = in_turn(works, rounds, lambda work: per_second(work, window))
        with _served(stage) as ports:
            asks = {p.name: (lambda p=p: _ask(p, ports[p.stock], window)) for p in pages}
            served = in_turn(asks, rounds, lambda work: work())  # type: ignore[arg-type, return-value]
        size = stage.installation.parts.audit.head()[0]
    called = f"the application called in this process, one request at a time; {size} audit rows in all"
    over = f"waitress with {THREADS} threads, {CONNECTIONS} kept connections from a second process"
    return [
        *_rows(pages, direct, "called", called),
        *_rows(pages, served, "over loopback", over),
        *_rows([*anew, *(p for p in pages if p.stock)], direct, "called", "memory emptied before each request", None),
    ]


def _rows(
    pages: list[Page], found: dict[str, list[float]], how: str, note: str, goal: float | None = GOAL
) -> Iterator[Row]:
    peers = {page.role: sample(found[page.name], "per second") for page in pages if page.stock}
    for page in pages:
        if not page.stock:
            ours = sample(found[page.name], "per second")
            yield compare(
                f"{page.name}, {how}", ours, PEERS[page.role], peers[page.role], better="more", goal=goal, note=note
            )


def prepared(stage: Stage) -> list[Page]:
    """Our pages for receiver, parent and author, and the peer's for who may read and for who owns; each seen to show the
    text."""
    document_id = stage.released_document()
    receiver, author = stage.player.staff_named(READER), stage.player.staff_named(WRITER)
    parent = stage.player.holders(SET.child_id)[0]
    with stage.installation.open_house() as house:
        now = still_released(house, receiver, document_id)
        definition = house.definitions.get(now.document.definition.form_id, now.document.definition.version)
    values = values_of(definition, now.answers)
    add_type(definition, list(values))
    path = add_object(f"{definition.title} {now.document.number}", values, {READER: ("Reader",), WRITER: ("Owner",)})
    passwords = dict(accounts())
    reads = [
        ("receiver reads what is released", "reader", f"/modtaget/{document_id}", stage.browser(receiver)),
        ("parent reads the whole text", "reader", f"/foraelder/dokument/{document_id}/laes", stage.browser(parent)),
        ("author sees where the document stands", "writer", f"/dokument/{document_id}", stage.browser(author)),
        ("stock, reader", "reader", path, logged_in(READER, passwords[READER])),
        ("stock, writer", "writer", path, logged_in(WRITER, passwords[WRITER])),
    ]
    words = {"reader": _telling(values), "writer": now.document.number.encode()}
    pages = [
        Page(name=name, role=role, path=path_, browser=browser, words=words[role], stock=name.startswith("stock"))
        for name, role, path_, browser in reads
    ]
    for page in pages:
        page.read()
    return pages


def _telling(values: dict[str, Any]) -> bytes:
    """A piece of an answer that every page shows byte for byte: letters that no serializer writes in another way."""
    plain = (
        found for value in values.values() if isinstance(value, str) for found in re.findall(r"[A-Za-z ,.]+", value)
    )
    return max(plain, key=len).strip().encode()


@contextmanager
def _served(stage: Stage) -> Iterator[dict[bool, int]]:
    """Both applications on waitress in this process: stock or not → port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    own = make_server(stage.front_door(f"127.0.0.1:{port}"), listener, secure=False, threads=THREADS)
    second = socket.create_server(("127.0.0.1", 0))
    stock = create_server(plone_screens_app(), sockets=[second], threads=THREADS, ident=None)
    for server in (own, stock):
        threading.Thread(target=server.run, daemon=True).start()
    yield {False: port, True: second.getsockname()[1]}
    for server in (own, stock):
        server.close()


def _ask(page: Page, port: int, window: float) -> float:
    """Requests per second as a second process sees them."""
    order = {
        "port": port,
        "path": page.path,
        "cookie": page.browser.cookie_header,
        "words": page.words.decode(),
        "seconds": window,
        "connections": CONNECTIONS,
    }
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(
        command, input=json.dumps(order), capture_output=True, text=True, timeout=window + 60, check=True
    )
    return json.loads(done.stdout)["per_second"]
