"""A second opinion on core validity: libxmlsec (PyPI ``xmlsec``), which shares no code with signxml but the XML library.

Slower to install and harder to read than the first engine, faster to run: it serves ``tillid verify --all`` and the
vectors, never a request. The profile has been asked before, so only its algorithms are switched on here.
"""

from __future__ import annotations

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.signatures.xml import XmlRefused, parse

_SIGNATURE = (xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformEcdsaSha256)
_REFERENCE = (
    xmlsec.constants.TransformEnveloped,
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformSha256,
)


def libxmlsec(data: bytes, leaf: x509.Certificate) -> bool:
    """Whether both digests and the signature of a record of our profile hold under the key of ``leaf`` (an ``Engine`` of
    ``tillid.signatures.verify``). Never raises for anything in ``data``."""
    try:
        root = parse(data)
        xmlsec.tree.add_ids(root, ["Id"])
        context = xmlsec.SignatureContext()
        for transform in _SIGNATURE:
            context.enable_signature_transform(transform)
        for transform in _REFERENCE:
            context.enable_reference_transform(transform)
        context.key = xmlsec.Key.from_memory(leaf.public_bytes(Encoding.DER), xmlsec.constants.KeyDataFormatCertDer)
        context.verify(root[-1])
    except (XmlRefused, IndexError, ValueError, TypeError, xmlsec.Error):
        return False
    return True
