"""The real front door over a real Plone site, in a process of its own, as ``tillid start`` assembles it.

Talks with the test through a pipe; a command is a tuple of words. Commands: ``state`` (last transaction ids, foreign calls
and foreign packages since the last ``reset``), ``reset``, ``stock [path, …]`` (the status Zope's own publisher gives the
root user, to show that the tracers and the addresses are real), ``undo`` (description and user of the newest transactions),
``end``.
"""

from __future__ import annotations

import base64
import functools
import logging
import os
import socket
import sys
import tempfile
import threading
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT_USER, ROOT_PASSWORD = "admin", "rodens lange kodeord"
# Whatever of these runs, Zope has begun to publish something.
TRACED = (
    "ZPublisher.WSGIPublisher:publish",
    "ZPublisher.WSGIPublisher:load_app",
    "ZPublisher.WSGIPublisher:transaction_pubevents",
    "ZPublisher.WSGIPublisher:call_object",
    "ZPublisher.BaseRequest:BaseRequest.traverse",
    "ZPublisher.HTTPRequest:HTTPRequest.processInputs",
    "Products.PluggableAuthService.PluggableAuthService:PluggableAuthService.validate",
    "plone.rest.traverse:RESTTraverse.publishTraverse",
    "plone.rest.traverse:MarkAsRESTTraverser.traverse",
    "plone.rest.service:Service.__call__",
    "Products.Five.browser.metaconfigure:ViewMixinForTemplates.__call__",
    "OFS.DTMLMethod:DTMLMethod.__call__",
    "webdav.NullResource:NullResource.__init__",
)
SITE_PACKAGES = f"{os.sep}site-packages{os.sep}"


class Watch:
    """``calls``: traced functions that ran; ``files``: every source file of which the server's threads ran a function."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.files: set[str] = set()

    def trace(self) -> None:
        for name in TRACED:
            module, path = name.split(":")
            *owners, function = path.split(".")
            owner = functools.reduce(getattr, owners, import_module(module))
            setattr(owner, function, self._wrapped(getattr(owner, function), name))

    def _wrapped(self, original: Any, name: str) -> Any:
        @functools.wraps(original)
        def traced(*args: Any, **kw: Any) -> Any:
            self.calls.append(name)
            return original(*args, **kw)

        return traced

    def profile(self, frame: Any, event: str, arg: Any) -> None:
        if event == "call":
            self.files.add(frame.f_code.co_filename)

    def packages(self) -> list[str]:
        """First two names below site-packages of everything that ran."""
        paths = [file.split(SITE_PACKAGES, 1)[1] for file in self.files if SITE_PACKAGES in file]
        return sorted({"/".join(path.split(os.sep)[:2]) for path in paths})


class Live:
    """The running installation with the words that the stages of ``tests.support.world`` use."""

    def __init__(self, installation: Any) -> None:
        from tillid.demo.loading import demo_people
        from tillid.demo.playing import Player

        self.house, self.clock = installation.open_house, installation.clock
        self.player = Player(installation.open_house, installation.test_login)
        self.ids, self.made = demo_people(), {}
        self.drain, self.holders = self.player.drain, self.player.holders


def start(var: Path) -> Any:
    """The installation with the demo's people and one released document; returns it and the stages' ids."""
    from tests.support.world import STAGES
    from tillid.demo.loading import accounts, demo_settings, load_people
    from tillid.wiring.running import fill_once, start_installation

    installation = start_installation(var, demo_settings())
    fill_once(installation, lambda house: load_people(house.people, house.moment), accounts())
    live = Live(installation)
    for name, play in STAGES.items():
        if name != "people":
            play(live)
    return installation, live.made


def add_root_user() -> None:
    """The Zope root user whom the stock publisher lets do everything."""
    from tillid.cms import starting

    starting._with_root(lambda root: root.acl_users._doAddUser(ROOT_USER, ROOT_PASSWORD, ["Manager"], []))


def stock(paths: list[str]) -> dict[str, int]:
    """The status that Zope's own publisher gives the root user for each path."""
    import webtest

    from tillid.cms.starting import plone_screens_app

    word = base64.b64encode(f"{ROOT_USER}:{ROOT_PASSWORD}".encode()).decode()
    app = webtest.TestApp(plone_screens_app(), extra_environ={"HTTP_AUTHORIZATION": f"Basic {word}"}, lint=False)
    return {path: app.get(path, expect_errors=True).status_int for path in paths}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def main(pipe: Connection) -> None:
    """Until the pipe says ``end`` or is closed."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    say = pipe.send
    from tillid.cms import starting
    from tillid.web.answers import NOT_FOUND_BODY, not_found_headers
    from tillid.web.app import make_app
    from tillid.web.assets import release
    from tillid.web.installation import WebSettings
    from tillid.web.server import make_server

    with tempfile.TemporaryDirectory(prefix="tillid-door-") as folder:
        installation, made = start(Path(folder))
        add_root_user()
        watch = Watch()
        watch.trace()
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        web = WebSettings(origins=(f"http://127.0.0.1:{port}",), secure=False)
        threading.setprofile(watch.profile)
        server = make_server(make_app(installation, web), listener, secure=False)
        threading.Thread(target=server.run, name="front-door", daemon=True).start()
        uniform = {"headers": not_found_headers(False), "body": NOT_FOUND_BODY.decode(), "release": release()}
        say({"port": port, "made": made, "root": [ROOT_USER, ROOT_PASSWORD], **uniform})
        while True:
            try:
                command, *rest = pipe.recv()
            except EOFError:
                break
            if command == "end":
                break
            if command == "reset":
                watch.calls.clear()
                watch.files.clear()
            if command == "stock":
                say(stock(rest))
                continue
            if command == "undo":
                entries = list(starting.database().storage.iterator())[:-21:-1]
                say([[_text(entry.description), _text(entry.user)] for entry in entries])
                continue
            say({
                "content": starting.database().lastTransaction().hex(),
                "sessions": installation.second._db.lastTransaction().hex(),
                "calls": sorted(set(watch.calls)),
                "packages": watch.packages(),
            })  # fmt: skip
        server.close()
        installation.close()
