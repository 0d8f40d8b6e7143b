"""What a run of ``tillid package make`` says of itself in ``packages.jsonl``: ids, numbers and digests, no word of any document.

Whoever hands over sends this list another way than the packages: it says of each the digest of its root METS file, which nothing
in a package can hold. It is also where a run that was killed finds what it has done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for. ``kind``, ``value``: as ``Choice``; ``controller``: whose documents they are (R-05); ``to``: SHA-256 of the recipient's certificate,
    empty for packages in clear; ``notifications``: underretninger, which lie apart (R-54)."""

    kind: str
    value: str
    controller: str
    bagit: bool = False
    to: str = ""
    notifications: bool = False


class Begun(msgspec.Struct, frozen=True, kw_only=True, tag="begun", tag_field="line"):
    """A run begins. ``documents``: how many were chosen."""

    order: Order
    at: datetime
    documents: int


class Made(msgspec.Struct, frozen=True, kw_only=True, tag="package", tag_field="line"):
    """A document's package. ``new``: made by this run; ``file``: its name in the folder; ``last_event``: digest of the newest
    event in it; ``mets``: SHA-256 of its root METS file; ``sealed``: of the encrypted file, empty where it is in clear."""

    document: str
    version: int
    last_event: str
    package: str
    file: str
    new: bool
    files: int
    size: int
    mets: str
    sealed: str = ""


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed", tag_field="line"):
    """A document that could not be packed now, and the code of why."""

    document: str
    code: str


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag="ended", tag_field="line"):
    """A run that went through all it had chosen."""

    at: datetime
    made: int
    there: int
    failed: int


Line = Begun | Made | Failed | Ended


def resumed(lines: Iterable[Line], order: Order) -> dict[str, Made]:
    """Document → what the last run made of it, if that run had the same order and did not end; else nothing."""
    done: dict[str, Made] = {}
    same = False
    for line in lines:
        if isinstance(line, Begun):
            # A run that goes on is itself killed now and then: what the runs before it did still counts.
            done = done if same and line.order == order else {}
            same = line.order == order
        elif isinstance(line, Ended):
            done, same = {}, False
        elif isinstance(line, Made) and same:
            done[line.document] = line
    return done


def newest(lines: Iterable[Line]) -> dict[str, Made]:
    """Package → the last line about it."""
    return {line.package: line for line in lines if isinstance(line, Made)}
