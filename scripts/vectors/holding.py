"""Attacks whose sums hold: whoever resolves what is written, and asks nothing but whether digests and signature are right, is deceived.

What the seal's key "signed" here is what other programs sign every day: a record through its Id without the enveloped transform, a filter, a
stylesheet. ``tests/vectors/test_holding.py`` does the sums, and has xmlsec1 do them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from lxml import etree

from scripts.vectors.algorithms import MORE, RSA_KEY, method
from scripts.vectors.base import (
    SEAL,
    SEALED_RECORD,
    Node,
    Vector,
    canonical,
    digest_of,
    ds,
    ecdsa,
    forged,
    sign_again,
    tree,
    xades,
)
from scripts.vectors.certificates import ISSUING, der, issue, seal_of, under
from scripts.vectors.references import FILTER2, XPATH, XSLT, _filter, _xpath, first, transforms
from tillid.signatures.names import CONSENT, ENVELOPED, EXCLUSIVE_C14N
from tillid.signatures.sign import SealKey

STRANGER = seal_of(issue("TEST a stranger's bare key"), SEAL.issuer)
WITHOUT_ITEMS = "not(ancestor-or-self::node()[local-name()='Items'])"
DSIG11 = "http://www.w3.org/2009/xmldsig11#"
P256 = "urn:oid:1.2.840.10045.3.1.7"


def apart() -> tuple[Node, Node]:
    """A record sealed through ``URI="#record"`` by a seal that stands beside it: nothing is taken out before its digest, so it may be moved
    anywhere. The record, and its seal."""
    root = tree()
    seal = root[-1]
    root.remove(seal)
    root.set("Id", "record")
    seal.find(f".//{ds('Reference')}").set("URI", "#record")
    transforms(EXCLUSIVE_C14N)(seal)
    holder = etree.Element("holder")
    holder.extend([root, seal])
    digested(holder, canonical(root))
    return root, seal


def holding(*inside: Node) -> Node:
    """A record's root of its own around ``inside``."""
    root = etree.Element(f"{{{CONSENT}}}ConsentRecord", nsmap={None: CONSENT}, schemaVersion="1.0")
    root.extend(inside)
    return root


def xsw1() -> Node:
    """The true record enveloped by the seal itself, which stands in the forged one."""
    true, seal = apart()
    seal.append(true)
    root = forged()
    root.append(seal)
    return root


def xsw3() -> Node:
    """The whole forged record before the true one, in a root of their own."""
    true, seal = apart()
    return holding(forged(), true, seal)


def xsw6() -> Node:
    """The true record inside KeyInfo of a seal that stands in the forged event."""
    true, seal = apart()
    seal.find(ds("KeyInfo")).append(true)
    root = forged()
    root[1].append(seal)
    return root


def xsw7() -> Node:
    """The forged record inside an extension element before the true one."""
    true, seal = apart()
    extension = etree.Element(f"{{{CONSENT}}}Extensions")
    extension.append(forged())
    return holding(extension, true, seal)


def xsw8() -> Node:
    """The true record in ds:Object of the seal that stands in the forged one."""
    true, seal = apart()
    etree.SubElement(seal, ds("Object")).append(true)
    root = forged()
    root.append(seal)
    return root


WRAPPED = ((xsw1, "form.namespaces"), (xsw3, "form.identifiers"), (xsw6, "form.place"), (xsw7, "form.identifiers"), (xsw8, "form.namespaces"))  # fmt: skip


def filtered(algorithm: str, content: Node) -> bytes:
    """The answers are no part of what is signed, by a transform; and were turned around afterwards."""
    root = tree()
    transforms(algorithm, ENVELOPED, EXCLUSIVE_C14N, content=content)(root)
    digested(root, canonical(_without_items(root)))
    for item in root.iter("{*}Item"):
        item.set("answer", "no")
    return canonical(root)


def _without_items(root: Node) -> Node:
    left = etree.fromstring(etree.tostring(root))
    left.remove(left[-1])
    items = left.find(".//{*}Items")
    items.getprevious().tail += items.tail
    items.getparent().remove(items)
    return left


def digested(root: Node, data: bytes) -> None:
    """The seal's key signs that what the first reference gives is ``data``."""
    seal = root[-1]
    first(root).find(ds("DigestValue")).text = digest_of(data)
    of_properties = seal.find(ds("SignedInfo"))[-1].find(ds("DigestValue"))
    of_properties.text = digest_of(canonical(seal.find(f".//{xades('SignedProperties')}")))
    _signed(seal, SEAL)


def _signed(seal: Node, key: SealKey) -> None:
    """Signs SignedInfo as it is."""
    seal.find(ds("SignatureValue")).text = ecdsa(canonical(seal.find(ds("SignedInfo"))), key, hashes.SHA256())


def styled() -> bytes:
    """A stylesheet that makes the same of every record, whatever it says."""
    space = "http://www.w3.org/1999/XSL/Transform"
    sheet = etree.Element(f"{{{space}}}stylesheet", version="1.0", nsmap={"xsl": space})
    etree.SubElement(etree.SubElement(sheet, f"{{{space}}}template", match="/"), "ja")
    root = tree()
    transforms(XSLT, EXCLUSIVE_C14N, content=sheet)(root)
    digested(root, b"<ja></ja>")
    for item in root.iter("{*}Item"):
        item.set("answer", "no")
    return canonical(root)


def rsa_whole() -> bytes:
    """An RSA signature under an RSA certificate of the trusted authority."""
    key = load_pem_private_key(RSA_KEY.read_bytes(), None)
    leaf = issue("TEST rsa seal", ISSUING, key=key)[0]
    data = etree.fromstring(under(SEAL, der(leaf)))
    method(MORE + "rsa-sha256")(data)
    info = canonical(data.find(f".//{ds('SignedInfo')}"))
    value = key.sign(info, padding.PKCS1v15(), hashes.SHA256())
    data.find(f".//{ds('SignatureValue')}").text = b64encode(value).decode()
    return canonical(data)


def smaller_curve() -> bytes:
    """A signature of P-224, its r and s written with as many octets as P-256 has."""
    key = ec.derive_private_key(int.from_bytes(sha256(b"secp224r1").digest()[:27], "big"), ec.SECP224R1())
    root = etree.fromstring(under(seal_of(issue("TEST secp224r1", ISSUING, key=key), ISSUING[0])))
    value = root.find(f".//{ds('SignatureValue')}")
    raw = b64decode(value.text)
    value.text = b64encode(bytes(4) + raw[:28] + bytes(4) + raw[28:]).decode()
    return canonical(root)


def bare_key(*, beside: bool) -> bytes:
    """A stranger's signature with the stranger's bare key in KeyInfo, before the pinned certificates or in their place."""
    root = tree()
    info = root.find(f".//{ds('KeyInfo')}")
    if not beside:
        info.remove(info[0])
    value = etree.Element(ds("KeyValue"))
    key = etree.SubElement(value, f"{{{DSIG11}}}ECKeyValue", nsmap={"dsig11": DSIG11})
    etree.SubElement(key, f"{{{DSIG11}}}NamedCurve", URI=P256)
    point = STRANGER.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    etree.SubElement(key, f"{{{DSIG11}}}PublicKey").text = b64encode(point).decode()
    info.insert(0, value)
    for item in root.iter("{*}Item"):
        item.set("answer", "no")
    sign_again(root, STRANGER)
    return canonical(root)


def same_words() -> bytes:
    """A name by an entity whose words are those that were sealed: a parser that puts entities in reads what was signed, another nothing."""
    name = "Vuggestuen Mælkebøtten".encode()
    assert name in SEALED_RECORD
    return f"<!DOCTYPE ConsentRecord [<!ENTITY e '{name.decode()}'>]>".encode() + SEALED_RECORD.replace(name, b"&e;")


def vectors() -> dict[str, Vector]:
    """Each with sums that hold."""
    made = {}
    for shape, step in WRAPPED:
        why = f"wrapping that holds: {shape.__doc__[0].lower()}{shape.__doc__[1:-1]}"
        made[f"{shape.__name__}-holds"] = Vector(step, canonical(shape()), why)
    return made | {
        "transform-xpath-holds": Vector("form.algorithms", filtered(XPATH, _xpath(WITHOUT_ITEMS)), "an XPath transform takes the answers out of what is signed, and they were turned around"),
        "transform-filter2-holds": Vector("form.namespaces", filtered(FILTER2, _filter("//*[local-name()='Items']")), "an XPath filter subtracts the answers, and they were turned around"),
        "transform-xslt-holds": Vector("form.namespaces", styled(), "a stylesheet makes the same of whatever is answered"),
        "rsa-certificate-and-signature": Vector("form.algorithms", rsa_whole(), "an RSA seal of the trusted authority, whole"),
        "curve-p224-padded": Vector("form.certificates", smaller_curve(), "a smaller curve, its numbers as long as ours"),
        "key-value-of-a-stranger": Vector("form.namespaces", bare_key(beside=True), "a stranger's signature, and the stranger's bare key before the pinned certificates"),
        "key-value-alone": Vector("form.namespaces", bare_key(beside=False), "the same without any certificate"),
        "entity-same-words": Vector("form.doctype", same_words(), "an entity that gives the words that were sealed: read by one parser and skipped by another"),
    }  # fmt: skip
