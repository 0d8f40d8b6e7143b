"""Algorithms that are weak, unknown or of another kind of key, each truly signed where that can be; and values of ECDSA
that are none."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from lxml import etree

from scripts.vectors.base import (
    DEVCA,
    SEAL,
    SEALED_RECORD,
    Node,
    Vector,
    b64,
    canonical,
    changed,
    ds,
    replaced,
    resigned,
    tree,
    value_of,
)
from tillid.signatures.ecdsa import ORDER, SIZE

XMLDSIG, MORE, ENC, SHA3 = (
    "http://www.w3.org/2000/09/xmldsig#",
    "http://www.w3.org/2001/04/xmldsig-more#",
    "http://www.w3.org/2001/04/xmlenc#",
    "http://www.w3.org/2007/05/xmldsig-more#",
)
RSA_KEY = DEVCA / "rsa.key.pem"


def method(uri: str) -> Callable[[Node], None]:
    """Another SignatureMethod."""
    return lambda root: root.find(f".//{ds('SignatureMethod')}").set("Algorithm", uri)


def digests(uri: str) -> Callable[[Node], None]:
    """Another DigestMethod in both references."""

    def change(root: Node) -> None:
        for node in root.iterfind(f".//{ds('Reference')}/{ds('DigestMethod')}"):
            node.set("Algorithm", uri)

    return change


def keyed(secret: bytes, *, bits: int = 0) -> bytes:
    """HMAC with something public as its key: the confusion of a verifier that takes "the key" for any method."""
    root = tree()
    method(MORE + "hmac-sha256")(root)
    if bits:
        etree.SubElement(root.find(f".//{ds('SignatureMethod')}"), ds("HMACOutputLength")).text = str(bits)
    made = hmac.new(secret, canonical(root.find(f".//{ds('SignedInfo')}")), sha256).digest()
    root.find(f".//{ds('SignatureValue')}").text = b64(made[: bits // 8] if bits else made)
    return canonical(root)


def with_rsa(name: str) -> bytes:
    """An RSA signature; KeyInfo still shows the seal's certificate."""
    key = load_pem_private_key(Path(RSA_KEY).read_bytes(), None)
    root = tree()
    method(MORE + name)(root)
    info = canonical(root.find(f".//{ds('SignedInfo')}"))
    root.find(f".//{ds('SignatureValue')}").text = b64(key.sign(info, padding.PKCS1v15(), hashes.SHA256()))
    return canonical(root)


def value(raw: bytes | str) -> bytes:
    """The record with another signature value."""
    text = raw if isinstance(raw, str) else b64(raw)
    return changed(lambda root: setattr(root.find(f".//{ds('SignatureValue')}"), "text", text))


def _methods() -> dict[str, Vector]:
    bad = "form.algorithms"
    public = SEAL.leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "sha1-signature": Vector(bad, resigned(method(MORE + "ecdsa-sha1"), algorithm=hashes.SHA1()), "SHA-1 in the signature"),
        "sha224-signature": Vector(bad, resigned(method(MORE + "ecdsa-sha224"), algorithm=hashes.SHA224()), "SHA-224 in the signature"),
        "sha384-signature": Vector(bad, resigned(method(MORE + "ecdsa-sha384"), algorithm=hashes.SHA384()), "a strong method that we never use: one shape only"),
        "sha512-signature": Vector(bad, resigned(method(MORE + "ecdsa-sha512"), algorithm=hashes.SHA512()), "the same with SHA-512"),
        "sha1-digest": Vector(bad, resigned(digests(XMLDSIG + "sha1"), digest="sha1"), "SHA-1 in the digests"),
        "md5-digest": Vector(bad, resigned(digests(MORE + "md5"), digest="md5"), "MD5 in the digests"),
        "sha224-digest": Vector(bad, resigned(digests(MORE + "sha224"), digest="sha224"), "SHA-224 in the digests"),
        "sha512-digest": Vector(bad, resigned(digests(ENC + "sha512"), digest="sha512"), "other digests than ours, though strong"),
        "sha3-digest": Vector(bad, resigned(digests(SHA3 + "sha3-256"), digest="sha3"), "SHA-3, which old verifiers skip"),
        "hmac-certificate": Vector(bad, keyed(SEAL.leaf.public_bytes(Encoding.DER)), "HMAC with the public certificate as its key"),
        "hmac-public-key": Vector(bad, keyed(public), "HMAC with the public key as its key"),
        "hmac-truncated": Vector(bad, keyed(b"", bits=8), "HMAC of eight bits (CVE-2009-0217)"),
        "rsa-method": Vector(bad, changed(method(MORE + "rsa-sha256")), "an RSA method under an EC key"),
        "rsa-signature": Vector(bad, with_rsa("rsa-sha256"), "an RSA signature under an EC certificate"),
        "rsa-signature-named-ecdsa": Vector("form.value", with_rsa("ecdsa-sha256"), "an RSA signature that says it is ECDSA"),
        "dsa-method": Vector(bad, changed(method(XMLDSIG + "dsa-sha1")), "DSA"),
        "eddsa-method": Vector(bad, changed(method("http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519")), "Ed25519 under an EC key"),
        "unknown-method": Vector(bad, changed(method("urn:example:none")), "a method nobody knows"),
        "empty-method": Vector(bad, changed(method("")), "no method"),
        "spaced-method": Vector(bad, resigned(method(MORE + "ecdsa-sha256 ")), "a method's name with a space"),
        "upper-case-method": Vector(bad, resigned(method((MORE + "ecdsa-sha256").upper())), "a method's name in capitals"),
        "two-methods": Vector("form.shape", resigned(lambda root: root[-1][0].insert(1, etree.Element(ds("SignatureMethod"), Algorithm=MORE + "ecdsa-sha256"))), "two methods: which one counts?"),
        "unknown-digest": Vector(bad, changed(digests("urn:example:none")), "a digest nobody knows"),
    }  # fmt: skip


def _values() -> dict[str, Vector]:
    bad, raw = "form.value", value_of(SEALED_RECORD)
    r, s = raw[:SIZE], raw[SIZE:]
    zero, order = bytes(SIZE), ORDER.to_bytes(SIZE, "big")
    r_number, s_number = int.from_bytes(r, "big"), int.from_bytes(s, "big")
    flipped = bytes([raw[0] ^ 1]) + raw[1:]
    return {
        "changed-signature": Vector("crypto.signature", value(flipped), "a changed signature value"),
        "ecdsa-zero-r": Vector(bad, value(zero + s), "r = 0"),
        "ecdsa-zero-s": Vector(bad, value(r + zero), "s = 0"),
        "ecdsa-zeros": Vector(bad, value(zero + zero), "r = s = 0 (CVE-2022-21449)"),
        "ecdsa-r-order": Vector(bad, value(order + s), "r = n"),
        "ecdsa-s-order": Vector(bad, value(r + order), "s = n"),
        "ecdsa-r-most": Vector(bad, value(b"\xff" * SIZE + s), "r above n"),
        "ecdsa-one-one": Vector("crypto.signature", value(b"\0" * 31 + b"\1" + b"\0" * 31 + b"\1"), "r = s = 1"),
        "ecdsa-higher-s": Vector(bad, value(r + (ORDER - s_number).to_bytes(SIZE, "big")), "n - s, which verifies as well: a second file for one seal"),
        "ecdsa-der": Vector(bad, value(encode_dss_signature(r_number, s_number)), "DER in place of r and s"),
        "ecdsa-der-negative": Vector(bad, value(bytes.fromhex("3044022100") + r + b"\x02\x20" + (-s_number % 2**256).to_bytes(32, "big")), "DER with a negative s"),
        "ecdsa-padded": Vector(bad, value(b"\0" + r + b"\0" + s), "r and s with a leading zero each"),
        "ecdsa-long": Vector(bad, value(raw + b"\0"), "a byte behind s"),
        "ecdsa-short": Vector(bad, value(raw[:-1]), "a byte too few"),
        "ecdsa-huge": Vector(bad, value(raw * 32), "2,048 bytes"),
        "ecdsa-r-only": Vector(bad, value(r), "half a signature"),
        "ecdsa-swapped": Vector("crypto.signature" if r_number <= ORDER // 2 else bad, value(s + r), "s before r"),
        "ecdsa-empty": Vector("form.shape", value(""), "no value"),
        "base64-lines": Vector("form.spelling", value(b64(raw)[:40] + "\n" + b64(raw)[40:]), "a line break in base64"),
        "base64-spare-bits": Vector("form.spelling", value(b64(raw)[:-3] + chr(ord(b64(raw)[-3]) + 1) + "=="), "bits of base64 that decode to nothing"),
        "base64-url": Vector("form.spelling", value("-_" + b64(raw)[2:]), "the other alphabet of base64"),
        "base64-no-padding": Vector("form.spelling", value(b64(raw).rstrip("=")), "base64 without its end"),
        "digest-lines": Vector("crypto.signature", replaced("</ds:DigestValue>", "\n</ds:DigestValue>"), "a line break in a digest"),
    }  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Methods and values."""
    return _methods() | _values()
