"""What else lies in a receipt: the renewed evidence of the frozen record, and the person's own signature (R-101); by Tillid and by
the kit, which says what it does not judge."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.evidence import ALGORITHMS, day, everybody
from tests.support.kit import kit, trust_folder
from tests.support.receipts import AT, GIVEN, KEY, VECTORS, proof_of
from tests.support.sign_provider import certificate, signature
from tillid.cli.judging import Judging
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.evidenced import verify_evidenced
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import expected_over
from tillid.signatures.receipt import EVIDENCE_FILE, FROZEN_FILE, OWN, receipt
from tillid.signatures.receipt_verify import own_signature_in, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust

EVIDENCE = SIGNING / "vectors" / "evidence" / "valid" / "sealed-record"
FROZEN, ER = EVIDENCE.with_suffix(".object").read_bytes(), EVIDENCE.with_suffix(".er").read_bytes()
HELD = parts(FROZEN)
RENEWED = receipt(HELD.record, proof_of(HELD.record), HELD.token, {FROZEN_FILE: FROZEN, EVIDENCE_FILE: ER})
OURS = load_trust(SIGNING / "trust" / "test")
TRUST = msgspec.structs.replace(
    OURS, stampers=(*OURS.stampers, *everybody().stampers), lists=(*OURS.lists, *everybody().lists)
)
KEYS, FAR, NOW = {KEY.verifier.text()}, day(2066), parse_instant(AT)


def judged(data, at, *, evidenced=True):
    return verify_receipt(
        data,
        lambda record, token: verify_timed(record, TRUST, at=at, token=token),
        KEYS,
        (lambda er, frozen: verify_evidenced(er, frozen, TRUST, ALGORITHMS, at=at)) if evidenced else None,
    )


@pytest.fixture(scope="module")
def signed_too():
    """The receipt of a yes that its giver has signed too, and the provider's authority."""
    root = certificate("Provider", None, now=NOW, authority=True)
    person = certificate("Person", root, subject=expected_over(GIVEN).subject, now=NOW)
    own = signature(GIVEN, person, [root[0]], NOW + timedelta(seconds=1))
    return receipt(GIVEN, proof_of(GIVEN), None, {OWN: own}), root[0]


@pytest.mark.req("R-85", "O6")
def test_in_forty_years_the_renewed_evidence_proves_what_the_timestamp_alone_does_no_longer():
    assert judged(RENEWED, FAR, evidenced=False).status == "indeterminate"
    found = judged(RENEWED, FAR)
    assert found.passed and found.details["proven_at"][:4] == "2026" and found.details["log"] == KEY.verifier.name
    early = judged(RENEWED, day(2026, 12))  # before its renewals: what is doubtful of it takes nothing away
    assert early.passed and early.details["evidence"] == "timestamp.future"


@pytest.mark.req("R-85")
def test_evidence_of_another_record_or_changed_is_told(tmp_path):
    tool, trust = kit(), trust_folder(tmp_path / "trust", KEY.verifier.text())
    whole = tool.unzipped(RENEWED)
    other = (VECTORS / "valid" / "lt-refused.xml").read_bytes()
    changed = ER[:200] + bytes([ER[200] ^ 1]) + ER[201:]
    for more in ({FROZEN_FILE: other}, {FROZEN_FILE: HELD.record}, {EVIDENCE_FILE: changed}, {EVIDENCE_FILE: b""}):
        assert judged(tool.zipped(whole | more), FAR).status in ("failed", "unreadable"), more.keys()
    for more in ({FROZEN_FILE: other}, {EVIDENCE_FILE: b""}):
        told = tool.judged(tool.zipped(whole | more), trust, NOW)
        assert (told["result"], told["step"]) == ("failed", "beside")
    del whole[FROZEN_FILE]
    assert judged(tool.zipped(whole), FAR).step == "receipt.changed"
    assert tool.judged(tool.zipped(whole), trust, NOW)["result"] == "failed"


def test_the_kit_says_what_it_does_not_judge(tmp_path, signed_too):
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    told = kit().judged(signed_too[0], trust, NOW)
    assert (told["result"], told["not_judged"]) == ("passed", ["personal.xml"])
    assert "not_judged" not in kit().judged(receipt(GIVEN, proof_of(GIVEN)), trust, NOW)
    told = kit().judged(RENEWED, trust, FAR)
    assert told["result"] == "indeterminate" and "record.er" in told["not_judged"], "it is there for who can judge it"
    told = kit().judged(RENEWED, trust, NOW)
    assert told["not_judged"] == ["record.frozen.xml", "record.er"] and told["result"] == "passed"


@pytest.mark.req("R-101", "R-103")
def test_the_persons_own_signature_is_a_verdict_of_its_own_beside_the_seals(tmp_path, signed_too):
    data, root = signed_too
    file = tmp_path / "receipt.zip"
    file.write_bytes(data)
    trust = msgspec.structs.replace(OURS, persons=(root,))
    at = NOW + timedelta(minutes=1)
    (receipt_, seal), (own, personal) = Judging(trust=trust, at=at, log_keys=frozenset(KEYS)).path(file)
    assert (own, personal.step, personal.details["signature_kind"]) == (f"{receipt_}!{OWN}", "personal.ok", "personal")
    assert seal.passed and seal.details["signature_kind"] == "platform-seal"
    stranger = [one for _, one in Judging(trust=OURS, at=at, log_keys=frozenset(KEYS)).path(file)]
    assert [one.step for one in stranger] == ["ok", "personal.authority"]


@pytest.mark.req("R-101")
def test_a_signature_over_another_record_has_no_place_in_a_receipt(tmp_path, signed_too):
    tool, trust = kit(), trust_folder(tmp_path / "trust", KEY.verifier.text())
    refused = (VECTORS / "valid" / "refused.xml").read_bytes()
    members = tool.unzipped(receipt(refused, proof_of(refused)))
    moved = tool.zipped(members | {OWN: own_signature_in(signed_too[0]).signature})
    assert judged(moved, NOW).step == "receipt.changed"
    assert (told := tool.judged(moved, trust, NOW))["result"] == "failed" and told["step"] == "beside"
    alone = tool.zipped(members | {"personal.tst": b"0"})
    assert judged(alone, NOW).step == "receipt.changed" and tool.judged(alone, trust, NOW)["result"] == "failed"
