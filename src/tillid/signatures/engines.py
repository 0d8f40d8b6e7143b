"""Whether the digests and the signature of a record hold: by signxml, and straight from the bytes. Asked after the profile.

A record that the profile lets through has one shape, one spelling and its signature last, so what was hashed can be seen in the
file without any library for signatures. ``straight`` does that, and with libxmlsec judges whole archives (ADR 0063).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Generator, Sequence
from hashlib import sha256
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature as Mismatch
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from lxml.etree import LxmlError
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, VerifyResult, XMLVerifier
from signxml.exceptions import InvalidDigest, InvalidSignature, SignXMLException

from tillid.signatures.ecdsa import SIZE
from tillid.signatures.plain import Seal
from tillid.signatures.xml import Element

# An opinion on core validity: the tree of a record file and the seal's certificate in, whether all digests and the signature
# hold out. ``adapters/xmlsec_engine.py`` is one. It is asked after the profile, changes nothing, and never raises.
Engine = Callable[[Element, x509.Certificate], bool]

_ECDSA = ec.ECDSA(SHA256())


def by_signxml(data: bytes, seal: Seal, leaf: x509.Certificate) -> str | None:
    """What signxml has against the record file ``data``, as a step code; ``None`` when all holds and it hashed what ``seal`` shows."""
    said = ask_signxml(data, leaf)
    if said == "shape":
        return "form.shape"
    if isinstance(said, str):
        return f"crypto.{said}"
    return None if [one.signed_data for one in said] == [seal.record, seal.properties] else "form.shape"


def ask_signxml(data: bytes, leaf: x509.Certificate) -> Sequence[VerifyResult] | Literal["hash", "signature", "shape"]:
    """What signxml has hashed of the file ``data``, each reference of it; or what does not hold: a digest, the value, or more than that."""
    expected = SignatureConfiguration(
        location="./",
        expect_references=2,
        signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=leaf.not_valid_before_utc,  # times are judged by who asks, with better reasons
    )
    try:
        # A fresh verifier each time: it keeps state, and threads must not share it.
        said = XMLVerifier().verify(data, x509_cert=leaf, expect_config=expected)
    except InvalidDigest:
        return "hash"
    except InvalidSignature:
        return "signature"
    except (SignXMLException, LxmlError, ValueError, TypeError, AttributeError, UnsupportedAlgorithm):
        return "shape"
    return said if isinstance(said, list) else [said]


def straight(seal: Seal, leaf: x509.Certificate) -> bool:
    """The same by three sums: SHA-256 of the file without the seal, SHA-256 of the signed properties, ECDSA over SignedInfo. Never
    raises for a seal that the profile let through."""
    hashed = tuple(sha256(one).digest() for one in (seal.record, seal.properties))
    try:
        if tuple(map(b64decode, seal.digests)) != hashed:
            return False
        raw = b64decode(seal.value)
        r, s = int.from_bytes(raw[:SIZE], "big"), int.from_bytes(raw[SIZE:], "big")
        leaf.public_key().verify(encode_dss_signature(r, s), seal.info, _ECDSA)  # type: ignore[union-attr, call-arg, arg-type]
    except (Mismatch, ValueError):
        return False
    return True


def core_fault(
    data: bytes, root: Element, seal: Seal, leaf: x509.Certificate, second: Engine | None
) -> Generator[None, None, str | None]:
    """What speaks against digests and signature, as a step code; ``second`` is another step of the work. Without ``second`` signxml is asked. With it, ``second`` and
    ``straight`` are; when both are content that is that, and when not, signxml says why. Whoever of those asked disagrees with
    another makes it ``engines.disagree``."""
    if second is None:
        return by_signxml(data, seal, leaf)
    first = straight(seal, leaf)
    yield
    opinions = first, second(root, leaf)
    if all(opinions):
        return None
    fault = by_signxml(data, seal, leaf)
    return fault if fault and not any(opinions) else "engines.disagree"
