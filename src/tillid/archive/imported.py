"""A package of another installation's, as it is kept here: to be read, never to be changed or mixed with own documents (ADR 0057)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from tillid.archive.package_held import Found
from tillid.kernel.canonical import json_digest

Form = Literal["folder", "zip"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of a part of the package on the day that it came."""

    of: str
    status: str
    step: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """``id``: the package's own; ``agents``: who made and sent it, as it says; ``controller``: whose archivists read it here
    (R-05); ``taken_by``: a code of who ran the command; ``sha256``: of what came, to the byte (``digest_of`` a folder, or the
    zip's own); ``trust_sha256``: of the trust list that came with it, empty where that was not kept yet."""

    id: str
    label: str
    agents: tuple[str, ...]
    made_at: str
    document_id: str
    number: str
    controller: str
    purpose: str
    taken_at: datetime
    taken_by: str
    form: Form
    sha256: str
    files: int
    size: int
    parts: tuple[Part, ...]
    trust_sha256: str = ""


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a package that was taken away: which, when, by whom and why."""

    id: str
    at: datetime
    by: str
    purpose: str


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """Of a folder: its files' paths and digests."""
    return json_digest(sorted(list(one) for one in files))


def parts_of(found: Iterable[Found]) -> tuple[Part, ...]:
    """What is remembered of a verdict."""
    return tuple(Part(of=of, status=one.status, step=one.step) for of, one in found)
