"""The files that an answer names, wherever they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def files_in(value: Any) -> Iterator[str]:
    """The SHA-256 of each file in an answer, or in many of them, as plain data."""
    if isinstance(value, dict):
        if isinstance(digest := value.get("sha256"), str):
            yield digest
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from files_in(one)
