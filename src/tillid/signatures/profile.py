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
Line = tuple[str, list[tuple[str, str]], int]  # of an element: its name, its attributes, how many children it has

_METHODS = {
    ds("CanonicalizationMethod"): {EXCLUSIVE_C14N},
    ds("SignatureMethod"): {ECDSA_SHA256},
    ds("DigestMethod"): {SHA256},
    ds("Transform"): {ENVELOPED, EXCLUSIVE_C14N},
}
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
    namespace: xsi:schemaLocation, xml:base, xml:id. Asked after where the signature stands."""
    outside = [root, *(node for child in root[:-1] for node in child.iter())]
    known = all(node.tag.startswith(_OUTSIDE) for node in outside) and all(
        node.tag.startswith(_INSIDE) for node in root[-1].iter()
    )
    return None if known and not any("{" in name for name in _attributes(root)) else "form.namespaces"


def _attributes(root: Element) -> list[str]:
    return [name for node in root.iter() for name in node.keys()]  # noqa: SIM118  # not a dictionary: lxml's element


def fixed_identifiers(root: Element) -> str | None:
    """Our three identifiers, each once, on its own element; no other attribute called id in any spelling."""
    found = [
        (node.tag, value)
        for node in root.iter()
        for name, value in node.items()
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


def own_prefixes(root: Element) -> str | None:
    """The signature's elements have the prefixes that ``sign.seal`` writes: those outside SignedInfo are covered by no digest, and
    canonical form keeps whatever prefix there is."""
    wrong = any(node.prefix != ("ds" if node.tag.startswith(_INSIDE[0]) else "xades") for node in root[-1].iter())
    return "form.spelling" if wrong else None


def value_fault(value: str, sealed_at: str) -> str | None:
    """What is wrong with the texts of SignatureValue and SigningTime. The value has its one spelling (base64 can end in bits that
    decode to nothing) and is r and s of P-256 with the lower s: no DER, no zero, nothing longer, no second value for the same
    seal. The time is UTC in whole seconds, as everywhere in Tillid."""
    try:
        raw = b64decode(value, validate=True)
    except ValueError:
        return "form.spelling"
    if b64encode(raw).decode() != value:
        return "form.spelling"
    if not is_value(raw):
        return "form.value"
    try:
        parse_instant(sealed_at)
    except ValueError:
        return "form.shape"
    return None


def _shape(signature: Element) -> list[Line]:
    """A line for each element, in the order of the document: no two trees have the same."""
    return [(node.tag, sorted(node.items()), len(node)) for node in signature.iter()]


WITH_TEXT = {
    ds("DigestValue"),
    ds("SignatureValue"),
    ds("X509Certificate"),
    xades("SigningTime"),
    xades("MimeType"),
}


def _stray_text(signature: Element) -> bool:
    """Whether text stands where ``seal`` writes none."""
    inside = (node for node in signature.iter() if node is not signature)
    return bool(signature.text) or any(node.tail or bool(node.text) != (node.tag in WITH_TEXT) for node in inside)


def _node(tag: str, *children: list[Line], **attributes: str) -> list[Line]:
    """What ``_shape`` says of such an element."""
    return [(tag, sorted(attributes.items()), len(children)), *(line for child in children for line in child)]


def _transforms(*algorithms: str) -> list[Line]:
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
    own_prefixes,
)


def profile_fault(root: Element) -> str | None:
    """The first objection to ``root`` of ``POLICIES`` and then of ``value_fault``, or ``None``."""
    held = list(root.iter())  # lxml makes an object for an element again and again unless somebody holds it
    fault = next((fault for policy in POLICIES if (fault := policy(held[0]))), None)
    texts = (next(root[-1].iter(tag)).text for tag in (ds("SignatureValue"), xades("SigningTime")))
    return fault or value_fault(*texts)
