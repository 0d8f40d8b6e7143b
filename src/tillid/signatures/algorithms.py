"""Until when methods are believed in renewed evidence: the table ``signing/policies/algorithms-1.yaml``.

A digest or a key that was good when a timestamp was set need not be good in forty years; what covered it in time is then
what counts (RFC 4998, EN 319 102-1 5.2.8.4 on the moments of constraints).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tillid.kernel.paths import SIGNING
from tillid.signatures.timestamp_token import Token

TABLE = SIGNING / "policies" / "algorithms-1.yaml"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # no end is known
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)  # what no table names has ended before anything began


class Algorithms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``digests``: name → the moment from which it is no longer believed; ``keys``: ``kind-bits`` → the same. ``None``: no
    end is known."""

    digests: dict[str, datetime | None]
    keys: dict[str, datetime | None]

    def digest_ends(self, name: str) -> datetime:
        """When the digest algorithm ends."""
        return self.digests.get(name, ALWAYS) or NEVER

    def key_ends(self, certificate: x509.Certificate) -> datetime:
        """When the certificate's kind of key ends: that of the largest number of bits which it reaches."""
        key = certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            kind = "ec"
        elif isinstance(key, rsa.RSAPublicKey):
            kind = "rsa"
        else:
            return ALWAYS
        reached = [name for name in self.keys if _is(name, kind, key.key_size)]
        return self.keys[max(reached, key=_bits)] or NEVER if reached else ALWAYS

    def token_ends(self, token: Token) -> datetime:
        """When the first method that the token rests on ends: its imprint's digest, its signature's, its key, and how its
        certificate is signed."""
        signed = token.leaf.signature_hash_algorithm
        return min(
            self.digest_ends(token.algorithm),
            self.digest_ends(token.signed_by),
            self.digest_ends(signed.name if signed else ""),
            self.key_ends(token.leaf),
        )


def read_algorithms(path: Path = TABLE) -> Algorithms:
    """The table. Raises ``msgspec.ValidationError`` or ``yaml.YAMLError``: it is the project's own file."""
    return msgspec.convert(yaml.safe_load(path.read_text("utf-8")), Algorithms)


def _bits(name: str) -> int:
    return int(name.rpartition("-")[2])


def _is(name: str, kind: str, bits: int) -> bool:
    return name.rpartition("-")[0] == kind and _bits(name) <= bits
