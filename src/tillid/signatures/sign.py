"""Sealing a record: enveloped XML signature over the whole document, exclusive C14N, ECDSA P-256 with SHA-256.

The seal is the platform's: it says "this logged-in person pressed this", and is nobody's personal signature (R-103).
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

from tillid.kernel.errors import TillidError, Unavailable
from tillid.signatures.ecdsa import is_p256, lower
from tillid.signatures.engines import straight
from tillid.signatures.names import ROOTS, ds
from tillid.signatures.plain import seal_in
from tillid.signatures.schema import require_valid
from tillid.signatures.xades import qualifying
from tillid.signatures.xml import canonical, parse


class SealKey(msgspec.Struct, frozen=True, kw_only=True):
    """The private key (an object that signs: from a file, a token …), its certificate and its issuer's."""

    private_key: ec.EllipticCurvePrivateKey
    leaf: x509.Certificate
    issuer: x509.Certificate

    def __repr__(self) -> str:
        return f"SealKey({self.leaf.subject.rfc4514_string()!r})"


def check_key(key: SealKey) -> None:
    """Raise ``TillidError`` (``seal.key``) unless key, certificate and authority belong together and are P-256."""
    fault = None
    if not is_p256(key.leaf):
        fault = "not an EC P-256 certificate"
    elif key.private_key.public_key() != key.leaf.public_key():
        fault = "the private key does not belong to the certificate"
    else:
        try:
            key.leaf.verify_directly_issued_by(key.issuer)
        except Exception:  # ValueError, TypeError, InvalidSignature: all say the same
            fault = "the second certificate did not issue the first"
    if fault:
        raise wrong_key(fault)


def wrong_key(detail: str) -> TillidError:
    """A key that may not seal."""
    return TillidError(detail, code="seal.key", text="Platformens segl er sat forkert op. Kontakt jeres administrator.")


def require_valid_at(key: SealKey, moment: datetime) -> None:
    """Raises ``Unavailable`` (``seal.expired``) unless ``moment`` is inside the validity of the seal's certificate."""
    if not key.leaf.not_valid_before_utc <= moment <= key.leaf.not_valid_after_utc:
        raise Unavailable(  # until there is another key: a withdrawal waits for its seal and does not give up
            "moment outside the validity of the seal certificate",
            code="seal.expired",
            text="Platformens segl er udløbet. Samtykket er registreret og forsegles, når seglet er fornyet.",
        )


def seal(record: bytes, key: SealKey, moment: datetime) -> bytes:
    """The sealed record: ``record`` (valid, not yet sealed) with one ds:Signature as its last child, in canonical form.

    Raises ``TillidError`` when the record is invalid or sealed already, ``Unavailable`` when ``moment`` is outside the certificate
    (``seal.expired``) or the key signed something else (``seal.faulty``).
    """
    return _verified(signed(record, key, moment), key.leaf)


def signed(record: bytes, key: SealKey, moment: datetime) -> bytes:
    """As ``seal``, by whatever key: nobody has looked whether it holds."""
    root = parse(record)
    if root.tag not in ROOTS or root.find(ds("Signature")) is not None:
        raise TillidError("not an unsealed record", code="seal.record", text="Posten kan ikke forsegles.")
    require_valid(root)
    require_valid_at(key, moment)
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    chain = [key.leaf, key.issuer]
    signer.signature_annotators.append(qualifying(chain, moment))
    # Objects, not PEM strings: signxml parses strings again for every record.
    sealed = signer.sign(root, key=key.private_key, cert=chain)
    value = sealed[-1].find(ds("SignatureValue"))
    value.text = lower(value.text)
    return canonical(sealed)


def _verified(sealed: bytes, leaf: x509.Certificate) -> bytes:
    """``sealed``, if its seal holds: a device may answer and be wrong, and nobody would see it before the record is needed. Not by
    the library that made it."""
    written = seal_in(sealed)
    if written is None or not straight(written, leaf):
        raise Unavailable(
            "the key made a seal that does not hold",
            code="seal.faulty",
            text="Nøglen til platformens segl virker ikke rigtigt, så posten er ikke forseglet. Kontakt jeres administrator.",
        )
    return sealed
