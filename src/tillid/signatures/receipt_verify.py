"""The verdict on a receipt or a bundle of receipts, as Tillid gives it: the record as ever, and all that lies beside it (ADR 0039).

The offline kit asks the same of one receipt with other programs; this one has the record's schema and both engines too.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Set

import msgspec
from lxml import etree

from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.kernel.zips import DAMAGED
from tillid.signatures.checkpoint import CheckpointError, LogVerifier
from tillid.signatures.long_term_xades import parts
from tillid.signatures.merkle import includes
from tillid.signatures.names import consent
from tillid.signatures.personal import enveloped
from tillid.signatures.receipt import (
    EVIDENCE_FILE,
    FROZEN_FILE,
    NEEDS,
    OPTIONAL,
    OWN,
    OWN_EVIDENCE_FILE,
    OWN_FROZEN_FILE,
    OWN_TOKEN,
    TOKEN,
    certificates_of,
    page_of,
    pages_of_releases,
    spelled,
    zipped,
)
from tillid.signatures.rendering import stylesheet_of
from tillid.signatures.verdict import Verdict, verdict
from tillid.signatures.xml import XmlRefused, parse

MAX_BYTES = (
    10_000_000  # the record four times: as sealed, frozen, and in the person's own signature, which is frozen too
)
MAX_BUNDLE = 500_000_000
NAMES = frozenset(
    {"certificates/issuer.pem", "certificates/seal.pem", "checkpoint.txt", "how-to-verify.html", "log-key.txt",
     "proof.json", "record.html", "record.xml", "record.xslt"}
)  # fmt: skip
EVIDENCE_DETAILS = ("proven_at", "renewed_at", "holds_until", "timestamps", "level")
RECEIPT_IN_BUNDLE = re.compile(r"[0-9a-z-]+\.zip")
# A record, its timestamp (or none) → its verdict.
Judge = Callable[[bytes, bytes | None], Verdict]
# An evidence record (``.er``) and the frozen record it is about → the verdict on both.
Evidenced = Callable[[bytes, bytes], Verdict]


class OwnSigned(msgspec.Struct, frozen=True, kw_only=True):
    """A person's own signature over ``record`` with all that may lie beside it."""

    record: bytes
    signature: bytes
    token: bytes | None = None
    frozen: bytes | None = None
    evidence: bytes | None = None


def verify_receipt(data: bytes, judge: Judge, log_keys: Collection[str], evidenced: Evidenced | None = None) -> Verdict:
    """The verdict on a receipt; ``log_keys``: verifier keys of the logs that are trusted. Never raises for what is in ``data``.

    A forgery weighs more than a doubt, and what is wrong with the record itself more than what is wrong beside it. Renewed
    evidence that holds proves what the seal and its timestamp alone do no longer. The person's own signature must be about this
    record; what it is worth is a verdict of its own (``own_signature_in``; R-103)."""
    members = _members(data)
    if members is None:
        # One of ours that somebody has packed anew, or a file that is something else.
        return verdict("receipt.changed" if b"record.xml" in data else "unreadable.receipt")
    record = members["record.xml"]
    found = judge(record, members.get(TOKEN))
    if found.status not in ("passed", "indeterminate"):
        return found
    try:
        step, log = _beside(members, record, log_keys)
    except (TillidError, XmlRefused, ValueError, KeyError, TypeError, IndexError, RecursionError, etree.LxmlError):
        step, log = "receipt.changed", {}
    if step not in ("ok", "receipt.log"):
        return msgspec.structs.replace(verdict(step, **found.details, **log), signed=found.signed)
    if EVIDENCE_FILE in members and evidenced is not None:
        found = with_evidence(found, evidenced(members[EVIDENCE_FILE], members[FROZEN_FILE]))
    if step == "receipt.log" and found.passed:
        return msgspec.structs.replace(verdict(step, **found.details, **log), signed=found.signed)
    return msgspec.structs.replace(found, details=found.details | log)


def own_signature_in(data: bytes) -> OwnSigned | None:
    """The person's own signature over the record of a receipt, with what lies beside it; ``None`` where there is none."""
    members = _members(data)
    if members is None or OWN not in members:
        return None
    return OwnSigned(
        record=members["record.xml"],
        signature=members[OWN],
        token=members.get(OWN_TOKEN),
        frozen=members.get(OWN_FROZEN_FILE),
        evidence=members.get(OWN_EVIDENCE_FILE),
    )


def receipts_in(data: bytes) -> dict[str, bytes] | None:
    """Name and file of each receipt of a bundle; ``None`` when ``data`` is none."""
    return unpacked(data, MAX_BUNDLE, _are_of_a_bundle)


def verify_bundle(
    data: bytes, judge: Judge, log_keys: Collection[str], evidenced: Evidenced | None = None
) -> list[tuple[str, Verdict]] | None:
    """Name and verdict of each receipt of a bundle; ``None`` when ``data`` is none."""
    inside = receipts_in(data)
    if inside is None:
        return None
    return [(name, verify_receipt(one, judge, log_keys, evidenced)) for name, one in inside.items()]


def _members(data: bytes) -> dict[str, bytes] | None:
    """The files of a receipt; ``None`` unless all are there that must be, and none that must not."""
    return unpacked(data, MAX_BYTES, _are_of_a_receipt)


def _are_of_a_bundle(names: Set[str]) -> bool:
    return bool(names) and all(RECEIPT_IN_BUNDLE.fullmatch(name) for name in names)


def _are_of_a_receipt(names: Set[str]) -> bool:
    return names - OPTIONAL == NAMES and all(other in names for name, other in NEEDS.items() if name in names)


def with_evidence(found: Verdict, proof: Verdict) -> Verdict:
    """``found`` with what its evidence record adds. A doubt about it takes nothing away from what is proven without it."""
    if proof.status in ("failed", "unreadable") or proof.passed and not found.passed:
        return proof
    more = {"evidence": proof.step} | {key: proof.details[key] for key in EVIDENCE_DETAILS if key in proof.details}
    return msgspec.structs.replace(found, details=found.details | more)


def unpacked(data: bytes, most: int, fits: Callable[[Set[str]], bool] = bool) -> dict[str, bytes] | None:
    """The members of a zip of ours; ``None`` for any other file. Written once more, so that what is otherwise by one byte
    (compression, a comment) is none. Of what has names that do not ``fit``, no member is read: a stranger's may be thousands."""
    if len(data) > most:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            names = {one.filename for one in listed}
            if len(names) < len(listed) or not fits(names):
                return None
            if any(one.compress_type != zipfile.ZIP_STORED or one.file_size > len(data) for one in listed):
                return None
            members = {one.filename: archive.read(one) for one in listed}
    except DAMAGED:
        return None
    return members if zipped(members) == data else None


def _beside(members: dict[str, bytes], record: bytes, log_keys: Collection[str]) -> tuple[str, dict[str, str]]:
    """The step of the first objection (``ok``: none), and what is told of the log."""
    certificates = (members["certificates/seal.pem"], members["certificates/issuer.pem"])
    if (
        sha256(members["how-to-verify.html"]) not in pages_of_releases()
        or certificates != certificates_of(record)
        or members["record.xslt"] != stylesheet_of(parse(record))
    ):
        return "receipt.changed", {}
    if not _about(members, record):
        return "receipt.changed", {}
    if members["record.html"] != page_of(record):
        return "receipt.page", {}
    key = members["log-key.txt"].decode()
    event = parse(record).find(f".//{consent('Event')}")
    leaf = "" if event is None else event.get("sha256", "")
    log = _proven(members, leaf, key)
    if log is None:
        return "receipt.proof", {}
    return ("ok" if key.strip() in log_keys else "receipt.log"), log


def _about(members: dict[str, bytes], record: bytes) -> bool:
    """Whether the frozen file and the person's own signature are about this record with this timestamp, and that one's frozen file
    about it."""
    if FROZEN_FILE in members and not frozen_of(members[FROZEN_FILE], record, members.get(TOKEN)):
        return False
    if OWN_FROZEN_FILE in members and not frozen_of(members[OWN_FROZEN_FILE], members[OWN], members[OWN_TOKEN]):
        return False
    own = enveloped(members[OWN]) if OWN in members else None
    return OWN not in members or own is not None and own.record == record


def frozen_of(frozen: bytes, record: bytes, token: bytes | None) -> bool:
    """Whether ``frozen`` is this record, or person's own signature, with this timestamp, made for long life."""
    held = parts(frozen)
    return (held.record, held.token) == (record, token)


def _proven(members: dict[str, bytes], leaf: str, key: str) -> dict[str, str] | None:
    """What is told of the log when the way from ``leaf`` to its signed head holds."""
    proof = json.loads(members["proof.json"])
    if spelled(proof) != members["proof.json"] or proof.keys() != {"index", "leaf", "path", "size"}:
        return None
    index, size, path = proof["index"], proof["size"], [bytes.fromhex(step) for step in proof["path"]]
    try:
        verifier = LogVerifier.parsed(key)
        head = verifier.read(members["checkpoint.txt"])
    except CheckpointError:
        return None
    held = (
        type(index) is int
        and 0 <= index < size
        and proof["leaf"] == leaf
        and head.size == size
        and f"{verifier.text()}\n" == key
    )
    if not held or not includes(bytes.fromhex(leaf), index, size, path, head.root):
        return None
    return {"log": verifier.name, "log_size": str(size), "log_index": str(index)}
