"""Names fixed by standards and by our own profile: namespaces, algorithms, the identifiers inside a signature."""

from __future__ import annotations

CONSENT = "urn:tillid:xml:consent:1"
DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"

ROOT = f"{{{CONSENT}}}ConsentRecord"
ATTESTATION = f"{{{CONSENT}}}AttestationRecord"  # never a consent: a root of its own
RECEPTION = f"{{{CONSENT}}}ReceptionRecord"  # the receiver's acknowledgement, which is no consent either
ROOTS = frozenset({ROOT, ATTESTATION, RECEPTION})

# XML Signature 1.1 and RFC 9231: the only algorithms a record may name.
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"

# One signature per record, so its identifiers can be constants: a second use of any of them is an attack.
SIGNATURE_ID = "seal"
REFERENCE_ID = "seal-record"
PROPERTIES_ID = "seal-properties"


def ds(tag: str) -> str:
    """``tag`` in the XML Signature namespace, as lxml spells it."""
    return f"{{{DS}}}{tag}"


def xades(tag: str) -> str:
    """``tag`` in the XAdES 1.3.2 namespace."""
    return f"{{{XADES}}}{tag}"


def consent(tag: str) -> str:
    """``tag`` in the namespace of our records."""
    return f"{{{CONSENT}}}{tag}"
