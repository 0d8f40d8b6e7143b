"""Records at level LT: with chains and revocation lists inside, and what can be put there that does not belong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from scripts.make_devca import LISTED, TRUST, revocation_list
from scripts.vectors.base import DEVCA, SEALED_RECORD, Node, Vector, devca_key, sealed_by
from scripts.vectors.certificates import FOREIGN, ISSUING, ROOT, der, issue
from scripts.vectors.content import good
from scripts.vectors.stamped import AFTER, EXPIRED, EXPIRED_AT, REVOKED, STAMPED_AT, token
from tillid.signatures.long_term_xades import with_long_term
from tillid.signatures.names import ds, xades
from tillid.signatures.xml import canonical

LISTS = {path.stem: path.read_bytes() for path in (TRUST / "crl").glob("*.crl")}
OLD = datetime(2021, 11, 1, tzinfo=UTC), datetime(2021, 12, 1, tzinfo=UTC)
TSA_ROOT = devca_key("tsa").issuer, load_pem_private_key((DEVCA / "tsa-root.key.pem").read_bytes(), None)


def frozen(
    record: bytes = SEALED_RECORD, stamp: bytes | None = None, certificates: Iterable[bytes] = (der(ROOT[0]),), **lists: bytes | None
) -> bytes:  # fmt: skip
    """``record`` at level LT with the declared lists; ``lists``: others in their place, or none; by the authority's label with
    ``_`` for ``-``, or under any other name."""
    given = LISTS | {label.replace("_", "-"): one for label, one in lists.items()}
    return with_long_term(record, stamp or token(record), certificates, [one for one in given.values() if one])


def odd(change: Callable[[Node], Any]) -> bytes:
    """Level LT after a ``change`` of its UnsignedSignatureProperties."""
    root = etree.fromstring(frozen())
    (place,) = root.iter(xades("UnsignedSignatureProperties"))
    change(place)
    return canonical(root)


def _again(tag: str) -> bytes:
    """An element of the values a second time, behind itself."""

    def change(place: Node) -> None:
        found = next(place.iter(xades(tag)))
        found.addnext(etree.fromstring(etree.tostring(found)))

    return odd(change)


def _more(tag: str, where: str = "UnsignedSignatureProperties") -> bytes:
    """Something more at the end of an element."""
    return odd(lambda place: etree.SubElement(next(place.iter(xades(where))), xades(tag)))


def _lists(place: Node) -> list[Node]:
    return list(place.iter(xades("EncapsulatedCRLValue")))


def _lines(place: Node) -> None:
    node = _lists(place)[0]
    node.text = "\n".join(node.text[at : at + 64] for at in range(0, len(node.text), 64))


def _true() -> dict[str, Vector]:
    expired = token(EXPIRED, EXPIRED_AT)
    then = {"issuing": revocation_list(ISSUING, valid=OLD), "root": revocation_list(ROOT, valid=OLD),
        "tsa_root": revocation_list(TSA_ROOT, valid=OLD)}  # fmt: skip
    records = good()
    moments = dict.fromkeys(("given", "refused", "given-many-items"), STAMPED_AT)
    moments["withdrawn"] = datetime(2025, 11, 12, 18, 31, tzinfo=UTC)
    made = {
        f"lt-{name}": Vector("ok", frozen(one, token(one, moment)), "a record with all that is needed to judge it")
        for name, moment in moments.items()
        for one in [records[name].data]
    }
    return made | {
        "lt-expired-seal": Vector("ok", frozen(EXPIRED, expired, **then), "a seal that has ended since, with the lists of its time"),
        "lt-revoked-seal": Vector("ok", frozen(REVOKED), "a seal that was revoked since, stamped before"),
        "lt-newer-list-too": Vector("ok", frozen(newer=revocation_list(ISSUING, number=2, valid=(AFTER, LISTED[1]))), "two lists of one authority"),
        "lt-expired-seal-lists-of-later": Vector("revocation.bounds", frozen(EXPIRED, expired, issuing=revocation_list(ISSUING)), "a list from a time when the ended seal stood in none"),
    }  # fmt: skip


def _doubtful() -> dict[str, Vector]:
    gone = revocation_list(ROOT, ISSUING[0], at=datetime(2025, 11, 1, tzinfo=UTC))
    partial = (
        (
            x509.IssuingDistributionPoint(
                None, None, False, False, frozenset({x509.ReasonFlags.superseded}), False, False
            ),
            True,
        ),
    )
    authorities = ((x509.IssuingDistributionPoint(None, None, False, True, None, False, False), True),)
    elsewhere = (
        (
            x509.IssuingDistributionPoint(
                [x509.UniformResourceIdentifier("http://pki.tillid.invalid/other.crl")],
                None,
                False,
                False,
                None,
                False,
                False,
            ),
            True,
        ),
    )
    delta = ((x509.DeltaCRLIndicator(1), True),)
    return {
        "lt-no-list-of-the-seal": Vector("revocation.missing", frozen(issuing=None), "level LT without the list that would name the seal"),
        "lt-no-list-of-the-authority": Vector("revocation.missing", frozen(root=None), "level LT without the list that would name the seal's authority"),
        "lt-no-list-of-the-timestamp": Vector("revocation.missing", frozen(tsa_root=None), "level LT without the list that would name the timestamp's certificate"),
        "lt-list-too-old": Vector("revocation.old", frozen(issuing=revocation_list(ISSUING, valid=(OLD[0], datetime(2025, 11, 1, tzinfo=UTC)))), "a list from before, whose next one would name the seal"),
        "lt-list-of-the-future": Vector("revocation.missing", frozen(issuing=revocation_list(ISSUING, valid=(datetime(2026, 11, 1, tzinfo=UTC), LISTED[1]))), "a list from after the moment that is asked for"),
        "lt-list-of-changes": Vector("revocation.missing", frozen(issuing=revocation_list(ISSUING, extra=delta)), "a list of changes alone (delta)"),
        "lt-list-of-some-reasons": Vector("revocation.missing", frozen(issuing=revocation_list(ISSUING, extra=partial)), "a list of some reasons alone"),
        "lt-list-of-authorities": Vector("revocation.missing", frozen(issuing=revocation_list(ISSUING, extra=authorities)), "a list that names authorities alone"),
        "lt-list-of-another-address": Vector("revocation.missing", frozen(issuing=revocation_list(ISSUING, extra=elsewhere)), "a list of another part of the authority's certificates"),
        "lt-revoked-seal-stamped-later": Vector("seal.revoked-no-proof", frozen(REVOKED, token(REVOKED, AFTER)), "a revoked seal, stamped afterwards"),
        "lt-list-that-hides": Vector("seal.revoked-no-proof", frozen(REVOKED, token(REVOKED, AFTER), issuing=revocation_list(ISSUING, valid=(AFTER, LISTED[1]))), "an older list that does not name the seal yet, while the trust has a newer one"),
        "lt-revoked-authority": Vector("seal.authority-revoked", frozen(root=gone), "an authority that was revoked before the timestamp"),
        "lt-revoked-timestamp": Vector("timestamp.revoked", frozen(stamp=token(label="tsa-revoked")), "a timestamp whose key leaked later"),
        "lt-in-2065": Vector("timestamp.expired", frozen(good()["name-marks"].data), "a timestamp whose own certificate has ended, without an evidence record", datetime(2065, 1, 1, tzinfo=UTC)),
    }  # fmt: skip


def _foreign() -> dict[str, Vector]:
    a_list, a_certificate = "longterm.list", "longterm.certificate"
    same_name = issue("TEST Tillid issuing", FOREIGN, authority=True)
    broken = bytearray(LISTS["issuing"])
    broken[-1] ^= 1
    root = der(ROOT[0])
    return {
        "lt-list-of-another-authority": Vector(a_list, frozen(more=revocation_list(FOREIGN)), "the list of an authority that issued none of it"),
        "lt-list-of-a-namesake": Vector(a_list, frozen(issuing=revocation_list(same_name)), "a list signed by a namesake of the authority"),
        "lt-list-by-the-seal": Vector(a_list, frozen(issuing=revocation_list((ISSUING[0], devca_key("seal").private_key))), "a list signed by the seal itself"),
        "lt-list-changed": Vector(a_list, frozen(issuing=bytes(broken)), "a changed list"),
        "lt-list-tail": Vector(a_list, frozen(issuing=LISTS["issuing"] + b"\0"), "bytes behind a list"),
        "lt-list-garbage": Vector(a_list, frozen(more=b"\x30\x03\x02\x01\x01"), "something else in a list's place"),
        "lt-certificate-foreign": Vector(a_certificate, frozen(certificates=(root, der(FOREIGN[0]))), "the certificate of a foreign authority"),
        "lt-certificate-of-another-seal": Vector(a_certificate, frozen(certificates=(root, der(devca_key("unpinned").leaf))), "the certificate of another seal of the same authority"),
        "lt-certificate-repeated": Vector(a_certificate, frozen(certificates=(root, der(ISSUING[0]))), "a certificate that KeyInfo holds already"),
        "lt-certificate-of-the-token": Vector(a_certificate, frozen(certificates=(root, der(TSA_ROOT[0]))), "a certificate that the timestamp holds already"),
        "lt-certificate-garbage": Vector(a_certificate, frozen(certificates=(root, b"\x30\x03\x02\x01\x01")), "something else in a certificate's place"),
        "lt-certificate-tail": Vector(a_certificate, frozen(certificates=(root + b"\0",)), "bytes behind a certificate"),
    }  # fmt: skip


def _misshapen() -> dict[str, Vector]:
    shape = "form.shape"
    changed = sealed_by(devca_key("unpinned"))
    return {
        "lt-certificates-twice": Vector(shape, _again("CertificateValues"), "certificate values twice"),
        "lt-certificate-twice": Vector(shape, _again("EncapsulatedX509Certificate"), "a certificate twice"),
        "lt-lists-twice": Vector(shape, _again("RevocationValues"), "revocation values twice"),
        "lt-list-twice": Vector(shape, _again("EncapsulatedCRLValue"), "a list twice"),
        "lt-timestamp-twice": Vector(shape, _again("SignatureTimeStamp"), "a second timestamp at level LT"),
        "lt-crl-values-twice": Vector(shape, _again("CRLValues"), "two groups of lists"),
        "lt-no-timestamp": Vector(shape, odd(lambda place: place.remove(place[0])), "level LT without its timestamp"),
        "lt-no-lists": Vector(shape, odd(lambda place: place.remove(place[-1])), "certificates without lists"),
        "lt-order": Vector(shape, odd(lambda place: place.append(place[1])), "the properties in another order"),
        "lt-list-order": Vector(shape, odd(lambda place: _lists(place)[-1].addprevious(_lists(place)[-2]) or _lists(place)[0].addprevious(_lists(place)[-1])), "the lists in another order"),
        "lt-list-in-lines": Vector(shape, odd(_lines), "the same list in another spelling"),
        "lt-property-counter-signature": Vector(shape, _more("CounterSignature"), "a further property: somebody else's signature"),
        "lt-property-references": Vector(shape, _more("CompleteCertificateRefs"), "a further property: references"),
        "lt-property-archive": Vector("form.namespaces", odd(lambda place: etree.SubElement(place, "{http://uri.etsi.org/01903/v1.4.1#}ArchiveTimeStamp")), "a further property: a timestamp of another level"),
        "lt-property-signature": Vector("form.signatures", odd(lambda place: etree.SubElement(place, ds("Signature"))), "a signature among the properties"),
        "lt-ocsp": Vector(shape, _more("OCSPValues", "RevocationValues"), "a group of answers without one"),
        "lt-identifier": Vector("form.identifiers", odd(lambda place: place[-1].set("Id", "seal-record")), "an identifier on the values"),
        "lt-text": Vector(shape, odd(lambda place: setattr(place[-1], "text", "x")), "text among the values"),
        "lt-changed-answer": Vector("crypto.hash", frozen().replace(b'answer="yes"', b'answer="no"', 1), "a changed record at level LT"),
        "lt-of-another-record": Vector("timestamp.imprint", frozen(stamp=token(changed, STAMPED_AT)), "the timestamp of another record at level LT"),
    }  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Name → vector."""
    return _true() | _doubtful() | _foreign() | _misshapen()
