"""Make the declared test authority in ``signing/devca`` and pin its seals in ``signing/trust/test``.

    .venv/bin/python scripts/make_devca.py            refuses when keys exist
    .venv/bin/python scripts/make_devca.py --force    new keys; run scripts/make_vectors.py afterwards
    .venv/bin/python scripts/make_devca.py --tsa      new keys of the timestamp authority alone; no vector holds its tokens

Every key made here is published in the repository and worth nothing; every name says TEST.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNING = Path(__file__).resolve().parents[1] / "signing"
DEVCA = SIGNING / "devca"
TRUST = SIGNING / "trust" / "test"

SEAL_NAME = "TEST Tillid segl, Solbjerg Kommune (opdigtet)"


def name(common: str) -> x509.Name:
    """A subject that cannot be taken for a real one."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "TEST Tillid, not a real authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def unsigned(
    common: str, key: Any, issuer: tuple[x509.Certificate | None, Any], *, years: tuple[int, int], serial: int,
    usage: tuple[str, ...], authority: bool = False, depth: int | None = None,
) -> x509.CertificateBuilder:  # fmt: skip
    """What every certificate here says, of seals and of the authorities in ``scripts/vectors`` too. ``usage``: key usages of
    what is no ``authority``; ``depth``: of authorities below one."""
    parent, signer = issuer
    usages = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
    usages |= dict.fromkeys(("key_cert_sign", "crl_sign") if authority else usage, True)
    return (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(parent.subject if parent else name(common))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(datetime(years[0], 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(years[1], 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
        .add_extension(x509.KeyUsage(**usages), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


def issue(
    common: str,
    *,
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None = None,
    authority: bool = False,
    years: tuple[int, int] = (2024, 2064),
    key: ec.EllipticCurvePrivateKey | None = None,
    stamps: bool = False,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A P-256 certificate and its key (a new one): self-signed without ``issuer``; an authority, a seal, or what ``stamps``."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    parent, parent_key = issuer or (None, key)
    serial, usage = x509.random_serial_number(), ("digital_signature", "content_commitment")
    builder = unsigned(common, key, (parent, parent_key), years=years, serial=serial, usage=usage, authority=authority)
    if stamps:  # RFC 3161 2.3: critical, and nothing else
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if parent:
        # Long-term validation needs an address for revocation data; this one resolves nowhere (RFC 2606).
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier("http://crl.tillid.invalid/test.crl")], None, None, None
        )
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(parent_key, SHA256()), key


def pem(*certificates: x509.Certificate) -> bytes:
    """The certificates as one PEM file."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as unencrypted PKCS #8: it is published anyway."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def make_tsa() -> None:
    """The timestamp authority, with a root of its own: who stamps may not set seals."""
    root = issue("TEST Tillid timestamp root", authority=True, years=(2019, 2069))
    leaf = issue("TEST Tillid tidsstempel", issuer=root, years=(2020, 2064), stamps=True)
    (TRUST / "tsa").mkdir(parents=True, exist_ok=True)
    (DEVCA / "tsa-root.key.pem").write_bytes(key_pem(root[1]))
    (DEVCA / "tsa.key.pem").write_bytes(key_pem(leaf[1]))
    (DEVCA / "tsa.chain.pem").write_bytes(pem(leaf[0], root[0]))
    (TRUST / "tsa" / "root.pem").write_bytes(pem(root[0]))


def main() -> int:
    """Write all keys, chains and pins."""
    if "--tsa" in sys.argv:
        make_tsa()
        return 0
    if (DEVCA / "seal.key.pem").exists() and "--force" not in sys.argv:
        print("signing/devca holds keys already; --force makes new ones", file=sys.stderr)
        return 1
    root = issue("TEST Tillid root", authority=True, years=(2019, 2069))
    issuing = issue("TEST Tillid issuing", issuer=root, authority=True, years=(2019, 2069))
    seal = issue(SEAL_NAME, issuer=issuing, years=(2020, 2064))  # the demo's older cases were sealed then
    expired = issue("TEST Tillid udløbet segl", issuer=issuing, years=(2020, 2022))
    imitation = issue(SEAL_NAME, issuer=issuing)  # the authority is trusted, the name is right, the key is not
    unpinned = issue("TEST Tillid segl uden for tillidslisten", issuer=issuing)
    for folder in (DEVCA, TRUST / "ca", TRUST / "seals"):
        folder.mkdir(parents=True, exist_ok=True)
    for label, (certificate, key) in {
        "seal": seal, "expired": expired, "imitation": imitation, "unpinned": unpinned,
    }.items():  # fmt: skip
        (DEVCA / f"{label}.key.pem").write_bytes(key_pem(key))
        (DEVCA / f"{label}.chain.pem").write_bytes(pem(certificate, issuing[0]))
    for label, (certificate, key) in {"root": root, "issuing": issuing}.items():
        (DEVCA / f"{label}.key.pem").write_bytes(key_pem(key))
        (TRUST / "ca" / f"{label}.pem").write_bytes(pem(certificate))
    (TRUST / "seals" / "seal.pem").write_bytes(pem(seal[0]))
    (TRUST / "seals" / "expired.pem").write_bytes(pem(expired[0]))
    make_tsa()
    print("made signing/devca and signing/trust/test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
