"""CPR numbers: encrypted at rest, found by a pseudonym (design 17, R-111)."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tillid.kernel.errors import Unavailable

KEY_SIZE = 32
_NONCE = 12


class CprVault:
    """Encrypts with AES-256-GCM (NIST SP 800-38D) bound to the person's id, and makes HMAC-SHA-256 pseudonyms.

    Both keys are derived (HKDF, RFC 5869) from the municipality key, so that one never tells of the other.
    """

    def __init__(self, municipality_key: bytes) -> None:
        if len(municipality_key) != KEY_SIZE:
            raise ValueError(f"the municipality key has {KEY_SIZE} bytes")
        self._encryption_key = _derive(municipality_key, b"tillid/cpr/encryption")
        self._pseudonym_key = _derive(municipality_key, b"tillid/cpr/pseudonym")

    def lock(self, person_id: str, cpr: str) -> bytes:
        """The encrypted number; twice the same number gives two different texts."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher().encrypt(nonce, cpr.encode("ascii"), person_id.encode("ascii"))

    def unlock(self, person_id: str, locked: bytes) -> str:
        """The number; raises ``Unavailable`` (``people.key``) if key, person or bytes do not belong together."""
        try:
            return self._cipher().decrypt(locked[:_NONCE], locked[_NONCE:], person_id.encode("ascii")).decode("ascii")
        except InvalidTag as error:
            raise Unavailable("the municipality key does not open this number", code="people.key") from error

    def pseudonym(self, cpr: str) -> str:
        """The same number gives the same 64 hexadecimal characters; without the key they tell nothing."""
        return hmac.new(self._pseudonym_key, cpr.encode("ascii"), "sha256").hexdigest()

    def _cipher(self) -> AESGCM:
        """Made when a number is looked at: most requests look at none, and setting it up is dear."""
        return AESGCM(self._encryption_key)


@lru_cache(maxsize=8)
def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=purpose).derive(key)
