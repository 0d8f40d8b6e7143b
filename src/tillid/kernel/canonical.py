"""Canonical JSON (RFC 8785) and the digests over it."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import rfc8785


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of plain JSON data or of a ``msgspec.Struct`` (datetimes become ``…Z`` strings)."""
    return rfc8785.dumps(msgspec.to_builtins(value))


def sha256(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of ``data`` (64 characters)."""
    return hashlib.sha256(data).hexdigest()


def json_digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``; the digest used for definitions, answers, items and events."""
    return sha256(canonical_json(value))
