"""Random identifiers. Every id in Tillid is a lower-case UUID string, so that no address or log line tells anything."""

from __future__ import annotations

import os
import re
import uuid

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


def new_id() -> str:
    """A fresh random UUID (RFC 9562 version 4) in its canonical lower-case spelling."""
    # As ``str(uuid.uuid4())``, of which three are needed for a page: without its checks of what it has made itself.
    drawn = os.urandom(16)
    text = drawn.hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[drawn[8] >> 6]}{text[17:20]}-{text[20:]}"


def is_id(text: object) -> bool:
    """Whether ``text`` is a UUID in canonical lower-case spelling."""
    return isinstance(text, str) and _UUID.match(text) is not None


def derived_id(digest: bytes) -> str:
    """The UUID (RFC 9562 version 8) made of the first 16 bytes of ``digest``: same digest, same id."""
    raw = bytearray(digest[:16])
    raw[6] = (raw[6] & 0x0F) | 0x80
    raw[8] = (raw[8] & 0x3F) | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))
