"""How passwords are kept: scrypt (RFC 7914), as a scheme of Zope's ``AuthEncoding``, whose own default is a salted SHA-1."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64decode, b64encode

from AuthEncoding import AuthEncoding

SCHEME = "SCRYPT"
# 32 MB and about a tenth of a second each time.
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}
_SALT = 16


class Scrypt:
    """``salt + key`` in base64; the interface is AuthEncoding's."""

    def encrypt(self, pw: str | bytes) -> bytes:
        salt = os.urandom(_SALT)
        return b64encode(salt + _key(pw, salt))

    def validate(self, reference: str | bytes, attempt: str | bytes) -> bool:
        raw = b64decode(reference)
        return hmac.compare_digest(raw[_SALT:], _key(attempt, raw[:_SALT]))


def _key(password: str | bytes, salt: bytes) -> bytes:
    raw = password.encode("utf-8") if isinstance(password, str) else password
    return hashlib.scrypt(raw, salt=salt, **_COST)


AuthEncoding.registerScheme(SCHEME, Scrypt())
# A reference that no password fits; compared with when the user is unknown, so that both answers take as long.
NOBODY = AuthEncoding.pw_encrypt(os.urandom(32).hex(), SCHEME)


def encrypted(password: str) -> bytes:
    """The stored form, with the name of the scheme in front."""
    return AuthEncoding.pw_encrypt(password, SCHEME)


def fits(reference: bytes, password: str) -> bool:
    """Whether ``password`` is the one ``reference`` was made from."""
    return bool(AuthEncoding.pw_validate(reference, password))
