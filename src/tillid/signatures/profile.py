"""The shape a sealed record must have, as small policies. Signature libraries do not ask for it: the published wrapping
samples pass core validation in two of them, so these policies are what protects.

Each policy takes the root and answers a step code of ``verdict.REASONS``, or ``None`` when it has nothing to object.
Order matters only for which reason is told.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable

from tillid.kernel.clock import parse_instant
from tillid.signatures.ecdsa import is_value
from tillid.signatures.names import (
    CONSENT,
    DS,
    ECDSA_SHA256,
    ENVELOPED,
    EXCLUSIVE_C14N,
    PROPERTIES_ID,
    REFERENCE_ID,
    ROOTS,
    SHA256,
    SIGNATURE_ID,
    SIGNED_PROPERTIES,
    XADES,
    ds,
    xades,
)
from tillid.signatures.xml import Element

Policy = Callable[[Element], str | None]

_METHODS = {
    ds("CanonicalizationMethod"): {EXCLUSIVE_C14N},
    ds("SignatureMethod"): {ECDSA_SHA256},
    ds("DigestMethod"): {SHA256},
    ds("Transform"): {ENVELOPED, EXCLUSIVE_C14N},
}
_SIGNATURE = ds("Signature")
_INSIDE, _OUTSIDE = (f"{{{DS}}}", f"{{{XADES}}}"), f"{{{CONSENT}}}"
_IDENTIFIERS = {
    (ds("Signature"), SIGNATURE_ID),
    (ds("Reference"), REFERENCE_ID),
    (xades("SignedProperties"), PROPERTIES_ID),
}


def root_is_record(root: Element) -> str | None:
    """The signed element is the root, and the root is a record."""
    return None if root.tag in ROOTS else "unreadable.not-a-record"


def one_signature(root: Element) -> str | None:
    """Exactly one ds:Signature in the whole document."""
    found = sum(1 for _ in root.iter(ds("Signature")))
    return None if found == 1 else "form.no-signature" if found == 0 else "form.signatures"


def signature_is_last_child(root: Element) -> str | None:
    """It stands directly under the root, after everything else, with no text behind it."""
    last = root[-1]
    return None if last.tag == ds("Signature") and not last.tail else "form.place"


def known_namespaces(root: Element) -> str | None:
    """Record elements outside the signature; XML Signature and XAdES inside it; nothing else anywhere, and no attribute of a
    namespace: xsi:schemaLocation, xml:base, xml:id."""
    return None if _known(root, within=False) else "form.namespaces"


def _known(node: Element, *, within: bool) -> bool:
    """``within``: whether a ds:Signature is above. No deeper than the parser lets a tree be."""
    tag = node.tag
    within = within or tag == _SIGNATURE
    if any(name[0] == "{" for name in node.attrib) or not tag.startswith(_INSIDE if within else _OUTSIDE):
        return False
    return all(_known(child, within=within) for child in node)


def fixed_identifiers(root: Element) -> str | None:
    """Our three identifiers, each once, on its own element; no other attribute called id in any spelling."""
    found = [
        (node.tag, value)
        for node in root.iter()
        for name, value in node.attrib.items()
        if name.rpartition("}")[2].lower() == "id"
    ]
    return None if len(found) == len(_IDENTIFIERS) and set(found) == _IDENTIFIERS else "form.identifiers"


def allowed_algorithms(root: Element) -> str | None:
    """Exclusive C14N without comments, ECDSA with SHA-256, SHA-256 digests."""
    for node in root.iter(*_METHODS):
        if node.get("Algorithm") not in _METHODS[node.tag]:
            return "form.algorithms"
    return None


def exact_references(root: Element) -> str | None:
    """The whole document and the signed properties, in this order; no manifest, no third reference."""
    found = [dict(node.attrib) for node in root[-1].iter(ds("Reference"))]
    wanted = [{"Id": REFERENCE_ID, "URI": ""}, {"Type": SIGNED_PROPERTIES, "URI": f"#{PROPERTIES_ID}"}]
    return None if found == wanted else "form.references"


def one_object(root: Element) -> str | None:
    """Exactly one ds:Object: a second could carry a moved payload."""
    return None if sum(1 for _ in root.iter(ds("Object"))) == 1 else "form.objects"


def exact_shape(root: Element) -> str | None:
    """Every element and attribute of the signature is one that ``sign.seal`` writes, in its place; no stray text."""
    return None if _shape(root[-1]) == SHAPE and not _stray_text(root[-1]) else "form.shape"


def plain_base64(root: Element) -> str | None:
    """SignatureValue has its one spelling (base64 can end in bits that decode to nothing)."""
    value = root[-1].findtext(ds("SignatureValue")) or ""
    try:
        return None if b64encode(b64decode(value, validate=True)).decode() == value else "form.spelling"
    except ValueError:
        return "form.spelling"


def plain_ecdsa(root: Element) -> str | None:
    """It is r and s of P-256 with the lower s: no DER, no zero, nothing longer, no second value for the same seal."""
    return None if is_value(b64decode(root[-1].findtext(ds("SignatureValue")) or "")) else "form.value"


def readable_time(root: Element) -> str | None:
    """SigningTime is UTC in whole seconds, as everywhere in Tillid."""
    try:
        parse_instant(root[-1].findtext(f".//{xades('SigningTime')}"))
    except ValueError:
        return "form.shape"
    return None


def _shape(node: Element) -> tuple:
    return (node.tag, tuple(sorted(node.attrib.items())), tuple(_shape(child) for child in node))


_WITH_TEXT = {
    ds("DigestValue"),
    ds("SignatureValue"),
    ds("X509Certificate"),
    xades("SigningTime"),
    xades("MimeType"),
}


def _stray_text(signature: Element) -> bool:
    """Whether text stands where ``seal`` writes none."""
    inside = (node for node in signature.iter() if node is not signature)
    return bool(signature.text) or any(node.tail or bool(node.text) != (node.tag in _WITH_TEXT) for node in inside)


def _node(tag: str, *children: tuple, **attributes: str) -> tuple:
    return (tag, tuple(sorted(attributes.items())), children)


def _transforms(*algorithms: str) -> tuple:
    return _node(ds("Transforms"), *(_node(ds("Transform"), Algorithm=a) for a in algorithms))


_DIGEST = (_node(ds("DigestMethod"), Algorithm=SHA256), _node(ds("DigestValue")))
_SIGNED_INFO = _node(
    ds("SignedInfo"),
    _node(ds("CanonicalizationMethod"), Algorithm=EXCLUSIVE_C14N),
    _node(ds("SignatureMethod"), Algorithm=ECDSA_SHA256),
    _node(ds("Reference"), _transforms(ENVELOPED, EXCLUSIVE_C14N), *_DIGEST, Id=REFERENCE_ID, URI=""),
    _node(ds("Reference"), _transforms(EXCLUSIVE_C14N), *_DIGEST, Type=SIGNED_PROPERTIES, URI=f"#{PROPERTIES_ID}"),
)
_CERT = _node(xades("Cert"), _node(xades("CertDigest"), *_DIGEST))
_SIGNED_PROPERTIES = _node(
    xades("SignedProperties"),
    _node(
        xades("SignedSignatureProperties"),
        _node(xades("SigningTime")),
        _node(xades("SigningCertificateV2"), _CERT, _CERT),
    ),
    _node(
        xades("SignedDataObjectProperties"),
        _node(xades("DataObjectFormat"), _node(xades("MimeType")), ObjectReference=f"#{REFERENCE_ID}"),
    ),
    Id=PROPERTIES_ID,
)
SHAPE = _node(
    ds("Signature"),
    _SIGNED_INFO,
    _node(ds("SignatureValue")),
    _node(ds("KeyInfo"), _node(ds("X509Data"), _node(ds("X509Certificate")), _node(ds("X509Certificate")))),
    _node(
        ds("Object"),
        _node(xades("QualifyingProperties"), _SIGNED_PROPERTIES, Target=f"#{SIGNATURE_ID}"),
    ),
    Id=SIGNATURE_ID,
)

POLICIES: tuple[Policy, ...] = (
    root_is_record,
    one_signature,
    signature_is_last_child,
    known_namespaces,
    fixed_identifiers,
    allowed_algorithms,
    exact_references,
    one_object,
    exact_shape,
    plain_base64,
    plain_ecdsa,
    readable_time,
)


def profile_fault(root: Element) -> str | None:
    """The first objection of ``POLICIES`` to ``root``, or ``None``."""
    return next((fault for policy in POLICIES if (fault := policy(root))), None)
