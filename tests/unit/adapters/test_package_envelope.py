"""A package encrypted for its recipient is opened by ``openssl cms`` with the recipient's key, and by nothing else; nothing can be
encrypted to a certificate that is not meant for it."""

from __future__ import annotations

import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tillid.adapters.package_envelope import CHUNK, SUFFIX, Envelope, RecipientRefused, read_recipient, seal
from tillid.adapters.package_sources import opened
from tillid.archive.package import Package
from tillid.archive.package_mets import PackageFile
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import new_id

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 2048)
SECRET = b"Barnet sover med sin gule bamse. "


def certificate(key=KEY, signer=None, *, begins=-1, ends=365, usage="key_encipherment", ca=False, digest=None):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stadsarkivet <Ø>")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(0x7F00FF)
        .not_valid_before(AT + timedelta(days=begins))
        .not_valid_after(AT + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if usage:
        kinds = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
        made = made.add_extension(x509.KeyUsage(**{one: one == usage for one in kinds}), critical=True)
    return made.sign(signer or key, digest or hashes.SHA256())


def written(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(parts))
    return path


def pem(one) -> bytes:
    return one.public_bytes(Encoding.PEM)


def private(key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def recipient(tmp_path_factory):
    """The certificate, and the files that openssl wants."""
    folder = tmp_path_factory.mktemp("recipient")
    cert = written(folder / "cert.pem", pem(certificate()))
    key = written(folder / "key.pem", private(KEY))
    return read_recipient(cert, AT), cert, key


def decrypted(sealed: Path, cert: Path, key: Path, out: Path) -> bool:
    command = [
        "openssl",
        "cms",
        "-decrypt",
        "-binary",
        "-inform",
        "DER",
        "-in",
        sealed,
        "-recip",
        cert,
        "-inkey",
        key,
        "-out",
        out,
    ]
    return subprocess.run(command, capture_output=True, timeout=60).returncode == 0


@pytest.mark.req("R-84")
def test_openssl_opens_it_with_the_recipients_key_alone(recipient, tmp_path):
    to, cert, key = recipient
    files = (PackageFile(path="documentation/bamse.txt", data=SECRET * 50_000, media_type="text/plain"),
             PackageFile(path="METS.xml", data=b"<mets/>", media_type="application/xml"))  # fmt: skip
    package = Package(id=new_id(), files=files)
    digest = seal(package, tmp_path, to, AT)
    (sealed,) = tmp_path.iterdir()
    assert sealed.name == package.id + SUFFIX and sealed.stat().st_mode & 0o077 == 0
    assert sha256(sealed.read_bytes()) == digest
    assert b"bamse" not in sealed.read_bytes() and b"PK\x03\x04" not in sealed.read_bytes()
    assert decrypted(sealed, cert, key, tmp_path / "open.zip")
    source = opened(tmp_path / "open.zip")
    assert set(source.entries()) == {one.path for one in files}
    assert all(b"".join(source.chunks(one.path)) == one.data for one in files)
    other = rsa.generate_private_key(65537, 2048)
    stranger = written(tmp_path / "other.pem", private(other))
    theirs = written(tmp_path / "others.pem", pem(certificate(other)))
    # With a wrong key openssl goes on with a random one, lest it tells whether it was wrong (RFC 3218, 2.3.2): one time in 256 the padding
    # looks right, and what comes out is noise.
    noise = tmp_path / "no.zip"
    assert not decrypted(sealed, theirs, stranger, noise) or not (
        zipfile.is_zipfile(noise) or SECRET in noise.read_bytes()
    )
    again = seal(package, tmp_path, to, AT)
    assert again != digest, "each time with a key of its own"


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 127, 128, CHUNK, CHUNK + 1])
def test_every_length_comes_out_as_it_went_in(recipient, tmp_path, size):
    to, cert, key = recipient
    out, data = BytesIO(), b"x" * size
    envelope = Envelope(out, to)
    for at in range(0, size, 100_000):
        envelope.write(data[at : at + 100_000])
    envelope.close()
    sealed = written(tmp_path / "sealed", out.getvalue())
    assert decrypted(sealed, cert, key, tmp_path / "open")
    assert (tmp_path / "open").read_bytes() == data


EC = ec.generate_private_key(ec.SECP256R1())
WEAK = rsa.generate_private_key(65537, 1024)
REFUSED = {
    "expired": (lambda: pem(certificate(begins=-20, ends=-1)), "package.recipient-time"),
    "not yet": (lambda: pem(certificate(begins=1)), "package.recipient-time"),
    "short key": (lambda: pem(certificate(WEAK, KEY)), "package.recipient-weak"),
    "elliptic curve": (lambda: pem(certificate(EC)), "package.recipient-kind"),
    "for signing": (lambda: pem(certificate(usage="digital_signature")), "package.recipient-kind"),
    "an issuer": (lambda: pem(certificate(ca=True, usage="key_cert_sign")), "package.recipient-kind"),
    "with its key": (lambda: pem(certificate()) + private(KEY), "package.recipient-key"),
    "two": (lambda: pem(certificate()) * 2, "package.recipient-unreadable"),
    "nothing": (lambda: b"", "package.recipient-unreadable"),
    "half": (lambda: certificate().public_bytes(Encoding.DER)[:200], "package.recipient-unreadable"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_recipient_is_refused_with_its_reason(tmp_path, what):
    made, code = REFUSED[what]
    with pytest.raises(RecipientRefused) as refused:
        read_recipient(written(tmp_path / "to.pem", made()), AT)
    assert refused.value.code == code and "to.pem" in refused.value.message


def test_a_certificate_in_der_that_an_archive_made_for_itself_is_taken(tmp_path):
    one = certificate(usage="", ca=True)
    assert read_recipient(written(tmp_path / "to.cer", one.public_bytes(Encoding.DER)), AT) == one
    with pytest.raises(RecipientRefused):
        read_recipient(tmp_path / "none.pem", AT)
