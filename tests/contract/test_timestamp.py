"""A record and its timestamp: what is proven, what a changed byte does, and that level T comes apart into the same bytes."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tillid.adapters.tsa_own import own_authority
from tillid.kernel.clock import FixedClock, parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.limits import TIMESTAMP_DOES_NOT_PROVE
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp import answered, judge, query
from tillid.signatures.timestamp_xades import imprint_of, taken_apart, with_timestamp
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verify import verify

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TRUST = load_trust(SIGNING / "trust" / "test")
RECORD = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
EXPIRED = (SIGNING / "vectors" / "indeterminate" / "expired-seal.xml").read_bytes()
SEALED = parse_instant(verify(RECORD, TRUST, at=NOW).details["sealed_at"])
FAR = datetime(2066, 1, 1, tzinfo=NOW.tzinfo)


@pytest.fixture(scope="module")
def stamped(tmp_path_factory):
    """Token over the signature of a record at a moment."""
    folder = tmp_path_factory.mktemp("keys")

    def made(record: bytes, moment: datetime) -> bytes:
        nonce, imprint = secrets.randbits(63), imprint_of(record)
        response = own_authority(folder, FixedClock(moment), demo=True).ask(query(imprint, nonce))
        return answered(response, imprint, nonce, TRUST, at=moment).der

    return made


@pytest.fixture(scope="module")
def token(stamped) -> bytes:
    return stamped(RECORD, SEALED + timedelta(seconds=3))


def test_a_timestamp_beside_the_record_or_inside_it_says_when_the_seal_existed(token):
    at = SEALED + timedelta(days=1)
    alone = verify_timed(RECORD, TRUST, at=at)
    assert alone == verify(RECORD, TRUST, at=at) and "timestamped_at" not in alone.details
    for found in (
        verify_timed(RECORD, TRUST, at=at, token=token),
        verify_timed(with_timestamp(RECORD, token), TRUST, at=at),
    ):
        assert found.passed and found.signed == alone.signed
        assert parse_instant(found.details["timestamped_at"]) == SEALED + timedelta(seconds=3)
        assert found.does_not_prove[-1] == TIMESTAMP_DOES_NOT_PROVE
        assert found.does_not_prove[:-1] == alone.does_not_prove[:-1]


@pytest.mark.req("R-85")
def test_a_seal_that_has_run_out_since_is_no_doubt_when_it_was_stamped_before(stamped):
    at = NOW
    assert verify_timed(EXPIRED, TRUST, at=at).step == "time.expired"
    sealed = parse_instant(verify(EXPIRED, TRUST, at=at).details["sealed_at"])
    before = verify_timed(EXPIRED, TRUST, at=at, token=stamped(EXPIRED, sealed + timedelta(hours=1)))
    assert before.passed and before.signed
    later = verify_timed(EXPIRED, TRUST, at=at, token=stamped(EXPIRED, at - timedelta(hours=1)))
    assert (later.status, later.step) == ("indeterminate", "time.expired")


@pytest.mark.parametrize(
    ("moved", "at", "step", "status"),
    [
        (timedelta(hours=-1), timedelta(days=1), "timestamp.before-seal", "failed"),
        # Two clocks may differ by five minutes, and by no second more.
        (timedelta(minutes=-5), timedelta(days=1), "ok", "passed"),
        (timedelta(minutes=-5, seconds=-1), timedelta(days=1), "timestamp.before-seal", "failed"),
        (timedelta(days=1, minutes=5), timedelta(days=1), "ok", "passed"),
        (timedelta(days=1, minutes=5, seconds=1), timedelta(days=1), "timestamp.future", "indeterminate"),
        (timedelta(days=2), timedelta(days=1), "timestamp.future", "indeterminate"),
        (timedelta(0), FAR - SEALED, "timestamp.expired", "indeterminate"),
    ],
)
def test_a_moment_that_cannot_be_is_said_so(stamped, moved, at, step, status):
    found = verify_timed(RECORD, TRUST, at=SEALED + at, token=stamped(RECORD, SEALED + moved))
    assert (found.step, found.status) == (step, status)
    assert bool(found.signed) == (status != "failed")


def test_a_token_of_another_record_or_authority_takes_the_record_down(token):
    other = (SIGNING / "vectors" / "valid" / "refused.xml").read_bytes()
    at = SEALED + timedelta(days=1)
    swapped = verify_timed(other, TRUST, at=at, token=token)
    assert (swapped.status, swapped.step, swapped.signed) == ("failed", "timestamp.imprint", None)
    assert verify_timed(RECORD, TRUST, at=at, token=b"\x30\x00").step == "timestamp.unreadable"
    # The authorities of seals are none of timestamps.
    strangers = msgspec.structs.replace(TRUST, stampers=TRUST.authorities)
    assert verify_timed(RECORD, strangers, at=at, token=token).step == "timestamp.authority"
    inside, beside = with_timestamp(RECORD, token), b"nonsense"
    assert verify_timed(inside, TRUST, at=at, token=beside).step == "timestamp.unreadable"  # each must hold


def test_no_changed_byte_of_a_token_changes_what_it_says(token):
    at, imprint = SEALED + timedelta(days=1), imprint_of(RECORD)
    whole = judge(token, imprint, TRUST, at=at)
    assert whole.holds
    held = 0
    for place in range(0, len(token), 2):
        one = judge(token[:place] + bytes([token[place] ^ 0x55]) + token[place + 1 :], imprint, TRUST, at=at)
        held += one.holds
        assert not one.holds or one == whole
    # What a signature cannot cover: the root's certificate that came along, and the signer's name beside its digest.
    assert held < len(token) / 4
    for length in range(0, len(token), 97):
        assert not judge(token[:length], imprint, TRUST, at=at).holds


def test_level_t_comes_apart_into_the_bytes_it_was_made_of_and_nothing_else_does(token):
    made = with_timestamp(RECORD, token)
    assert taken_apart(made) == (RECORD, token)
    end = b"</xades:EncapsulatedTimeStamp>"
    for changed in (
        made.replace(end, b"\n" + end),
        made.replace(b"<xades:SignatureTimeStamp>", b'<xades:SignatureTimeStamp Id="x">'),
        made.replace(b"</xades:SignatureTimeStamp>", b"</xades:SignatureTimeStamp><xades:SignatureTimeStamp/>"),
        made.replace(end, end + b"<xades:EncapsulatedTimeStamp>AAAA" + end),
        made + b"\n",
    ):
        assert changed != made and taken_apart(changed) == (changed, None)
        assert verify_timed(changed, TRUST, at=SEALED + timedelta(days=1)).status == "failed"
    moved = made.replace(b"<xades:UnsignedProperties>", b"", 1)
    assert verify_timed(moved, TRUST, at=NOW).status == "unreadable"


def test_only_a_record_has_a_signature_to_stamp():
    for data in (b"", b"<a/>", b"<!DOCTYPE a><a/>"):
        with pytest.raises(TillidError) as refused:
            imprint_of(data)
        assert refused.value.code == "timestamp.no-record"


def test_without_any_trust_a_timestamp_is_a_doubt(token):
    found = judge(token, imprint_of(RECORD), Trust(), at=SEALED)
    assert found.step == "timestamp.authority"


def test_a_certificate_of_a_version_that_does_not_exist_is_a_fault_and_no_crash():
    start = RECORD.index(b"<ds:X509Certificate>") + len(b"<ds:X509Certificate>")
    old = RECORD[start : RECORD.index(b"<", start)]
    der = base64.b64encode(base64.b64decode(old).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x57", 1))
    new = b"".join(der[at : at + 64] + b"\n" for at in range(0, len(der), 64))
    assert verify(RECORD.replace(old, new), TRUST, at=NOW).step == "form.certificates"
