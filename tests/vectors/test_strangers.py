"""What strangers make that a library meets late: certificates, moments and tokens that raise where they are first looked at. The verdict
says no; nothing raises and nothing passes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from asn1crypto import algos, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509

from scripts.vectors.base import SEALED_AT, SEALED_RECORD, Steady
from scripts.vectors.certificates import FOREIGN, der, issue, private
from scripts.vectors.stamped import Authority, answer
from scripts.vectors.strangers import CHANGES, STRANGER, malformed
from tests.support.sign_provider import Pair, certificate, signature
from tillid.kernel.paths import SIGNING
from tillid.signatures import verify as verifying
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.evidence import stamped, written
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.personal import enveloped, expected_over, verify_personal
from tillid.signatures.readable import read_certificate
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verify import verify

AT = SEALED_AT + timedelta(days=1)
TRUST = load_trust(SIGNING / "trust" / "vectors")
EXPECTED = expected_over(SEALED_RECORD)


@cache
def issuer() -> Pair:
    return certificate("TEST personlig udsteder", None, now=SEALED_AT, authority=True)


@cache
def signer() -> Pair:
    return certificate("TEST Person", issuer(), subject=EXPECTED.subject, now=SEALED_AT)


def signed(leaf: x509.Certificate | None = None, *chain: x509.Certificate) -> bytes:
    """A personal signature that shows these certificates, the first of them in the signer's place."""
    certificate, key = signer()
    return signature(SEALED_RECORD, (leaf or certificate, key), list(chain or (issuer()[0],)), SEALED_AT)


def judged(data: bytes) -> str:
    found = verify_personal(data, EXPECTED, Trust(persons=(issuer()[0],)), at=SEALED_AT)
    assert (found.signed is not None) is found.passed
    return found.step


def test_the_signature_that_is_changed_here_holds() -> None:
    assert judged(signed()) == "personal.ok" and enveloped(signed()) == EXPECTED


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        (b"2025-11-03T18:30:14Z</xades:SigningTime>", b"</xades:SigningTime>", "personal.shape"),
        (b"2025-11-03T18:30:14Z</xades", b"2025-11-03T24:00:00Z</xades", "personal.shape"),
        (b"<xades:MimeType>text/xml</xades:MimeType>", b"", "personal.shape"),
        (b"2025-11-03T18:30:14Z</xades", b"0001-01-01T00:00:00Z</xades", "personal.changed"),
        (b"</ds:X509Certificate>", "ø</ds:X509Certificate>".encode(), "personal.certificates"),
    ],
)
def test_a_personal_signature_that_is_emptied_or_rewritten(old: bytes, new: bytes, step: str) -> None:
    whole = signed()
    before, found, behind = whole.rpartition(old)  # the first may be the seal's, in the record
    if old.startswith(b"</ds:X509"):
        before, found, behind = whole.partition(old)
    assert found
    changed = before + new + behind
    assert judged(changed) == step
    assert (enveloped(changed) is None) is (step == "personal.shape")


@pytest.mark.parametrize(("moment", "step"), [("0001-01-01T00:00:00Z", "outside"), ("9999-12-31T23:59:59Z", "future")])
def test_a_personal_signature_of_the_first_or_last_moment_that_there_is(
    moment: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.sign_provider.instant", lambda _: moment)
    assert judged(signed()) == f"personal.{step}"


@pytest.mark.parametrize("what", CHANGES)
def test_a_certificate_that_is_not_what_it_seems_stands_nowhere(what: str) -> None:
    change, _ = CHANGES[what]
    bad = x509.load_der_x509_certificate(malformed(change))  # the library has no objection yet
    with pytest.raises(ValueError):
        read_certificate(malformed(change))
    assert read_certificate(der(STRANGER.leaf)) == STRANGER.leaf
    assert judged(signed(bad)) == "personal.certificates"
    assert judged(signed(None, bad, issuer()[0])) == "personal.certificates", "as an authority between"
    assert not any(TRUST.person_ways(signer()[0], (bad,), AT))


def test_what_a_schema_let_through_and_the_calendar_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schema says no by itself (vectors ``spelled-*``); if it ever did not, nothing raises."""
    data = (SIGNING / "vectors" / "invalid" / "spelled-midnight-of-the-day-before.xml").read_bytes()
    monkeypatch.setattr(verifying, "schema_fault", lambda root: None)
    found = verify(data, TRUST, at=AT)
    assert (found.status, found.step, found.signed) == ("failed", "form.schema", None)


class Late(Authority):
    """An authority whose clock writes ``said``."""

    def __init__(self, said: bytes) -> None:
        super().__init__("tsa", SEALED_AT)
        self._said = said

    def info(self, asked: tsp.TimeStampReq) -> dict[str, object]:
        moment = core.GeneralizedTime(SEALED_AT)
        moment.contents = self._said
        return super().info(asked) | {"gen_time": core.GeneralizedTime.load(moment.dump())}


@pytest.mark.parametrize(
    ("said", "step"),
    [
        (b"20251103183017Z", "ok"),
        (b"20251103183017.25Z", "ok"),
        (b"20251103183017", "timestamp.unreadable"),
        (b"20251103193017+0100", "timestamp.unreadable"),
        (b"202511031830Z", "timestamp.unreadable"),
        (b"00000101000000Z", "timestamp.unreadable"),
        (b"20251303183017Z", "timestamp.unreadable"),
        (b"99991231235959Z", "timestamp.future"),
    ],
)
def test_a_tokens_moment_is_in_utc_and_in_the_calendar(said: bytes, step: str) -> None:
    """RFC 3161 2.4.2. A moment without a zone, or of a year that the library has a class of its own for, is none."""
    imprint = imprint_of(SEALED_RECORD)
    assert judge(answer(Late(said), imprint), imprint, TRUST, at=AT).step == step
    whole = hashlib.sha256(b"frozen").digest()
    tokens = [answer(Late(one), whole.hex()) for one in (b"20251103183017Z", said)]
    for der_ in tokens:
        found = verify_evidence(
            written([[stamped([[whole]], der_, "sha256")]]), b"frozen", TRUST, read_algorithms(), at=AT
        )
        assert found.passed is (der_ == tokens[0] or step == "ok")


def test_evidence_whose_authority_has_a_certificate_signed_in_no_known_way() -> None:
    """Only who trusts it asks how a certificate is signed, and until when that holds."""
    usage = (x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]), True)
    leaf, key = issue("TEST stamps of a stranger", FOREIGN, key=private("stamps of a stranger"), extra=(usage,))
    made = asn1.Certificate.load(der(leaf))
    unknown = algos.SignedDigestAlgorithm({"algorithm": "1.2.3.4"})
    made["tbs_certificate"]["signature"], made["signature_algorithm"] = unknown, unknown
    authority = Authority("tsa", SEALED_AT)
    authority._chain = [x509.load_der_x509_certificate(made.dump(force=True)), FOREIGN[0]]
    authority._key = Steady(key)  # type: ignore[assignment]
    whole = hashlib.sha256(b"frozen").digest()
    data = written([[stamped([[whole]], answer(authority, whole.hex()), "sha256")]])
    found = verify_evidence(data, b"frozen", TRUST, read_algorithms(), at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (found.status, found.step) == ("unreadable", "evidence.unreadable")
