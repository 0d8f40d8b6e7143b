"""Which certificates may stamp: usage, and how deep an authority may delegate (RFC 3161 2.3, RFC 5280)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.unit.signatures.test_ways import issued, key, named
from tillid.signatures.timestamp import _may_stamp as may_stamp
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_token import MAX_BYTES, TokenRefused, read_token
from tillid.signatures.trust import Trust

AT = datetime(2026, 11, 26, tzinfo=UTC)
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
