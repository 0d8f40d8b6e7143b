"""Which certificates may stamp: usage, and how deep an authority may delegate (RFC 3161 2.3, RFC 5280)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.make_devca import revocation_list
from scripts.vectors.base import SEALED_RECORD
from scripts.vectors.certificates import issue
from scripts.vectors.stamped import STAMPED_AT, Authority, answer, token
from tests.unit.signatures.test_ways import issued, key, named
from tillid.kernel.paths import SIGNING as FOLDER
from tillid.signatures.timestamp import _may_stamp as may_stamp
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_token import MAX_BYTES, TokenRefused, read_token
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import Trust, load_trust

AT = datetime(2026, 11, 26, tzinfo=UTC)
LISTED = load_trust(FOLDER / "trust" / "test")
STAMPING, SIGNING = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING


def made(name, issuer=None, *, ca=False, depth=None, usage=None, critical=True):
    """Certificate and key."""
    extra = ((x509.ExtendedKeyUsage(usage), critical),) if usage else ()
    return issued(named(name), key(), issuer, ca=ca, depth=depth, extra=extra)


@pytest.mark.parametrize(
    ("usage", "critical", "allowed"),
    [([STAMPING], True, True), ([STAMPING], False, False), ([STAMPING, SIGNING], True, False), (None, True, False)],
)
def test_only_a_certificate_for_timestamps_alone_and_critically_so_may_stamp(usage, critical, allowed):
    assert may_stamp(made("leaf", usage=usage, critical=critical)[0]) is allowed


@pytest.mark.parametrize(("depth", "allowed"), [(None, True), (1, True), (0, False)])
def test_an_authority_delegates_no_deeper_than_it_may(depth, allowed):
    root = made("root", ca=True, depth=depth)
    between = made("between", root, ca=True)
    leaf = made("leaf", between, usage=[STAMPING])
    trust = Trust(stampers=(root[0],))
    assert trust.stamps(leaf[0], (between[0], leaf[0]), AT) is allowed
    assert not trust.stamps(leaf[0], (), AT), "the way was not sent"
    assert not Trust().stamps(leaf[0], (between[0], root[0]), AT), "who is only sent is not trusted"
    assert not trust.stamps(made("x", made("leaf", between))[0], (leaf[0], between[0]), AT)


def test_what_is_too_large_for_a_token_is_not_read():
    with pytest.raises(TokenRefused, match="unreadable"):
        read_token(b"\x30" * (MAX_BYTES + 1))
    assert judge(b"", "0" * 64, Trust(), at=AT).step == "timestamp.unreadable"


TOKEN = token()
FOREIGN_OID = x509.ObjectIdentifier("1.3.6.1.4.1.55555.2")


def test_a_token_that_is_true_and_too_large_is_not_read_either():
    """Somebody's certificate beside those that are needed: it takes nothing away, until it is too much."""
    for size, whole in ((1_000, True), (MAX_BYTES, False)):
        padding = x509.UnrecognizedExtension(FOREIGN_OID, b"\x04\x83" + size.to_bytes(3, "big") + bytes(size))
        authority = Authority("tsa", STAMPED_AT)
        authority._chain = [*authority._chain, issue("TEST large", extra=((padding, False),))[0]]
        made = answer(authority, imprint_of(SEALED_RECORD))
        assert (len(made) < MAX_BYTES) is whole
        assert (judge(made, imprint_of(SEALED_RECORD), LISTED, at=AT).step == "ok") is whole


def test_what_a_token_says_it_is_holds_though_no_signature_covers_that():
    """The type stands a second time among what is signed; unasked, one token could be spelled in two ways."""
    kind = bytes.fromhex("2a864886f70d0109100104")  # id-ct-TSTInfo
    other = TOKEN.replace(kind, kind[:-1] + b"\x05", 1)
    assert other != TOKEN and read_token(TOKEN)
    with pytest.raises(TokenRefused, match="unreadable"):
        read_token(other)


@pytest.mark.parametrize("critical", [True, False])
def test_a_condition_that_nobody_knows_in_what_was_stamped(critical):
    class Conditional(Authority):
        def info(self, asked):
            condition = {"extn_id": FOREIGN_OID.dotted_string, "critical": critical, "extn_value": b"\x05\x00"}
            return super().info(asked) | {"extensions": [condition]}

    made = answer(Conditional("tsa", STAMPED_AT), imprint_of(SEALED_RECORD))
    found = judge(made, imprint_of(SEALED_RECORD), LISTED, at=AT)
    assert found.step == ("timestamp.unreadable" if critical else "ok")


IMPRINT = imprint_of(SEALED_RECORD)
STAMPS = x509.ExtendedKeyUsage([STAMPING]), True
ROOT = issue("TEST root of timestamps until 2028", authority=True, years=(2020, 2028))
LEAF = issue("TEST stamps for longer than its root", ROOT, years=(2020, 2064), extra=(STAMPS,))


def stamped_by(moment=STAMPED_AT):
    authority = Authority("tsa", moment)
    authority._chain, authority._key = [LEAF[0], ROOT[0]], LEAF[1]
    return answer(authority, IMPRINT)


def step(made, at, *lists):
    return judge(made, IMPRINT, Trust(stampers=(ROOT[0],), lists=lists), at=at).step


def test_a_token_lasts_no_longer_than_the_authority_above():
    ends = ROOT[0].not_valid_after_utc
    assert [step(stamped_by(), at) for at in (ends, ends + timedelta(seconds=1))] == ["ok", "timestamp.expired"]
    assert LEAF[0].not_valid_after_utc > ends


def test_it_may_be_stamped_from_the_first_second_of_its_certificate():
    begins = LEAF[0].not_valid_before_utc
    found = [step(stamped_by(moment), AT) for moment in (begins, begins - timedelta(seconds=1))]
    assert found == ["ok", "timestamp.outside"]


@pytest.mark.parametrize(
    ("why", "found"),
    [
        (x509.ReasonFlags.superseded, "ok"),
        (x509.ReasonFlags.affiliation_changed, "ok"),
        (x509.ReasonFlags.cessation_of_operation, "ok"),
        (x509.ReasonFlags.unspecified, "ok"),
        (x509.ReasonFlags.key_compromise, "timestamp.revoked"),
        (x509.ReasonFlags.ca_compromise, "timestamp.revoked"),
        (x509.ReasonFlags.certificate_hold, "timestamp.revoked"),
        (None, "timestamp.revoked"),
    ],
)
def test_what_was_stamped_before_a_revocation_counts_if_the_list_says_that_the_reason_is_harmless(why, found):
    """RFC 3161 4: else whoever has the key writes any moment, also one before."""
    later = STAMPED_AT + timedelta(days=3)
    made = revocation_list(ROOT, LEAF[0], at=later, valid=(later, LEAF[0].not_valid_after_utc), why=why)
    told = x509.load_der_x509_crl(made)
    assert step(stamped_by(), AT, told) == found
    assert step(stamped_by(later + timedelta(seconds=1)), AT, told) == "timestamp.revoked"
