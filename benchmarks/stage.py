"""A running Tillid in a folder of its own: the real site, the demo's people, and documents played up to a question."""

from __future__ import annotations

import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import msgspec

from benchmarks.client import HOST, Browser
from tillid.demo.archive_cases import archive_case
from tillid.demo.loading import ANSWERS, accounts, demo_settings, load_people
from tillid.demo.playing import Player
from tillid.documents.model import Copy
from tillid.process.access import Identity
from tillid.tasks.starting import start_worker
from tillid.tasks.worker import TaskWorker
from tillid.usecases.agree import decline_transition
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.web.app import make_app
from tillid.web.installation import WebSettings
from tillid.web.server import make_server
from tillid.wiring.running import Installation, fill_once, start_installation

SET = ANSWERS["alma_bh_sk"]


@contextmanager
def running(search: str = "", keys: Path | None = None) -> Iterator[Stage]:
    """Start it on the disk that the checkout is on (a memory file system would hide what durability costs); the folder is
    removed at the end. ``search``: the address of a server, whose key lies in ``keys``. Once per process."""
    logging.getLogger().setLevel(logging.ERROR)
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir="var") as folder:
        if keys:
            shutil.copytree(keys, Path(folder, "keys"))
        installation = start_installation(Path(folder), demo_settings(), search=search)
        try:
            installation.rebuild_index_if_needed()  # as ``tillid start`` does
            fill_once(installation, lambda house: load_people(house.people, house.moment), accounts())
            yield Stage(installation)
        finally:
            installation.close()


class Stage:
    """Plays people through the use cases; none of it is timed."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        assert installation.test_login is not None, "the demo has the test login"
        self.player = Player(installation.open_house, installation.test_login)

    @cached_property
    def app(self):  # type: ignore[no-untyped-def]
        return self.front_door(HOST)

    def front_door(self, host: str):  # type: ignore[no-untyped-def]
        """The WSGI application as served at ``host``."""
        return make_app(self.installation, WebSettings(origins=(f"http://{host}",), secure=False))

    @contextmanager
    def served(self) -> Iterator[int]:
        """The front door on waitress, as in ``tillid start``; yields its port."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = listener.getsockname()[1]
        server = make_server(self.front_door(f"127.0.0.1:{port}"), listener, secure=False)
        threading.Thread(target=server.run, daemon=True).start()
        yield port
        server.close()

    def browser(self, who: Identity, app: object = None, host: str = HOST) -> Browser:
        """A browser in which ``who`` has logged in already."""
        login = msgspec.to_builtins(who.login) if who.login else {}
        browser = Browser(app or self.app, host)
        token = self.installation.sessions.create(who.person_id, who.kind, login, self.installation.clock.now())
        browser.cookies["tillid"] = token
        return browser

    def released_document(self) -> str:
        """The walk's document, rendered by LibreOffice, consented to by both parents and released; returns its id."""
        document_id = self._agreed(SET.author_id, SET.child_id, self._parts())
        self._drain()
        with self.installation.open_house() as house:
            request_id = request_consent(house, self.player.staff(SET.author_id), document_id).id
        for holder in self.player.holders(SET.child_id):
            self.player.say_yes(holder, request_id)
        self._drain()
        return document_id

    def declined_document(self) -> str:
        """A document whose text everybody agreed to and which then was closed: the archive's, and given to nobody."""
        document_id = self._agreed(SET.author_id, SET.child_id, self._parts())
        self._drain()
        with self.installation.open_house() as house:
            decline_transition(house, self.player.holders(SET.child_id)[0], document_id)
        self._drain()
        return document_id

    def _parts(self) -> tuple[dict, dict, dict]:
        with self.installation.open_house() as house:
            day = SET.start_after(house.moment.date())
        return (
            {**SET.professional, **({"startdato": day.isoformat()} if day else {})},
            SET.leader,
            {**SET.parents, **SET.child},
        )

    def _agreed(self, author_id: str, child_id: str, parts: tuple[dict, dict, dict]) -> str:
        """A document that everybody has agreed to the text of; nothing rendered yet."""
        professional, leader, parents = parts
        author = self.player.staff(author_id)
        with self.installation.open_house() as house:
            document = start_document(house, author, child_id, SET.form_id)
        self.player.fill(author, document.id, professional)
        if leader:
            self.player.fill(self.player.leader_of(document.unit_id), document.id, leader)
        with self.installation.open_house() as house:
            share_document(house, author, document.id)
        holders = self.player.holders(child_id)
        self.player.fill(holders[0], document.id, parents)
        for who in (author, *holders):
            self.player.agree(who, document.id)
        return document.id

    def asked(self, number: int, copies: dict[str, Copy]) -> tuple[str, list[Identity]]:
        """Case ``number`` (its own child, parents and text) played up to the question; returns request and holders.

        ``copies`` of another document stand in for its own, so that nothing is rendered: the click never reads a PDF.
        """
        case = archive_case(2 * number)  # the even ones are of the walk's kind of transition
        with self.installation.open_house() as house:
            for parent, cpr in case.parents:
                house.people.put_parent(parent, cpr)
            checked = msgspec.structs.replace(case.custody, checked_at=house.moment)
            house.people.put_child(case.child, case.child_cpr, checked)
            begins = (house.moment + timedelta(days=200)).date().isoformat()
        own = {**case.parents_part, **case.child_part}
        parts = {**case.professional, "startdato": begins}, case.leader, own
        document_id = self._agreed(case.author_id, case.child.id, parts)
        with self.installation.open_house() as house:
            document = house.documents.get(document_id)
            version = house.documents.version(document_id, document.agreed_version)
            house.documents.replace_version(msgspec.structs.replace(version, copies=copies))
        with self.installation.open_house() as house:
            request = request_consent(house, self.player.staff(case.author_id), document_id)
        return request.id, self.player.holders(case.child.id)

    def copies_of(self, document_id: str) -> dict[str, Copy]:
        """The rendered copies of the newest version."""
        with self.installation.open_house() as house:
            document = house.documents.get(document_id)
            return dict(house.documents.version(document_id, document.versions).copies)

    @contextmanager
    def working(self) -> Iterator[TaskWorker]:
        """With the worker beside the clicks, as in ``tillid start``."""
        worker = start_worker(self.installation)
        try:
            yield worker
        finally:
            worker.stop()

    def _drain(self) -> None:
        failed = self.player.drain()
        assert not failed, failed
