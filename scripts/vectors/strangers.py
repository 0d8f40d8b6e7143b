"""Certificates that are not what they seem, truly issued by a stranger's authority: a library that reads late meets them in the middle
of a judgement, and raises."""

from __future__ import annotations

from collections.abc import Callable

from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from scripts.vectors.base import Vector
from scripts.vectors.certificates import FOREIGN, der, issue, seal_of, under

STRANGER = seal_of(issue("TEST foreign seal", FOREIGN), FOREIGN[0])


def issued_again(leaf: bytes, change: Callable[[bytes], bytes], issuer: ec.EllipticCurvePrivateKey) -> bytes:
    """The certificate (DER) after a ``change`` of what its authority then signs."""
    made = asn1.Certificate.load(leaf)
    text = change(made["tbs_certificate"].dump())
    made["tbs_certificate"] = asn1.TbsCertificate.load(text)
    made["signature_value"] = issuer.sign(text, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return made.dump()


def malformed(change: Callable[[bytes], bytes]) -> bytes:
    """The stranger's certificate (DER), issued again after a ``change``."""
    return issued_again(der(STRANGER.leaf), change, FOREIGN[1])


def extension_twice(text: bytes) -> bytes:
    """The first extension once more."""
    made = asn1.TbsCertificate.load(text)
    made["extensions"].append(made["extensions"][0].copy())
    return made.dump(force=True)


def _replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(text: bytes) -> bytes:
        assert old in text and len(old) == len(new), old
        return text.replace(old, new)

    return change


CHANGES = {
    "extension-twice": (extension_twice, "an extension that stands there twice"),
    "extension-unreadable": (_replaced(b"\x04\x02\x30\x00", b"\x04\x02\x05\x00"), "an extension that is not what it says"),
    "name-unreadable": (_replaced(b"TEST foreign seal", b"TEST \xff\xfe\xfd\xfc\xfb\xfa\xf9 seal"), "letters in a name that are none"),
}  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Name → vector."""
    return {
        f"stranger-{name}": Vector(
            "form.certificates", under(STRANGER, malformed(change)), f"a stranger's certificate: {why}"
        )
        for name, (change, why) in CHANGES.items()
    }
