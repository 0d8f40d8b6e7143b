"""A record and its timestamp as one file: XAdES Baseline T (ETSI EN 319 132-1, 5.3 SignatureTimeStamp).

The stored record never changes; the file at level T is made from record and token when somebody wants it, and taken apart
again, byte for byte, when it is verified.
"""

from __future__ import annotations

import base64

from lxml import etree

from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.signatures.names import EXCLUSIVE_C14N, ROOT, ds, xades
from tillid.signatures.xml import Element, XmlRefused, canonical, parse

UNSIGNED = xades("UnsignedProperties")
_NO_RECORD = "Filen er ikke en forseglet post, så den kan ikke have et tidsstempel."


def stamped_bytes(record: bytes) -> bytes:
    """What a signature timestamp is about: ds:SignatureValue in exclusive C14N, as it stands in the record. Raises
    ``TillidError`` (``timestamp.no-record``)."""
    return canonical(_in(_root(record), ds("SignatureValue")))


def imprint_of(record: bytes) -> str:
    """The SHA-256 of ``stamped_bytes`` (hexadecimal)."""
    return sha256(stamped_bytes(record))


def with_timestamp(record: bytes, token: bytes) -> bytes:
    """``record`` at level T: the token as the signature's one unsigned property. Raises as ``stamped_bytes``."""
    root = _root(record)
    unsigned = etree.SubElement(_in(root, xades("QualifyingProperties")), UNSIGNED)
    of_signature = etree.SubElement(unsigned, xades("UnsignedSignatureProperties"))
    stamp = etree.SubElement(of_signature, xades("SignatureTimeStamp"))
    etree.SubElement(stamp, ds("CanonicalizationMethod"), Algorithm=EXCLUSIVE_C14N)
    etree.SubElement(stamp, xades("EncapsulatedTimeStamp")).text = base64.b64encode(token).decode()
    return canonical(root)


def taken_apart(data: bytes) -> tuple[bytes, bytes | None]:
    """A record and its token. What is not exactly what ``with_timestamp`` writes comes back as it is, without a token, for
    the verification to object to. Never raises."""
    try:
        root = parse(data)
        found = root.findall(f".//{UNSIGNED}")
        if len(found) != 1:
            return data, None
        token = base64.b64decode(found[0].findtext(f".//{xades('EncapsulatedTimeStamp')}") or "", validate=True)
        found[0].getparent().remove(found[0])
        record = canonical(root)
        # One spelling: whatever else was put in, moved or written otherwise makes other bytes.
        return (record, token) if token and with_timestamp(record, token) == data else (data, None)
    except (XmlRefused, ValueError, TillidError):
        return data, None


def _root(record: bytes) -> Element:
    try:
        return parse(record)
    except XmlRefused as refused:
        raise TillidError(refused.reason, code="timestamp.no-record", text=_NO_RECORD) from None


def _in(root: Element, tag: str) -> Element:
    """The one element ``tag``; two would be two signatures. A person's own signature envelops a record, whose elements are not its own."""
    inside = root.find(f"{ds('Object')}/{ROOT}") if root.tag == ds("Signature") else None
    found = [one for one in root.iter(tag) if inside is None or inside not in one.iterancestors()]
    if len(found) != 1:
        raise TillidError(f"{len(found)} elements", code="timestamp.no-record", text=_NO_RECORD)
    return found[0]
