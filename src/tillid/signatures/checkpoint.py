"""Signed heads of the log: checkpoints in the form that witnesses and verifiers of other logs read.

A checkpoint (C2SP tlog-checkpoint) is a signed note (C2SP signed-note): origin, number of leaves and head in base64, one a
line, an empty line, then a line per signature. Ours is Ed25519. Who keeps one and later gets a newer one can tell by a
consistency proof whether anything before it was taken out, changed or moved.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tillid.kernel.errors import TillidError

MAX_BYTES = 10_000
_ED25519 = b"\x01"  # the kind of key, as the standard numbers them
_NAME = re.compile(r"[^\s+]+\Z")
_SIGNATURE = re.compile("— ([^\\s+]+) ([A-Za-z0-9+/=]+)\\Z")
SIZE = "(0|[1-9][0-9]{0,15})"  # of a log, in its one spelling
_SIZE = re.compile(rf"{SIZE}\Z")


class CheckpointError(TillidError):
    """Not a checkpoint, or not one of this log."""

    code = "log.checkpoint"
    text = "Filen er ikke et forseglet loghoved fra denne log. Brug den fil, som loggen selv har skrevet."


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The log ``origin`` had ``size`` leaves and this head (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


class LogKey:
    """Signs checkpoints. ``name``: the log's origin; ``seed``: the key's 32 secret bytes (RFC 8032)."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = LogVerifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> bytes:
        """The signed note."""
        text = checkpoint.text()
        signature = self.verifier.key_id + self._key.sign(text.encode())
        return f"{text}\n— {self.verifier.name} {_base64(signature)}\n".encode()


class LogVerifier:
    """Reads checkpoints signed by one public key (32 bytes) under one name."""

    def __init__(self, name: str, public: bytes) -> None:
        if not _NAME.match(name):
            raise ValueError("a name holds neither spaces nor +")
        self.name = name
        self._public = public
        self._key = Ed25519PublicKey.from_public_bytes(public)
        self.key_id = hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]

    @classmethod
    def parsed(cls, text: str) -> LogVerifier:
        """The inverse of ``text``. Raises ``CheckpointError``."""
        name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        try:
            raw = base64.b64decode(key, validate=True)
            verifier = cls(name, raw[1:])
        except ValueError:
            raise CheckpointError("not a verifier key") from None
        if raw[:1] != _ED25519 or verifier.key_id.hex() != key_id:
            raise CheckpointError("a verifier key of another kind or with another number")
        return verifier

    def text(self) -> str:
        """The key as other tools take it: name, key number and key, joined by ``+``."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self._public)}"

    def signs(self, note: bytes) -> bool:
        """Whether ``note`` names this key among those that signed it; whether that is true ``read`` says."""
        try:
            _, signatures = _parts(note)
        except CheckpointError:
            return False
        return any(name == self.name and value[:4] == self.key_id for name, value in signatures)

    def read(self, note: bytes, kind: str = "") -> Checkpoint:
        """The checkpoint in ``note``, or a note of another ``kind`` in the same form, which says so in its first line. Raises
        ``CheckpointError`` unless this key has signed it."""
        text, signatures = _parts(note)
        if not any(self._signed(text, *one) for one in signatures):
            raise CheckpointError("no signature of this log's key")
        lines = text.split("\n")
        try:
            origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
        except (IndexError, ValueError):
            raise CheckpointError("not three lines") from None
        if origin != (f"{self.name}/{kind}" if kind else self.name) or not _SIZE.match(size) or len(root) != 32:
            raise CheckpointError("another origin, no size or no head")
        return Checkpoint(origin=origin, size=int(size), root=root)

    def _signed(self, text: str, name: str, signature: bytes) -> bool:
        if name != self.name or signature[:4] != self.key_id:
            return False  # of another key: a witness's beside ours
        try:
            self._key.verify(signature[4:], text.encode())
        except InvalidSignature:
            raise CheckpointError("a signature that does not hold") from None
        return True


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text with its last newline, and the signatures (name, bytes)."""
    if len(note) > MAX_BYTES:
        raise CheckpointError("too long")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise CheckpointError("not UTF-8") from None
    text, empty, tail = whole.rpartition("\n\n")
    if not empty or not tail.endswith("\n") or any(ord(c) < 32 and c != "\n" for c in whole):
        raise CheckpointError("not a signed note")
    signatures = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE.match(line)
        if match is None:
            raise CheckpointError("a line that is no signature")
        try:
            signatures.append((match[1], base64.b64decode(match[2], validate=True)))
        except binascii.Error:
            raise CheckpointError("a signature that is not base64") from None
    return text + "\n", signatures


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
