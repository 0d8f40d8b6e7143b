"""The offline kit, piece by piece and imported: the page, the list of digests, the way in the log, and that it lets nothing pass."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.make_devca import LISTED, revocation_list
from scripts.vectors.answers import TSA, answer
from scripts.vectors.base import SEALED_RECORD, devca_key
from scripts.vectors.certificates import ISSUING, issue
from scripts.vectors.long_term import TSA_ROOT
from scripts.vectors.stamped import AUTHORITY, STAMPED_AT, Authority, token
from scripts.vectors.stamped import answer as stamp_of
from scripts.vectors.stamped_chains import STAMPING
from tests.support.effort import EVERYTHING
from tests.support.kit import kit as imported
from tests.support.kit import trust_folder
from tests.support.receipts import AT, GIVEN, KEY, VALID, VECTORS, proof_of
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures import merkle
from tillid.signatures.chain_policy import chain_policy
from tillid.signatures.long_term_xades import parts
from tillid.signatures.names import consent, ds
from tillid.signatures.receipt import (
    KIT,
    certificates_of,
    how_to_verify,
    page_of,
    pages_of_releases,
    receipt,
    spelled,
)
from tillid.signatures.rendering import stylesheet_of
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import load_trust
from tillid.signatures.xml import parse


@pytest.fixture(scope="module")
def kit():
    return imported()


def test_the_kit_is_three_hundred_lines_at_most():
    """Who trusts it has to be able to read it (issue 6 part 6)."""
    lines = KIT.read_text("utf-8").splitlines()
    assert len(lines) <= 300 and max(map(len, lines)) <= 120


def test_the_shape_of_a_seal_that_the_kit_knows_is_the_one_that_lies_beside_it(kit):
    """By its digest alone: who reads the kit reads what an attacker cannot choose in ``seal.txt``."""
    assert hashlib.sha256(KIT.with_name("seal.txt").read_bytes()).hexdigest() == kit.SEAL


def test_the_page_of_every_release_is_known_to_both_and_no_other(kit):
    """What a receipt says of how it is checked may be written anew; receipts of before go on verifying."""
    assert pages_of_releases() == kit.HOW and hashlib.sha256(how_to_verify()).hexdigest() in kit.HOW
    members = kit.unzipped(receipt(GIVEN, proof_of(GIVEN)))
    with pytest.raises(kit.Stop, match="package"):
        kit.verify(kit.zipped(members | {"how-to-verify.html": b"Alt er godt."}), None, parse_instant(AT))


@pytest.mark.req("R-104")
@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_page_is_what_the_stylesheet_gives(path, kit):
    """As xmlsec1 makes it: not one byte more or less, and by no other stylesheet than the one that was sealed with it."""
    record = path.read_bytes()
    members, root = kit.unzipped(receipt(record, proof_of(record))), kit.read_record(record)
    kit.check_page(root, members, doubts := [])
    assert doubts == []
    other = (SIGNING / "schemas" / "record-1.xslt").read_bytes() + b" "
    for wrong in ({"record.html": members["record.html"] + b"\n"}, {"record.html": b""}, {"record.xslt": other}):
        with pytest.raises(kit.Stop, match=r"^page$"):
            kit.check_page(root, members | wrong, [])


@pytest.mark.req("R-104")
def test_a_stylesheet_that_a_stranger_sealed_is_not_run_and_a_page_that_cannot_be_made_is_doubted(kit, monkeypatch):
    members, root = kit.unzipped(receipt(GIVEN, proof_of(GIVEN))), kit.read_record(GIVEN)
    monkeypatch.setattr(kit, "xmlsec1", lambda *_: (False, b""))
    kit.check_page(root, members, unable := [])
    assert unable == ["page.xslt"]
    monkeypatch.setattr(kit, "xmlsec1", lambda *_: pytest.fail("run"))
    kit.check_page(root, members, stranger := ["seal.authority"])
    assert stranger == ["seal.authority"]


def test_what_declares_entities_or_holds_comments_does_not_reach_the_parser(kit, monkeypatch):
    for name in ("canonicalize", "fromstring"):
        monkeypatch.setattr(kit.ET, name, lambda *_: pytest.fail("parsed"))
    for before in (b'<!DOCTYPE a [<!ENTITY a "aa">]>', b"<?a?>", b"<!-- a -->"):
        with pytest.raises(kit.Stop, match="record"):
            kit.read_record(before + GIVEN)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9])
def test_every_place_of_the_log_leads_to_its_head_and_to_no_other(size, kit):
    leaf = parse(GIVEN).find(f".//{consent('Event')}").get("sha256")
    for place in range(size):
        proof = proof_of(GIVEN, size, place)
        path, begin = [bytes.fromhex(step) for step in proof.path], merkle.leaf_hash(bytes.fromhex(leaf))
        head = base64.b64decode(proof.checkpoint.split("\n")[2])
        assert kit.head_of(begin, place, size, path) == head
        for other in set(range(size)) - {place}:
            try:
                assert kit.head_of(begin, other, size, path) != head
            except (IndexError, ValueError):
                pass  # a longer or shorter way
        with pytest.raises((IndexError, ValueError)):
            kit.head_of(begin, place, size, [*path, bytes(32)])


def test_any_changed_byte_of_the_file_is_refused(kit):
    whole = receipt(GIVEN, proof_of(GIVEN))
    assert kit.zipped(kit.unzipped(whole)) == whole
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises((kit.Stop, ValueError, struct.error)):
            kit.unzipped(changed)


def not_valid() -> list[tuple[str, bytes, str]]:
    """(step, record, moment) of the vectors that do not pass: the first three of each step, at night all."""
    by_step: dict[str, list[tuple[str, bytes, str]]] = {}
    for path in sorted(VECTORS.glob("in*/*.xml")):
        said = json.loads(path.with_suffix(".json").read_text("utf-8"))
        by_step.setdefault(said["step"], []).append((said["step"], path.read_bytes(), said["at"]))
    return [one for alike in by_step.values() for one in (alike if EVERYTHING else alike[:3])]


def test_no_forged_record_and_none_that_is_in_doubt_passes(kit, tmp_path):
    """Each vector with all else made anew. What passes was truly sealed with our own key: there the profile's last words
    (schema, exact shape) are ``tillid verify``'s, and nobody else could have made it."""
    trust, whole = (
        trust_folder(tmp_path / "trust", KEY.verifier.text(), "vectors"),
        kit.unzipped(receipt(GIVEN, proof_of(GIVEN))),
    )
    passed = []
    for step, record, at in not_valid():
        try:
            members = whole | made_anew(kit, record)
            kit.verify(kit.zipped(members), trust, parse_instant(at))
        except Exception:  # as in the kit's own main
            continue
        passed.append(step)
    assert set(passed) <= {"form.schema"}, passed


def made_anew(kit, record: bytes) -> dict[str, bytes]:
    """All that a receipt says of ``record`` beside it."""
    root = kit.read_record(record)
    proof = proof_of(record)
    leaf, issuer = (
        ssl.DER_cert_to_PEM_cert(base64.b64decode(node.text)).encode() for node in root.iter(ds("X509Certificate"))
    )
    return {
        "record.xml": record,
        "record.html": page_of(record),
        "record.xslt": stylesheet_of(parse(record)),
        "certificates/seal.pem": leaf,
        "certificates/issuer.pem": issuer,
        "checkpoint.txt": proof.checkpoint.encode(),
        "proof.json": spelled({"leaf": proof.leaf, "index": 3, "size": 5, "path": list(proof.path)}),
    }


@pytest.mark.req("R-85")
def test_an_authoritys_answer_takes_away_the_very_seal_it_is_about(kit, tmp_path):
    """By whichever digest it names the certificate (RFC 6960 4.1.1); what a revocation means is judged as one of a list."""
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    (trust / "ocsp").mkdir()
    pair, since = certificates_of(GIVEN), parse_instant("2026-01-02T03:04:05Z")
    for about, status, digest, expected in (
        ("seal", "revoked", None, since),
        ("seal", "revoked", SHA256(), since),
        ("tsa", "revoked", None, None),
    ):
        told = answer(devca_key(about).leaf, status=status, since=since, digest=digest)
        (trust / "ocsp" / "one.ocsp").write_bytes(told)
        assert kit.revoked(trust, *pair) == expected, (about, status)


def judged(kit, trust: Path, members: dict[str, bytes], token: bytes, at: str) -> str:
    """The kit's result on a receipt of ``members`` with that timestamp."""
    return kit.judged(kit.zipped(members | {"record.tst": token}), trust, parse_instant(at))["result"]


@pytest.mark.req("R-85")
def test_of_a_record_and_its_timestamp_none_passes_that_does_not_pass_in_tillid(kit, tmp_path):
    """The vectors of level T, the timestamp taken out and laid beside the record. But one, which is signed with SHA-256 and says of
    itself that it is not: openssl asks what it is. And of one it says that it cannot tell: openssl takes the first issuer that fits."""
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text(), "vectors")
    whole, passed, valid = kit.unzipped(receipt(GIVEN, proof_of(GIVEN))), set(), set()
    for path in sorted(VECTORS.glob("*/t-*.xml")):
        said, held = json.loads(path.with_suffix(".json").read_text("utf-8")), parts(path.read_bytes())
        valid |= {path.stem} if said["status"] == "passed" else set()
        if held.token is not None:
            members = whole | made_anew(kit, held.record)
            passed |= {path.stem} if judged(kit, trust, members, held.token, said["at"]) == "passed" else set()
    assert passed == (valid | {"t-weaker-method"}) - {"t-dead-end-first"} and len(valid) >= 6


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("curve", "result"), [(ec.SECP192R1(), "indeterminate"), (ec.SECP384R1(), "passed")], ids=["P-192", "P-384"]
)
def test_an_authority_of_timestamps_with_a_weak_key_is_nobodys_that_is_trusted(curve, result, kit, tmp_path):
    key = ec.generate_private_key(curve)
    authority = Authority("tsa", STAMPED_AT)
    authority._chain, authority._key = (
        [issue("TEST stamps", AUTHORITY, key=key, extra=(STAMPING,))[0], AUTHORITY[0]],
        key,
    )
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    (trust / "tsa" / "one.pem").write_bytes(AUTHORITY[0].public_bytes(Encoding.PEM))
    members = kit.unzipped(receipt(SEALED_RECORD, proof_of(SEALED_RECORD)))
    stamp = stamp_of(authority, imprint_of(SEALED_RECORD))
    assert judged(kit, trust, members, stamp, "2026-01-02T12:00:00Z") == result


@pytest.mark.parametrize(
    "key",
    [
        *(
            ec.generate_private_key(one())
            for one in (ec.SECP224R1, ec.SECP256K1, ec.BrainpoolP256R1, ec.SECP256R1, ec.SECP521R1)
        ),
        *(rsa.generate_private_key(65537, size) for size in (1024, 2048, 4096)),
        dsa.generate_private_key(2048),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=lambda key: f"{type(key).__name__}-{getattr(key, 'key_size', '')}",
)
def test_the_kit_counts_the_keys_that_tillid_counts(key, kit):
    certificate = issue("TEST anybody", AUTHORITY, key=key)[0]
    assert kit.strong(certificate.public_bytes(Encoding.PEM)) is chain_policy().signs(certificate.public_key())


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("by", "why", "hours", "result"),
    [
        ("list", "key_compromise", -1, "indeterminate"),
        ("list", "key_compromise", 1, "indeterminate"),
        ("list", None, 1, "indeterminate"),
        ("list", "superseded", -1, "indeterminate"),
        ("list", "cessation_of_operation", 1, "passed"),
        ("answer", "key_compromise", 1, "indeterminate"),
        ("answer", "superseded", -1, "indeterminate"),
        ("answer", "superseded", 1, "passed"),
    ],
)
def test_a_revoked_authority_of_timestamps_is_doubted_as_in_tillid(by, why, hours, result, kit, tmp_path):
    """RFC 3161 4: what it stamped before counts if its key was not said to be unsafe. ``hours``: of the revocation, after the stamp."""
    trust, stamp, at = (
        trust_folder(tmp_path / "trust", KEY.verifier.text()),
        token(SEALED_RECORD),
        "2026-01-02T12:00:00Z",
    )
    since, reason = STAMPED_AT + timedelta(hours=hours), why and x509.ReasonFlags[why]
    if by == "list":
        kind, told = "crl", revocation_list(TSA_ROOT, TSA, at=since, why=reason)
    else:
        kind, told = "ocsp", answer(TSA, TSA_ROOT, status="revoked", since=since, why=why)
    (trust / kind).mkdir(exist_ok=True)
    (trust / kind / f"one.{kind}").write_bytes(told)
    members = kit.unzipped(receipt(SEALED_RECORD, proof_of(SEALED_RECORD)))
    assert judged(kit, trust, members, stamp, at) == result
    assert verify_timed(SEALED_RECORD, load_trust(trust), at=parse_instant(at), token=stamp).status == result


@pytest.mark.req("R-85")
def test_a_key_that_was_unsafe_before_it_was_revoked_counts_no_more_since_then(kit, tmp_path):
    """RFC 5280 5.3.2."""
    trust, pair = trust_folder(tmp_path / "trust", KEY.verifier.text()), certificates_of(GIVEN)
    unsafe, revoked = parse_instant("2025-12-01T00:00:00Z"), parse_instant("2026-01-02T03:04:05Z")
    entry = (
        x509.RevokedCertificateBuilder().serial_number(devca_key("seal").leaf.serial_number).revocation_date(revoked)
    )
    entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
    entry = entry.add_extension(x509.InvalidityDate(unsafe), critical=False)
    listed = (
        x509.CertificateRevocationListBuilder().issuer_name(ISSUING[0].subject).add_revoked_certificate(entry.build())
    )
    made = listed.last_update(LISTED[0]).next_update(LISTED[1]).sign(ISSUING[1], SHA256())
    (trust / "crl").mkdir(exist_ok=True)
    (trust / "crl" / "one.crl").write_bytes(made.public_bytes(Encoding.DER))
    assert kit.revoked(trust, *pair) == unsafe


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("kind", "name", "step"), [("ca", "root", "seal.chain-purpose"), ("tsa", "tsa-root", "timestamp.chain-purpose")]
)
def test_a_trusted_authority_that_says_it_is_for_web_servers_certifies_none_in_the_kit_either(
    kind, name, step, kit, tmp_path
):
    trust, at = trust_folder(tmp_path / "trust", KEY.verifier.text()), "2026-01-02T12:00:00Z"
    members, stamp = kit.unzipped(receipt(SEALED_RECORD, proof_of(SEALED_RECORD))), token(SEALED_RECORD)
    assert judged(kit, trust, members, stamp, at) == "passed"
    key = load_pem_private_key((SIGNING / "devca" / f"{name}.key.pem").read_bytes(), None)
    path = trust / kind / "root.pem"
    path.write_bytes(for_web_servers(x509.load_pem_x509_certificate(path.read_bytes()), key))
    assert judged(kit, trust, members, stamp, at) == "indeterminate"
    assert verify_timed(SEALED_RECORD, load_trust(trust), at=parse_instant(at), token=stamp).step == step


def for_web_servers(root: x509.Certificate, key) -> bytes:
    """The same authority, which says what it is for."""
    made = x509.CertificateBuilder().subject_name(root.subject).issuer_name(root.issuer).public_key(root.public_key())
    made = made.serial_number(root.serial_number)
    made = made.not_valid_before(root.not_valid_before_utc).not_valid_after(root.not_valid_after_utc)
    for one in root.extensions:
        made = made.add_extension(one.value, one.critical)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)
