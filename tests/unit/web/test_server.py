"""What leaves the server, on a real connection."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tillid.web import server as module
from tillid.web.server import make_server

LONG = bytes(range(256)) * 40_000  # far more than a connection takes at once


def app(environ, start_response):
    """An answer of the shape that the address names."""
    shape = environ["PATH_INFO"]
    length = {"/page": "4", "/long": str(len(LONG)), "/nothing": "0", "/parts": "9"}
    start_response(
        "200 OK", [("Content-Type", "text/plain"), *([("Content-Length", length[shape])] if shape in length else [])]
    )
    if shape == "/long":
        return [LONG]
    if shape in ("/parts", "/unknown"):
        return iter([b"", b"one", b"two", b"six"])
    if shape == "/file":
        return environ["wsgi.file_wrapper"](open(__file__, "rb"))
    return [b"" if shape == "/nothing" or environ["REQUEST_METHOD"] == "HEAD" else b"page"]


@pytest.fixture
def pieces(monkeypatch) -> list[int]:
    """How long what was handed to connections was, in order."""
    found: list[int] = []
    send = module._Channel.send

    def noted(self, data, **kw):
        sent = send(self, data, **kw)
        found.append(sent)
        return sent

    monkeypatch.setattr(module._Channel, "send", noted)
    return found


@pytest.fixture
def connection(pieces) -> Iterator[socket.socket]:
    listener = socket.create_server(("127.0.0.1", 0))
    serving = make_server(app, listener, secure=False)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    with socket.create_connection(listener.getsockname(), timeout=20) as one:
        yield one
    serving.close()


def asked(connection: socket.socket, *shapes: str, method: str = "GET", wait: float = 0) -> bytes:
    """All that comes back for these requests, sent together, of which the last closes."""
    asks = [f"{method} {one} HTTP/1.1\r\nHost: a\r\n" for one in shapes]
    connection.sendall(("\r\n".join(asks) + "Connection: close\r\n\r\n").encode())
    time.sleep(wait)
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def bodies(answers: bytes) -> list[bytes]:
    """Of answers that say how long they are."""
    found = []
    while answers:
        head, _, rest = answers.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        found.append(rest[:size])
        answers = rest[size:]
    return found


def test_a_page_leaves_in_one_piece(connection, pieces):
    answer = asked(connection, "/page")
    assert bodies(answer) == [b"page"] and pieces == [len(answer)]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_without_a_body_is_its_head(connection, pieces, method):
    answer = asked(connection, "/nothing" if method == "GET" else "/page", method=method)
    assert answer.endswith(b"\r\n\r\n") and pieces == [len(answer)]


def test_what_a_connection_does_not_take_at_once_follows_whole(connection, pieces):
    assert bodies(asked(connection, "/long", wait=0.2)) == [LONG]
    assert len(pieces) > 1


def test_answers_to_requests_that_came_together_keep_their_order(connection):
    assert bodies(asked(connection, "/page", "/long", "/page", "/parts", "/page")) == [
        b"page", LONG, b"page", b"onetwosix", b"page",
    ]  # fmt: skip


def test_nothing_overtakes_what_waits_for_the_connection(connection, monkeypatch):
    """It takes ten bytes, and then for a while nothing but what comes out of turn."""
    send, until, taken = module._Channel.send, time.monotonic() + 0.5, []

    def reluctant(self, data, **kw):
        if taken and time.monotonic() < until and not data.startswith((b"two", b"six")):
            return 0
        taken.append(send(self, data if taken else data[:10], **kw))
        return taken[-1]

    monkeypatch.setattr(module._Channel, "send", reluctant)
    assert bodies(asked(connection, "/parts")) == [b"onetwosix"]


def test_an_answer_in_parts_of_which_nobody_knows_how_long_it_is(connection):
    answer = asked(connection, "/unknown")
    assert answer.endswith(b"\r\n\r\n3\r\none\r\n3\r\ntwo\r\n3\r\nsix\r\n0\r\n\r\n")


def test_a_file_is_sent_behind_its_head(connection):
    with open(__file__, "rb") as file:
        assert bodies(asked(connection, "/file", "/page")) == [file.read(), b"page"]
