"""What strangers' bytes are given to, with seeds and the one question a fuzzer asks: was something taken for true that nobody
made? (fuzzing.py)"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from tillid.adapters.xmlsec_engine import libxmlsec
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures import merkle
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogKey
from tillid.signatures.evidence import stamped, written
from tillid.signatures.evidence_asn1 import completed
from tillid.signatures.evidence_tree import levels, reduced
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.long_term_xades import parts
from tillid.signatures.receipt import LogProof, receipt, zipped
from tillid.signatures.receipt_verify import manifest, unpacked, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

VECTORS = SIGNING / "vectors"
TRUST = load_trust(SIGNING / "trust" / "vectors")
RECORDS = {path.relative_to(VECTORS).as_posix(): path.read_bytes() for path in sorted(VECTORS.glob("*/*.xml"))}
GIVEN = RECORDS["valid/given.xml"]
AT: datetime = parse_instant(json.loads((VECTORS / "valid" / "given.json").read_text("utf-8"))["at"])
KEY = LogKey("test.example/log", bytes(range(32)))
both = partial(verify, second=libxmlsec)


@dataclass
class Target:
    """``wrong``: bytes → what is wrong with the answer, ``None`` when nothing is; an exception is a crash. ``repacked``: puts
    a change where it is looked at, behind what would refuse it first."""

    seeds: list[bytes]
    wrong: Callable[[bytes], str | None]
    repacked: Callable[[bytes, Callable[[bytes], bytes], random.Random], bytes] | None = None
    known: Any = field(default=None)


def record() -> Target:
    """Records alone: whatever is not one of the stored files is refused."""
    known = set(RECORDS.values())

    def wrong(data: bytes) -> str | None:
        found = verify(data, TRUST, at=AT, second=libxmlsec)
        return None if found.status in ("failed", "unreadable") or data in known else found.step

    return Target(list(RECORDS.values()), wrong)


def timed() -> Target:
    """Records with what is inside them of timestamps and lists: nothing is shown as sealed that nobody sealed."""
    said = {}
    for data in RECORDS.values():
        found = verify_timed(data, TRUST, at=AT, verifier=both)
        if found.signed is not None:
            said.setdefault(found.signed, set()).add(found.details.get("timestamped_at"))

    def wrong(data: bytes) -> str | None:
        found = verify_timed(data, TRUST, at=AT, verifier=both)
        if found.status == "disputed" or (found.signed is not None and found.signed not in said):
            return found.step
        # A timestamp can be taken off; none can be put on.
        stamped_at = found.details.get("timestamped_at")
        return found.step if found.passed and stamped_at and stamped_at not in said[found.signed] else None

    return Target([data for data in RECORDS.values() if b"UnsignedProperties" in data], wrong)


def tokens() -> list[tuple[bytes, str]]:
    """Every token inside the vectors that could be a token, and the imprint of its record."""
    held = ((parts(data), data) for name, data in RECORDS.items() if not name.startswith("invalid"))
    found = {one.token: imprint_of(one.record) for one, _ in held if one.token is not None}
    return sorted(found.items())


def token() -> Target:
    """Timestamps over one record's signature: no other moment, number or authority than was stamped."""
    known = {}
    for der, imprint in tokens():
        stamp = judge(der, imprint, TRUST, at=AT)
        if stamp.holds:
            known.setdefault(imprint, set()).add((stamp.moment, stamp.serial, stamp.authority))

    def wrong(data: bytes) -> str | None:
        for imprint, stamps in known.items():
            stamp = judge(data, imprint, TRUST, at=AT)
            if stamp.holds and (stamp.moment, stamp.serial, stamp.authority) not in stamps:
                return str(stamp.moment)
        return None

    return Target([der for der, _ in tokens()], wrong, known=known)


def checkpoint() -> Target:
    """Heads of the log: nothing but what the key signed."""
    signed = [
        Checkpoint(origin=KEY.verifier.name, size=size, root=hashlib.sha256(b"%d" % size).digest())
        for size in (0, 7, 10**9)
    ]
    notes = [KEY.sign(one) for one in signed]
    stranger = LogKey("witness.example/w", b"w" * 32)
    notes.append(notes[1] + stranger.sign(signed[1]).rpartition(b"\n\n")[2])

    def wrong(data: bytes) -> str | None:
        try:
            return None if KEY.verifier.read(data) in signed else "read"
        except CheckpointError:
            return None

    return Target(notes, wrong)


def proof_of(data: bytes) -> LogProof:
    """The way of a record's event in a log of five."""
    leaf = verify(data, TRUST, at=AT).details["event_sha256"]
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(5)]
    leaves[3] = bytes.fromhex(leaf)

    class Leaves:
        def node(self, level: int, index: int) -> bytes:
            if level == 0:
                return merkle.leaf_hash(leaves[index])
            return merkle.inner_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))

    head = Checkpoint(origin=KEY.verifier.name, size=5, root=merkle.head(Leaves(), 5))
    path = tuple(step.hex() for step in merkle.inclusion_proof(Leaves(), 3, 5))
    return LogProof(leaf=leaf, index=3, size=5, path=path, checkpoint=KEY.sign(head).decode(), key=KEY.verifier.text())


def receipts() -> Target:
    """Receipts as Tillid judges them (the kit asks the same with other programs): only those that were handed out."""
    known = [
        receipt(RECORDS[f"valid/{name}.xml"], proof_of(RECORDS[f"valid/{name}.xml"])) for name in ("given", "withdrawn")
    ]
    keys = {KEY.verifier.text()}

    def wrong(data: bytes) -> str | None:
        found = verify_receipt(data, lambda one, der: verify_timed(one, TRUST, at=AT, token=der), keys)
        return None if not found.passed or data in known else found.step

    def repacked(data: bytes, change: Callable[[bytes], bytes], chance: random.Random) -> bytes:
        """One member changed, and the list of digests made right again, as somebody would who knows how it is done."""
        members = unpacked(data, len(data))
        if not members or "manifest.json" not in members:
            return change(data)
        name = chance.choice(sorted(members))
        members[name] = change(members[name])
        if name != "manifest.json":
            members["manifest.json"] = manifest(members)
        return zipped(members)

    return Target(known, wrong, repacked)


def evidence() -> Target:
    """Evidence records of one object: only what was covered, at the moment it was covered."""
    der, _ = next((der, imprint) for der, imprint in tokens() if imprint in token().known)
    one, other = b"one object", b"another"
    # The token covers no such tree, which is the point: the way is walked to the end, and nothing may pass.
    tree = levels(sorted(hashlib.sha256(each).digest() for each in (one, other)), "sha256")
    groups = reduced(tree, 0)
    algorithms = read_algorithms()
    seeds = [written([[stamped(groups, der, "sha256")]]), written([[stamped(groups, completed(der), "sha256")] * 2])]

    def wrong(data: bytes) -> str | None:
        found = verify_evidence(data, one, TRUST, algorithms, at=AT)
        return found.step if found.passed else None

    return Target(seeds, wrong)


TARGETS: dict[str, Callable[[], Target]] = {
    "record": record, "timed": timed, "token": token, "checkpoint": checkpoint, "receipt": receipts, "evidence": evidence,
}  # fmt: skip


def corpus(folder: Path, targets: dict[str, Target]) -> None:
    """The seeds as files, the first byte saying whose they are."""
    for number, (name, target) in enumerate(targets.items()):
        for place, seed in enumerate(target.seeds):
            (folder / f"{name}-{place}").write_bytes(bytes([number]) + seed)
