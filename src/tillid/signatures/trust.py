"""Whom a verifier trusts: authorities, and the seals pinned one by one.

A folder: ``ca/*.pem`` (authorities, root and issuing), ``seals/*.pem`` (the certificates of seals), ``tsa/*.pem``
(authorities of timestamps, which may set no seals), ``persons/*.pem`` (authorities of people's own signatures, which may do
neither), ``revoked.json`` (seals that count no more from a moment on), ``crl/*.crl`` (revocation lists of authorities, as they
publish them: DER) and ``ocsp/*.ocsp`` (their answers about one certificate: DER). An authority alone is not enough for a seal: it
would accept another certificate with the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.answers import Answer, read_answer
from tillid.signatures.revocation import Told

MAX_CHAIN = 4
REVOKED = "revoked.json"
T = TypeVar("T")


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Authorities, pinned seals, authorities of timestamps and of people's signatures; ``revoked``: SHA-256 of a seal's
    certificate (hexadecimal) → since when it counts no more; ``lists``: what authorities have revoked, ``answers``: what they
    said of one certificate. An empty trust is allowed: nothing is then known, and no record
    passes."""

    authorities: tuple[x509.Certificate, ...] = ()
    seals: tuple[x509.Certificate, ...] = ()
    stampers: tuple[x509.Certificate, ...] = ()
    persons: tuple[x509.Certificate, ...] = ()
    revoked: dict[str, datetime] = {}
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def told(self) -> tuple[Told, ...]:
        """Lists and answers."""
        return (*self.lists, *self.answers)

    def revoked_at(self, leaf: x509.Certificate) -> datetime | None:
        """Since when this seal counts no more; ``None`` if it was never revoked."""
        return self.revoked.get(leaf.fingerprint(SHA256()).hex())

    def pins(self, leaf: x509.Certificate) -> bool:
        """Whether exactly this certificate is pinned as a seal."""
        return leaf in self.seals

    def imitates(self, leaf: x509.Certificate) -> bool:
        """Whether ``leaf`` carries the name of a pinned seal without being one."""
        return not self.pins(leaf) and any(leaf.subject == seal.subject for seal in self.seals)

    def has_chain(self, leaf: x509.Certificate, moment: datetime) -> bool:
        """Whether authorities valid at ``moment`` lead from ``leaf`` to a self-signed one (RFC 5280: usage, depth, names)."""
        return bool(self.seal_way(leaf, moment))

    def seal_way(self, leaf: x509.Certificate, moment: datetime) -> tuple[x509.Certificate, ...]:
        """The certificates from ``leaf`` to that self-signed one, both included; none where there is no way."""
        roots = [ca for ca in self.authorities if ca.subject == ca.issuer]
        between = [ca for ca in self.authorities if ca.subject != ca.issuer]
        # The leaf's own time is judged by the verifier, with better reasons.
        inside = min(max(moment, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
        try:
            policy = (
                PolicyBuilder()
                .store(Store(roots))
                .time(inside)
                .max_chain_depth(MAX_CHAIN)
                .extension_policies(
                    ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
                )
            )
            chain = policy.build_client_verifier().verify(leaf, between).chain
            return tuple(chain) if all(_may_name(ca, leaf) for ca in chain[1:]) else ()
        except (VerificationError, ValueError):
            return ()

    def stamps(self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime) -> bool:
        """Whether a trusted authority of timestamps, valid at ``moment``, has issued ``leaf``, itself or through authorities
        ``between`` (RFC 5280; whoever wants to may send those: they are trusted for nothing but the way)."""
        return self.stamps_until(leaf, between, moment) is not None

    def stamps_until(
        self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime
    ) -> datetime | None:
        """As ``stamps``, with the moment when the first certificate on that way ends; ``None``: there is no way."""
        return min((one.not_valid_after_utc for one in self.stamp_way(leaf, between, moment)), default=None)

    def stamp_way(
        self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime
    ) -> tuple[x509.Certificate, ...]:
        """As ``stamps``, with the certificates on that way, ``leaf`` first; none where there is no way."""
        return _way(self.stampers, leaf, between, moment)

    def identifies(self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime) -> bool:
        """The same for a person's own signature and the authorities in ``persons/``."""
        return bool(_way(self.persons, leaf, between, moment))


def _way(
    trusted: tuple[x509.Certificate, ...], leaf: x509.Certificate, between: tuple[x509.Certificate, ...], at: datetime
) -> tuple[x509.Certificate, ...]:
    """The certificates from ``leaf`` to one of ``trusted``; none where there is no way at ``at``."""
    way = [leaf]
    for below in range(MAX_CHAIN):
        issuer = next((ca for ca in trusted if _issued(way[-1], ca, at, below)), None)
        if issuer is not None:
            return (*way, issuer)
        above = next((ca for ca in between if _issued(way[-1], ca, at, below)), None)
        if above is None:
            return ()
        way.append(above)
    return ()


def _may_name(authority: x509.Certificate, leaf: x509.Certificate) -> bool:
    """Whether the name constraints of ``authority`` allow the subject of ``leaf`` (RFC 5280, 4.2.1.10: a directory name is
    allowed by its beginning). The library looks at alternative names only, and a seal has none."""
    try:
        found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return True

    def within(names: list[x509.GeneralName] | None) -> list[bool]:
        own = leaf.subject.rdns
        bases = [one.value.rdns for one in names or () if isinstance(one, x509.DirectoryName)]
        return [own[: len(base)] == base for base in bases]

    permitted = within(found.permitted_subtrees)
    return (not permitted or any(permitted)) and not any(within(found.excluded_subtrees))


def _issued(certificate: x509.Certificate, authority: x509.Certificate, moment: datetime, below: int = 0) -> bool:
    """Whether ``authority`` may issue and has issued ``certificate``, with ``below`` authorities between it and the leaf."""
    if not authority.not_valid_before_utc <= moment <= authority.not_valid_after_utc:
        return False
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    deep_enough = constraints.path_length is None or constraints.path_length >= below
    return constraints.ca and usage.key_cert_sign and deep_enough


def load_trust(folder: Path, own: Path | None = None) -> Trust:
    """The trust of ``folder``, and of what an installation has added itself in ``own`` if that is there. Raises
    ``TillidError`` (``trust.folder``, ``trust.certificate``, ``trust.revoked``, ``trust.list``)."""
    if not folder.is_dir():
        raise TillidError(
            "no such folder",
            code="trust.folder",
            text="Mappen med tillidslisten findes ikke: {folder}",
            folder=str(folder),
        )
    folders = (folder,) if own is None else (folder, own)

    def listed(name: str) -> tuple[x509.Certificate, ...]:
        return tuple(one for place in folders for one in _certificates(place / name))

    return Trust(
        authorities=listed("ca"),
        seals=listed("seals"),
        stampers=listed("tsa"),
        persons=listed("persons"),
        revoked={one.sha256: parse_instant(one.at) for place in folders for one in revocations(place / REVOKED)},
        lists=tuple(_read(folders, "crl", x509.load_der_x509_crl)),
        answers=tuple(_read(folders, "ocsp", read_answer)),
    )


def log_keys(folder: Path) -> frozenset[str]:
    """The verifier keys in a trust list's ``log/*.txt``, one a file."""
    return frozenset(path.read_text("utf-8", "replace").strip() for path in sorted((folder / "log").glob("*.txt")))


class Revocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of ``revoked.json``: the certificate's SHA-256 (hexadecimal), since when, and why in one word of RFC 5280."""

    sha256: str
    at: str
    reason: str = "unspecified"


def revocations(path: Path) -> tuple[Revocation, ...]:
    """What ``path`` lists; nothing where there is no such file. Raises ``TillidError`` (``trust.revoked``): a list that
    cannot be read must never mean that nothing was revoked."""
    if not path.exists():
        return ()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=tuple[Revocation, ...])
        for one in found:
            parse_instant(one.at)
            if one.sha256 != bytes.fromhex(one.sha256).hex() or len(one.sha256) != 64:
                raise ValueError("not the SHA-256 of a certificate")
        return found
    except (OSError, ValueError) as error:  # msgspec's own errors are ValueErrors
        raise TillidError(
            type(error).__name__,
            code="trust.revoked",
            text="Listen over tilbagekaldte segl ({name}) kan ikke læses. Hent den fra sikkerhedskopien.",
            name=path.name,
        ) from None


def _certificates(folder: Path) -> tuple[x509.Certificate, ...]:
    found: list[x509.Certificate] = []
    for path in sorted(folder.glob("*.pem")):
        try:
            found.extend(x509.load_pem_x509_certificates(path.read_bytes()))
        except (ValueError, OSError) as error:
            raise TillidError(
                str(error),
                code="trust.certificate",
                text="Filen {name} i tillidslisten er ikke et læseligt certifikat.",
                name=path.name,
            ) from None
    return tuple(found)


def _read(folders: Sequence[Path], kind: str, reader: Callable[[bytes], T]) -> Iterator[T]:
    """What the files ``kind/*.kind`` hold. One that cannot be read must never mean that nothing was revoked."""
    for path in (path for folder in folders for path in sorted((folder / kind).glob(f"*.{kind}"))):
        try:
            yield reader(path.read_bytes())
        except (ValueError, OSError) as error:
            raise TillidError(
                str(error),
                code="trust.list",
                text="Filen {name} i tillidslisten er ikke en læselig spærreliste.",
                name=path.name,
            ) from None
