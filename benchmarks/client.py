"""A small client that calls a WSGI application in this process, or a server over HTTP, as one logged-in browser."""

from __future__ import annotations

import http.client
import io
import re
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import msgspec

HOST = "127.0.0.1:8080"
ORIGIN = f"http://{HOST}"
POSTED = {"Content-Type": "CONTENT_TYPE", "Origin": "HTTP_ORIGIN"}
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: dict[str, str]
    body: bytes

    def hidden(self, name: str) -> str:
        """The value of the first hidden field of that name; raises ``LookupError`` when the page has none."""
        for tag in re.findall(rb"<input[^>]*>", self.body):
            if b'name="%s"' % name.encode() in tag and (found := re.search(rb'value="([^"]*)"', tag)):
                return found[1].decode()
        raise LookupError(name)


class Browser:
    """Keeps cookies; no redirects are followed, no other file is fetched."""

    def __init__(self, app: App, host: str = HOST) -> None:
        self._app, self._host = app, host
        self.cookies: dict[str, str] = {}

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str) -> Answer:
        return self._call("GET", path, b"")

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._call("POST", path, urlencode(fields).encode())

    def _call(self, method: str, path: str, body: bytes) -> Answer:
        path, _, query = path.partition("?")
        started: list[Any] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], None]:
            started[:] = [int(status[:3]), headers]
            return written.append

        result = self._app(self._environ(method, path, query, body), start_response)
        try:
            written.extend(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, headers = started
        for name, value in headers:
            if name.lower() == "set-cookie":
                self.cookies |= {morsel.key: morsel.value for morsel in SimpleCookie(value).values()}
        return Answer(status=status, headers={name.lower(): value for name, value in headers}, body=b"".join(written))

    def _environ(self, method: str, path: str, query: str, body: bytes) -> dict[str, Any]:
        server, _, port = self._host.partition(":")
        posted = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_ORIGIN": f"http://{self._host}"}
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": server,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self._host,
            "HTTP_COOKIE": self.cookie_header,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **(posted if method == "POST" else {}),
        }


def served(port: int) -> App:
    """The server at ``port`` of this machine, to be called as an application in this process is: what is asked goes over HTTP
    and is answered by the server's own threads."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {"Cookie": environ["HTTP_COOKIE"]}
        headers |= {name: environ[key] for name, key in POSTED.items() if key in environ}
        query = environ["QUERY_STRING"]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            address = environ["PATH_INFO"] + (f"?{query}" if query else "")
            connection.request(environ["REQUEST_METHOD"], address, environ["wsgi.input"].read(), headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        start_response(f"{answer.status} {answer.reason}", answer.getheaders())
        return [body]

    return app
