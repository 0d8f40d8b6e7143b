"""A key in hardware, through its maker's PKCS#11 library: it signs there and never leaves it.

One session for each token and process (a second login is refused by the standard, 2.40 5.6), used by one thread at a time. What
fails is closed, and the next seal opens anew, so that a token that was away comes back by itself.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PinIncorrect, PinLocked, PKCS11Error
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from tillid.adapters.keyfile import not_now
from tillid.adapters.keys.ring import TokenPlace
from tillid.kernel.errors import TillidError, Unavailable

SIZE = 32
T = TypeVar("T")


class Token:
    """One token of one library; ``token_at`` hands out the same object for the same token."""

    def __init__(self, module: str, label: str) -> None:
        self._module, self._label = module, label
        self._lock = threading.Lock()
        self._session: Any = None
        self._refused: object = None  # the PIN file that was wrong: a token counts the tries and locks itself

    def sign(self, place: TokenPlace, digest: bytes) -> bytes:
        """r and s, 32 octets each. Raises ``Unavailable``."""
        return self._do(place, lambda session: _private(session, place.label).sign(digest, mechanism=Mechanism.ECDSA))

    def public_key(self, place: TokenPlace) -> ec.EllipticCurvePublicKey:
        """The public half of a key. Raises ``Unavailable``."""

        def read(session: Any) -> Any:
            found = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=place.label)
            return load_der_public_key(encode_ec_public_key(found))

        return self._do(place, read)

    def make_key(self, place: TokenPlace) -> None:
        """A new P-256 key pair whose private half can neither be read nor taken out. Raises ``Unavailable``, and
        ``TillidError`` (``keys.label``) when the name is taken."""

        def make(session: Any) -> None:
            if any(True for _ in session.get_objects({Attribute.LABEL: place.label})):
                raise TillidError(
                    code="keys.label", text="Enheden har allerede en nøgle med navnet {label}. Vælg et andet.", label=place.label
                )  # fmt: skip
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            private = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
            parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
            parameters.generate_keypair(
                store=True, label=place.label, id=place.label.encode(), private_template=private
            )

        self._do(place, make, writing=True)

    def _do(self, place: TokenPlace, work: Callable[[Any], T], *, writing: bool = False) -> T:
        with self._lock:
            try:
                if writing:  # a session that reads only is in the way
                    self._close()
                if self._session is None:
                    self._session = self._open(place, writing)
                done = work(self._session)
            except PKCS11Error as error:
                self._close()
                raise not_now(type(error).__name__) from None
            if writing:
                self._close()
            return done

    def _open(self, place: TokenPlace, writing: bool) -> Any:
        token = pkcs11.lib(self._module).get_token(token_label=self._label)
        pin, mark = _pin(Path(place.pin_file))
        if mark == self._refused:
            _wrong_pin()
        try:
            return token.open(user_pin=pin, rw=writing)
        except (PinIncorrect, PinLocked):
            self._refused = mark
            _wrong_pin()

    def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            try:
                session.close()
            except PKCS11Error:
                pass


@cache
def token_at(module: str, label: str) -> Token:
    """The one object for a token in this process."""
    return Token(module, label)


class TokenKey(ec.EllipticCurvePrivateKey):
    """The key at ``place`` as a key object that ``cryptography`` and ``signxml`` take. Raises ``Unavailable``."""

    def __init__(self, place: TokenPlace) -> None:
        self._place, self._token = place, token_at(place.module, place.token)
        self._public = self._token.public_key(place)

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:  # type: ignore[override]
        """ECDSA over the SHA-256 of ``data``, as DER."""
        if not isinstance(signature_algorithm, ec.ECDSA) or not isinstance(signature_algorithm.algorithm, SHA256):
            raise TypeError("ECDSA with SHA-256 is all a seal uses")
        raw = self._token.sign(self._place, hashlib.sha256(data).digest())
        return encode_dss_signature(int.from_bytes(raw[:SIZE], "big"), int.from_bytes(raw[SIZE:], "big"))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.curve.key_size

    def _never(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a key in hardware signs and does nothing else")

    exchange = private_numbers = private_bytes = __copy__ = __deepcopy__ = _never  # type: ignore[assignment]


def _private(session: Any, label: str) -> Any:
    return session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)


def _pin(path: Path) -> tuple[str, object]:
    """The PIN, and what tells whether its file was changed. The file must be this user's alone."""
    try:
        with path.open("rb") as file:
            status, data = os.fstat(file.fileno()), file.read(257)
        pin = data.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise not_now(f"PIN: {type(error).__name__}") from None
    if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.geteuid():
        raise Unavailable(
            "the PIN file's mode",
            code="seal.pin-mode",
            text="Filen med nøglens pinkode kan læses af andre. Sæt dens rettigheder til 0600 og ejeren til platformens bruger.",
        )
    return pin, (status.st_ino, status.st_mtime_ns, status.st_size)


def _wrong_pin() -> NoReturn:
    raise Unavailable(
        "wrong PIN, or locked",
        code="seal.pin",
        text="Nøglens pinkode er forkert, eller enheden er låst. Ret filen med pinkoden; den prøves ikke igen, før den er ændret.",
    )
