"""Make the declared test authority in ``signing/devca`` and the trust that ``signing/trust/test`` puts in it.

    .venv/bin/python scripts/make_devca.py            certificates and revocation lists anew from the keys that are there
    .venv/bin/python scripts/make_devca.py --force    new keys too; run scripts/make_vectors.py afterwards

Certificates and lists are a pure function of the keys (signatures after RFC 6979): a test makes them again and compares. Every
key made here is published in the repository and worth nothing; every name says TEST.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

SIGNING = Path(__file__).resolve().parents[1] / "signing"
DEVCA = SIGNING / "devca"
TRUST = SIGNING / "trust" / "test"

SEAL_NAME = "TEST Tillid segl, Solbjerg Kommune (opdigtet)"
# A revocation list of a real authority lives for days. These are committed, so they must live as long as what they speak of.
LISTED = datetime(2025, 11, 10, tzinfo=UTC), datetime(2064, 1, 1, tzinfo=UTC)
REVOKED_AT = datetime(2025, 11, 5, tzinfo=UTC)
# ExpiredCertsOnCRL (X.509 9.5.2.8): the lists keep what has run out since 2019, that is, everything.
KEEPS = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), b"\x18\x0f20190101000000Z"), False
Made = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


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
    builder = (
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
    return with_addresses(builder, parent) if parent else builder


def with_addresses(builder: x509.CertificateBuilder, issuer: x509.Certificate) -> x509.CertificateBuilder:
    """Where the issuer's revocation list and certificate would lie (RFC 5280 4.2.1.13, 4.2.2.1), which long-term validation
    asks for; these addresses resolve nowhere (RFC 2606)."""
    (common,) = issuer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    label = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in str(common.value).lower())
    point, place = (
        x509.UniformResourceIdentifier(f"http://pki.tillid.invalid/{label}.{end}") for end in ("crl", "cer")
    )
    access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
    return builder.add_extension(
        x509.CRLDistributionPoints([x509.DistributionPoint([point], None, None, None)]), critical=False
    ).add_extension(x509.AuthorityInformationAccess([access]), critical=False)


def issue(
    common: str,
    *,
    issuer: Made | None = None,
    authority: bool = False,
    years: tuple[int, int] = (2024, 2064),
    key: ec.EllipticCurvePrivateKey | None = None,
    stamps: bool = False,
) -> Made:
    """A P-256 certificate and its key (a new one): self-signed without ``issuer``; an authority, a seal, or what ``stamps``."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    parent, parent_key = issuer or (None, key)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    serial = int.from_bytes(sha256(f"{common} {years}".encode() + point).digest()[:15], "big")
    usage = ("digital_signature", "content_commitment")
    builder = unsigned(common, key, (parent, parent_key), years=years, serial=serial, usage=usage, authority=authority)
    if stamps:  # RFC 3161 2.3: critical, and nothing else
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(parent_key, SHA256(), ecdsa_deterministic=True), key


def revocation_list(
    issuer: Made, *revoked: x509.Certificate, number: int = 1, at: datetime = REVOKED_AT,
    valid: tuple[datetime, datetime] = LISTED, why: x509.ReasonFlags | None = x509.ReasonFlags.key_compromise,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> bytes:  # fmt: skip
    """The issuer's list (RFC 5280 5, DER) that holds ``revoked`` since ``at``; ``valid``: thisUpdate and nextUpdate; ``extra``:
    extensions of the list and whether they are critical."""
    authority, key = issuer
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(valid[0])
        .next_update(valid[1])
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical=critical)
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at)
        if why:
            entry = entry.add_extension(x509.CRLReason(why), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)


def pem(*certificates: x509.Certificate) -> bytes:
    """The certificates as one PEM file."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as unencrypted PKCS #8: it is published anyway."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def key_of(label: str, force: bool) -> ec.EllipticCurvePrivateKey:
    """The key in ``signing/devca``; a new one where there is none, or with ``force``."""
    path = DEVCA / f"{label}.key.pem"
    if force or not path.exists():
        path.write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def certificates(force: bool = False) -> dict[str, Made]:
    """Every certificate with its key, by label."""
    made: dict[str, Made] = {}

    def add(label: str, common: str, issuer: str | None = None, **how: Any) -> None:
        made[label] = issue(common, issuer=made[issuer] if issuer else None, key=key_of(label, force), **how)

    add("root", "TEST Tillid root", authority=True, years=(2019, 2069))
    add("issuing", "TEST Tillid issuing", "root", authority=True, years=(2019, 2069))
    add("seal", SEAL_NAME, "issuing", years=(2020, 2064))  # the demo's older cases were sealed then
    add("expired", "TEST Tillid udløbet segl", "issuing", years=(2020, 2022))
    add("imitation", SEAL_NAME, "issuing")  # the authority is trusted, the name is right, the key is not
    add("unpinned", "TEST Tillid segl uden for tillidslisten", "issuing")
    add("revoked", "TEST Tillid spærret segl", "issuing")
    # With a root of its own: who stamps may not set seals.
    add("tsa-root", "TEST Tillid timestamp root", authority=True, years=(2019, 2069))
    add("tsa", "TEST Tillid tidsstempel", "tsa-root", years=(2020, 2064), stamps=True)
    add("tsa-revoked", "TEST Tillid spærret tidsstempel", "tsa-root", years=(2020, 2064), stamps=True)
    return made


ISSUERS = {"seal": "issuing", "expired": "issuing", "imitation": "issuing", "unpinned": "issuing", "revoked": "issuing",
    "tsa": "tsa-root", "tsa-revoked": "tsa-root"}  # fmt: skip
PINS = {"ca": ("root", "issuing"), "seals": ("seal", "expired", "revoked"), "tsa": ("tsa-root",)}
# For whom each of those seals may seal (src/tillid/signatures/pins.py): the demo's two data controllers, and that of the tests' records.
CONTROLLERS = """\
954420a7-da57-4d75-a122-c73e80aa53e9 Solbjerg Kommune (opdigtet)
5d3960ba-b357-41e1-84a7-53f0009af445 Den selvejende institution Skovtrolden (opdigtet)
00000000-0000-4000-8000-000000000001 Solbjerg Kommune i testene (opdigtet)
"""


def files(force: bool = False) -> dict[Path, bytes]:
    """Everything but the keys: what each file holds."""
    made = certificates(force)
    found = {DEVCA / f"{leaf}.chain.pem": pem(made[leaf][0], made[issuer][0]) for leaf, issuer in ISSUERS.items()}
    for folder, labels in PINS.items():
        for label in labels:
            name = "root" if folder == "tsa" else label
            found[TRUST / folder / f"{name}.pem"] = pem(made[label][0])
            if folder == "seals":
                found[TRUST / folder / f"{label}.txt"] = CONTROLLERS.encode()
    lists = {"root": (), "issuing": ("revoked",), "tsa-root": ("tsa-revoked",)}
    for issuer, revoked in lists.items():
        held = revocation_list(made[issuer], *(made[label][0] for label in revoked), extra=(KEEPS,))
        found[TRUST / "crl" / f"{issuer}.crl"] = held
    return found


def main() -> int:
    """Write all certificates, lists and pins, and the keys that are missing."""
    DEVCA.mkdir(parents=True, exist_ok=True)
    for path, data in files("--force" in sys.argv).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print("made signing/devca and signing/trust/test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
