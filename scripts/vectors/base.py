"""The record that is attacked, the keys, and the tools of an attacker: change a tree, change bytes, sign anything again.

All is a pure function of the keys under ``signing/devca``: certificates and signatures are made without randomness (RFC
6979), so that the same files come out of every run and a test can compare them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from tests.consent_examples import MOMENT, SYSTEM, all_yes, answer_event, request
from tillid.consents.record import build_record
from tillid.kernel.paths import SIGNING
from tillid.signatures.names import ds, xades
from tillid.signatures.sign import SealKey, seal, signed
from tillid.signatures.xml import canonical

DEVCA = SIGNING / "devca"
Node = Any  # lxml's element


class Vector(NamedTuple):
    """``step``: the code of the verdict it must get; ``data``: the file; ``against``: what it protects against; ``at``: for
    which moment, if not for that of all others; ``trust``: by which list of ``signing/trust``; ``places``: where it is warned of words that look
    like others."""

    step: str
    data: bytes
    against: str
    at: datetime | None = None
    trust: str = "vectors"
    places: tuple[str, ...] = ()


class Steady:
    """An EC key that signs without randomness (RFC 6979); quacks as far as signxml looks."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key, self.key_size = key, key.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        return self._key.public_key()

    def sign(self, data: bytes, signature_algorithm: ec.ECDSA) -> bytes:
        """As cryptography's, in DER."""
        return self._key.sign(data, ec.ECDSA(signature_algorithm.algorithm, deterministic_signing=True))


def devca_key(label: str) -> SealKey:
    """A key of ``signing/devca`` with its chain."""
    leaf, issuer = x509.load_pem_x509_certificates((DEVCA / f"{label}.chain.pem").read_bytes())
    return SealKey(
        private_key=load_pem_private_key((DEVCA / f"{label}.key.pem").read_bytes(), None), leaf=leaf, issuer=issuer
    )


def steady(key: SealKey) -> SealKey:
    """The same key, signing without randomness."""
    return SealKey(private_key=Steady(key.private_key), leaf=key.leaf, issuer=key.issuer)


ASKED = request()
GIVEN = answer_event(ASKED, answers=all_yes(), oral=True)
RECORD = build_record(GIVEN, ASKED, role="parent", system=SYSTEM)
SEAL = devca_key("seal")
SEALED_AT = MOMENT.replace(second=14)
SEALED_RECORD = seal(RECORD, steady(SEAL), SEALED_AT)


def tree(of: bytes = SEALED_RECORD) -> Node:
    """The sealed record, to be changed."""
    return etree.fromstring(of)


def changed(change: Callable[[Node], Any], of: bytes = SEALED_RECORD) -> bytes:
    """The sealed record after ``change`` of its tree, in canonical form, with the seal it had."""
    root = tree(of)
    change(root)
    return canonical(root)


def replaced(old: str | bytes, new: str | bytes) -> bytes:
    """The sealed record with one text replaced, which must be there."""
    old, new = (part.encode() if isinstance(part, str) else part for part in (old, new))
    assert old in SEALED_RECORD, old
    return SEALED_RECORD.replace(old, new, 1)


def resigned(
    change: Callable[[Node], Any] = lambda root: None, *, of: bytes = SEALED_RECORD, key: SealKey = SEAL, **how: Any
) -> bytes:
    """The record after ``change``, with true digests and a true signature by ``key``: what somebody could make who has
    the key and another program. ``how``: see ``sign_again``."""
    root = tree(of)
    change(root)
    sign_again(root, key, **how)
    return canonical(root)


def sign_again(
    root: Node, key: SealKey, *, digest: str = "sha256", algorithm: hashes.HashAlgorithm | None = None,
    exclusive: bool = True, comments: bool = False,
) -> None:  # fmt: skip
    """Work out each reference's digest and the signature anew."""
    signature = root.find(f".//{ds('Signature')}")
    for reference in signature.iterfind(f"{ds('SignedInfo')}/{ds('Reference')}"):
        data = _referenced(root, signature, reference.get("URI", ""), exclusive, comments)
        if data is not None:
            reference.find(ds("DigestValue")).text = b64(_hash(digest, data))
    info = etree.tostring(signature.find(ds("SignedInfo")), method="c14n", exclusive=exclusive, with_comments=comments)
    value = signature.find(ds("SignatureValue"))
    value.text = ecdsa(info, key, algorithm or hashes.SHA256())


def _referenced(root: Node, signature: Node, uri: str, exclusive: bool, comments: bool) -> bytes | None:
    if uri in ("", "#record", "#xpointer(/)"):
        copy = etree.fromstring(etree.tostring(root))
        for inner in copy.findall(f".//{ds('Signature')}"):
            inner.getparent().remove(inner)
        return etree.tostring(copy, method="c14n", exclusive=exclusive, with_comments=comments)
    wanted = uri.removeprefix("#").removeprefix("xpointer(id('").removesuffix("'))")
    found = [node for node in signature.iter() if node.get("Id") == wanted]
    return etree.tostring(found[0], method="c14n", exclusive=exclusive, with_comments=comments) if found else None


def _hash(name: str, data: bytes) -> bytes:
    made = hashes.Hash({"sha256": hashes.SHA256, "sha1": hashes.SHA1, "md5": hashes.MD5, "sha224": hashes.SHA224,
        "sha384": hashes.SHA384, "sha512": hashes.SHA512, "sha3": hashes.SHA3_256}[name]())  # fmt: skip
    made.update(data)
    return made.finalize()


def ecdsa(data: bytes, key: SealKey, algorithm: hashes.HashAlgorithm) -> str:
    """Base64 of r and s, as XML Signature has it; of a curve as large as P-256 with the lower s, so that not its spelling but
    its curve is what is wrong."""
    private = getattr(key.private_key, "_key", key.private_key)
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(algorithm, deterministic_signing=True)))
    size = (private.key_size + 7) // 8
    if private.key_size == ec.SECP256R1().key_size:
        s = min(s, private.curve.group_order - s)
    return b64(r.to_bytes(size, "big") + s.to_bytes(size, "big"))


def sealed_by(key: SealKey, *, record: bytes = RECORD, at: Any = SEALED_AT, spoken: Any = None) -> bytes:
    """The record sealed as we do it by ``key``; ``spoken``: another time in SigningTime."""
    data = signed(record, steady(key), at)  # some keys are not those of their certificate
    if spoken is None:
        return data
    root = etree.fromstring(data)
    root.find(f".//{xades('SigningTime')}").text = spoken
    sign_again(root, key)
    return canonical(root)


def sealed_anew(data: bytes, at: datetime, key: SealKey = SEAL) -> bytes:
    """What the record file ``data`` says, sealed at ``at``."""
    root = etree.fromstring(data)
    root.remove(root[-1])
    return signed(canonical(root), steady(key), at)


def value_of(data: bytes) -> bytes:
    """The raw signature value of a sealed record."""
    return b64decode(etree.fromstring(data).findtext(f".//{ds('SignatureValue')}"))


def forged() -> Node:
    """What an attacker wants to be read: the answers turned around, no signature."""
    root = etree.fromstring(RECORD)
    for item in root.iter("{*}Item"):
        item.set("answer", "no" if item.get("answer") == "yes" else "yes")
    return root


def b64(data: bytes) -> str:
    """Base64 in one line."""
    return b64encode(data).decode()


def digest_of(data: bytes) -> str:
    """Base64 SHA-256."""
    return b64(sha256(data).digest())
