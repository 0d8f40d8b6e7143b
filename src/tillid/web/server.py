"""waitress with our own answer to requests it cannot read: the uniform 404 instead of a page that names the server."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask

from tillid.web.answers import NOT_FOUND_BODY, NOT_FOUND_STATUS, not_found_headers

MOST_BYTES = 12 * 1024 * 1024  # a scanned drawing; the form says so too


class _StrictParser(HTTPRequestParser):
    """Refuses what waitress would guess about: a version it does not know, and a length beside chunks, behind which a
    second request can hide (RFC 9112, 6.1 and 6.3)."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.version not in ("1.0", "1.1"):
            raise ParsingError("unknown version")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("length and chunks")


class _UniformErrorTask(ErrorTask):
    """Whatever was wrong with the request (too long, two lengths, no version): the one answer, then close."""

    secure = True

    def execute(self) -> None:
        self.status = NOT_FOUND_STATUS
        self.response_headers.extend(not_found_headers(self.secure))
        self.set_close_on_finish()
        self.content_length = len(NOT_FOUND_BODY)
        self.write(NOT_FOUND_BODY)


class _PlainErrorTask(_UniformErrorTask):
    secure = False


class _OnePiece(WSGITask):
    """Head and first piece of the body leave together."""

    def write(self, data: bytes) -> None:
        if self.wrote_header:
            super().write(data)
            return
        self.channel.held = held = []
        try:
            super().write(data)
        finally:
            self.channel.held = None
        self.channel.write_soon(b"".join(held))


class _Channel(HTTPChannel):
    parser_class = _StrictParser
    task_class = _OnePiece
    error_task_class = _UniformErrorTask
    held: list[bytes] | None = None

    def write_soon(self, data: Any) -> int:
        """As waitress's, but what the connection takes at once is handed to it by the thread that has made it: what lies in a
        buffer wakes the thread that waits for all connections, which then finds nothing to do."""
        if self.held is not None:
            self.held.append(data)
            return len(data)
        if not isinstance(data, bytes) or not data:
            return super().write_soon(data)
        with self.outbuf_lock:  # nothing may overtake what waits already
            sent = 0
            if self.connected and not self.total_outbufs_len:
                with suppress(OSError):  # the way below meets it again, and closes
                    sent = self.send(data, do_close=False)
            if sent < len(data):
                super().write_soon(data[sent:])
        return len(data)


class _PlainChannel(_Channel):
    error_task_class = _PlainErrorTask


def make_server(app: Any, listener: socket.socket, *, secure: bool, threads: int = 4) -> Any:
    """A waitress server on a bound socket, not yet running; ``run()`` serves, ``close()`` ends it."""
    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        ident=None,
        max_request_body_size=MOST_BYTES,
        max_request_header_size=32 * 1024,
        clear_untrusted_proxy_headers=True,
        expose_tracebacks=False,
        channel_timeout=60,
    )
    for one in getattr(server, "map", {}).values():
        one.channel_class = _Channel if secure else _PlainChannel
    server.channel_class = _Channel if secure else _PlainChannel
    return server
