"""A record, its timestamp and all that was known about their certificates as one file: XAdES Baseline LT (ETSI EN 319 132-1,
5.4 CertificateValues and RevocationValues, 6.3). One spelling, as at level T: what comes apart is made again and compared.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

import msgspec
from lxml import etree

from tillid.kernel.errors import TillidError
from tillid.signatures.names import xades
from tillid.signatures.timestamp_xades import UNSIGNED, taken_apart, with_timestamp
from tillid.signatures.xml import XmlRefused, canonical, parse

_CERTIFICATE = xades("EncapsulatedX509Certificate")
_LIST = xades("EncapsulatedCRLValue")
_ANSWER = xades("EncapsulatedOCSPValue")


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: the record as it was sealed, at level T its ``token``, at level LT ``certificates`` and revocation
    ``lists`` and ``answers`` too (DER)."""

    record: bytes
    token: bytes | None = None
    certificates: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()


def with_long_term(
    record: bytes, token: bytes, certificates: Iterable[bytes], lists: Iterable[bytes], answers: Iterable[bytes] = ()
) -> bytes:
    """``record`` at level LT. Certificates (those that neither KeyInfo nor the token holds; may be none), lists and answers
    (DER, at least one of them) are sorted, each once. Raises ``TillidError`` (``timestamp.no-record``)."""
    root = parse(with_timestamp(record, token))
    (of_signature,) = root.iter(xades("UnsignedSignatureProperties"))
    if held := sorted(set(certificates)):
        _encapsulate(etree.SubElement(of_signature, xades("CertificateValues")), _CERTIFICATE, held)
    values = etree.SubElement(of_signature, xades("RevocationValues"))
    for name, tag, told in (("CRLValues", _LIST, lists), ("OCSPValues", _ANSWER, answers)):
        if held := sorted(set(told)):
            _encapsulate(etree.SubElement(values, xades(name)), tag, held)
    return canonical(root)


def parts(data: bytes) -> Parts:
    """What the file ``data`` holds. What is exactly neither level T nor LT comes back whole as ``record``, for the verification
    to object to. Never raises."""
    if b"UnsignedProperties" not in data:  # a name has no other spelling
        return Parts(record=data)
    try:
        root = parse(data)
        (unsigned,) = root.findall(f".//{UNSIGNED}")
        values = {tag: [_decoded(node.text) for node in unsigned.iter(tag)] for tag in (_CERTIFICATE, _LIST, _ANSWER)}
        for name in ("CertificateValues", "RevocationValues"):
            for node in unsigned.findall(f"{xades('UnsignedSignatureProperties')}/{xades(name)}"):
                node.getparent().remove(node)
        record, token = taken_apart(canonical(root))
        if token is None:
            return Parts(record=data)
        lists, answers = values[_LIST], values[_ANSWER]
        if not lists and not answers:
            return Parts(record=record, token=token) if with_timestamp(record, token) == data else Parts(record=data)
        whole = with_long_term(record, token, values[_CERTIFICATE], lists, answers) == data
        certificates = tuple(values[_CERTIFICATE])
        held = Parts(record=record, token=token, certificates=certificates, lists=tuple(lists), answers=tuple(answers))
        return held if whole else Parts(record=data)
    except (XmlRefused, ValueError, TillidError):
        return Parts(record=data)


def _encapsulate(parent: etree._Element, tag: str, values: Iterable[bytes]) -> None:
    for value in values:
        etree.SubElement(parent, tag).text = base64.b64encode(value).decode()


def _decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "", validate=True)
