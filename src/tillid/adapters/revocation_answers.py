"""Asks authorities about single certificates (OCSP, RFC 6960) where no list of theirs is named, and keeps in a trust folder's
``ocsp/`` what is genuine, current and newer than what lies there.

A list is preferred: it speaks of all certificates of an authority and can be asked for without saying which one is meant.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPRequestBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID

from tillid.adapters.bounded_http import address as address_of
from tillid.adapters.bounded_http import ask
from tillid.adapters.revocation_lists import SECONDS, Fetched, addresses
from tillid.kernel.files import put
from tillid.signatures.answers import Answer, knows, read_answer, signer_of
from tillid.signatures.times import clock_skew
from tillid.signatures.trust import Trust

MOST = 50_000  # with the chain of who answers; each goes into every record at level LT
NONCE = 32  # RFC 9654: up to 128, and every responder that knows any takes 32
LASTS = timedelta(days=1)  # an answer that names no next one


def post(address: str, request: bytes) -> bytes:
    """What ``address`` answers to ``request``. Raises ``OSError``."""
    parts = address_of(address)
    if parts is None:
        raise OSError("no address that can be asked")
    headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
    return ask(parts, headers, body=request, most=MOST, seconds=SECONDS)


def fetch_answers(
    trust: Trust,
    folder: Path,
    *,
    now: datetime,
    more: Iterable[x509.Certificate] = (),
    ask_for: Callable[[str, bytes], bytes] = post,
) -> list[Fetched]:
    """Ask about each certificate of ``trust`` and ``more`` that has not run out and names an address for answers and none for
    lists; keep answers in ``folder``. Raises ``OSError`` when the folder cannot be written; nothing for what others answer."""
    issuers = (*trust.authorities, *trust.stampers, *more)
    found = []
    for one in dict.fromkeys((*issuers, *trust.seals)):
        issuer = next((ca for ca in issuers if ca != one and _issued(one, ca)), None)
        where = responders(one)
        if issuer is not None and where and not addresses([one]) and one.not_valid_after_utc > now:
            found.append(_fetched(one, issuer, where[0], folder, now, ask_for))
    return found


def responders(certificate: x509.Certificate) -> list[str]:
    """Where one may ask about it by HTTP (RFC 5280 4.2.2.1)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    found = [one.access_location for one in access if one.access_method == AuthorityInformationAccessOID.OCSP]
    named = [str(one.value) for one in found if isinstance(one, x509.UniformResourceIdentifier)]
    return [one for one in named if one.startswith(("http://", "https://"))]


def _fetched(
    certificate: x509.Certificate, issuer: x509.Certificate, address: str, folder: Path, now: datetime,
    ask_for: Callable[[str, bytes], bytes],
) -> Fetched:  # fmt: skip
    path = folder / f"{certificate.fingerprint(SHA256()).hex()[:16]}.ocsp"
    held = _read(path.read_bytes()) if path.exists() else None
    until = _until(held) if held is not None else None
    nonce = secrets.token_bytes(NONCE)
    # SHA-1 finds the certificate and protects nothing; many know no other (RFC 5019 2.1.1).
    asked = (
        OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).add_extension(x509.OCSPNonce(nonce), False)
    )
    try:
        data = ask_for(address, asked.build().public_bytes(Encoding.DER))
    except OSError:
        return Fetched(address=address, state="unreachable", until=until)
    found = _read(data)
    if found is None or len(data) > MOST or signer_of(found, certificate, issuer) is None or not _fits(found, nonce):
        return Fetched(address=address, state="foreign", until=until)
    if not knows(found):
        return Fetched(address=address, state="unknown", until=until)
    if _until(found) < now or found.this_update_utc > now + clock_skew():
        return Fetched(address=address, state="old", until=until)
    if held is not None and found.this_update_utc <= held.this_update_utc:
        same = found.this_update_utc == held.this_update_utc
        return Fetched(address=address, state="known" if same else "older", until=until)
    folder.mkdir(parents=True, exist_ok=True)
    put(path, data, mode=0o644)
    return Fetched(address=address, state="kept", until=_until(found))


def _fits(found: Answer, nonce: bytes) -> bool:
    """Whether it is the answer to our question. Answers that are made ahead have no nonce (RFC 5019 2.2.1)."""
    held = [one.value.nonce for one in found.extensions if isinstance(one.value, x509.OCSPNonce)]
    return not held or held == [nonce]


def _until(one: Answer) -> datetime:
    return one.next_update_utc or one.this_update_utc + LASTS


def _issued(one: x509.Certificate, ca: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(ca)
    except Exception:  # InvalidSignature, or whatever is met in a certificate that is not what it seems
        return False
    return True


def _read(data: bytes) -> Answer | None:
    try:
        return read_answer(data)
    except ValueError:
        return None
