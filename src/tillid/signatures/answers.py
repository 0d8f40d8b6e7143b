"""What an authority answers about one certificate (OCSP, RFC 6960): the other kind of news beside its lists (``revocation``).

Only a simple answer is one: about exactly one certificate, signed by its issuer or by whom the issuer has named for it
(4.2.2.2: id-kp-OCSPSigning, issued by the same key), who need not be asked about in turn (4.2.2.2.1: id-pkix-ocsp-nocheck).
"""

from __future__ import annotations

from datetime import datetime

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from tillid.signatures.chain_policy import chain_policy

Answer = ocsp.OCSPResponse
_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"  # 4.4.4: since when the responder keeps what has run out


def read_answer(der: bytes) -> Answer:
    """The answer in ``der``. Raises ``ValueError`` for a refusal, for an answer about several certificates, for anything else."""
    found = ocsp.load_der_ocsp_response(der)
    if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL or sum(1 for _ in found.responses) != 1:
        raise ValueError("no answer about one certificate")
    return found


def signer_of(one: Answer, certificate: x509.Certificate, issuer: x509.Certificate) -> x509.Certificate | None:
    """Who has signed that ``one`` is ``issuer``'s answer about ``certificate``: the issuer, or whom it has named for it.
    ``None``: it is about another one, of somebody else, or has a condition that nobody here knows."""
    try:
        if not _is_about(one, certificate, issuer) or any(extension.critical for extension in _extensions(one)):
            return None
        named = (ca for ca in one.certificates if _is_named(ca, issuer, one.produced_at_utc))
        return next((who for who in (issuer, *named) if _responds(one, who) and _signed(one, who)), None)
    except Exception:  # a key of another kind, or whatever is met in what is not what it seems
        return None


def knows(one: Answer) -> bool:
    """Whether the authority knows the certificate at all (2.2: ``unknown`` says nothing)."""
    return one.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN


def revoked_since(one: Answer) -> tuple[datetime, x509.ReasonFlags | None] | None:
    """Since when the certificate counts no more, and why; ``None`` if it is good."""
    if one.certificate_status is not ocsp.OCSPCertStatus.REVOKED or one.revocation_time_utc is None:
        return None
    unsafe = [
        extension.value.invalidity_date_utc
        for extension in one.single_extensions
        if isinstance(extension.value, x509.InvalidityDate)
    ]
    return min([one.revocation_time_utc, *unsafe]), one.revocation_reason


def keeps(one: Answer, ended: datetime) -> bool:
    """Whether the responder still speaks of what ran out at ``ended``."""
    values = [extension.value for extension in _extensions(one) if extension.oid.dotted_string == _ARCHIVE_CUTOFF]
    return any(core.GeneralizedTime.load(value.value, strict=True).native <= ended for value in values)


def _extensions(one: Answer) -> tuple[x509.Extension[x509.ExtensionType], ...]:
    return (*one.extensions, *one.single_extensions)


def _is_about(one: Answer, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """4.1.1: the issuer's name and key by digest, and the serial number. The digest finds a certificate and protects nothing,
    so it may be SHA-1, as nearly everybody's is."""
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, one.hash_algorithm).build()
    return (asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number) == (
        one.issuer_name_hash,
        one.issuer_key_hash,
        one.serial_number,
    )


def _is_named(who: x509.Certificate, issuer: x509.Certificate, moment: datetime) -> bool:
    """Whether ``issuer`` has named ``who`` for answers, at that ``moment``."""
    usage = [one.value for one in who.extensions if isinstance(one.value, x509.ExtendedKeyUsage)]
    unasked = any(isinstance(one.value, x509.OCSPNoCheck) for one in who.extensions)
    if not unasked or not any(ExtendedKeyUsageOID.OCSP_SIGNING in one for one in usage):
        return False
    who.verify_directly_issued_by(issuer)
    return who.not_valid_before_utc <= moment <= who.not_valid_after_utc


def _responds(one: Answer, who: x509.Certificate) -> bool:
    """Whether the answer says that ``who`` gave it, by name or by key (4.2.1)."""
    if one.responder_name is not None:
        return one.responder_name == who.subject
    return one.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(who.public_key()).digest


def _signed(one: Answer, who: x509.Certificate) -> bool:
    """Whether ``who`` has signed it, with an algorithm that counts. Raises ``InvalidSignature``."""
    if not chain_policy().counts(one, who):
        return False
    key, algorithm = who.public_key(), one.signature_hash_algorithm
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(one.signature, one.tbs_response_bytes, ec.ECDSA(algorithm))
        return True
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(one.signature, one.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        return True
    return False
