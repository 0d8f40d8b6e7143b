"""Receipts made of our valid vectors, in a log of a few leaves."""

from __future__ import annotations

import hashlib

from tests.support.leaves import Leaves
from tillid.kernel.paths import SIGNING
from tillid.signatures import merkle
from tillid.signatures.checkpoint import Checkpoint, LogKey
from tillid.signatures.names import consent
from tillid.signatures.receipt import LogProof
from tillid.signatures.xml import parse

VECTORS = SIGNING / "vectors"
KEY = LogKey("solbjerg.example/log", bytes(range(32)))
VALID = [p for p in sorted((VECTORS / "valid").glob("*.xml")) if b"UnsignedProperties" not in p.read_bytes()]
AT = "2026-11-26T12:00:00Z"
GIVEN = (VECTORS / "valid" / "given.xml").read_bytes()
EXPIRED = (VECTORS / "indeterminate" / "expired-seal.xml").read_bytes()


def proof_of(record: bytes, size: int = 5, place: int = 3) -> LogProof:
    """That the record's event is leaf ``place`` of ``size``."""
    leaf = parse(record).find(f".//{consent('Event')}").get("sha256")
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(size)]
    digests[place] = bytes.fromhex(leaf)
    leaves = Leaves(digests)
    head = Checkpoint(origin=KEY.verifier.name, size=size, root=merkle.head(leaves, size))
    path = tuple(step.hex() for step in merkle.inclusion_proof(leaves, place, size))
    note = KEY.sign(head).decode()
    return LogProof(leaf=leaf, index=place, size=size, path=path, checkpoint=note, key=KEY.verifier.text())
