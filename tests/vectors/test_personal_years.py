"""A person's own signature of 2026 is proven in 2066: its certificate lived for ten minutes, the authority that issued it ended with the
decade, and SHA-256 was renewed by a stronger digest (ADR 0079)."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from lxml import etree

from tests.support.evidence import ALGORITHMS, Years, day, everybody, made
from tests.support.kit import kit, trust_folder
from tests.support.receipts import AT, GIVEN, KEY, VECTORS, proof_of
from tests.support.sign_provider import certificate, signature
from tillid.cli import evidence as command
from tillid.cli import main
from tillid.cli.judging import Judging
from tillid.kernel.clock import FixedClock, parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.evidence_tree import digest
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.evidenced import verify_evidenced
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import Expected, expected_over, personal_imprint, verify_personal
from tillid.signatures.personal_evidenced import freeze_personal, verify_own, verify_personal_evidenced
from tillid.signatures.receipt import OWN, OWN_EVIDENCE_FILE, OWN_FROZEN_FILE, OWN_TOKEN, receipt
from tillid.signatures.receipt_verify import OwnSigned, own_signature_in, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_xades import with_timestamp
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verdict import Verdict
from tillid.usecases.keep_evidence import close_batch, evidence_of, renew

SIGNED, FAR = parse_instant(AT), day(2066)
ABOUT = expected_over(GIVEN)
REFUSED = (VECTORS / "valid" / "refused.xml").read_bytes()
OURS = load_trust(SIGNING / "trust" / "test")
KEYS = {KEY.verifier.text()}


class Signed:
    """One person's signature over ``record``, stamped and frozen a minute later by an authority of the evidence's."""

    def __init__(self, root, record: bytes = GIVEN) -> None:
        person = certificate("Person", root, subject=expected_over(record).subject, now=SIGNED)
        self.record, self.trust = record, with_persons(root[0])
        self.signature = signature(record, person, [root[0]], SIGNED + timedelta(seconds=1))
        clock = FixedClock(SIGNED + timedelta(minutes=1))
        self.token = made(1).authority(clock).stamp(personal_imprint(self.signature))
        self.frozen = freeze_personal(self.signature, self.token, self.trust, at=clock.now())

    def own(self, **more) -> OwnSigned:
        return OwnSigned(record=self.record, signature=self.signature, token=self.token, **more)


def with_persons(*roots) -> Trust:
    return msgspec.structs.replace(
        OURS,
        persons=roots,
        stampers=(*OURS.stampers, *everybody().stampers),
        lists=(*OURS.lists, *everybody().lists),
    )


@pytest.fixture(scope="module")
def root():
    return certificate("Provider", None, now=SIGNED, authority=True)


@pytest.fixture(scope="module")
def signed(root):
    return Signed(root)


@pytest.fixture(scope="module")
def other(root):
    return Signed(root, REFUSED)


@pytest.fixture(scope="module")
def years(signed, other):
    """Closed in 2026 with another's, renewed in 2035, hashed anew in 2045."""
    held = [signed.frozen, other.frozen]
    kept = Years(start=day(2026, 12))
    for data in held:
        kept.store.enter(digest("sha256", data), "sha256")
    close_batch(kept.keeping(1))
    for year, generation in ((2035, 2), (2045, 3)):
        kept.at(day(year))
        assert renew(kept.keeping(generation), lambda old, new: {digest(old, one): digest(new, one) for one in held})
    return kept


def judged(own, trust, at=FAR, algorithms=ALGORITHMS):
    return verify_own(own, expected_over(own.record), trust, algorithms, at=at)


@pytest.mark.req("R-85", "R-100", "O6")
def test_a_personal_signature_of_2026_is_proven_in_2066(signed, years):
    (leaf,) = signed.trust.persons
    assert leaf.not_valid_after_utc < FAR, "the provider is gone too"
    evidence = evidence_of(years.store, signed.frozen)
    for without in (signed.own(), signed.own(frozen=signed.frozen)):
        assert judged(without, signed.trust).status == "indeterminate"
    found = judged(signed.own(frozen=signed.frozen, evidence=evidence), signed.trust)
    assert (found.status, found.step, found.signed) == ("passed", "personal.ok", GIVEN)
    assert found.details["proven_at"][:4] == "2026" and found.details["renewed_at"][:4] == "2045"
    assert (found.details["signature_kind"], found.details["signer"]) == ("personal", ABOUT.subject)
    # The digest of the first batch ended: not renewed by a stronger one, nothing is proven any more.
    early = Years(start=day(2026, 12))
    early.store.enter(digest("sha256", signed.frozen), "sha256")
    close_batch(early.keeping(1))
    early.at(day(2035))
    renew(early.keeping(2))
    late = judged(signed.own(frozen=signed.frozen, evidence=evidence_of(early.store, signed.frozen)), signed.trust)
    assert late.status == "indeterminate"
    # Nobody who trusts neither provider nor authority is told anything for certain.
    for trust in (msgspec.structs.replace(signed.trust, persons=()), Trust()):
        assert not judged(signed.own(frozen=signed.frozen, evidence=evidence), trust).passed


@pytest.mark.req("R-85", "R-101")
def test_evidence_of_another_object_is_a_forgery(signed, other, years):
    mine, theirs = (evidence_of(years.store, one.frozen) for one in (signed, other))
    for at in (SIGNED + timedelta(minutes=2), FAR):
        lent = judged(signed.own(frozen=other.frozen, evidence=theirs), signed.trust, at)
        assert (lent.status, lent.step) == ("failed", "personal.other-evidence")
    swapped = judged(signed.own(frozen=signed.frozen, evidence=theirs), signed.trust)
    assert (swapped.status, swapped.step) == ("failed", "evidence.object")
    changed = mine[:200] + bytes([mine[200] ^ 1]) + mine[201:]
    assert judged(signed.own(frozen=signed.frozen, evidence=changed), signed.trust).status in ("failed", "unreadable")
    # Evidence makes nobody else's of it, and no forgery true.
    somebody = Expected(record=GIVEN, subject="0" * len(ABOUT.subject))
    found = verify_personal_evidenced(mine, signed.frozen, somebody, signed.trust, ALGORITHMS, at=FAR)
    assert found.step == "personal.other-person"
    forged = signed.frozen.replace(b"MimeType>text/xml", b"MimeType>text/htm", 1)
    years.store.enter(digest("sha512", forged), "sha512")
    close_batch(years.keeping(3))
    of_it = evidence_of(years.store, forged)
    assert verify_evidence(of_it, forged, signed.trust, ALGORITHMS, at=FAR).passed
    assert not verify_personal_evidenced(of_it, forged, ABOUT, signed.trust, ALGORITHMS, at=FAR).passed


@pytest.mark.req("R-100")
def test_what_is_frozen_comes_apart_in_one_way_and_holds_what_judges_it(signed, root):
    held = parts(signed.frozen)
    assert (held.record, held.token) == (signed.signature, signed.token) and held.lists
    more = signed.frozen.replace(b"<xades:CRLValues>", b"<xades:CRLValues> ")
    assert more != signed.frozen and parts(more).token is None, "nothing can be added beside it"
    about = certificate("Person", root, subject="other", now=SIGNED)
    wrong = signature(GIVEN, about, [root[0]], SIGNED)
    with pytest.raises(TillidError) as refused:
        freeze_personal(wrong, signed.token, signed.trust, at=SIGNED + timedelta(minutes=1))
    assert (refused.value.code, refused.value.detail) == ("longterm.incomplete", "personal.other-person")
    bare = msgspec.structs.replace(signed.trust, lists=())
    with pytest.raises(TillidError) as early:
        freeze_personal(signed.signature, signed.token, bare, at=SIGNED + timedelta(minutes=1))
    assert early.value.detail == "revocation.missing"
    for junk in (b"", b"<a/>", GIVEN):
        with pytest.raises(TillidError):
            freeze_personal(junk, signed.token, signed.trust, at=SIGNED)


@pytest.mark.req("R-85", "R-101", "R-103")
def test_a_receipt_carries_it_and_tillid_and_the_kit_ask_whether_it_belongs_there(
    signed, other, years, tmp_path, monkeypatch
):
    evidence = evidence_of(years.store, signed.frozen)
    beside = {OWN: signed.signature, OWN_TOKEN: signed.token}
    beside |= {OWN_FROZEN_FILE: signed.frozen, OWN_EVIDENCE_FILE: evidence}
    data = receipt(GIVEN, proof_of(GIVEN), None, beside)
    assert own_signature_in(data) == signed.own(frozen=signed.frozen, evidence=evidence)
    file = tmp_path / "receipt.zip"
    file.write_bytes(data)
    monkeypatch.setattr("tillid.cli.judging.read_algorithms", lambda: ALGORITHMS)
    told = dict(Judging(trust=signed.trust, at=FAR, log_keys=frozenset(KEYS)).path(file))
    assert told[f"{file}!{OWN}"].passed and not told[str(file)].passed, (
        "the seal has no evidence here, the signature has"
    )

    tool, trust = kit(), trust_folder(tmp_path / "trust", KEY.verifier.text())
    assert tool.judged(data, trust, SIGNED)["not_judged"] == [OWN, OWN_TOKEN, OWN_FROZEN_FILE, OWN_EVIDENCE_FILE]
    members = tool.unzipped(data)
    now = SIGNED + timedelta(minutes=2)

    def judge(record, token):
        return verify_timed(record, signed.trust, at=now, token=token)

    for wrong in ({OWN_FROZEN_FILE: other.frozen}, {OWN_FROZEN_FILE: signed.signature}, {OWN_EVIDENCE_FILE: b""}):
        moved = tool.zipped(members | wrong)
        assert tool.judged(moved, trust, SIGNED)["result"] == "failed", wrong.keys()
        if OWN_FROZEN_FILE in wrong:
            assert verify_receipt(moved, judge, KEYS).step == "receipt.changed"
        file.write_bytes(moved)
        found = [one for _, one in Judging(trust=signed.trust, at=now, log_keys=frozenset(KEYS)).path(file)]
        assert any(one.status in ("failed", "unreadable") for one in found), wrong.keys()
    for alone in (OWN_FROZEN_FILE, OWN_TOKEN):
        less = tool.zipped({name: one for name, one in members.items() if name != alone})
        assert verify_receipt(less, judge, KEYS).step == "receipt.changed"
    assert (
        tool.judged(tool.zipped({n: d for n, d in members.items() if n != OWN_FROZEN_FILE}), trust, SIGNED)["result"]
        == "failed"
    )


@pytest.mark.req("R-85")
def test_the_commands_judge_what_was_exported(signed, other, years, tmp_path, monkeypatch, capsys):
    (tmp_path / "own.er").write_bytes(evidence_of(years.store, signed.frozen))
    (tmp_path / "own.xml").write_bytes(signed.frozen)
    (tmp_path / "other.xml").write_bytes(other.frozen)
    monkeypatch.setattr(command, "load_trust", lambda _: signed.trust)
    monkeypatch.setattr(command, "read_algorithms", lambda: ALGORITHMS)

    def told(name):
        code = main(
            [
                "evidence",
                "verify",
                str(tmp_path / "own.er"),
                str(tmp_path / name),
                "--at",
                "2066-01-01T12:00:00Z",
                "--json",
            ]
        )
        return code, json.loads(capsys.readouterr().out)

    code, found = told("own.xml")
    assert (code, found["step"], found["details"]["signature_kind"]) == (0, "personal.ok", "personal")
    assert told("other.xml")[1]["step"] == "evidence.object"
    # Judged as a file alone it is a signature with its timestamp.
    at = SIGNED + timedelta(days=2)
    one, record = (found for _, found in Judging(trust=signed.trust, at=at).path(tmp_path / "own.xml"))
    assert (one.step, record.step) == ("personal.ok", "ok")
    assert verify_personal(signed.signature, ABOUT, signed.trust, at=at).step == "personal.expired"


@pytest.mark.req("R-85", "R-103")
def test_an_archives_copy_that_carries_both_is_judged_by_the_later_and_a_forgery_in_either_counts(
    signed, other, monkeypatch
):
    """Frozen at level T first, with its lists when they came (ADR 0085)."""
    monkeypatch.setattr("tillid.cli.judging.read_algorithms", lambda: ALGORITHMS)
    first = with_timestamp(signed.signature, signed.token)
    held = [first, signed.frozen, other.frozen]
    kept = Years(start=day(2026, 12))
    for data in held:
        kept.store.enter(digest("sha256", data), "sha256")
        close_batch(kept.keeping(1))
        kept.at(day(2027, 3))
    for year, generation in ((2035, 2), (2045, 3)):
        kept.at(day(year))
        renew(kept.keeping(generation), lambda old, new: {digest(old, one): digest(new, one) for one in held})
    name = "record-1.personal"
    files = {"record-1.xml": signed.record, name: signed.signature, f"{name}.tst": signed.token}
    pairs = {
        f"{name}{mark}.{end}": data
        for mark, frozen in (("", first), (".lt", signed.frozen))
        for end, data in (("frozen", frozen), ("er", evidence_of(kept.store, frozen)))
    }

    def told(**changed: bytes) -> Verdict:
        inside = files | {key: changed.get(key[len(name) + 1 :].replace(".", "_"), data) for key, data in pairs.items()}
        revision = SimpleNamespace(files=[SimpleNamespace(name=key, data=data) for key, data in inside.items()])
        ((_, found),) = Judging(trust=signed.trust, at=FAR)._signed_in(SimpleNamespace(revisions=(revision,)))
        return found

    assert told().passed and told().details["proven_at"][:4] == "2027", "the later of the two"
    strange = evidence_of(kept.store, other.frozen)
    for changed in ({"lt_er": strange}, {"er": strange}, {"lt_frozen": other.frozen, "lt_er": strange}):
        assert told(**changed).status == "failed", changed


def test_a_record_inside_a_signature_is_no_record_of_its_own(signed):
    """The enveloped record has a signature, too: what is added is added to the outer one alone."""
    (unsigned,) = etree.fromstring(signed.frozen).iter("{http://uri.etsi.org/01903/v1.3.2#}UnsignedProperties")
    assert not any(one.tag.endswith("ConsentRecord") for one in unsigned.iterancestors())
    at = SIGNED + timedelta(minutes=2)
    assert not verify_timed(signed.frozen, signed.trust, at=at).passed
    assert not verify_evidenced(b"", signed.frozen, signed.trust, ALGORITHMS, at=at).passed
