"""Static files: an exact list read at start, served under one digest that changes with any of them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
}


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One static file in memory."""

    data: bytes
    content_type: str


@cache
def assets() -> dict[str, Asset]:
    """Path below ``static/`` → file, for every file of a kind we serve. Nothing else can be asked for."""
    found = {}
    for file in sorted(STATIC.rglob("*")):
        kind = _TYPES.get(file.suffix)
        if kind and file.is_file():
            found[file.relative_to(STATIC).as_posix()] = Asset(data=file.read_bytes(), content_type=kind)
    return found


@cache
def release() -> str:
    """16 hexadecimal digits over names and contents of all assets; a part of every address, so files never go stale."""
    total = hashlib.sha256()
    for path, asset in assets().items():
        total.update(path.encode() + b"\0" + hashlib.sha256(asset.data).digest())
    return total.hexdigest()[:16]


def url_of(path: str) -> str:
    """The address of an asset; raises ``KeyError`` for a file that is not there (a template's typing error)."""
    assets()[path]
    return f"/static/{release()}/{path}"
