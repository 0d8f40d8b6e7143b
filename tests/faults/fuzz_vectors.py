"""What lies beside a record, given to the fuzzer with every stored vector of its kind: heads of the log and proofs that it only grew,
receipts with all that a receipt may hold, renewed evidence, people's own signatures (``fuzz_targets.py`` has the records)."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable
from functools import cache

import msgspec

from scripts.make_personal_vectors import ABOUT
from scripts.vectors.personal_base import AT as MONTH_LATER
from tests.faults.fuzz_targets import AT, RECORDS, TRUST, VECTORS, Change, Target, put_in
from tests.support.receipts import KEY, proof_of
from tillid.adapters.xmlsec_engine import libxmlsec_personal
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogKey, LogVerifier
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.evidenced import verify_evidenced
from tillid.signatures.log_extension import LogExtension
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal_evidenced import verify_frozen_personal
from tillid.signatures.receipt import (
    EVIDENCE_FILE,
    FROZEN_FILE,
    OPTIONAL,
    OWN,
    OWN_TOKEN,
    TOKEN,
    bundle,
    receipt,
    zipped,
)
from tillid.signatures.receipt_verify import own_signature_in, receipts_in, unpacked, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.xml import canonical, parse

EVIDENCE, LOG, PERSONAL = VECTORS / "evidence", VECTORS / "log", VECTORS / "personal"
PROVEN = {
    path: (path.read_bytes(), path.with_suffix(".object").read_bytes()) for path in sorted(EVIDENCE.glob("*/*.er"))
}
EVIDENCE_TRUST = load_trust(EVIDENCE / "trust")
ALGORITHMS = msgspec.json.decode((EVIDENCE / "trust" / "algorithms.json").read_bytes(), type=Algorithms)
FAR = parse_instant(json.loads((EVIDENCE / "valid" / "whole-0.json").read_text("utf-8"))["at"])
# A person's signature → the timestamp beside it; of two over one signature the one of ``valid`` is last.
SIGNATURES = {
    path.read_bytes(): beside.read_bytes() if (beside := path.with_suffix(".tst")).exists() else None
    for path in sorted(PERSONAL.glob("*/*.xml"))
}
PERSONAL_TRUST = load_trust(PERSONAL / "trust")
SIGNED_VALUE = re.compile(rb"<ds:SignatureValue>[^<]*")
BETWEEN = re.compile(rb">\s+<")
# A way to an authority is looked for among these, and one that leads nowhere is passed by (docs/adr/0081): nobody has signed that it is there.
OTHER_CERTIFICATES = re.compile(
    rb"(<ds:X509Data><ds:X509Certificate>[^<]*</ds:X509Certificate>).*?(?=</ds:X509Data>)", re.S
)
LONGEST = 10**7


def heads() -> Target:
    """Heads of the log, and files that say it only grew: nothing but what the key signed."""
    verifiers = [LogVerifier.parsed(path.read_text("utf-8")) for path in sorted(LOG.glob("*/key.txt"))]
    signed = [
        Checkpoint(origin=KEY.verifier.name, size=size, root=hashlib.sha256(b"%d" % size).digest())
        for size in (0, 7, 10**9)
    ]
    notes = [KEY.sign(one) for one in signed]
    notes.append(notes[1] + LogKey("witness.example/w", b"w" * 32).sign(signed[1]).rpartition(b"\n\n")[2])
    seeds = [*notes, *(path.read_bytes() for path in sorted(LOG.glob("*/*.txt")) if path.name != "key.txt")]
    every = {one.text(): one for one in (*verifiers, KEY.verifier)}.values()
    known = {one.text(): set(filter(None, (_read(one, data) for data in seeds))) for one in every}
    assert sum(map(len, known.values())) >= 20

    def wrong(data: bytes) -> str | None:
        extension = _extension(data)
        for one in every:
            head = _read(one, data)
            if head is not None and head not in known[one.text()]:
                return "a head that nobody signed"
            grown = _grown(extension, one, known[one.text()]) if extension is not None else set()
            if grown - {None, *known[one.text()]}:
                return "a log that grew into another"
        return None

    return Target(seeds, wrong)


def _read(by: LogVerifier, data: bytes) -> Checkpoint | None:
    try:
        return by.read(data)
    except CheckpointError:
        return None


def _extension(data: bytes) -> LogExtension | None:
    try:
        return LogExtension.parsed(data)
    except TillidError:
        return None


def _grown(found: LogExtension, by: LogVerifier, kept: set[Checkpoint]) -> set[Checkpoint | None]:
    """What those heads, and none at all, grew into by what it says."""
    try:
        return {found.follows(one, by) for one in (None, *kept)}
    except TillidError:
        return set()


def whole_receipts() -> list[bytes]:
    """One of each valid record, with its timestamp where it has one; with renewed evidence; with the person's own signature; of two."""
    made = []
    for name, data in RECORDS.items():
        held = parts(data) if name.startswith("valid/") else None
        if held is not None:
            made.append(receipt(held.record, proof_of(held.record), held.token))
    frozen, record = ((EVIDENCE / "valid" / f"sealed-record.{end}").read_bytes() for end in ("object", "er"))
    held = parts(frozen)
    made.append(receipt(held.record, proof_of(held.record), held.token, {FROZEN_FILE: frozen, EVIDENCE_FILE: record}))
    own = PERSONAL / "valid" / "stamped"
    beside = {OWN: own.with_suffix(".xml").read_bytes(), OWN_TOKEN: own.with_suffix(".tst").read_bytes()}
    made.append(receipt(ABOUT.record, proof_of(ABOUT.record), None, beside))
    return list(dict.fromkeys(made))


def receipts() -> Target:
    """Receipts as Tillid judges them (the kit asks the same with other programs): only those that were handed out."""
    known = whole_receipts()
    keys = {KEY.verifier.text()}

    def judge(one: bytes, der: bytes | None) -> Verdict:
        return verify_timed(one, TRUST, at=AT, token=der)

    def proven(record: bytes, frozen: bytes) -> Verdict:
        return verify_evidenced(record, frozen, EVIDENCE_TRUST, ALGORITHMS, at=AT)

    handed_out = {core(one) for one in known}
    moments = {None, *(verify_receipt(one, judge, keys, proven).details.get("proven_at") for one in known)}

    def wrong_alone(data: bytes) -> str | None:
        found = verify_receipt(data, judge, keys, proven)
        if found.passed and (core(data) not in handed_out or found.details.get("proven_at") not in moments):
            return found.step
        own = own_signature_in(data)
        return None if own is None else claim_nobody_made(own.signature, own.token)

    def wrong(data: bytes) -> str | None:
        """Also of each receipt in a file of several."""
        inside = receipts_in(data) or {}
        return next(filter(None, map(wrong_alone, (data, *inside.values()))), None)

    def repacked(data: bytes, change: Change, chance: random.Random) -> bytes:
        """One member changed, and packed again, as somebody would who knows how it is done."""
        members = unpacked(data, len(data))
        if not members:
            return change(data)
        name = chance.choice(sorted(members))
        return zipped(members | {name: change(members[name])})

    return Target([*known, bundle({"one": known[0], "two": known[1]})], wrong, repacked)


def core(data: bytes) -> frozenset[tuple[str, bytes]]:
    """What a receipt's verdict rests on: its files without what has a verdict of its own, or adds to it (``with_evidence``)."""
    members = unpacked(data, LONGEST) or {}
    beside = OPTIONAL - {TOKEN}
    return frozenset((name, one) for name, one in members.items() if name not in beside)


def evidence() -> Target:
    """Evidence records in 2066, each of the object it is about: no other object, moment or renewal than was covered."""
    objects = list(dict.fromkeys(data for _, data in PROVEN.values()))
    digests = {hashlib.new(name, one).digest(): one for one in objects for name in ("sha256", "sha512")}

    def judged(record: bytes) -> tuple[bytes, object]:
        about = next((one for digest, one in digests.items() if digest in record), objects[0])
        found = verify_evidence(record, about, EVIDENCE_TRUST, ALGORITHMS, at=FAR)
        return about, tuple(sorted(found.details.items())) if found.passed else None

    said = {judged(record) for record, _ in PROVEN.values()}
    assert len([one for one in said if one[1] is not None]) >= 3

    def wrong(data: bytes) -> str | None:
        found = judged(data)
        return None if found[1] is None or found in said else str(found[1])

    return Target([record for record, _ in PROVEN.values()], wrong)


def people() -> Target:
    """People's own signatures as they are stored, each with the timestamp beside it: nothing is shown as signed that nobody signed."""
    stamps = {SIGNED_VALUE.search(data)[0]: token for data, token in SIGNATURES.items() if token is not None}  # type: ignore[index]

    def wrong(data: bytes) -> str | None:
        over = SIGNED_VALUE.search(data)
        return claim_nobody_made(data, stamps.get(over[0]) if over else None)

    def repacked(data: bytes, change: Change, chance: random.Random) -> bytes:
        """A text or an attribute of what the person signed, or beside it, changed."""
        try:
            root = parse(data)
            put_in(chance.choice([one for one in root.iter() if one.text or one.attrib]), change, chance)
            return canonical(root)
        except Exception:
            return change(data)

    return Target(list(SIGNATURES), wrong, repacked)


def claimed(data: bytes, token: bytes | None) -> tuple[str, object]:
    """Whether it passes, and what is shown then."""
    found = verify_frozen_personal(
        data, PERSONAL_TRUST, at=MONTH_LATER, token=token, about=ABOUT, second=libxmlsec_personal
    )
    told = {name: found.details.get(name) for name in ("signed_at", "signer", "timestamped_at", "assurance")}
    # Lists and answers may lie beside what was signed; of that nothing may differ but white space between elements and the
    # certificates behind the person's own.
    return found.status, (
        found.signed,
        OTHER_CERTIFICATES.sub(rb"\1", BETWEEN.sub(b"><", parts(data).record), count=1),
        *told.values(),
    ) if found.passed else None


@cache
def claims() -> frozenset[object]:
    made = [shown for _, shown in (claimed(data, token) for data, token in SIGNATURES.items())]
    assert len([one for one in made if one is not None]) >= 8
    return frozenset(made)


def claim_nobody_made(data: bytes, token: bytes | None) -> str | None:
    status, shown = claimed(data, token)
    if status == "disputed":
        return status
    return None if shown is None or shown in claims() else f"personal: {str(shown)[-200:]}"


TARGETS: dict[str, Callable[[], Target]] = {"heads": heads, "receipt": receipts, "evidence": evidence, "people": people}
