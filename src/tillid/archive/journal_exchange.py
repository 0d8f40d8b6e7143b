"""What is exchanged with the municipality's own journal system, as bytes, both ways (U23, ADR 0078; for who builds the other side: docs/journal.md).

Out: one entry, ``journal.json`` with the digest of every other file. In: one receipt, which names the digest of the ``journal.json`` that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec

from tillid.archive.kle import Filed
from tillid.kernel.canonical import canonical_json, sha256
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id

OUT, IN = "tillid/journal/1", "tillid/journal-receipt/1"
DESCRIPTION, SUMS = "journal.json", "SHA256SUMS"
MOST_BYTES = 16_384  # of a receipt
# Series of letters and digits with signs between, as SBSYS, Nova, GetOrganized and Acadre write them; no words, for words could be a name.
_CASE = re.compile(r"(?=[A-Za-z0-9./_-]{1,40}\Z)(?=.*[0-9])[A-Za-z0-9]{1,12}(?:[./_-][A-Za-z0-9]{1,12})*\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")

# no ordinary file; over ``MOST_BYTES``; not these fields in JSON; no entry that was handed over; of another ``journal.json``; a number that
# is none or holds a CPR number; before the entry or in the future; the entry has its receipt; the document was destroyed meanwhile
Refusal = Literal[
    "no-file", "too-large", "unreadable", "unknown", "other-digest", "number", "day", "duplicate", "destroyed"
]


class Named(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str


class FormOf(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    title: str


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """``name``: of the file as it lies there; never what somebody called it, which can tell of people."""

    name: str
    media_type: str
    data: bytes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. ``child``: of a form about a child of the register; of none where the form itself names whom it is about, or nobody."""

    entry: str
    number: str
    version: int
    date: date
    theme: str
    form: FormOf
    municipality: Named
    sender: Named
    receiver: Named | None = None
    child: Named | None = None
    kle: Filed | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the journal answers."""

    schema: Literal["tillid/journal-receipt/1"]
    entry: str
    journal_sha256: str
    case: str
    day: date


class ReceiptRefused(TillidError):
    """Never a person's to meet: it becomes the file's new name and a line on the administrator's page."""

    code = "journal.receipt-refused"
    text = "En kvittering fra kommunens journalsystem er afvist."

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why: Refusal = why


def packed(entry: Entry, files: Iterable[Attachment]) -> dict[str, bytes]:
    """All files of an entry, by name; the same entry with the same files gives the same bytes."""
    lying = sorted(files, key=lambda one: one.name)
    listed = [
        {"name": one.name, "media_type": one.media_type, "size": len(one.data), "sha256": sha256(one.data)}
        for one in lying
    ]
    description = canonical_json({"schema": OUT, **msgspec.to_builtins(entry), "files": listed})
    found = {DESCRIPTION: description, **{one.name: one.data for one in lying}}
    sums = "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(found.items()))
    return {**found, SUMS: sums.encode()}


def digest_of(files: Mapping[str, bytes]) -> str:
    """By what a receipt names the entry that it is about."""
    return sha256(files[DESCRIPTION])


def read_receipt(data: bytes) -> Receipt:
    """Raises ``ReceiptRefused``."""
    if len(data) > MOST_BYTES:
        raise ReceiptRefused("too-large")
    try:
        receipt = msgspec.json.decode(data, type=Receipt)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ReceiptRefused("unreadable") from None
    if not is_id(receipt.entry) or not _DIGEST.match(receipt.journal_sha256):
        raise ReceiptRefused("unreadable")
    if not _CASE.match(receipt.case) or holds_cpr(receipt.case):
        raise ReceiptRefused("number")
    return receipt
