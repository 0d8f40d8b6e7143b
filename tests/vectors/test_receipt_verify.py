"""What lies in a receipt beside its record: each part changed, with all else made anew, is told by its own step."""

from __future__ import annotations

import pytest

from tests.support.receipts import AT, GIVEN, KEY, VECTORS, proof_of
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.receipt import bundle, receipt, zipped
from tillid.signatures.receipt_verify import unpacked, verify_bundle, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust

TRUST = load_trust(SIGNING / "trust" / "test")
KEYS = {KEY.verifier.text()}
WHOLE = receipt(GIVEN, proof_of(GIVEN))
MEMBERS = unpacked(WHOLE, 10**7)


def judge(record, token):
    return verify_timed(record, TRUST, at=parse_instant(AT), token=token)


def judged(members, keys=KEYS):
    return verify_receipt(zipped(members), judge, keys)


@pytest.mark.req("R-85", "R-104")
def test_a_whole_receipt_passes_and_says_where_in_which_log():
    found = verify_receipt(WHOLE, judge, KEYS)
    assert found.passed and found.signed and found.details["log"] == KEY.verifier.name
    assert (found.details["log_size"], found.details["log_index"]) == ("5", "3")
    assert verify_receipt(WHOLE, judge, ()).step == "receipt.log"


@pytest.mark.parametrize(
    ("name", "old", "new", "step"),
    [
        ("record.xml", b"<Title>", b"<Title>x", "crypto.hash"),
        ("record.html", b"<td>Ja</td>", b"<td>Nej</td>", "receipt.page"),
        ("record.xslt", b">Ja<", b">Nej<", "receipt.changed"),
        ("how-to-verify.html", b"GODKENDT", b"godkendt", "receipt.changed"),
        ("certificates/seal.pem", b"MII", b"MIJ", "receipt.changed"),
        ("proof.json", b'"index": 3', b'"index": 2', "receipt.proof"),
        ("proof.json", b'"index": 3', b'"index": 3.0', "receipt.proof"),
        ("proof.json", b'"index": 3', b'"index": true', "receipt.proof"),
        ("proof.json", b'"index": 3', b'"index": -2', "receipt.proof"),
        ("proof.json", b'"path": [', b'"path": [7,', "receipt.proof"),
        ("proof.json", b"{", b"[", "receipt.changed"),
        ("checkpoint.txt", b"\n5\n", b"\n6\n", "receipt.proof"),
        ("log-key.txt", b"solbjerg", b"solbjerh", "receipt.proof"),
        ("log-key.txt", b"\n", b"\n\n", "receipt.proof"),
    ],
)
def test_each_changed_part_has_its_step(name, old, new, step):
    assert old in MEMBERS[name]
    assert judged(MEMBERS | {name: MEMBERS[name].replace(old, new, 1)}).step == step


def test_a_proof_of_another_event_and_a_page_of_another_record_are_told():
    other = (VECTORS / "valid" / "refused.xml").read_bytes()
    theirs = unpacked(receipt(other, proof_of(other)), 10**7)
    assert judged(MEMBERS | {"proof.json": theirs["proof.json"]}).step == "receipt.proof"
    assert judged(MEMBERS | {"record.html": theirs["record.html"]}).step == "receipt.page"


def test_a_doubt_about_the_record_hides_no_forgery_beside_it():
    expired = (VECTORS / "indeterminate" / "expired-seal.xml").read_bytes()
    members = unpacked(receipt(expired, proof_of(expired)), 10**7)
    assert judged(members).step == "time.expired" and judged(members, ()).step == "time.expired"
    assert judged(members | {"record.html": b"<html>"}).step == "receipt.page"


@pytest.mark.parametrize("place", range(0, len(WHOLE), 97))
def test_any_changed_byte_is_refused_and_nothing_is_a_crash(place):
    changed = WHOLE[:place] + bytes([WHOLE[place] ^ 1]) + WHOLE[place + 1 :]
    assert verify_receipt(changed, judge, KEYS).status in ("failed", "unreadable")
    assert verify_receipt(WHOLE[:place], judge, KEYS).status in ("failed", "unreadable")


def test_a_file_too_few_or_too_many_is_refused():
    assert judged(MEMBERS | {"more.txt": b""}).step == "receipt.changed"
    less = {name: data for name, data in MEMBERS.items() if name != "proof.json"}
    assert judged(less).step == "receipt.changed"
    assert verify_receipt(zipped({"a.txt": b"x"}), judge, KEYS).step == "unreadable.receipt"


def test_a_bundle_is_its_receipts_each_judged_for_itself():
    forged = MEMBERS | {"record.html": b"<html>"}
    made = bundle({"one": WHOLE, "two": zipped(forged)})
    found = verify_bundle(made, judge, KEYS)
    assert [(name, one.step) for name, one in found] == [("one.zip", "ok"), ("two.zip", "receipt.page")]
    assert verify_bundle(WHOLE, judge, KEYS) is None and verify_bundle(made + b"x", judge, KEYS) is None
    assert verify_bundle(bundle({}), judge, KEYS) is None
    assert verify_bundle(zipped({"one.zip": WHOLE, "../two.zip": WHOLE}), judge, KEYS) is None
