"""What a new key needs to be believed: a request for its certificate, and the certificate looked through when it comes.

In the demo the declared test authority of ``signing/devca`` answers the request at once; its keys are published and worthless.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from tillid.adapters.keyfile import DEVCA
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.pins import may_seal
from tillid.signatures.sign import SealKey, check_key
from tillid.signatures.times import clock_skew

_DEMO_LIFE = timedelta(days=730)
_USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
           "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
# A seal signs and means it (RFC 5280 4.2.1.3); nothing else.
_SEAL_USAGE = x509.KeyUsage(**{name: name in ("digital_signature", "content_commitment") for name in _USAGES})


def request_for(key: ec.EllipticCurvePrivateKey, organisation: str, common_name: str) -> bytes:
    """A request for a seal's certificate (PKCS #10, PEM) in the organisation's name, signed by ``key``."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(_SEAL_USAGE, critical=True)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def looked_through(chain: bytes, key: ec.EllipticCurvePrivateKey, moment: datetime) -> SealKey:
    """``key`` with the certificates of ``chain`` (PEM: its own, then its issuer's). Raises ``TillidError``: ``seal.key`` when
    they do not belong together, ``keys.certificate`` when it may not seal, or not now."""
    try:
        certificates = x509.load_pem_x509_certificates(chain)
    except ValueError:
        certificates = []
    if len(certificates) < 2:
        raise _unfit("not two certificates")
    leaf, issuer = certificates[:2]
    found = SealKey(private_key=key, leaf=leaf, issuer=issuer)
    check_key(found)
    if not leaf.not_valid_before_utc <= moment <= leaf.not_valid_after_utc:
        raise _unfit("not valid now")
    if not may_seal(leaf):
        raise _unfit("an authority's, or for something else")
    return found


def _unfit(detail: str) -> TillidError:
    return TillidError(
        detail,
        code="keys.certificate",
        text="Filen kan ikke bruges: Den skal have seglets eget certifikat og derefter udstederens (PEM), gælde nu og være til segl og intet andet.",
    )


def certified_for_the_demo(request: bytes, moment: datetime) -> bytes:
    """What the declared test authority answers: the certificate and its own, as PEM."""
    asked = x509.load_pem_x509_csr(request)
    issuer = x509.load_pem_x509_certificate((SIGNING / "trust" / "test" / "ca" / "issuing.pem").read_bytes())
    signer = load_pem_private_key((DEVCA / "issuing.key.pem").read_bytes(), password=None)
    example = x509.load_pem_x509_certificates((DEVCA / "seal.chain.pem").read_bytes())[0]
    common = asked.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    name = [one for one in example.subject if one.oid != NameOID.COMMON_NAME]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([*name, x509.NameAttribute(NameOID.COMMON_NAME, f"TEST {common}"[:64])]))
        .issuer_name(issuer.subject)
        .public_key(asked.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - clock_skew())
        .not_valid_after(moment + _DEMO_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SEAL_USAGE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(asked.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)
    )
    for one in example.extensions:  # where its revocations are told, as for the other seals of that authority
        if isinstance(one.value, x509.CRLDistributionPoints | x509.AuthorityInformationAccess):
            builder = builder.add_extension(one.value, critical=one.critical)
    certificate = builder.sign(signer, SHA256())  # type: ignore[arg-type]
    return certificate.public_bytes(Encoding.PEM) + issuer.public_bytes(Encoding.PEM)
