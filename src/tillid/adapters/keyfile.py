"""The seal's key in a file: for the demo and for tests. A municipality keeps its key in hardware (``keys/token.py``).

Outside demo mode a key file is refused unless the setting ``allow_key_file`` says that somebody chose it.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.paths import SIGNING
from tillid.signatures.sign import SealKey, check_key, seal, wrong_key

DEVCA = SIGNING / "devca"


def require_chosen(chosen: bool) -> None:
    """Raises ``TillidError`` (``seal.key-file``): a key in a file is for the demo, and for who has said so."""
    if not chosen:
        raise TillidError(
            "a key file outside demo mode",
            code="seal.key-file",
            text="En nøglefil må kun bruges i demoen. Brug en nøgle i hardware, eller tillad filen udtrykkeligt.",
        )


def not_now(detail: str) -> Unavailable:
    """The key cannot be used now: its file, its device or its PIN is away."""
    return Unavailable(
        detail,
        code="seal.unavailable",
        text="Posten kan ikke forsegles lige nu. Det, du har valgt, er registreret, og seglet sættes senere.",
    )


class KeyFileSigner:
    """Seals records with the key in ``path`` and the chain in ``chain`` (PEM: the seal's certificate, then its issuer).

    The key is read at the first seal and again after a failure, so an installation starts without it and a withdrawal
    never waits for it (R-17). ``seal`` raises ``Unavailable`` when the key cannot be read (``seal.unavailable``) or others can
    read it (``seal.key-mode``), and ``TillidError`` (``seal.key``) when it is the wrong one.
    """

    def __init__(self, path: Path, chain: Path, *, demo: bool, allow_key_file: bool = False) -> None:
        require_chosen(demo or allow_key_file)
        self._path, self._chain = path, chain
        self._key: SealKey | None = None

    def key(self) -> SealKey:
        """The key object and its certificates; read once."""
        if self._key is None:
            self._key = load_key(self._path, self._chain)
        return self._key

    def check(self) -> None:
        """Read the files anew; raises like ``seal``."""
        load_key(self._path, self._chain)

    def seal(self, record: bytes, moment: datetime) -> bytes:
        """The sealed form of ``record`` (see ``tillid.signatures.sign.seal``)."""
        return seal(record, self.key(), moment)


def load_key(path: Path, chain: Path) -> SealKey:
    """Key and certificates from two PEM files. Raises as ``KeyFileSigner.seal``."""
    return with_chain(load_private(path), chain)


def load_private(path: Path) -> ec.EllipticCurvePrivateKey:
    """The private key in a PEM file, which must have mode 0600 and belong to this user."""
    try:
        with path.open("rb") as file:
            # Of the open file, not of the name: between the two the name could change.
            status = os.fstat(file.fileno())
            pem = file.read()
    except OSError as error:
        raise not_now(type(error).__name__) from None
    if stat.S_IMODE(status.st_mode) != 0o600 or status.st_uid != os.geteuid():
        raise Unavailable(  # for an operator to mend: a withdrawal waits for it as for a key that is away
            f"mode {stat.S_IMODE(status.st_mode):o}",
            code="seal.key-mode",
            text="Seglets nøglefil kan læses af andre. Sæt dens rettigheder til 0600 og ejeren til platformens bruger.",
        )
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise not_now("not a private key") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise wrong_key("not an EC key")
    return private


def with_chain(private: ec.EllipticCurvePrivateKey, chain: Path) -> SealKey:
    """``private`` with its certificate and its issuer's from a PEM file."""
    try:
        certificates = x509.load_pem_x509_certificates(chain.read_bytes())
    except (OSError, ValueError) as error:
        raise not_now(type(error).__name__) from None
    if len(certificates) < 2:
        raise wrong_key("not two certificates")
    key = SealKey(private_key=private, leaf=certificates[0], issuer=certificates[1])
    check_key(key)
    return key
