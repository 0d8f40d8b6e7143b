"""Browsers that press at the same moment on one store, through the real front door (test_races.py)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.client import Browser
from tests.support.installation import ORIGIN, WorldInstallation
from tests.support.world import SET, World, author
from tillid.demo.loading import accounts
from tillid.kernel.errors import NotFound
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.follow_up import STEPS
from tillid.usecases.save_fields import Change, save_fields
from tillid.web.app import make_app
from tillid.web.installation import WebSettings

RECEIPT = re.compile(r"/samtykke/[0-9a-f-]{36}/kvittering/([0-9a-f-]{36})\Z")
FIELD = "u_greb"
KEPT = ("csrf_token", "nonce", "sprog")
# What follows a click and races with the clicks; LibreOffice, slow and no writer of the ledger, is left out.
FOLLOWING = ("enter_log", "seal_withdrawal", "index")


@dataclass
class Click:
    """One sent form. ``event``: the id on the receipt, empty when the answer was something else; moments of this process."""

    event: str
    began: float
    ended: float


@dataclass
class Read:
    """One look at what is released."""

    open: bool
    began: float
    ended: float


@dataclass
class Round:
    """What the threads of one round have seen (appending to a list is one step for threads)."""

    request_id: str
    given: list[Click] = field(default_factory=list)
    withdrawn: list[Click] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


class Court:
    """One world with one application over it, and the browsers of those who are logged in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._wsgi = make_app(WorldInstallation(world), WebSettings(origins=(ORIGIN,), secure=False))
        self.holders = world.holders(SET.child_id)
        self.parents = [self._logged_in("/login/foraelder", person=one.person_id) for one in self.holders]
        self.twins = [self._twin(browser) for browser in self.parents]
        self.receiver = self._logged_in("/login/medarbejder", username="hanne", password=dict(accounts())["hanne"])
        self._runner = Runner(world.house, STEPS, Marks(world.folder / "marks"))
        self.lock = threading.Lock()
        self.document_id, self.rounds = world.made["document"], 0

    def _twin(self, browser: Browser) -> Browser:
        """The same session in a second window."""
        made = Browser(self._wsgi)
        made.cookies = dict(browser.cookies)
        return made

    def _logged_in(self, path: str, **fields: str) -> Browser:
        browser = Browser(self._wsgi)
        token = browser.get(path).hidden("csrf_token")
        assert browser.post(path, {"csrf_token": token, **fields}).status == 303
        return browser

    def yes_form(self, browser: Browser, request_id: str) -> dict[str, str]:
        """What the browser would send: yes to every row of the page it has open."""
        path = f"/samtykke/{request_id}"
        shown = browser.get(path)
        said = {name.decode(): "ja" for name in re.findall(rb'name="(svar\.[^"]+)"', shown.body)}
        return {"path": path, **{name: shown.hidden(name) for name in KEPT}, **said, "trin": "send"}

    def withdrawal_form(self, browser: Browser, request_id: str) -> dict[str, str] | None:
        """The form of the page that takes everything back; ``None`` where there is nothing to take back."""
        path = f"/samtykke/{request_id}/traek-tilbage"
        shown = browser.get(path)
        if shown.status != 200:
            return None
        return {"path": path, **{name: shown.hidden(name) for name in (*KEPT, "set")}, "omfang": "alt"}

    def press(self, browser: Browser, form: dict[str, str], into: list[Click]) -> None:
        """Send the form; what the answer said goes ``into`` the list."""
        began = time.monotonic()
        answer = browser.post(form["path"], {name: value for name, value in form.items() if name != "path"})
        ended = time.monotonic()
        assert answer.status < 500, answer.body.decode()
        found = RECEIPT.search(answer.headers.get("location", ""))
        into.append(Click(found[1] if found else "", began, ended))

    def read(self, into: list[Read]) -> None:
        """The receiver opens the page of what is released."""
        began = time.monotonic()
        answer = self.receiver.get(f"/modtaget/{self.document_id}")
        assert answer.status in (200, 404), answer.status
        into.append(Read(answer.status == 200, began, time.monotonic()))

    def edit(self, words: str) -> None:
        """The author writes one field; a text that is no longer open to edit refuses."""
        who = author(self.world)

        def save(house) -> object:
            now = house.documents.draft(self.document_id).fields
            change = Change(value=words, base=now[FIELD].revision)
            return save_fields(house, who, self.document_id, {FIELD: change})

        try:
            self.world.player.does(save)
        except NotFound:
            pass

    def follow(self) -> None:
        """One look of the worker: what is due of ``FOLLOWING``."""
        for key in self._runner.due():
            if key.partition(":")[0] in FOLLOWING:
                self._runner.run(key)

    def follow_to_the_end(self) -> None:
        """Two minutes pass, and nothing of ``FOLLOWING`` is left."""
        for _ in range(3):
            self.follow()
            self.world.clock.move(minutes=1)
        with self.world.house() as house:
            left = [entry.key for entry in house.outbox.pending() if entry.step in FOLLOWING]
        assert left == []


def all_at_once(seen: Round, *works: Callable[[], None]) -> None:
    """Run ``works`` in threads that start together; the first error of any is raised."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            gate.wait()
            work()
        except BaseException as error:
            seen.errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if seen.errors:
        raise seen.errors[0]
