"""One question over HTTP to somebody who may be slow, silent or endless: the whole answer within seconds, no redirect."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit


def address(url: str) -> SplitResult | None:
    """``url`` in its parts; ``None`` if it is no address that can be asked."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets, or a port that is none
        return None
    return parts if usable else None


def ask(
    parts: SplitResult, headers: Mapping[str, str], *, body: bytes | None = None, most: int, seconds: float
) -> bytes:
    """What ``parts`` answers with status 200 to a POST of ``body``, a GET without one; at most ``most`` + 1 bytes of it.
    Raises ``OSError`` where no answer came."""
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(str(parts.hostname), parts.port, timeout=seconds)
    clock, late = None, threading.Event()
    try:
        connection.connect()
        # A timeout is for each read: who sends a byte now and then would hold the line for hours.
        clock = threading.Timer(seconds, _hang_up, [connection.sock, late])
        clock.daemon = True
        clock.start()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET" if body is None else "POST", target, body, dict(headers))
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"status {response.status}")
        answer = response.read(most + 1)
        if late.is_set():  # what came before is no answer
            raise TimeoutError
        return answer
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(type(error).__name__) from error
    finally:
        if clock is not None:
            clock.cancel()
        connection.close()


def _hang_up(sock: socket.socket, late: threading.Event) -> None:
    """End a connection under a thread that reads it: closing alone would not wake the thread."""
    late.set()
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it was over
