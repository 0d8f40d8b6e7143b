"""Fetches the revocation lists of authorities from the addresses that certificates name (RFC 5280 4.2.1.13), and keeps in a trust
folder's ``crl/`` what is genuine, current and newer than what lies there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from cryptography import x509

from tillid.adapters.bounded_http import address as address_of
from tillid.adapters.bounded_http import ask
from tillid.kernel.canonical import sha256
from tillid.kernel.files import put
from tillid.signatures.revocation import CRL, is_list_of
from tillid.signatures.times import clock_skew
from tillid.signatures.trust import Trust

MOST = 1_000_000  # a larger one would not fit into a record at level LT
SECONDS = 20.0
State = Literal["kept", "known", "older", "old", "foreign", "unknown", "unreachable"]


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an address. ``kept``: a newer list lies there now; ``known``: the one that lies there already; ``older``: than
    that; ``old``: its successor is due; ``foreign``: of nobody trusted, or no list; ``unknown``: an answer that the authority
    does not know the certificate (OCSP); ``unreachable``. ``until``: when the list
    in use wants a successor."""

    address: str
    state: State
    until: datetime | None = None


def get(address: str) -> bytes:
    """The bytes at ``address``. Raises ``OSError``."""
    parts = address_of(address)
    if parts is None:
        raise OSError("no address that can be asked")
    return ask(parts, {"Accept": "application/pkix-crl"}, most=MOST, seconds=SECONDS)


def fetch_lists(
    trust: Trust,
    folder: Path,
    *,
    now: datetime,
    more: Iterable[x509.Certificate] = (),
    ask_for: Callable[[str], bytes] = get,
) -> list[Fetched]:
    """Ask every address in the certificates of ``trust`` and ``more`` (those of timestamps, say), each once, and keep lists in
    ``folder``. Raises ``OSError`` when the folder cannot be written; nothing for what others answer."""
    more = tuple(more)
    issuers = (*trust.authorities, *trust.stampers, *trust.persons, *more)
    certificates = (*issuers, *trust.seals)
    return [_fetched(one, issuers, folder, now, ask_for) for one in sorted(addresses(certificates))]


def addresses(certificates: Iterable[x509.Certificate]) -> set[str]:
    """Where their issuers' lists lie, by HTTP."""
    found: set[str] = set()
    for certificate in certificates:
        try:
            points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        except x509.ExtensionNotFound:
            continue
        found |= {str(name.value) for point in points for name in point.full_name or ()}
    return {one for one in found if one.startswith(("http://", "https://"))}


def _fetched(
    address: str, issuers: Iterable[x509.Certificate], folder: Path, now: datetime, ask_for: Callable[[str], bytes]
) -> Fetched:
    path = folder / f"{sha256(address.encode())[:16]}.crl"
    held = _read(path.read_bytes()) if path.exists() else None
    until = held.next_update_utc if held is not None else None
    try:
        data = ask_for(address)
    except OSError:
        return Fetched(address=address, state="unreachable", until=until)
    found = _read(data)
    if found is None or len(data) > MOST or not any(is_list_of(found, one) for one in issuers):
        return Fetched(address=address, state="foreign", until=until)
    if found.next_update_utc is None or found.next_update_utc < now or found.last_update_utc > now + clock_skew():
        return Fetched(address=address, state="old", until=until)
    if held is not None and found.last_update_utc <= held.last_update_utc:
        same = found.last_update_utc == held.last_update_utc
        return Fetched(address=address, state="known" if same else "older", until=until)
    folder.mkdir(parents=True, exist_ok=True)
    put(path, data, mode=0o644)
    return Fetched(address=address, state="kept", until=found.next_update_utc)


def _read(data: bytes) -> CRL | None:
    try:
        return x509.load_der_x509_crl(data)
    except ValueError:
        return None
