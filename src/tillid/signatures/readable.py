"""A certificate that a stranger has made, read to its bottom before anything is asked of it.

The library reads late: an extension that stands there twice, a name or a key that cannot be, raise where they are first asked for, in the
middle of a judgement. What came through here is safe to ask.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

# What is met in a certificate that is not what it seems. Two of them are no ValueError.
MALFORMED = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def read_certificate(der: bytes) -> x509.Certificate:
    """The certificate in ``der``, of which names, key and extensions can be asked. Raises ``ValueError``."""
    try:
        found = x509.load_der_x509_certificate(der)
        for name in (found.subject, found.issuer):
            name.rfc4514_string()
        found.public_key()
        tuple(found.extensions)
    except MALFORMED as error:
        raise ValueError(f"no certificate: {type(error).__name__}") from None
    return found
