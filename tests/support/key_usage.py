"""What a key is for, said by the names of its uses (RFC 5280 4.2.1.3)."""

from __future__ import annotations

from cryptography import x509


def usage_of(*names: str) -> x509.KeyUsage:
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{name: name in names for name in every})
