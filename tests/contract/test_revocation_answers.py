"""Answers about one certificate (OCSP), asked of OpenSSL's own responder: kept when genuine, and then counted; and what a record
at level LT is made of where an authority publishes no list."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import load_der_ocsp_request
from cryptography.x509.oid import AuthorityInformationAccessOID

from scripts.make_vectors import AT
from scripts.vectors.answers import ALL, answer, answered, responder
from scripts.vectors.base import SEALED_RECORD
from scripts.vectors.certificates import FOREIGN, issue
from scripts.vectors.stamped import token
from tests.support.ocsp_process import Responder
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.revocation_answers import fetch_answers, post, responders
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.answers import read_answer
from tillid.signatures.long_term import freeze
from tillid.signatures.long_term_xades import parts
from tillid.signatures.revocation import objection
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import Trust, load_trust

NOW = SystemClock().now()
ADDRESS = "http://ocsp.tillid.invalid/"
CA = issue("TEST authority that answers", authority=True, years=(2019, 2069))
NAMED = responder(CA)
TEST = load_trust(SIGNING / "trust" / "test")


def asked_about(name: str) -> x509.Certificate:
    """A certificate that names an address for answers and none for lists."""
    made, key = issue(name, CA)
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ADDRESS))
    builder = x509.CertificateBuilder().subject_name(made.subject).issuer_name(made.issuer)
    builder = builder.serial_number(made.serial_number).public_key(key.public_key())
    builder = builder.not_valid_before(made.not_valid_before_utc).not_valid_after(made.not_valid_after_utc)
    builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return builder.sign(CA[1], made.signature_hash_algorithm)  # type: ignore[arg-type]


SEAL = asked_about("TEST seal with answers")
TRUST = Trust(authorities=(CA[0],), seals=(SEAL,))


@pytest.fixture(scope="module")
def openssl(tmp_path_factory):
    made = Responder(tmp_path_factory.mktemp("ocsp") / "responder", CA, NAMED)
    yield made
    made.stop()


@pytest.mark.req("R-85")
def test_what_openssl_answers_is_kept_and_counts_without_a_new_start(openssl, tmp_path) -> None:
    (tmp_path / "base").mkdir()
    folder, trusted = tmp_path / "own" / "ocsp", OwnTrust(tmp_path / "base", tmp_path / "own")

    def state(**known: x509.Certificate) -> str:
        port = openssl.start(**known)
        (found,) = fetch_answers(
            TRUST, folder, now=SystemClock().now(), ask_for=lambda _, body: post(f"http://127.0.0.1:{port}/", body)
        )
        return found.state

    assert responders(SEAL) == [ADDRESS]
    assert state() == "unknown" and trusted.now().answers == ()
    assert state(good=SEAL) == "kept"
    way, later = (SEAL, CA[0]), SystemClock().now() + timedelta(minutes=1)
    assert objection(way, trusted.now().answers, proven=later, at=later, required=True) is None
    for file in folder.iterdir():
        file.unlink()
    assert state(revoked=SEAL) == "kept"
    found = objection(way, trusted.now().answers, proven=later, at=later)
    assert found and (found.state, found.reason) == ("revoked", x509.ReasonFlags.key_compromise)


def test_only_the_answer_to_the_question_is_kept(tmp_path) -> None:
    folder = tmp_path / "ocsp"

    def state(made: bytes | None, now=NOW) -> str:
        def ask_for(_: str, body: bytes) -> bytes:
            assert load_der_ocsp_request(body).serial_number == SEAL.serial_number
            if made is None:
                raise OSError
            return made

        (found,) = fetch_answers(TRUST, folder, now=now, ask_for=ask_for)
        return found.state

    def said(days: int, lasting: int | None = 7, **how: object) -> bytes:
        at = NOW + timedelta(days=days)
        until = at + timedelta(days=lasting) if lasting is not None else None
        return answer(SEAL, CA, by=NAMED, valid=(at, until), **how)  # type: ignore[arg-type]

    stranger = responder(FOREIGN)
    for made, expected in (
        (None, "unreachable"), (b"", "foreign"), (b"x" * 60_000, "foreign"), (b"\x30\x03\x0a\x01\x06", "foreign"),
        (answer(SEAL, CA, by=stranger), "foreign"), (answer(CA[0], CA, by=NAMED), "foreign"),
        (said(0, nonce=b"n" * 32), "foreign"), (said(0, status="unknown"), "unknown"), (said(-9), "old"),
        (said(1), "old"), (said(-2, None), "old"),
    ):  # fmt: skip
        assert state(made) == expected and not folder.exists()
    assert state(said(-2)) == "kept" and state(said(-2)) == "known" and state(said(-3)) == "older"
    assert state(said(0, None)) == "kept" and state(None) == "unreachable"
    assert state(said(3), NOW + timedelta(days=3)) == "kept"
    assert len(list(folder.iterdir())) == 1


def test_nobody_is_asked_where_a_list_is_named_or_the_certificate_has_ended(tmp_path) -> None:
    def never(*_: object) -> bytes:
        raise AssertionError("was asked")

    assert fetch_answers(TEST, tmp_path, now=NOW, ask_for=never) == []
    assert fetch_answers(TRUST, tmp_path, now=SEAL.not_valid_after_utc, ask_for=never) == []


@pytest.mark.req("R-85")
def test_a_record_is_frozen_by_answers_where_there_is_no_list(tmp_path) -> None:
    (tmp_path / "ocsp").mkdir()
    for name, data in ALL.items():
        (tmp_path / "ocsp" / f"{name}.ocsp").write_bytes(data)
    told = load_trust(tmp_path).answers
    trust = msgspec.structs.replace(TEST, lists=(), answers=told)
    made = freeze(SEALED_RECORD, token(), trust, at=AT)
    assert made == answered() and set(parts(made).answers) == {one.public_bytes(Encoding.DER) for one in told}
    bare = msgspec.structs.replace(TEST, lists=())
    found = verify_timed(made, bare, at=AT)
    assert found.passed and found.details["level"] == "LT"
    with pytest.raises(TillidError) as lacking:
        freeze(SEALED_RECORD, token(), msgspec.structs.replace(trust, answers=told[:1]), at=AT)
    assert lacking.value.code == "longterm.incomplete"
    # No byte of what was added is free.
    start = made.index(b"<xades:CertificateValues>")
    for place in range(start, len(made), 307):
        changed = made[:place] + bytes([made[place] ^ 1]) + made[place + 1 :]
        assert not verify_timed(changed, bare, at=AT).passed, place


def test_an_answer_of_the_trust_takes_away_and_one_that_cannot_be_read_stops_all(tmp_path) -> None:
    gone = read_answer(answer(status="revoked", since=AT - timedelta(days=400)))
    assert verify_timed(SEALED_RECORD, msgspec.structs.replace(TEST, answers=(gone,)), at=AT).step.startswith(
        "seal.revoked"
    )
    (tmp_path / "ocsp").mkdir()
    (tmp_path / "ocsp" / "x.ocsp").write_bytes(b"nonsense")
    with pytest.raises(TillidError) as refused:
        load_trust(tmp_path)
    assert refused.value.code == "trust.list"
