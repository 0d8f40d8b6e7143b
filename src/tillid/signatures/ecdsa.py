"""The one spelling of an ECDSA signature value (XML Signature 1.1, 6.4.3: r and s, 32 octets each for P-256).

For every signature (r, s) the pair (r, n - s) verifies as well, and anyone can work it out without the key. A record
therefore has the lower s: one file per seal, so that any changed byte is seen.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

SIZE = 32
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256: FIPS 186-5, SP 800-186


def lower(value: str) -> str:
    """``value`` (base64 of r and s) with the lower of the two possible s."""
    raw = b64decode(value, validate=True)
    r, s = raw[:SIZE], int.from_bytes(raw[SIZE:], "big")
    return b64encode(r + min(s, ORDER - s).to_bytes(SIZE, "big")).decode()


def is_p256(certificate: x509.Certificate) -> bool:
    """Whether its key is one of P-256. To be asked before any engine: libraries differ on curves that hardly anybody uses."""
    key = certificate.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def is_value(raw: bytes) -> bool:
    """Whether ``raw`` is r and s of P-256, each within its range, with the lower s."""
    r, s = int.from_bytes(raw[:SIZE], "big"), int.from_bytes(raw[SIZE:], "big")
    return len(raw) == 2 * SIZE and 0 < r < ORDER and 0 < s <= ORDER // 2
