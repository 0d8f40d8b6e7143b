"""What a chain must be, by what it is used for: the table ``signing/policies/chains-1.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import ocsp

from tillid.kernel.paths import SIGNING

TABLE = SIGNING / "policies" / "chains-1.yaml"
Use = Literal["seal", "stamp", "person"]
Signed = x509.Certificate | x509.CertificateRevocationList | ocsp.OCSPResponse
_ANY = "2.5.29.37.0"


class _Use(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    purposes: frozenset[str]


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table; its words are explained in it."""

    most_authorities: int
    most_issuers_tried: int
    most_ways_tried: int
    digests: frozenset[str]
    curves: frozenset[str]
    rsa_bits: int
    uses: dict[Use, _Use]

    def is_for(self, certificate: x509.Certificate, use: Use) -> bool:
        """Whether the certificate says nothing of what it is for, or that it is for this."""
        try:
            said = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            return True
        return bool({one.dotted_string for one in said} & (self.uses[use].purposes | {_ANY}))

    def counts(self, signed: Signed, by: x509.Certificate) -> bool:
        """Whether what is ``signed`` is so by a method that counts, with a key of ``by`` that does."""
        digest = signed.signature_hash_algorithm
        return digest is not None and digest.name in self.digests and self.signs(by.public_key())

    def signs(self, key: CertificatePublicKeyTypes) -> bool:
        """Whether a key is of a kind and size that counts, whatever it signs."""
        if isinstance(key, ec.EllipticCurvePublicKey):
            return key.curve.name in self.curves
        return isinstance(key, rsa.RSAPublicKey) and key.key_size >= self.rsa_bits


@cache
def chain_policy() -> Policy:
    """The table. Raises ``msgspec.ValidationError`` or ``yaml.YAMLError``: it is the project's own file."""
    return msgspec.convert(yaml.safe_load(TABLE.read_text("utf-8")), Policy)
