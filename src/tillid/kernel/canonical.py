"""Canonical JSON (RFC 8785) and the digests over it."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import rfc8785


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of plain JSON data or of a ``msgspec.Struct`` (datetimes become ``…Z`` strings)."""
    # The kept library is pure Python and was a fifth of a click. Where nothing but strings, safe whole numbers and ASCII
    # names occurs, msgspec's sorted JSON is the same bytes (a property test compares them; ADR 0019).
    if _is_simple(value):
        return _sorted_json(value)
    plain = msgspec.to_builtins(value)
    return _sorted_json(plain) if _is_simple(plain) else rfc8785.dumps(plain)


_sorted_json = msgspec.json.Encoder(order="sorted").encode
_SAFE = 2**53 - 1  # beyond it RFC 8785 (ECMAScript) has no exact whole numbers


def _is_simple(value: Any) -> bool:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    # A text is not asked about: each value of a form was a call and a step of a generator.
    if kind is dict:
        for name, inner in value.items():
            if type(name) is not str or not name.isascii() or (type(inner) is not str and not _is_simple(inner)):
                return False
        return True
    if kind is list:
        return all(map(_is_simple, value))
    return kind is int and -_SAFE <= value <= _SAFE


def sha256(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of ``data`` (64 characters)."""
    return hashlib.sha256(data).hexdigest()


def json_digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``; the digest used for definitions, answers, items and events."""
    return sha256(canonical_json(value))
