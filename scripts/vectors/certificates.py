"""Whose seal it is: keys, certificates and chains that are false, of the wrong kind, or outside their time.

Writes ``signing/trust/vectors`` too: the test trust, and a few more authorities and pins that only vectors need.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from lxml import etree
from msgspec import structs

from scripts.make_devca import SEAL_NAME, unsigned
from scripts.vectors.base import (
    ASKED,
    DEVCA,
    GIVEN,
    MOMENT,
    SEAL,
    SEALED_AT,
    SYSTEM,
    Node,
    Vector,
    all_yes,
    answer_event,
    b64,
    build_record,
    canonical,
    changed,
    devca_key,
    digest_of,
    ds,
    resigned,
    sealed_by,
    sign_again,
    tree,
    xades,
)
from tests.consent_examples import uid
from tillid.consents.model import Organisation
from tillid.signatures.sign import SealKey

Issuer = tuple[x509.Certificate, Any]


def private(label: str, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """A key that is the digest of its label: the same in every run, and worth nothing."""
    return ec.derive_private_key(
        int.from_bytes(sha256(label.encode()).digest()[:31], "big") + 1, curve or ec.SECP256R1()
    )


def issue(
    common: str, issuer: Issuer | None = None, *, years: tuple[int, int] = (2020, 2064), authority: bool = False,
    key: Any = None, usage: str = "digital_signature", extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    depth: int | None = None,
) -> Issuer:  # fmt: skip
    """A certificate and its key, made without randomness. ``usage``: the key usages of a seal."""
    key = key or private(common)
    parent, signer = issuer or (None, key)
    serial = int.from_bytes(sha256(f"serial {common}".encode()).digest()[:15], "big")
    builder = unsigned(
        common,
        key,
        (parent, signer),
        years=years,
        serial=serial,
        usage=tuple(usage.split()),
        authority=authority,
        depth=depth,
    )
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, hashes.SHA256(), ecdsa_deterministic=True), key


def seal_of(made: Issuer, issuer: x509.Certificate) -> SealKey:
    """A certificate as a seal."""
    return SealKey(private_key=made[1], leaf=made[0], issuer=issuer)


ISSUING = SEAL.issuer, load_pem_private_key((DEVCA / "issuing.key.pem").read_bytes(), None)
ROOT = x509.load_pem_x509_certificate((DEVCA.parent / "trust" / "test" / "ca" / "root.pem").read_bytes()), load_pem_private_key((DEVCA / "root.key.pem").read_bytes(), None)  # fmt: skip
DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # documentSigning (RFC 9336)
CONDITION = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00"), True
FOREIGN = issue("TEST foreign root", authority=True)
CONSTRAINED = issue("TEST authority for another organisation", ROOT, authority=True, extra=((x509.NameConstraints([x509.DirectoryName(x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Another")]))], None), True),))  # fmt: skip
SHALLOW = issue("TEST authority for seals only", ROOT, authority=True, depth=0)
DEEPER = issue("TEST authority below it", SHALLOW, authority=True)
ENDED = issue("TEST authority until 2022", ROOT, authority=True, years=(2019, 2022))
BOUND = issue("TEST authority with a condition", ROOT, authority=True, extra=(CONDITION,))
WEB = issue("TEST authority for web servers", ROOT, authority=True, extra=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),))  # fmt: skip
NO_AUTHORITY = issue("TEST a seal that issues", ISSUING)

# Pinned by mistake: the pin alone does not make a seal of them.
PINNED = {
    "chain-of-name-constraints": (seal_of(issue("TEST seal outside the names", CONSTRAINED), CONSTRAINED[0]), "seal.chain", "an authority that may not issue for this name"),
    "chain-too-deep": (seal_of(issue("TEST seal too deep", DEEPER), DEEPER[0]), "seal.chain", "an authority under one that may have none below it"),
    "chain-with-a-condition": (seal_of(issue("TEST seal of a bound authority", BOUND), BOUND[0]), "seal.chain", "an authority with a condition (critical extension) that nobody knows"),
    "chain-of-web-servers": (seal_of(issue("TEST seal of web servers", WEB), WEB[0]), "seal.chain-purpose", "an authority for web servers that certifies seals"),
    "with-a-condition": (seal_of(issue("TEST seal with a condition", ISSUING, extra=(CONDITION,)), ISSUING[0]), "seal.chain", "a condition that nobody knows in the seal's own certificate"),
    "chain-of-ended-authority": (seal_of(issue("TEST seal of an ended authority", ENDED), ENDED[0]), "seal.no-chain", "an authority that had run out when the seal was set"),
    "chain-of-a-seal": (seal_of(issue("TEST seal made by a seal", NO_AUTHORITY), NO_AUTHORITY[0]), "seal.no-chain", "a seal that issues seals"),
    "chain-of-foreign-authority": (seal_of(issue("TEST seal of a foreign authority", FOREIGN), FOREIGN[0]), "seal.no-chain", "a pin whose authority nobody trusts"),
    "not-yet-valid": (seal_of(issue("TEST seal from 2030", ISSUING, years=(2030, 2064)), ISSUING[0]), "time.not-yet-valid", "a seal set before its certificate began"),
    "set-after-the-end": (seal_of(issue("TEST seal until 2024", ISSUING, years=(2020, 2024)), ISSUING[0]), "time.outside", "a seal set after its certificate had ended"),
}  # fmt: skip

# Pinned in ``signing/trust/misused``, which nobody can load: also where one got in, no record passes by it.
MISUSED = {
    "usage-tls-server": (seal_of(issue("TEST usage-tls-server", ISSUING, extra=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),)), ISSUING[0]), "a pinned certificate that is a web server's"),
    "usage-mail": (seal_of(issue("TEST usage-mail", ISSUING, extra=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),)), ISSUING[0]), "a pinned certificate for mail, which a program signs without being asked"),
    "usage-documents-and-more": (seal_of(issue("TEST usage-documents-and-more", ISSUING, extra=((x509.ExtendedKeyUsage([DOCUMENTS, ExtendedKeyUsageOID.CLIENT_AUTH]), False),)), ISSUING[0]), "a pinned certificate for documents and for logging in"),
    "usage-any": (seal_of(issue("TEST usage-any", ISSUING, extra=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), False),)), ISSUING[0]), "a pinned certificate for any purpose"),
    "usage-encipherment": (seal_of(issue("TEST usage-encipherment", ISSUING, usage="data_encipherment"), ISSUING[0]), "a pinned certificate that enciphers and does not sign"),
    "usage-sign-and-encipher": (seal_of(issue("TEST usage-sign-and-encipher", ISSUING, usage="digital_signature key_encipherment"), ISSUING[0]), "a pinned certificate that deciphers as well as signs"),
    "usage-lists": (seal_of(issue("TEST usage-lists", ISSUING, usage="digital_signature crl_sign"), ISSUING[0]), "a pinned certificate that signs revocation lists too"),
    "authority-as-seal": (SealKey(private_key=ISSUING[1], leaf=ISSUING[0], issuer=ROOT[0]), "the authority itself as a pinned seal"),
}  # fmt: skip

# Pinned seals and the controllers they may seal for: another municipality, and nobody.
NEIGHBOUR = uid(0x77)
OTHERS = {
    "of-a-neighbour": (seal_of(issue("TEST seal of another municipality", ISSUING), ISSUING[0]), f"{NEIGHBOUR} Nabo Kommune (opdigtet)\n"),
    "of-nobody-said": (seal_of(issue("TEST seal of nobody in particular", ISSUING), ISSUING[0]), ""),
}  # fmt: skip


def of_the_neighbour() -> bytes:
    """The same record, with another municipality's number and name in it."""
    asked = structs.replace(ASKED, controller=Organisation(id=NEIGHBOUR, name="Nabo Kommune", cvr="00000000"))
    return build_record(GIVEN, asked, role="parent", system=SYSTEM)


def record_of_2021() -> bytes:
    """A record under the seal that ended in 2022."""
    old = answer_event(ASKED, answers=all_yes(), at=MOMENT.replace(year=2021))
    record = build_record(old, ASKED, role="parent", system=SYSTEM)
    return sealed_by(devca_key("expired"), record=record, at=old.at.replace(second=14))


def doubtful() -> dict[str, Vector]:
    """Records that may be true: nobody can tell with this trust at this moment; or, of ``PINNED``, what is failed."""
    made = {}
    for label, (key, step, why) in PINNED.items():
        inside = max(key.leaf.not_valid_before_utc, min(SEALED_AT, key.leaf.not_valid_after_utc))
        made[label] = Vector(step, sealed_by(key, at=inside, spoken="2025-11-03T18:30:14Z"), why)
    for label, (key, why) in MISUSED.items():
        made[label] = Vector("seal.usage", sealed_by(key), why, trust="misused")
    web = MISUSED["usage-tls-server"][0]
    made["usage-tls-server-not-pinned"] = Vector(
        "seal.usage", sealed_by(web, at=SEALED_AT.replace(second=15)), "the same where nobody pinned it"
    )
    neighbour, nobody = (key for key, _ in OTHERS.values())
    made["seal-of-another-municipality"] = Vector(
        "seal.controller", sealed_by(neighbour), "a municipality's record under another's pinned seal"
    )
    made["record-of-another-municipality"] = Vector(
        "seal.controller", sealed_by(SEAL, record=of_the_neighbour()), "a pinned seal on another municipality's record"
    )
    made["seal-of-no-municipality"] = Vector(
        "seal.unbound", sealed_by(nobody), "a pinned seal of which the list does not say whose it is"
    )
    unknown = {
        "unknown-authority": ("seal.no-chain", seal_of(issue("TEST foreign seal", FOREIGN), FOREIGN[0]), "a seal of an authority that nobody trusts"),
        "self-signed": ("seal.no-chain", _self_signed("TEST self-signed"), "a certificate that issued itself"),
        "seal-not-pinned": ("seal.unknown", devca_key("unpinned"), "a seal of the trusted authority that is not pinned: also what a revoked seal becomes, by taking its pin away"),
    }  # fmt: skip
    made |= {label: Vector(step, sealed_by(key), why) for label, (step, key, why) in unknown.items()}
    return made | {
        "expired-seal": Vector("time.expired", record_of_2021(), "a seal that has ended since, without a timestamp"),
        "sealed-in-the-future": Vector("time.future", sealed_by(SEAL, at=MOMENT.replace(year=2062)), "a seal from after the moment that is asked for"),
    }  # fmt: skip


def _self_signed(common: str) -> SealKey:
    made = issue(common)
    return seal_of(made, made[0])


def shown(*certificates: bytes | str, named: bool = True) -> bytes:
    """The record with these certificates in KeyInfo (DER, or text as it is), truly sealed by the seal's key; ``named``: in
    the signed properties as well."""

    def change(root: Node) -> None:
        data = root.find(f".//{ds('X509Data')}")
        for old in list(data):
            data.remove(old)
        for one in certificates:
            etree.SubElement(data, ds("X509Certificate")).text = one if isinstance(one, str) else lines(one)
        ders = [one for one in certificates if isinstance(one, bytes)]
        for node, der in zip(root.iterfind(f".//{xades('CertDigest')}/{ds('DigestValue')}"), ders, strict=False):
            node.text = digest_of(der) if named else node.text

    return resigned(change)


def lines(der: bytes) -> str:
    """Base64 as in PEM."""
    text = b64(der)
    return "\n".join(text[n : n + 64] for n in range(0, len(text), 64)) + "\n"


def other_curve(curve: ec.EllipticCurve) -> bytes:
    """A record under a certificate of another curve, with a signature of that curve."""
    return under(seal_of(issue(f"TEST {curve.name}", ISSUING, key=private(curve.name, curve)), ISSUING[0]))


def under(key: SealKey, leaf: bytes = b"") -> bytes:
    """The record with the certificates of ``key`` in it (or ``leaf`` in place of the first) and a signature by its private key."""
    root, shown = tree(), (leaf or der(key.leaf), der(key.issuer))
    for node, one in zip(root.iter(ds("X509Certificate")), shown, strict=True):
        node.text = lines(one)
    for node, one in zip(root.iterfind(f".//{xades('CertDigest')}/{ds('DigestValue')}"), shown, strict=True):
        node.text = digest_of(one)
    sign_again(root, key)
    return canonical(root)


class OwnGenerator:
    """CVE-2020-0601: on a curve that takes the seal's public point for its generator, 1 is that point's private key. Signs what holds
    for whoever takes the curve's parameters from the certificate."""

    curve, key_size = ec.SECP256R1(), 256
    order = curve.group_order

    def sign(self, data: bytes, _algorithm: ec.ECDSA) -> bytes:
        """r is the x of k times the point, which is what an exchange of keys works out."""
        nonce = private("own generator")
        k = nonce.private_numbers().private_value
        r = int.from_bytes(nonce.exchange(ec.ECDH(), SEAL.leaf.public_key()), "big") % self.order
        z = int.from_bytes(sha256(data).digest(), "big")
        return encode_dss_signature(r, pow(k, -1, self.order) * (z + r) % self.order)


def own_generator() -> bytes:
    """The seal's certificate with its own point spelled out as the generator of the curve, and a signature that holds there."""
    made = asn1.Certificate.load(der(SEAL.leaf))
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = bytes.fromhex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")
    domain = {
        "version": "ecdpVer1",
        "field_id": {"field_type": "prime_field", "parameters": p},
        "curve": {"a": (p - 3).to_bytes(32, "big"), "b": b},
        "base": b"\x04" + _point(SEAL.leaf),
        "order": OwnGenerator.order,
        "cofactor": 1,
    }
    key = made["tbs_certificate"]["subject_public_key_info"]
    key["algorithm"]["parameters"] = keys.ECDomainParameters(name="specified", value=keys.SpecifiedECDomain(domain))
    false = SealKey(private_key=OwnGenerator(), leaf=SEAL.leaf, issuer=SEAL.issuer)  # type: ignore[arg-type]
    return under(false, made.dump(force=True))


def der(certificate: x509.Certificate) -> bytes:
    """The certificate's bytes."""
    return certificate.public_bytes(Encoding.DER)


def add(tag: str, text: str | None = None, where: str = "KeyInfo") -> bytes:
    """Something more in KeyInfo."""

    def change(root: Node) -> None:
        etree.SubElement(root.find(f".//{ds(where)}"), ds(tag)).text = text

    return changed(change)


def vectors() -> dict[str, Vector]:
    """KeyInfo and false certificates."""
    leaf, issuer, shape, bad = der(SEAL.leaf), der(SEAL.issuer), "form.shape", "form.certificates"
    imitation = devca_key("imitation")
    again = issue(SEAL_NAME, ISSUING, key=SEAL.private_key)[0]
    rsa = load_pem_private_key((DEVCA / "rsa.key.pem").read_bytes(), None)
    with_rsa = issue("TEST rsa", ISSUING, key=rsa)[0]
    false_key = SealKey(private_key=imitation.private_key, leaf=SEAL.leaf, issuer=SEAL.issuer)
    foreign_name = seal_of(issue(SEAL_NAME, FOREIGN), FOREIGN[0])
    return {
        "imitated-seal": Vector("seal.imitated", sealed_by(imitation), "another key under the seal's name, of the trusted authority"),
        "imitated-by-foreign-authority": Vector("seal.imitated", sealed_by(foreign_name), "the seal's name from an authority nobody trusts"),
        "imitated-self-signed": Vector("seal.imitated", sealed_by(_self_signed(SEAL_NAME)), "the seal's name on a certificate that issued itself"),
        "foreign-key-under-known-certificate": Vector("crypto.signature", sealed_by(false_key), "another key, while KeyInfo shows the pinned certificate"),
        "certificate-exchanged": Vector("crypto.certificate", shown(der(again), issuer, named=False), "a later certificate of the same key; the signed properties name the first"),
        "certificate-exchanged-issuer": Vector("form.certificates", shown(leaf, der(ROOT[0]), named=False), "another issuer in KeyInfo"),
        "certificates-swapped": Vector(bad, shown(issuer, leaf), "issuer before seal"),
        "certificate-twice": Vector(bad, shown(leaf, leaf), "the seal's certificate as its own issuer"),
        "certificate-alone": Vector(shape, shown(leaf), "no issuer"),
        "certificate-third": Vector(shape, shown(leaf, issuer, der(ROOT[0])), "a third certificate"),
        "certificate-none": Vector(shape, shown(), "no certificate"),
        "certificate-tail": Vector(bad, shown(lines(leaf + b"\0\0"), issuer), "bytes behind a certificate"),
        "certificate-cut": Vector(bad, shown(lines(leaf[:-9]), issuer), "a certificate cut off"),
        "certificate-pem": Vector(bad, shown(f"-----BEGIN CERTIFICATE-----\n{lines(leaf)}-----END CERTIFICATE-----\n", lines(issuer)), "PEM in place of base64"),
        "certificate-one-line": Vector(bad, shown(b64(leaf), lines(issuer)), "the same certificate in another spelling"),
        "certificate-garbage": Vector(bad, shown("AAAA\n", lines(issuer)), "no certificate, but base64"),
        "certificate-changed-key": Vector(bad, shown(leaf.replace(_point(SEAL.leaf), _point(imitation.leaf)), issuer), "another key put into the certificate"),
        "certificate-rsa": Vector(bad, shown(der(with_rsa), issuer), "an RSA certificate under an ECDSA method"),
        "curve-p384": Vector("form.value", other_curve(ec.SECP384R1()), "P-384"),
        "curve-p521": Vector("form.value", other_curve(ec.SECP521R1()), "P-521"),
        "curve-secp256k1": Vector("form.certificates", other_curve(ec.SECP256K1()), "a curve of the same size: secp256k1"),
        "curve-brainpool": Vector("form.certificates", other_curve(ec.BrainpoolP256R1()), "a curve of the same size: brainpoolP256r1"),
        "curve-own-generator": Vector("form.certificates", own_generator(), "the curve's parameters from the certificate, with the seal's own point as generator: 1 is then its private key (CVE-2020-0601)"),
        "key-value": Vector(shape, add("KeyValue"), "a bare key beside the certificates: whoever believes it needs no certificate"),
        "key-name": Vector(shape, add("KeyName", "seal"), "a key by its name"),
        "key-retrieval": Vector(shape, add("RetrievalMethod"), "a key that is fetched"),
        "key-mgmt-data": Vector(shape, add("MgmtData", "x"), "key data of an abandoned kind"),
        "key-subject-name": Vector(shape, add("X509SubjectName", "CN=x", "X509Data"), "another subject beside the certificate"),
        "key-issuer-serial": Vector(shape, add("X509IssuerSerial", None, "X509Data"), "another issuer and serial number beside it"),
        "key-crl": Vector(shape, add("X509CRL", "AAAA", "X509Data"), "a revocation list from whoever sent the record"),
        "key-info-none": Vector(shape, resigned(lambda root: root[-1].remove(root.find(f".//{ds('KeyInfo')}"))), "no KeyInfo: any trusted key would do"),
        "key-info-twice": Vector(shape, resigned(lambda root: root[-1].insert(3, etree.fromstring(etree.tostring(root.find(f".//{ds('KeyInfo')}"))))), "two of KeyInfo"),
    }  # fmt: skip


def _point(certificate: x509.Certificate) -> bytes:
    numbers = certificate.public_key().public_numbers()
    return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
