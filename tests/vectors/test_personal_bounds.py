"""What a person's own signature is refused for at the very bound: spelling, which certificates it names, what the certificate is, and moments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from lxml import etree

from scripts.vectors.base import SEALED_RECORD, digest_of
from scripts.vectors.certificates import der
from scripts.vectors.personal_base import ISSUING, MINUTES, ROOT, SIGNED_AT, person, signature, stamp
from tillid.kernel.paths import SIGNING
from tillid.signatures.names import ds, xades
from tillid.signatures.personal import expected_over, verify_personal
from tillid.signatures.trust import load_trust

TRUST = load_trust(SIGNING / "vectors" / "personal" / "trust")
ABOUT = expected_over(SEALED_RECORD)
WHO = person()
SECOND, SKEW = timedelta(seconds=1), timedelta(minutes=5)
ENDS = SIGNED_AT + MINUTES


def step(data: bytes, at=SIGNED_AT, token=None) -> str:
    return verify_personal(data, ABOUT, TRUST, at=at, token=token).step


@pytest.mark.req("R-100")
@pytest.mark.parametrize(
    "spelled",
    [
        lambda data: data + b"\n",
        lambda data: b"\n" + data,
        lambda data: data.replace(b'Id="personal"', b"Id='personal'", 1),
        lambda data: data.replace(b"<ds:SignedInfo>", b"<ds:SignedInfo >", 1),
        lambda data: data.replace(b"<ds:SignedInfo>", b'<ds:SignedInfo xmlns:x="urn:x">', 1),
    ],
    ids=["line behind", "line before", "quotes", "space", "unused namespace"],
)
def test_a_file_has_one_spelling(spelled):
    """Each of them is the same signature to a library: the digests are of canonical forms."""
    data = signature(WHO, ISSUING[0])
    assert step(data) == "personal.ok" and spelled(data) != data
    assert step(spelled(data)) == "personal.shape"


@pytest.mark.req("R-100")
@pytest.mark.parametrize(
    ("named", "found"),
    [
        ((WHO[0],), "personal.ok"),
        ((WHO[0], ISSUING[0]), "personal.ok"),
        ((ISSUING[0], WHO[0]), "personal.certificates"),
        ((ISSUING[0],), "personal.certificates"),
        ((WHO[0], ROOT[0]), "personal.certificates"),
    ],
    ids=["the person's", "and its issuer's", "issuer first", "issuer alone", "one that is not there"],
)
def test_the_properties_name_the_persons_certificate_first_and_none_that_is_not_shown(named, found):
    def name(root) -> None:
        holder = root[4].find(f".//{xades('SigningCertificateV2')}")
        (one,) = holder
        for certificate in named:
            copy = etree.fromstring(etree.tostring(one))
            copy.find(f".//{ds('DigestValue')}").text = digest_of(der(certificate))
            holder.append(copy)
        holder.remove(one)

    assert step(signature(WHO, ISSUING[0], change=name)) == found


@pytest.mark.req("R-100")
def test_an_authority_is_no_person_though_its_key_may_bind():
    """Its key usage alone would do: what it is says the other extension."""
    usage = x509.KeyUsage(False, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(WHO[0].subject)
        .issuer_name(ISSUING[0].subject)
        .public_key(WHO[1].public_key())
        .serial_number(7)
        .not_valid_before(SIGNED_AT)
        .not_valid_after(ENDS)
        .add_extension(usage, critical=True)
    )
    for authority, found in ((True, "personal.usage"), (False, "personal.ok")):
        leaf = made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True).sign(
            ISSUING[1], WHO[0].signature_hash_algorithm
        )
        assert step(signature((leaf, WHO[1]), ISSUING[0])) == found, authority


@pytest.mark.req("R-100")
@pytest.mark.parametrize(
    ("claimed", "stamped", "found"),
    [
        (SIGNED_AT, SIGNED_AT, "personal.ok"),
        (SIGNED_AT + SKEW, SIGNED_AT, "personal.ok"),
        (SIGNED_AT + SKEW + SECOND, SIGNED_AT, "personal.future"),
        (SIGNED_AT - SKEW, SIGNED_AT, "personal.ok"),
        (SIGNED_AT - SKEW - SECOND, SIGNED_AT, "personal.outside"),
        (ENDS, ENDS, "personal.ok"),
        (ENDS + SECOND, ENDS, "personal.outside"),
        (SIGNED_AT, ENDS, "personal.ok"),
        (SIGNED_AT, ENDS + SECOND, "personal.expired"),
    ],
)
def test_the_claimed_moment_and_the_proven_one_at_their_bounds(claimed, stamped, found):
    data = signature(WHO, ISSUING[0], moment=claimed)
    assert step(data, at=ENDS + timedelta(days=1), token=stamp(data, stamped)) == found
