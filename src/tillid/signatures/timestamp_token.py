"""Timestamp tokens (RFC 3161, RFC 5816): the CMS structure read into plain values, and its one signature checked.

Structure: asn1crypto; arithmetic: cryptography. Nothing is believed of a token before ``read_token`` has returned; what it
is worth is another question (``timestamp``).
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

import msgspec
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tillid.signatures.chain_policy import chain_policy

MAX_BYTES = 100_000
HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
_UTC = re.compile(rb"[0-9]{14}(?:\.[0-9]+)?Z")


class TokenRefused(Exception):
    """``step``: a step code of ``verdict.REASONS``."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What the authority ``leaf`` has signed: ``imprint`` (hexadecimal, by ``algorithm``) existed at ``moment``.

    ``certificates``: those that came with it; ``signed_by``: the digest algorithm of its signature; ``der``: the bytes."""

    der: bytes
    moment: datetime
    policy: str
    serial: int
    nonce: int | None
    algorithm: str
    imprint: str
    leaf: x509.Certificate
    certificates: tuple[x509.Certificate, ...]
    signed_by: str


def read_token(der: bytes) -> Token:
    """The token in ``der`` (a CMS ContentInfo), its signature checked with the certificate that it names (ESSCertIDv2).
    Raises ``TokenRefused`` and nothing else."""
    if len(der) > MAX_BYTES:
        raise TokenRefused("timestamp.unreadable")
    try:
        signed = _signed_data(der)
        (signer,) = signed["signer_infos"]
        attributes = _attributes(signer)
        certificates = tuple(_certificate(one) for one in signed["certificates"])
        leaf = _named(attributes, certificates)
        content = signed["encap_content_info"]["content"].contents
        _check_signature(signer, attributes, content, leaf)
        signed_by = signer["digest_algorithm"]["algorithm"].native
        return _token(der, tsp.TSTInfo.load(content, strict=True), leaf, certificates, signed_by)
    except TokenRefused:
        raise
    except Exception:  # parsers raise whatever they meet in bytes that are not what they seem
        raise TokenRefused("timestamp.unreadable") from None


def _signed_data(der: bytes) -> cms.SignedData:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        raise TokenRefused("timestamp.unreadable")
    signed = info["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise TokenRefused("timestamp.unreadable")
    return signed


def _attributes(signer: cms.SignerInfo) -> dict[str, object]:
    """The signed attributes, each with its one value."""
    found: dict[str, object] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in found:
            raise TokenRefused("timestamp.unreadable")
        found[name] = attribute["values"][0] if len(attribute["values"]) == 1 else None
    return found


def _certificate(choice: cms.CertificateChoices) -> x509.Certificate:
    certificate = x509.load_der_x509_certificate(choice.chosen.dump())
    certificate.subject.rfc4514_string()  # read again later; a malformed name raises here
    return certificate


def _named(attributes: dict[str, object], certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    """The certificate whose digest the signature covers (RFC 5816). The older attribute with SHA-1 is not enough."""
    named = attributes.get("signing_certificate_v2")
    if named is None:
        raise TokenRefused("timestamp.algorithm")
    first = named["certs"][0]  # type: ignore[index]
    algorithm = HASHES.get(first["hash_algorithm"]["algorithm"].native)
    if algorithm is None:
        raise TokenRefused("timestamp.algorithm")
    wanted = first["cert_hash"].native
    for certificate in certificates:
        if certificate.fingerprint(algorithm()) == wanted:
            return certificate
    raise TokenRefused("timestamp.certificate")


def _check_signature(
    signer: cms.SignerInfo, attributes: dict[str, object], content: bytes, leaf: x509.Certificate
) -> None:
    """RFC 5652 5.4 and 5.6: the attributes name type and digest of the content, the signature covers the attributes."""
    digest = signer["digest_algorithm"]["algorithm"].native
    if digest not in HASHES:
        raise TokenRefused("timestamp.algorithm")
    told = attributes["message_digest"].native, attributes["content_type"].native  # type: ignore[attr-defined]
    if told != (hashlib.new(digest, content).digest(), "tst_info"):
        raise TokenRefused("timestamp.signature")
    # Signed as a SET OF, stored under the tag [0].
    covered = b"\x31" + signer["signed_attrs"].dump()[1:]
    method, signature = signer["signature_algorithm"]["algorithm"].native, signer["signature"].native
    key = leaf.public_key()
    if not chain_policy().signs(key):
        raise TokenRefused("timestamp.algorithm")
    try:
        if method in (f"{digest}_rsa", "rsassa_pkcs1v15") and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, covered, padding.PKCS1v15(), HASHES[digest]())
        elif method == f"{digest}_ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(HASHES[digest]()))
        else:
            raise TokenRefused("timestamp.algorithm")
    except InvalidSignature:
        raise TokenRefused("timestamp.signature") from None


def _moment(info: tsp.TSTInfo) -> datetime:
    """When it was stamped (RFC 3161 2.4.2: in UTC, with seconds), in whole seconds."""
    # The library reads local times too, and answers a year 0 that is no ``datetime``.
    found = info["gen_time"].native if _UTC.fullmatch(info["gen_time"].contents) else None
    if not isinstance(found, datetime):
        raise TokenRefused("timestamp.unreadable")
    return found.replace(microsecond=0)


def _token(
    der: bytes, info: tsp.TSTInfo, leaf: x509.Certificate, certificates: tuple[x509.Certificate, ...], signed_by: str
) -> Token:
    if info["version"].native != "v1":
        raise TokenRefused("timestamp.unreadable")
    if any(extension["critical"].native for extension in info["extensions"] or ()):
        raise TokenRefused("timestamp.unreadable")  # RFC 3161 2.4.2: what is critical and not known
    imprint = info["message_imprint"]
    return Token(
        der=der,
        moment=_moment(info),
        policy=info["policy"].dotted,
        serial=info["serial_number"].native,
        nonce=info["nonce"].native,
        algorithm=imprint["hash_algorithm"]["algorithm"].native,
        imprint=imprint["hashed_message"].native.hex(),
        leaf=leaf,
        certificates=certificates,
        signed_by=signed_by,
    )
