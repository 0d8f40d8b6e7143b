"""The seals that a trust list pins: what such a certificate may be for, and which data controllers it may seal for (docs/adr/0083).

``seals/NAME.pem`` is the certificate; ``seals/NAME.txt`` beside it has a line for each controller, which begins with the number that
records carry (``Controller/@uuid``); what follows on the line is for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier
from msgspec import Struct

from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id

# What a seal's key is for: types A, B and C of EN 319 412-2 4.3.2, to sign, to commit, or both (EN 319 412-3 4.3.1 wants A, B or F). The
# types that encipher as well, F too, are refused: whoever can have such a key decipher something may have it sign.
SIGNING = frozenset({"digital_signature", "content_commitment"})
_OTHERS = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
# A purpose is not asked for. One that is named must be this and no other (RFC 9336): a certificate for servers, mail or programs is no seal's.
PURPOSES = frozenset({ObjectIdentifier("1.3.6.1.5.5.7.3.36")})
T = TypeVar("T")


class Pin(Struct, frozen=True, kw_only=True):
    """A pinned certificate, the name of its file, and the ids of the controllers it may seal for; none: the list does not say."""

    file: str
    certificate: x509.Certificate
    controllers: frozenset[str]


def may_seal(certificate: x509.Certificate) -> bool:
    """Whether it is made for what a seal is: it signs, does nothing else, and is no authority's (RFC 5280 4.2.1.3, 4.2.1.9, 4.2.1.12)."""
    try:
        said = {type(one.value): one.value for one in certificate.extensions}
    except ValueError:  # an extension that is no extension, or one twice
        return False
    usage, constraints, purposes = (
        said.get(kind) for kind in (x509.KeyUsage, x509.BasicConstraints, x509.ExtendedKeyUsage)
    )
    if not isinstance(usage, x509.KeyUsage) or any(getattr(usage, other) for other in _OTHERS):
        return False
    if isinstance(constraints, x509.BasicConstraints) and constraints.ca:
        return False
    if isinstance(purposes, x509.ExtendedKeyUsage) and not set(purposes) <= PURPOSES:
        return False
    return any(getattr(usage, one) for one in SIGNING)


def read_pins(folder: Path) -> tuple[Pin, ...]:
    """What ``folder`` (``seals/`` of a list) pins. Raises ``TillidError``: ``trust.certificate``, ``trust.controller``."""
    found: list[Pin] = []
    for path in sorted(folder.glob("*.pem")):
        controllers = _controllers(path.with_suffix(".txt"))
        found.extend(Pin(file=path.name, certificate=one, controllers=controllers) for one in read_certificates(path))
    return tuple(found)


def require_seals(pins: Iterable[Pin]) -> None:
    """Raises ``TillidError`` (``trust.usage``) when one of them is no seal's certificate: who pinned it was wrong, or was deceived."""
    for pin in pins:
        if not may_seal(pin.certificate):
            raise TillidError(
                "not for seals",
                code="trust.usage",
                text="Certifikatet i filen seals/{name} i tillidslisten er ikke lavet til at forsegle med. Tag filen ud, og spørg den, der "
                "har lagt den der.",
                name=pin.file,
            )


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a file of a trust list. Raises ``TillidError`` (``trust.certificate``)."""
    return tuple(
        read_file(
            path,
            x509.load_pem_x509_certificates,
            code="trust.certificate",
            text="Filen {name} i tillidslisten er ikke et læseligt certifikat.",
        )
    )


def read_file(path: Path, reader: Callable[[bytes], T], *, code: str, text: str) -> T:
    """What ``reader`` makes of a file of a trust list. Raises ``TillidError`` (``code``): one that cannot be read must never mean that there is
    nothing in it, or that nothing was revoked."""
    try:
        return reader(path.read_bytes())
    except (ValueError, OSError) as error:
        raise TillidError(str(error), code=code, text=text, name=path.name) from None


def _controllers(path: Path) -> frozenset[str]:
    if not path.exists():
        return frozenset()
    return read_file(
        path,
        _ids,
        code="trust.controller",
        text="Filen {name} i tillidslisten skal have en dataansvarligs nummer (UUID) forrest på hver linje.",
    )


def _ids(data: bytes) -> frozenset[str]:
    found = frozenset(line.split()[0] for line in data.decode("utf-8").splitlines() if line.strip())
    if not all(map(is_id, found)):
        raise ValueError("not the ids of controllers")
    return found
