"""What is no proper request gets the one answer or silence, from the real server: never its name, a trace, another page."""

from __future__ import annotations

import socket

import pytest

from tests.security.door import parse, request, send

HOST = b"Host: {host}\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
LOGIN = b"POST /login/medarbejder HTTP/1.1\r\n" + HOST + b"Origin: http://{host}\r\n" + FORM

MALFORMED: dict[str, bytes] = {
    # the first line
    "nothing but line ends": b"\r\n\r\n\r\n",
    "one word": b"GET\r\n\r\n",
    "no version": b"GET /hjaelp\r\n\r\n",
    "version 0.9": b"GET /hjaelp HTTP/0.9\r\n" + HOST + b"\r\n",
    "version 2": b"GET /hjaelp HTTP/2.0\r\n" + HOST + b"\r\n",
    "version 9.9": b"GET /hjaelp HTTP/9.9\r\n" + HOST + b"\r\n",
    "version of nothing": b"GET /hjaelp HTTP/\r\n" + HOST + b"\r\n",
    "version of another": b"GET /hjaelp ICY/1.1\r\n" + HOST + b"\r\n",
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "small letters": b"get /hjaelp http/1.1\r\n" + HOST + b"\r\n",
    "no target": b"GET HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces": b"GET  /hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "tabs": b"GET\t/hjaelp\tHTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in the target": b"GET /hjaelp mere HTTP/1.1\r\n" + HOST + b"\r\n",
    "target without a slash": b"GET hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "verb of signs": b"G@T /hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "verb of 10,000 letters": b"G" * 10_000 + b" /hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "a greeting of TLS": bytes.fromhex("16030100") + b"\x05\x01\x00\x00\x01\x00" + b"\r\n\r\n",
    "a greeting of SSH": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "random bytes": bytes(range(255, -1, -1)) * 4 + b"\r\n\r\n",
    # the target
    "NUL in the target": b"GET /hjaelp\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL as an escape": b"GET /hjaelp%00.html HTTP/1.1\r\n" + HOST + b"\r\n",
    "half an escape": b"GET /hjaelp% HTTP/1.1\r\n" + HOST + b"\r\n",
    "escape of no digits": b"GET /hj%zzlp HTTP/1.1\r\n" + HOST + b"\r\n",
    "overlong UTF-8": b"GET /..%c0%af..%c0%afetc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    "raw UTF-8": "GET /hjælp HTTP/1.1\r\n".encode() + HOST + b"\r\n",
    "raw latin-1": "GET /hjælp HTTP/1.1\r\n".encode("latin-1") + HOST + b"\r\n",
    "escaped line end": b"GET /hjaelp%0d%0aX-Evil:%201 HTTP/1.1\r\n" + HOST + b"\r\n",
    "target of 20,000 letters": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "query of 10,000 letters": b"GET /hjaelp?" + b"a" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "absolute, of another host": b"GET http://evil.example/hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "absolute, broken": b"GET http://[::1/hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "absolute, broken port": b"GET http://x:port/hjaelp HTTP/1.1\r\n" + HOST + b"\r\n",
    "scheme only": b"GET http:// HTTP/1.1\r\n" + HOST + b"\r\n",
    # the headers
    "no Host": b"GET /hjaelp HTTP/1.1\r\n\r\n",
    "no Host, version 1.0": b"GET /hjaelp HTTP/1.0\r\n\r\n",
    "empty Host": b"GET /hjaelp HTTP/1.1\r\nHost:\r\n\r\n",
    "two Hosts": b"GET /hjaelp HTTP/1.1\r\nHost: evil.example\r\n" + HOST + b"\r\n",
    "own Host first, then another": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "line without a colon": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n",
    "header without a name": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "space before the colon": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y : x\r\n\r\n",
    "NUL in a header": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y: a\x00b\r\n\r\n",
    "bare line feed": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y: a\nX-Z: b\r\n\r\n",
    "bare carriage return": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y: a\rX-Z: b\r\n\r\n",
    "folded first header": b"GET /hjaelp HTTP/1.1\r\n folded: x\r\n" + HOST + b"\r\n",
    "40,000 bytes in one header": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y: " + b"a" * 40_000 + b"\r\n\r\n",
    "5,000 headers": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y: a\r\n" * 5_000 + b"\r\n",
    "headers without an end": b"GET /hjaelp HTTP/1.1\r\n" + HOST + b"X-Y: a\r\n",
    "an expectation": LOGIN + b"Expect: 200-ok\r\nContent-Length: 0\r\n\r\n",
    # the body
    "two lengths": LOGIN + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    "two lengths in one": LOGIN + b"Content-Length: 3, 5\r\n\r\nabcde",
    "length of words": LOGIN + b"Content-Length: five\r\n\r\nabcde",
    "length with a sign": LOGIN + b"Content-Length: +5\r\n\r\nabcde",
    "length below nothing": LOGIN + b"Content-Length: -5\r\n\r\nabcde",
    "length with a line under": LOGIN + b"Content-Length: 1_0\r\n\r\nabcdefghij",
    "length of Arabic digits": LOGIN + "Content-Length: ٥\r\n\r\nabcde".encode(),
    "length beyond all": LOGIN + b"Content-Length: 99999999999999999999\r\n\r\nabcde",
    "more than is taken": LOGIN + b"Content-Length: 13000000\r\n\r\nabcde",
    "less than was said": LOGIN + b"Content-Length: 50\r\n\r\nabcde",
    "length and chunks": LOGIN + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks of no size": LOGIN + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
    "chunks below nothing": LOGIN + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
    "chunk without an end": LOGIN + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdeXX0\r\n\r\n",
    "chunk size beyond all": LOGIN + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
    "chunks, then something": LOGIN + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "another encoding": LOGIN + b"Transfer-Encoding: gzip\r\n\r\nabc",
    "encoding with a tail": LOGIN + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "form that is no UTF-8": LOGIN + b"Content-Length: 12\r\n\r\nusername=\xff\xfe%",
    "form of parts without parts": LOGIN.replace(FORM, b"Content-Type: multipart/form-data\r\n") + b"Content-Length: 3\r\n\r\nabc",
    "form of broken parts": LOGIN.replace(FORM, b"Content-Type: multipart/form-data; boundary=x\r\n")
    + b"Content-Length: 9\r\n\r\n--x\r\nabcd",
    "a form in JSON": LOGIN.replace(FORM, b"Content-Type: application/json\r\n") + b"Content-Length: 2\r\n\r\n{}",
    "a form of no type": LOGIN.replace(FORM, b"") + b"Content-Length: 2\r\n\r\na=",
}  # fmt: skip


def answers(raw: bytes) -> list:
    """The answers one after another; what follows the last whole one is an answer of its own, and so shows."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        length = int(parse(head + b"\r\n\r\n").header("Content-Length") or 0)
        found.append(parse(head + b"\r\n\r\n" + rest[:length]))
        raw = rest[length:]
    return found


def said(door, data: bytes) -> list:
    return answers(send(door.port, data.replace(b"{host}", door.host.encode()), wait=5, half_close=True))


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_gets_the_one_answer_or_none(door, name):
    found = said(door, MALFORMED[name])
    assert [one.raw[:300] for one in found if not door.same(one)] == []


def test_most_of_them_are_answered(door):
    """Silence for everything would prove nothing."""
    answered = [name for name, data in MALFORMED.items() if said(door, data)]
    assert len(answered) >= 50


def test_the_server_still_serves_and_names_itself_nowhere(door):
    for target in ("/hjaelp", "/login", "/ok", "/manage_main"):
        raw = door.get(target).raw
        head = raw.partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nserver:" not in head and b"waitress" not in raw.lower() and b"via:" not in head
        assert b"x-powered-by" not in head and b"pyramid" not in raw.lower() and b"zope" not in raw.lower()


@pytest.mark.parametrize(
    "cover",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nX: y\nContent-Length: 0\r\n\r\nabcde",
    ],
)
def test_a_request_hidden_behind_a_broken_one_is_never_served(door, cover):
    """Request smuggling: where the lengths are in doubt, the connection ends with the first answer."""
    hidden = request("GET", "/hjaelp", {"Host": door.host})
    found = said(door, LOGIN + cover + hidden)
    assert [one.raw[:200] for one in found if not door.same(one)] == [] and len(found) <= 1


def test_an_honest_second_request_on_one_connection_is_served(door):
    """The counterpart: the server reads two proper requests from one connection."""
    first = f"GET /ok HTTP/1.1\r\nHost: {door.host}\r\n\r\n".encode()
    found = answers(send(door.port, first + request("GET", "/ok", {"Host": door.host})))
    assert [(one.status, one.body) for one in found] == [("200 OK", b"ok")] * 2


def test_a_slow_half_request_stops_nobody_else(door):
    waiting = [socket.create_connection(("127.0.0.1", door.port), timeout=5) for _ in range(20)]
    try:
        for wire in waiting:
            wire.sendall(b"POST /login/medarbejder HTTP/1.1\r\nContent-Le")
        assert door.get("/ok").body == b"ok"
    finally:
        for wire in waiting:
            wire.close()
