"""When a revocation list or an answer speaks of a certificate, and when it does not: at the bounds of time, of scope, and of whose it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA224, SHA256

from scripts.make_devca import revocation_list
from scripts.vectors.answers import answer
from scripts.vectors.certificates import FOREIGN, ROOT, issue
from tillid.signatures.answers import read_answer
from tillid.signatures.revocation import objection

CA = issue("TEST lists at bounds", ROOT, authority=True, years=(2020, 2040))
LEAF = issue("TEST listed at bounds", CA, years=(2020, 2030))[0]
BEGINS, ENDS, LEAF_ENDS = CA[0].not_valid_before_utc, CA[0].not_valid_after_utc, LEAF.not_valid_after_utc
PROVEN, AT = datetime(2025, 6, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
FAR, SECOND = datetime(2063, 1, 1, tzinfo=UTC), timedelta(seconds=1)
DOMAIN = x509.UniformResourceIdentifier("http://lists.invalid/other.crl")


def keeps(since: datetime):
    """The list names what has run out since then (X.509 9.5.2.8)."""
    told = core.GeneralizedTime(since).dump()
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), told), False


def cutoff(since: datetime):
    """The same of an answer (RFC 6960 4.4.4)."""
    return "1.3.6.1.5.5.7.48.1.6", False, core.GeneralizedTime(since).dump()


def said(*told, way=(LEAF, CA[0])) -> str | None:
    found = objection(way, told, proven=PROVEN, at=AT, required=True)
    return found and found.state


def listed(made: datetime, *extra, by=CA, of=()):
    return x509.load_der_x509_crl(revocation_list(by, *of, at=BEGINS, valid=(made, FAR), extra=extra))


def answered(made: datetime, *extra, by=None, **how):
    return read_answer(answer(LEAF, CA, by=by, valid=(made, FAR), extra=extra, **how))


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("made", "since", "found"),
    [
        (PROVEN, None, None),
        (BEGINS, None, None),
        (BEGINS - SECOND, None, "bounds"),
        (LEAF_ENDS, None, None),
        (LEAF_ENDS + SECOND, None, "bounds"),
        (LEAF_ENDS + SECOND, LEAF_ENDS, None),
        (LEAF_ENDS + SECOND, LEAF_ENDS + SECOND, "bounds"),
        (ENDS, LEAF_ENDS, None),
        (ENDS + SECOND, LEAF_ENDS, "bounds"),
    ],
)
def test_it_counts_while_its_issuers_certificate_holds_and_the_certificate_would_stand_in_it(made, since, found):
    assert said(listed(made, *([keeps(since)] if since else []))) == found
    assert said(answered(made, *([cutoff(since)] if since else []))) == found


@pytest.mark.req("R-85")
def test_an_answer_of_a_stranger_or_of_who_does_not_know_says_nothing():
    """What lies in a trust list's folder came over a network: it is asked whose it is when it takes away, too."""
    stranger = issue("TEST stranger at bounds", FOREIGN)
    for by in (stranger, (CA[0], stranger[1])):
        good, revoked = (answered(PROVEN, by=by, status=one, since=BEGINS) for one in ("good", "revoked"))
        assert said(good) == "missing" and said(revoked) == "missing"
    assert said(answered(PROVEN, status="unknown")) == "missing"
    assert said(answered(PROVEN, status="revoked", since=BEGINS)) == "revoked"
    assert said(listed(PROVEN, of=(LEAF,))) == "revoked"
    false = (CA[0], stranger[1])
    assert said(listed(PROVEN, by=false)) == "missing" == said(listed(PROVEN, by=false, of=(LEAF,)))


NONE = {
    "full_name": None, "relative_name": None, "only_contains_user_certs": False, "only_contains_ca_certs": False,
    "only_some_reasons": None, "indirect_crl": False, "only_contains_attribute_certs": False,
}  # fmt: skip
RELATIVE = x509.RelativeDistinguishedName([x509.NameAttribute(x509.NameOID.COMMON_NAME, "part")])


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("scope", "of_leaf", "of_authority"),
    [
        ({"only_contains_user_certs": True}, None, "missing"),
        ({"only_contains_ca_certs": True}, "missing", None),
        ({"only_contains_attribute_certs": True}, "missing", "missing"),
        ({"indirect_crl": True}, "missing", "missing"),
        ({"only_some_reasons": frozenset({x509.ReasonFlags.key_compromise})}, "missing", "missing"),
        ({"full_name": [DOMAIN]}, "missing", "missing"),
        ({"relative_name": RELATIVE}, "missing", "missing"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else None,
)
def test_a_list_of_a_part_speaks_of_that_part(scope, of_leaf, of_authority):
    point = x509.IssuingDistributionPoint(**NONE | scope), True
    assert said(listed(PROVEN, point)) == of_leaf
    assert said(listed(PROVEN, point, by=ROOT), way=(CA[0], ROOT[0])) == of_authority


@pytest.mark.req("R-85")
@pytest.mark.parametrize(("digest", "found"), [(SHA224(), "missing"), (SHA256(), None)], ids=["sha224", "sha256"])
def test_a_list_that_is_signed_by_a_weaker_method_says_nothing(digest, found):
    made = (
        x509.CertificateRevocationListBuilder().issuer_name(CA[0].subject).last_update(PROVEN).next_update(FAR)
    ).sign(CA[1], digest)
    assert said(made) == found
