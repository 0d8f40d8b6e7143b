"""CPR numbers, encrypted at rest and found by a pseudonym (design 17, R-111), and protected addresses (R-37)."""

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


class Vault:
    """Encrypts with AES-256-GCM (NIST SP 800-38D), bound to the person's id. The key is derived (HKDF, RFC 5869) from the
    municipality key for one ``purpose``, so that one never tells of the other."""

    def __init__(self, municipality_key: bytes, purpose: bytes) -> None:
        if len(municipality_key) != KEY_SIZE:
            raise ValueError(f"the municipality key has {KEY_SIZE} bytes")
        self._encryption_key = _derive(municipality_key, purpose)

    def lock(self, person_id: str, text: str) -> bytes:
        """The encrypted text; twice the same text gives two different ones."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher().encrypt(nonce, text.encode(), person_id.encode("ascii"))

    def unlock(self, person_id: str, locked: bytes) -> str:
        """The text; raises ``Unavailable`` (``people.key``) if key, person or bytes do not belong together."""
        try:
            return self._cipher().decrypt(locked[:_NONCE], locked[_NONCE:], person_id.encode("ascii")).decode()
        except InvalidTag as error:
            raise Unavailable("the municipality key does not open this text", code="people.key") from error

    def _cipher(self) -> AESGCM:
        """Made when a text is looked at: most requests look at none, and setting it up is dear."""
        return AESGCM(self._encryption_key)


class CprVault(Vault):
    """Encrypts CPR numbers, and makes HMAC-SHA-256 pseudonyms of them."""

    def __init__(self, municipality_key: bytes) -> None:
        super().__init__(municipality_key, b"tillid/cpr/encryption")
        self._pseudonym_key = _derive(municipality_key, b"tillid/cpr/pseudonym")

    def pseudonym(self, cpr: str) -> str:
        """The same number gives the same 64 hexadecimal characters; without the key they tell nothing."""
        return hmac.new(self._pseudonym_key, cpr.encode("ascii"), "sha256").hexdigest()


@lru_cache(maxsize=8)
def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=purpose).derive(key)
