"""Reasons that no stored vector shows: keys, chains, moments, shapes made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from lxml import etree

from scripts.make_devca import issue
from scripts.vectors.base import RECORD, SEAL, SEALED_RECORD, changed, devca_key
from tests.consent_examples import MOMENT
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures import xml
from tillid.signatures.names import ds, xades
from tillid.signatures.profile import profile_fault
from tillid.signatures.sign import SealKey, check_key, seal
from tillid.signatures.times import clock_skew
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verify import verify
from tillid.signatures.xades import qualifying

TRUST = load_trust(SIGNING / "trust" / "test")
AT = MOMENT + timedelta(days=1)


def step(data: bytes, trust: Trust = TRUST, at: datetime = AT) -> str:
    return verify(data, trust, at=at).step


def test_an_empty_trust_knows_nobody() -> None:
    assert step(SEALED_RECORD, Trust()) == "seal.no-chain"


def test_a_pin_without_its_authority_is_not_enough() -> None:
    assert step(SEALED_RECORD, Trust(seals=TRUST.seals)) == "seal.no-chain"


def test_an_authority_without_a_pin_is_not_enough() -> None:
    assert step(SEALED_RECORD, Trust(authorities=TRUST.authorities)) == "seal.unknown"


def test_a_seal_cannot_issue_a_seal() -> None:
    leaf, key = issue("TEST made by a seal", issuer=(SEAL.leaf, SEAL.private_key))
    sealed = seal(RECORD, SealKey(private_key=key, leaf=leaf, issuer=SEAL.leaf), MOMENT)
    trust = Trust(authorities=(*TRUST.authorities, SEAL.leaf), seals=(leaf,))
    assert step(sealed, trust) == "seal.no-chain"


def test_moments() -> None:
    sealed = seal(RECORD, SEAL, MOMENT)
    assert step(sealed, at=MOMENT) == "ok"
    assert step(sealed, at=MOMENT - clock_skew()) == "ok"
    assert step(sealed, at=MOMENT - clock_skew() - timedelta(seconds=1)) == "time.future"
    assert step(sealed, at=SEAL.leaf.not_valid_after_utc) == "ok"
    assert step(sealed, at=SEAL.leaf.not_valid_after_utc + timedelta(seconds=1)) == "time.expired"


@pytest.mark.parametrize(
    ("years", "expected"), [((2026, 2030), "time.not-yet-valid"), ((2020, 2025), "time.outside")], ids=str
)
def test_sealed_outside_the_certificate(years: tuple[int, int], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = issue("TEST other root", authority=True, years=(2019, 2069))
    leaf, key = issue("TEST other seal", issuer=authority, years=years)
    # Sealed while the certificate holds, by a program that writes another time into the seal.
    monkeypatch.setattr("tillid.signatures.sign.qualifying", lambda chain, moment: qualifying(chain, MOMENT))
    sealed = seal(RECORD, SealKey(private_key=key, leaf=leaf, issuer=authority[0]), leaf.not_valid_before_utc)
    assert step(sealed, Trust(authorities=(authority[0],), seals=(leaf,))) == expected


def test_sealing_refuses() -> None:
    with pytest.raises(TillidError) as late:
        seal(RECORD, SEAL, SEAL.leaf.not_valid_after_utc + timedelta(seconds=1))
    assert late.value.code == "seal.expired"
    with pytest.raises(TillidError) as twice:
        seal(SEALED_RECORD, SEAL, MOMENT)
    assert twice.value.code == "seal.record"
    with pytest.raises(TillidError) as invalid:
        seal(RECORD.replace(b"yes", b"maybe", 1), SEAL, MOMENT)
    assert invalid.value.code == "records.schema"


def test_keys_that_do_not_fit() -> None:
    check_key(SEAL)
    other = devca_key("imitation")
    for wrong in (
        SealKey(private_key=other.private_key, leaf=SEAL.leaf, issuer=SEAL.issuer),
        SealKey(private_key=SEAL.private_key, leaf=SEAL.leaf, issuer=other.leaf),
    ):
        with pytest.raises(TillidError) as refused:
            check_key(wrong)
        assert refused.value.code == "seal.key"


def text_in(path: str, text: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        root.find(f".//{path}").text = text

    return change


def drop(path: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        node = root.find(f".//{path}")
        node.getparent().remove(node)

    return change


def add(path: str, tag: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        etree.SubElement(root.find(f".//{path}"), tag)

    return change


SHAPES = {
    "a manifest": (add(ds("Object"), ds("Manifest")), "form.shape"),
    "a second object": (add(ds("Signature"), ds("Object")), "form.objects"),
    "a key value": (add(ds("KeyInfo"), ds("KeyValue")), "form.shape"),
    "a third certificate": (add(ds("X509Data"), ds("X509Certificate")), "form.shape"),
    "one certificate only": (drop(ds("X509Certificate")), "form.shape"),
    "no certificate digest": (drop(xades("SigningCertificateV2")), "form.shape"),
    "no data format": (drop(xades("SignedDataObjectProperties")), "form.shape"),
    "an inclusive prefix list": (
        add(ds("Transform"), "{http://www.w3.org/2001/10/xml-exc-c14n#}InclusiveNamespaces"),
        "form.namespaces",
    ),
    "a third reference": (add(ds("SignedInfo"), ds("Reference")), "form.references"),
    "a stray element": (add(ds("Object"), "{urn:other}thing"), "form.namespaces"),
    "a time in another spelling": (text_in(xades("SigningTime"), "2025-11-03T18:30:14+00:00"), "form.shape"),
    "text between elements": (text_in(ds("Object"), "x"), "form.shape"),
    "text behind the signature": (lambda root: setattr(root[-1], "tail", "x"), "form.place"),
    "no reference": (drop(ds("Reference")), "form.identifiers"),
    "an unreadable certificate": (text_in(ds("X509Certificate"), "AAAA"), "form.certificates"),
    "no base64": (text_in(ds("SignatureValue"), "not base64"), "form.spelling"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name: str) -> None:
    change, expected = SHAPES[name]
    assert step(changed(change)) == expected


def test_the_profile_has_nothing_against_our_own() -> None:
    assert profile_fault(xml.parse(SEALED_RECORD)) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "unreadable.not-xml"),
        (b"%PDF-1.7", "unreadable.not-xml"),
        (b"<a/>", "unreadable.not-a-record"),
        (b'<?xml version="1.0"?><a/>', "unreadable.not-a-record"),
        (b"<a>" * 100_000, "unreadable.not-xml"),
        (b"<a/>" + b" " * xml.MAX_BYTES, "unreadable.too-large"),
        (SEALED_RECORD.decode().encode("utf-16"), "unreadable.not-xml"),
        (b"\xef\xbb\xbf" + SEALED_RECORD, "form.spelling"),
        (SEALED_RECORD + b"\n", "form.spelling"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "unreadable.not-a-record"),
    ],
)
def test_what_is_no_record(data: bytes, expected: str) -> None:
    assert step(data) == expected
