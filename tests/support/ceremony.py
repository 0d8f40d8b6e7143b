"""The ceremony of the seal's key as two people go through it, what an authority may answer, and a ``tillid`` that lies."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tests.support.key_usage import usage_of
from tillid.adapters.keyfile import DEVCA
from tillid.adapters.keys.certificates import certified_for_the_demo
from tillid.adapters.keys.ring import KeyRing
from tillid.kernel.canonical import sha256
from tillid.kernel.paths import PROJECT, SIGNING

SCRIPT = SIGNING / "ceremony" / "seal_key.sh"
ROOT = SIGNING / "trust" / "test" / "ca" / "root.pem"
ISSUING = SIGNING / "trust" / "test" / "ca" / "issuing.pem"
NAME, TOWN = "2027-a", "Solbjerg Kommune"
PEOPLE = ("Anna Holm", "Bo Dahl", "Rådhuset, lokale 2", "ja")
SIGNED = ("Anna Holm", "Bo Dahl")


class Ceremony:
    """A folder with an installation's ``var`` and one for the minutes."""

    def __init__(self, folder: Path) -> None:
        self.var, self.minutes_in, self.folder = folder / "var", folder / "minutes", folder
        self.var.mkdir()
        self.minutes_in.mkdir()

    def run(
        self, *words: str, answers: tuple[str, ...] = (), really: bool = True, minutes: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = [
            "bash",
            str(SCRIPT),
            *words,
            "--var",
            str(self.var),
            "--minutes",
            str(minutes or self.minutes_in),
            "--demo",
        ]
        return subprocess.run(
            [*command, "--really"] if really else command,
            input="".join(f"{one}\n" for one in answers), capture_output=True, text=True, cwd=PROJECT, timeout=120, check=False,
        )  # fmt: skip

    def asked(self, *where: str) -> str:
        """A key that was asked a certificate for; the SHA-256 of its request."""
        done = self.run(
            "request", NAME, "--organisation", TOWN, *(where or ("--key-file",)), answers=(*PEOPLE, "ja", "00000000")
        )
        assert done.returncode == 1 and self.request.exists(), done.stderr
        for one in self.minutes_in.iterdir():
            one.unlink()
        return sha256(self.request.read_bytes())

    @property
    def request(self) -> Path:
        return self.var / "keys" / "seal" / NAME / "request.pem"

    @property
    def state(self) -> str:
        ring = KeyRing(self.var / "keys" / "seal")
        return ring.state(ring.key(NAME))

    def certify(
        self, chain: bytes, *answers: str, roots: Path = ROOT, really: bool = True, controllers: tuple[str, ...] = ()
    ):
        (self.folder / "answer.pem").write_bytes(chain)
        words = ("certify", NAME, "--chain", str(self.folder / "answer.pem"), "--roots", str(roots))
        words += tuple(word for one in controllers for word in ("--controller", one))
        return self.run(*words, answers=answers, really=really)

    def minutes(self) -> str:
        (file,) = self.minutes_in.iterdir()
        assert file.stat().st_mode & 0o077 == 0
        return file.read_text("utf-8")

    def everything(self) -> dict[str, bytes]:
        return {
            str(one.relative_to(self.folder)): one.read_bytes()
            for one in self.folder.rglob("*")
            if one.is_file() and one.name != "answer.pem"
        }


def printed(certificate: bytes) -> str:
    return x509.load_pem_x509_certificate(certificate).fingerprint(SHA256()).hex()


def good_answers(chain: bytes) -> tuple[str, ...]:
    """Names, "it is our name", the two fingerprints' ends, "take it", names."""
    return (*PEOPLE, "ja", printed(ROOT.read_bytes())[-8:], printed(chain)[-8:], "ja", *SIGNED)


def changed_request() -> bytes:
    """A request that somebody has put another name into."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Solbjerg")])
    asked = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .sign(ec.generate_private_key(ec.SECP256R1()), SHA256())
    )
    changed = asked.public_bytes(Encoding.DER).replace(b"Solbjerg", b"Solborgs")
    return x509.load_der_x509_csr(changed).public_bytes(Encoding.PEM)


def changed_usage(
    request: bytes, usage: x509.KeyUsage | None, ca: bool = False, purposes: tuple[str, ...] = ()
) -> bytes:
    """A certificate of the test authority for the request's key that is to be used for something else."""
    asked, issuer = x509.load_pem_x509_csr(request), x509.load_pem_x509_certificate(ISSUING.read_bytes())
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(asked.subject).issuer_name(issuer.subject).public_key(asked.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(asked.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)
    )  # fmt: skip
    made = made if usage is None else made.add_extension(usage, critical=True)
    if purposes:
        made = made.add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in purposes]), critical=False
        )
    key = load_pem_private_key((DEVCA / "issuing.key.pem").read_bytes(), password=None)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM) + ISSUING.read_bytes()


def self_signed(ceremony) -> bytes:
    """By the very key: nobody else says that it is the municipality's."""
    key = load_pem_private_key((ceremony.request.parent / "key.pem").read_bytes(), password=None)
    asked, now = x509.load_pem_x509_csr(ceremony.request.read_bytes()), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(asked.subject).issuer_name(asked.subject).public_key(asked.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage_of("digital_signature"), critical=True)
    )  # fmt: skip
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM) + ISSUING.read_bytes()


def of_another_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Tillid segl {NAME}")])
    asked = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256()).public_bytes(Encoding.PEM)
    return certified_for_the_demo(asked, datetime.now(UTC))


def liar(folder: Path, monkeypatch, lines: str) -> None:
    """A program that is asked in place of ``tillid``."""
    (folder / "tillid").write_text(f"#!/usr/bin/env bash\n{lines}\n")
    (folder / "tillid").chmod(0o755)
    monkeypatch.setenv("TILLID", str(folder / "tillid"))
    monkeypatch.setenv("REAL", str(PROJECT / ".venv" / "bin" / "tillid"))
    monkeypatch.setenv("LIES", str(folder))
