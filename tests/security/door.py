"""The test's side of ``door_process``: the process, and a client that sends bytes as they are."""

from __future__ import annotations

import re
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.security.door_process import main
from tests.support.forked import PLONE, Forked, preload, processes
from tillid.demo.loading import accounts

preload(PLONE)


@dataclass(frozen=True)
class Answer:
    """What came over the wire. ``headers``: in order, without Date and Connection, which the server adds."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes

    def header(self, name: str) -> str:
        return "".join(value for key, value in self.headers if key.lower() == name.lower())


def parse(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = [tuple(line.split(": ", 1)) for line in rest]
    headers = tuple(pair for pair in pairs if pair[0] not in ("Date", "Connection"))
    return Answer(first.split(" ", 1)[1] if " " in first else first, headers, body, raw)


def send(port: int, data: bytes, *, wait: float = 10, half_close: bool = False) -> bytes:
    """Everything the server says until it closes; ``data`` should ask it to close. Empty when it closed in silence."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as wire:
        got = []
        try:
            wire.sendall(data)
            if half_close:
                with suppress(OSError):  # the server has answered and gone already; what it said is read all the same
                    wire.shutdown(socket.SHUT_WR)
            while chunk := wire.recv(65536):
                got.append(chunk)
        except (ConnectionResetError, BrokenPipeError):
            pass
        return b"".join(got)


def request(verb: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """An HTTP/1.1 request that ends the connection; the target goes out as written."""
    lines = [f"{verb} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
    if body or verb in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Door:
    """A running ``door_process``."""

    def __init__(self, errors: Path) -> None:
        self._pipe, theirs = processes.Pipe()
        self._process = Forked(main, theirs, err=errors)
        theirs.close()
        started = self._hear()
        self.port, self.made, self.root = started["port"], started["made"], tuple(started["root"])
        self.release = started["release"]
        self._uniform = [tuple(pair) for pair in started["headers"]], started["body"].encode()
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"

    def ask(self, *command: str) -> Any:
        self._pipe.send(command)
        return self._hear()

    def _hear(self) -> Any:
        try:
            return self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"the front door's process ended with {self._process.wait()}") from None

    def end(self) -> None:
        self._pipe.send(("end",))
        self._pipe.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def same(self, answer: Answer, head: bool = False) -> bool:
        """Whether it is the one answer, byte for byte."""
        headers, body = self._uniform
        return (answer.status, sorted(answer.headers), answer.body) == ("404 Not Found", headers, b"" if head else body)

    def get(self, target: str, **headers: str) -> Answer:
        return parse(send(self.port, request("GET", target, {"Host": self.host} | headers)))

    def log_in(self, path: str, fields: dict[str, str]) -> str:
        """The Cookie header of a browser that posted the form at ``path`` with its token and ``fields``."""
        page = self.get(path)
        answer = self.post(path, page.header("Set-Cookie").split(";")[0], page, fields)
        return next(
            value.split(";")[0] for key, value in answer.headers if key == "Set-Cookie" and value.startswith("tillid=")
        )

    def post(self, path: str, cookie: str, page: Answer, fields: dict[str, str]) -> Answer:
        """``fields`` posted with the token of ``page``; the answer must be a redirect."""
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page.body.decode())
        said = {"csrf_token": found[1], **fields}
        body = "&".join(f"{name}={value}" for name, value in said.items()).encode()
        headers = {
            "Host": self.host,
            "Origin": self.origin,
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = parse(send(self.port, request("POST", path, headers, body)))
        assert answer.status.startswith("303"), answer.raw[:300]
        return answer

    def as_staff(self, username: str) -> str:
        password = dict(accounts())[username]
        return self.log_in("/login/medarbejder", {"username": username, "password": password.replace(" ", "+")})

    def as_parent(self, person_id: str) -> str:
        return self.log_in("/login/foraelder", {"person": person_id})
