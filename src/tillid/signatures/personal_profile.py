"""The shape of a person's own signature (``personal.py``): exactly these elements, algorithms and references, nothing beside.

As with the seal the profile protects, not the library: whatever could make somebody read another thing than what was signed
(a third reference, a manifest, a second payload, a doubled identifier) has no place here.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from cryptography import x509

from tillid.kernel.clock import parse_instant
from tillid.signatures.names import (
    DS,
    ECDSA_SHA256,
    EXCLUSIVE_C14N,
    ROOT,
    SHA256,
    SIGNED_PROPERTIES,
    XADES,
    ds,
    xades,
)
from tillid.signatures.readable import read_certificate
from tillid.signatures.xml import Element

# Fixed, and none of the seal's: the record inside brings those.
SIGNATURE_ID, RECORD_ID, PROPERTIES_ID, REFERENCE_ID = (
    "personal", "personal-record", "personal-properties", "personal-reference",
)  # fmt: skip
MAX_CHAIN = 4
_REFERENCE = [ds("Transforms"), ds("DigestMethod"), ds("DigestValue")]


def personal_fault(root: Element) -> bool:
    """Whether ``root`` is anything but a signature of our profile around one record."""
    try:
        return not (
            _frame(root) and _signed_info(root[0]) and _key_info(root[2]) and _properties(root[4]) and _pure(root)
        )
    except (IndexError, ValueError):
        return True


def certificates_in(root: Element) -> tuple[x509.Certificate, ...]:
    """The chain in KeyInfo, the person's own certificate first; empty if one cannot be read."""
    try:
        return tuple(read_certificate(_decoded(node)) for node in root[2][0])
    except ValueError:
        return ()


def _tags(node: Element) -> list[str]:
    return [child.tag for child in node]


def _frame(root: Element) -> bool:
    tags = [ds("SignedInfo"), ds("SignatureValue"), ds("KeyInfo"), ds("Object"), ds("Object")]
    return (
        root.tag == ds("Signature")
        and dict(root.attrib) == {"Id": SIGNATURE_ID}
        and _tags(root) == tags
        and dict(root[3].attrib) == {"Id": RECORD_ID}
        and _tags(root[3]) == [ROOT]
        and not root[3].text
        and not root[3][0].tail
        and not any(len(one.attrib) for one in (*root[:3], root[4]))
        and _encoded(root[1])
    )


def _signed_info(node: Element) -> bool:
    wanted = [ds("CanonicalizationMethod"), ds("SignatureMethod"), ds("Reference"), ds("Reference")]
    return (
        _tags(node) == wanted
        and _method(node[0], EXCLUSIVE_C14N)
        and _method(node[1], ECDSA_SHA256)
        and _refers(node[2], {"Id": REFERENCE_ID, "URI": f"#{RECORD_ID}"})
        and _refers(node[3], {"Type": SIGNED_PROPERTIES, "URI": f"#{PROPERTIES_ID}"})
    )


def _refers(node: Element, attributes: dict[str, str]) -> bool:
    return (
        dict(node.attrib) == attributes
        and _tags(node) == _REFERENCE
        and _tags(node[0]) == [ds("Transform")]
        and _method(node[0][0], EXCLUSIVE_C14N)
        and _method(node[1], SHA256)
        and _encoded(node[2])
    )


def _encoded(node: Element) -> bool:
    """Whether it holds base64 and nothing else. Raises ``ValueError``."""
    _decoded(node)
    return not len(node)


def _decoded(node: Element) -> bytes:
    """The bytes, in the one spelling there is of them but for white space: engines differ on whether they pass over other characters,
    and over bits of the last one that are of no byte (RFC 4648 3.5). Raises ``ValueError``."""
    text = "".join((node.text or "").split())
    data = b64decode(text, validate=True)
    if b64encode(data).decode() != text:
        raise ValueError("another spelling of the same bytes")
    return data


def _method(node: Element, algorithm: str) -> bool:
    return dict(node.attrib) == {"Algorithm": algorithm} and len(node) == 0 and not (node.text or "").strip()


def _key_info(node: Element) -> bool:
    return _tags(node) == [ds("X509Data")] and (
        1 <= len(node[0]) <= MAX_CHAIN and set(_tags(node[0])) == {ds("X509Certificate")}
    )


def _properties(holder: Element) -> bool:
    """SigningTime, SigningCertificateV2 and DataObjectFormat (EN 319 132-1 5.2.1, 5.2.2, 5.2.4), and nothing unsigned."""
    if _tags(holder) != [xades("QualifyingProperties")] or dict(holder[0].attrib) != {"Target": f"#{SIGNATURE_ID}"}:
        return False
    qualifying = holder[0]
    if _tags(qualifying) != [xades("SignedProperties")] or dict(qualifying[0].attrib) != {"Id": PROPERTIES_ID}:
        return False
    signature, data = qualifying[0]
    parse_instant(signature[0].text or "")
    return (
        [signature.tag, data.tag] == [xades("SignedSignatureProperties"), xades("SignedDataObjectProperties")]
        and _tags(signature) == [xades("SigningTime"), xades("SigningCertificateV2")]
        and _certificates(signature[1])
        and _tags(data) == [xades("DataObjectFormat")]
        and dict(data[0].attrib) == {"ObjectReference": f"#{REFERENCE_ID}"}
        and _tags(data[0]) == [xades("MimeType")]
        and not any(len(one) for one in (signature[0], data[0][0]))
        and not any(len(one.attrib) for one in (signature, *signature, data, data[0][0]))
    )


def _certificates(holder: Element) -> bool:
    """SigningCertificateV2: of each certificate its digest and nothing else, each once."""
    if not 1 <= len(holder) <= MAX_CHAIN or set(_tags(holder)) != {xades("Cert")}:
        return False
    named = set()
    for one in holder:
        if _tags(one) != [xades("CertDigest")] or _tags(one[0]) != [ds("DigestMethod"), ds("DigestValue")]:
            return False
        if len(one.attrib) or len(one[0].attrib) or not _method(one[0][0], SHA256):
            return False
        if len(one[0][1].attrib) or len(one[0][1]):
            return False
        named.add(_decoded(one[0][1]))
    return len(named) == len(holder)


def _pure(root: Element) -> bool:
    """Outside the record only elements of the two vocabularies, with nothing written between them, where engines differ on what they
    read; no attribute of a namespace; each identifier once."""
    outside = [node for node in root.iter() if node is not root[3][0] and root[3][0] not in node.iterancestors()]
    known = all(node.tag.startswith((f"{{{DS}}}", f"{{{XADES}}}")) for node in outside)
    names = [name for node in root.iter() for name in node.attrib]
    found = [node.get(name) for node in root.iter() for name in node.attrib if name.lower() == "id"]
    between = [node.text for node in outside if len(node)] + [node.tail for node in outside]
    if any(text and text.strip() for text in between):
        return False
    return known and not any(name.startswith("{") for name in names) and len(found) == len(set(found))
