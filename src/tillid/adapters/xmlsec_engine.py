"""A second opinion on core validity: libxmlsec (PyPI ``xmlsec``), which shares no code with signxml but the XML library.

Slower to install and harder to read than signxml, faster to run: it serves ``tillid verify --all``, packages that are looked at,
the daily reading of all that is kept, and the vectors, never a request.
The profile has been asked before, so only its algorithms are switched on here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.verify import verify, verify_each
from tillid.signatures.xml import Element

_SIGNATURE = (xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformEcdsaSha256)
_REFERENCE = (
    xmlsec.constants.TransformEnveloped,
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformSha256,
)


def libxmlsec(root: Element, leaf: x509.Certificate) -> bool:
    """Whether both digests and the signature of a record of our profile hold under the key of ``leaf`` (an ``Engine`` of
    ``tillid.signatures.engines``). Never raises for anything in ``root``."""
    return _holds(root, leaf, lambda: root[-1])


def libxmlsec_personal(root: Element, leaf: x509.Certificate) -> bool:
    """The same of a person's own signature, which is ``root`` itself: what it signs lies in it."""
    return _holds(root, leaf, lambda: root)


def _holds(root: Element, leaf: x509.Certificate, signature: Callable[[], Element]) -> bool:
    try:
        xmlsec.tree.add_ids(root, ["Id"])
        context = xmlsec.SignatureContext()
        for transform in _SIGNATURE:
            context.enable_signature_transform(transform)
        for transform in _REFERENCE:
            context.enable_reference_transform(transform)
        context.key = _key(leaf.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        context.verify(signature())
    except (IndexError, ValueError, TypeError, xmlsec.Error):
        return False
    return True


def verify_twice(data: bytes, trust: Trust, *, at: datetime) -> Verdict:
    """As ``verify``, with libxmlsec asked too."""
    return verify(data, trust, at=at, second=libxmlsec)


def verify_each_twice(records: Sequence[bytes], trust: Trust, *, at: datetime) -> list[Verdict]:
    """``verify_twice`` of each, together."""
    return verify_each(records, trust, at=at, second=libxmlsec)


@lru_cache(maxsize=64)
def _key(pem: bytes) -> xmlsec.Key:
    """The bare key: of a whole certificate libxmlsec makes a copy for every record."""
    return xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
