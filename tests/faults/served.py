"""``tillid start`` in a process of its own (``forked.py``), and a browser's worth of HTTP to use it with."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
import urllib.parse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lxml import html

from tests.support.forked import PLONE, Forked, preload, tillid

preload(PLONE)

SECONDS = 90  # a machine may be busy; no test is about speed


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(first: Callable[[], None] | None, *arguments: str) -> None:
    if first is not None:
        first()
    tillid("start", *arguments)


class Served:
    """A server on ``var``; ``first``: what its process does before, such as entering another mount namespace."""

    def __init__(self, var: Path, log: Path, first: Callable[[], None] | None = None) -> None:
        self.port = free_port()
        self._log = log
        self.process = Forked(start, first, "--var", str(var), "--port", str(self.port), out=log)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        for _ in range(SECONDS * 10):
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.log()}"
            try:
                status, _page = Browser(self.port).get("/ok")
            except OSError:
                time.sleep(0.1)
                continue
            assert status == 200
            return
        raise AssertionError(self.log())

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")[-4000:]

    def kill(self) -> None:
        """SIGKILL, now."""
        self.process.kill()
        self.process.wait(SECONDS)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def family(self) -> set[int]:
        """The processes below the server: bubblewrap, LibreOffice."""
        return below(self.process.pid)


class Dying(Served):
    """A server that kills itself when it begins ``step`` of what follows a click, once the test lets it (``dies``)."""

    def __init__(self, var: Path, log: Path, step: str) -> None:
        self._let = log.with_name(f"{step}-may-die")
        super().__init__(var, log, partial(die_in, step, self._let))

    def dies(self) -> None:
        self._let.touch()
        assert self.process.wait(SECONDS) == -signal.SIGKILL, self.log()


def die_in(step: str, let: Path) -> None:
    from tillid.usecases.follow_up import STEPS

    def die(_open_house: object, _entry: object) -> None:
        while not let.exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)

    STEPS[step] = die


def below(pid: int) -> set[int]:
    """Every living descendant of a process."""
    parents: dict[int, int] = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                fields = (one / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(one.name)] = int(fields[1])
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found |= new
    return found


def gone(pids: set[int]) -> bool:
    """Whether all of them end, sooner or later."""
    for _ in range(100):
        alive = [pid for pid in pids if os.path.exists(f"/proc/{pid}") and _state(pid) not in "ZX"]
        if not alive:
            return True
        time.sleep(0.1)
    return False


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "X"


class Browser:
    """Cookies, an origin, and forms sent as they stand on the page."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, {}

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: list[tuple[str, str]]) -> tuple[int, bytes]:
        """Redirects are followed with GET."""
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def submit(
        self, page: bytes, form: str, *, press: tuple[str, str] | None = None, **answers: str
    ) -> tuple[int, bytes]:
        """Send the form found by the XPath ``form``; radios of ``answers`` by value, or all of a kind by ``_all``."""
        found = html.fromstring(page).xpath(form)
        assert found, f"no {form} in {page.decode('utf-8', 'replace')[:3000]}"
        fields = [(name, value) for name, value in found[0].form_values() if name not in answers]
        fields += list(answers.items()) + ([press] if press else [])
        return self.post(found[0].get("action"), fields)

    def log_in_as_parent(self, person_id: str) -> Browser:
        status, page = self.get("/login/foraelder")
        assert status == 200
        assert self.submit(page, "//form[@id='log-in']", person=person_id)[0] == 200
        return self

    def log_in_as_staff(self, username: str, password: str) -> Browser:
        _, page = self.get("/login/medarbejder")
        assert self.submit(page, "//form[@id='log-in']", username=username, password=password)[0] == 200
        return self

    def say_yes(self, request_id: str) -> tuple[int, bytes]:
        """Every row yes, looked at once more, sent."""
        _, page = self.get(f"/samtykke/{request_id}")
        rows = html.fromstring(page).xpath("//input[@type='radio'][@value='ja']/@name")
        assert rows, page.decode()
        form = "//form[@method='post'][.//input[@name='nonce']]"
        status, preview = self.submit(page, form, press=("trin", "se"), **dict.fromkeys(rows, "ja"))
        return self.submit(preview, form, press=("trin", "send")) if status == 200 else (status, preview)

    def withdraw(self, request_id: str) -> tuple[int, bytes]:
        """The whole consent, in one click."""
        status, page = self.get(f"/samtykke/{request_id}/traek-tilbage")
        assert status == 200, page.decode()
        return self.submit(page, "//form[.//input[@name='omfang'][@value='alt']]")

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        headers = {"Host": f"127.0.0.1:{self._port}", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers |= {"Origin": f"http://127.0.0.1:{self._port}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        self.at = path
        if answer.status in (302, 303):
            return self._ask(
                "GET", urllib.parse.urlparse(answer.headers["Location"])._replace(scheme="", netloc="").geturl(), None
            )
        return answer.status, page
