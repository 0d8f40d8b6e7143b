"""XAdES Baseline B properties of our own (ETSI EN 319 132-1), as a signxml signature annotator.

Why not ``signxml.xades.XAdESSigner``: with exclusive C14N its signatures are rejected by other tools (docs/adr/0005).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml.etree import SubElement

from tillid.kernel.clock import instant
from tillid.signatures.names import (
    EXCLUSIVE_C14N,
    PROPERTIES_ID,
    REFERENCE_ID,
    SHA256,
    SIGNATURE_ID,
    SIGNED_PROPERTIES,
    XADES,
    ds,
    xades,
)
from tillid.signatures.xml import Element, canonical


def certificate_digest(certificate: x509.Certificate) -> str:
    """Base64 SHA-256 of the certificate's DER, as SigningCertificateV2 holds it."""
    return b64encode(sha256(certificate.public_bytes(Encoding.DER)).digest()).decode()


def qualifying(chain: Sequence[x509.Certificate], moment: datetime) -> Callable[..., None]:
    """An annotator that adds the properties for ``moment`` and ``chain`` (the seal's certificate first, as EN 319 132-1
    5.2.2 asks, then its issuer's: so that no byte of KeyInfo is left uncovered) and the reference that signs them."""

    def annotate(signature: Element, signing_settings: Any = None) -> None:
        signature.set("Id", SIGNATURE_ID)
        signed_info = signature.find(ds("SignedInfo"))
        signed_info.find(ds("Reference")).set("Id", REFERENCE_ID)
        properties = _properties(SubElement(signature, ds("Object")), chain, moment)
        _reference(signed_info, properties)

    return annotate


def _properties(holder: Element, chain: Sequence[x509.Certificate], moment: datetime) -> Element:
    """SigningTime, SigningCertificateV2 and DataObjectFormat (EN 319 132-1, 5.2.1, 5.2.2, 5.2.4)."""
    top = SubElement(holder, xades("QualifyingProperties"), Target=f"#{SIGNATURE_ID}", nsmap={"xades": XADES})
    properties = SubElement(top, xades("SignedProperties"), Id=PROPERTIES_ID)
    of_signature = SubElement(properties, xades("SignedSignatureProperties"))
    SubElement(of_signature, xades("SigningTime")).text = instant(moment)
    certificates = SubElement(of_signature, xades("SigningCertificateV2"))
    for certificate in chain:
        digest = SubElement(SubElement(certificates, xades("Cert")), xades("CertDigest"))
        SubElement(digest, ds("DigestMethod"), Algorithm=SHA256)
        SubElement(digest, ds("DigestValue")).text = certificate_digest(certificate)
    of_data = SubElement(properties, xades("SignedDataObjectProperties"))
    data_format = SubElement(of_data, xades("DataObjectFormat"), ObjectReference=f"#{REFERENCE_ID}")
    SubElement(data_format, xades("MimeType")).text = "text/xml"
    return properties


def _reference(signed_info: Element, properties: Element) -> None:
    reference = SubElement(signed_info, ds("Reference"), Type=SIGNED_PROPERTIES, URI=f"#{PROPERTIES_ID}")
    SubElement(SubElement(reference, ds("Transforms")), ds("Transform"), Algorithm=EXCLUSIVE_C14N)
    SubElement(reference, ds("DigestMethod"), Algorithm=SHA256)
    SubElement(reference, ds("DigestValue")).text = b64encode(sha256(canonical(properties)).digest()).decode()
