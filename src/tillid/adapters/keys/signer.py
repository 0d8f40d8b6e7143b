"""Implements ``ports.Seal`` over the ring: each record is sealed with the key that is current at that moment.

A rotation needs no new start: the ring is looked at before each seal, which costs one ``stat``.
"""

from __future__ import annotations

import threading
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from tillid.adapters.keyfile import load_private, require_chosen, with_chain
from tillid.adapters.keys.ring import KeyRing, RingKey
from tillid.kernel.clock import Clock
from tillid.kernel.errors import Unavailable
from tillid.signatures.sign import SealKey, require_valid_at, seal


class RingSigner:
    """``demo``: key files are allowed. ``seal`` raises ``Unavailable``: ``seal.no-key`` (none in use, or revoked),
    ``seal.expired``, ``seal.faulty``, ``seal.unavailable``, ``seal.key-mode``, ``seal.pin``; and ``TillidError``: ``seal.key``,
    ``seal.key-file``."""

    def __init__(self, ring: KeyRing, clock: Clock, *, demo: bool) -> None:
        self._ring, self._clock, self._demo = ring, clock, demo
        self._lock = threading.Lock()
        self._read: tuple[object, SealKey] | None = None

    def seal(self, record: bytes, moment: datetime) -> bytes:
        """The sealed form of ``record`` (see ``tillid.signatures.sign.seal``)."""
        return seal(record, self.key(), moment)

    def check(self) -> None:
        """Read the key anew and have it sign; raises like ``seal``."""
        with self._lock:
            self._read = None
        key = self.key()
        require_valid_at(key, self._clock.now())
        key.private_key.sign(b"tillid", ec.ECDSA(SHA256()))  # a device may be there and not work

    def key(self) -> SealKey:
        """The current key, read once until the ring changes."""
        mark = self._ring.mark()
        with self._lock:
            if self._read is None or self._read[0] != mark:
                self._read = mark, self._open()
            return self._read[1]

    def _open(self) -> SealKey:
        current = self._ring.current()
        if current is None:
            raise Unavailable(
                "no key is in use",
                code="seal.no-key",
                text="Ingen nøgle er i brug til platformens segl. Tag en i brug med »tillid keys rotate«.",
            )
        if current.token is None:
            require_chosen(self._demo or current.file_allowed)
        return with_chain(private_key(self._ring, current), self._ring.chain(current.name))


def private_key(ring: KeyRing, key: RingKey) -> ec.EllipticCurvePrivateKey:
    """The key object of ``key``, wherever it is. Raises as ``RingSigner.seal``."""
    if key.token is None:
        return load_private(ring.home(key.name) / "key.pem")
    from tillid.adapters.keys.token import TokenKey  # the library is loaded only where there is hardware

    return TokenKey(key.token)
