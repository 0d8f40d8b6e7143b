"""A package encrypted for one recipient: CMS EnvelopedData (RFC 5652) to an X.509 certificate, written as it is made.

AES-256-CBC with the key under RSAES-OAEP and SHA-256 (RFC 3560), in BER of indefinite length: ``openssl cms -decrypt -inform DER``
reads it, and so do .NET and Bouncy Castle. It keeps others from reading, and says nothing of who sent it: what is in a package
proves itself, and its digest stands in the list that goes another way.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.archive.package import Package
from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import read_algorithms

MAX_CERTIFICATE = 100_000
SUFFIX = ".zip.p7m"
CHUNK = 1 << 20
_ENDS, OPEN = b"\0\0", 5  # what ends a value of indefinite length, and how many ``_head`` leaves open
_WHY = {
    "package.recipient-unreadable": "filen er ikke ét X.509-certifikat (PEM eller DER)",
    "package.recipient-key": "filen indeholder en privat nøgle. Den må kun modtageren have. Brug certifikatet alene",
    "package.recipient-time": "certifikatet gælder ikke i dag",
    "package.recipient-kind": "certifikatet er ikke til at kryptere til. Det skal have en RSA-nøgle, og nøglen må ikke kun være til at underskrive eller udstede med",
    "package.recipient-weak": "certifikatets nøgle er for kort, eller det er underskrevet med en metode, der ikke længere er sikker",
}  # fmt: skip


class RecipientRefused(TillidError):
    """``code``: of ``_WHY``."""

    code = "package.recipient"
    text = "Der kan ikke krypteres til {file}: {why}."

    def __init__(self, code: str, path: Path) -> None:
        super().__init__(code, code=code, file=path.name, why=_WHY[code])


def read_recipient(path: Path, now: datetime) -> x509.Certificate:
    """The certificate at ``path``, if something may be encrypted to it ``now``. Raises ``RecipientRefused``."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CERTIFICATE)
    except OSError:
        raise RecipientRefused("package.recipient-unreadable", path) from None
    if b"PRIVATE KEY" in data:
        raise RecipientRefused("package.recipient-key", path)
    try:
        (found,) = (
            x509.load_pem_x509_certificates(data) if b"-----BEGIN" in data else (x509.load_der_x509_certificate(data),)
        )
        key = found.public_key()
        code = _refusal(found, key, now)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        raise RecipientRefused("package.recipient-unreadable", path) from None
    if code:
        raise RecipientRefused(code, path)
    return found


def _refusal(found: x509.Certificate, key: object, now: datetime) -> str:
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        return "package.recipient-time"
    # What an archive makes for itself with openssl is its own issuer and says nothing of use: it is taken.
    usage = _extension(found, x509.KeyUsage)
    if not isinstance(key, rsa.RSAPublicKey) or (usage and not usage.key_encipherment):
        return "package.recipient-kind"
    believed, signed = read_algorithms(), found.signature_hash_algorithm
    if min(believed.key_ends(found), believed.digest_ends(signed.name if signed else "")) <= now:
        return "package.recipient-weak"
    return ""


def _extension(found: x509.Certificate, kind: Any) -> Any:
    try:
        return found.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def fingerprint(certificate: x509.Certificate) -> str:
    """Its SHA-256, in lower case without colons."""
    return certificate.fingerprint(hashes.SHA256()).hex()


class Envelope:
    """A file to write to: what is written comes out of ``out`` encrypted. ``close`` ends it; without that nobody can open it."""

    def __init__(self, out: BinaryIO, recipient: x509.Certificate) -> None:
        key, start = os.urandom(32), os.urandom(16)
        self._out = out
        self._cipher = Cipher(algorithms.AES256(key), modes.CBC(start)).encryptor()
        self._padder = padding.PKCS7(128).padder()
        out.write(_head(recipient, key, start))

    def write(self, data: bytes) -> int:
        """All of ``data``; returns its length."""
        view = memoryview(data)
        for at in range(0, len(view), CHUNK):
            self._emit(self._cipher.update(self._padder.update(bytes(view[at : at + CHUNK]))))
        return len(view)

    def flush(self) -> None:
        """For ``zipfile``; the cipher keeps what makes no whole block yet."""
        self._out.flush()

    def close(self) -> None:
        """Write what is left."""
        self._emit(self._cipher.update(self._padder.finalize()) + self._cipher.finalize())
        self._out.write(_ENDS * OPEN)

    def _emit(self, data: bytes) -> None:
        if data:
            self._out.write(b"\x04" + _length(len(data)) + data)


def _head(recipient: x509.Certificate, key: bytes, start: bytes) -> bytes:
    """Everything before the content. Left open: ContentInfo, its [0], EnvelopedData, EncryptedContentInfo, its [0]."""
    oaep = {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
    }
    named = asn1_x509.Certificate.load(recipient.public_bytes(Encoding.DER))
    public = recipient.public_key()
    assert isinstance(public, rsa.RSAPublicKey)  # ``read_recipient`` lets no other through
    hidden = public.encrypt(key, rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    info = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier(
                "issuer_and_serial_number", {"issuer": named.issuer, "serial_number": named.serial_number}
            ),
            "key_encryption_algorithm": {"algorithm": "rsaes_oaep", "parameters": oaep},
            "encrypted_key": hidden,
        }
    )
    recipients = cms.RecipientInfos([cms.RecipientInfo("ktri", info)]).dump()
    method = cms.EncryptionAlgorithm({"algorithm": "aes256_cbc", "parameters": start}).dump()
    kind = cms.ContentType("enveloped_data").dump()
    content = cms.ContentType("data").dump()
    return (
        b"\x30\x80" + kind + b"\xa0\x80\x30\x80\x02\x01\x00" + recipients + b"\x30\x80" + content + method + b"\xa0\x80"
    )


def _length(count: int) -> bytes:
    """A definite length (X.690 8.1.3)."""
    if count < 128:
        return bytes([count])
    size = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(size)]) + size


def seal(package: Package, out: Path, recipient: x509.Certificate, made_at: datetime) -> str:
    """Write ``out/<id>.zip.p7m``, whole or not at all; nothing of it ever stands in clear on the disk. One that is there already
    is replaced. Returns its SHA-256. Raises ``OSError``."""
    place, beside = out / f"{package.id}{SUFFIX}", out / f".{package.id}.p7m.part"
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        envelope = Envelope(file, recipient)
        with zipfile.ZipFile(envelope, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
            for one in package.files:
                info = zipfile.ZipInfo(f"{package.id}/{one.path}", made_at.timetuple()[:6])
                info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100600 << 16
                archive.writestr(info, one.data)
        envelope.close()
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, place)
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
