"""Whom a verifier trusts: authorities, and the seals pinned one by one.

A folder: ``ca/*.pem`` (authorities, root and issuing), ``seals/*.pem`` (the certificates of seals) with ``seals/*.txt`` (for which
data controllers each may seal, ``pins``), ``tsa/*.pem`` (authorities of timestamps, which may set no seals), ``persons/*.pem``
(authorities of people's own signatures, which may do neither), ``revoked.json`` (seals that count no more from a moment on),
``crl/*.crl`` (revocation lists of authorities, as they publish them: DER), ``ocsp/*.ocsp`` (their answers about one certificate: DER)
and ``log/*.txt`` (keys of logs). An authority alone is not enough for a seal: it would accept another certificate with the same name.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.answers import Answer, read_answer
from tillid.signatures.chains import Chain
from tillid.signatures.pins import Pin, read_certificates, read_file, read_pins, require_seals
from tillid.signatures.revocation import Objection, Told, earliest, made_at, namings, objection
from tillid.signatures.times import clock_skew
from tillid.signatures.ways import Against, Lack, Way, find_way, find_ways, first_way, nothing, ways_of_seal

REVOKED = "revoked.json"
Key = tuple[int, int, int]
Named = tuple[tuple[Chain, tuple[Objection, ...]], ...]  # ways, each with what lists name of it
T = TypeVar("T")


class Trust(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Authorities, pinned seals, authorities of timestamps and of people's signatures; ``controllers``: a seal → the ids of the data
    controllers it may seal for; ``revoked``: SHA-256 of a seal's certificate (hexadecimal) → since when it counts no more;
    ``lists``: what authorities have revoked, ``answers``: what they said of one certificate. An empty trust is allowed: nothing is
    then known, and no record passes."""

    authorities: tuple[x509.Certificate, ...] = ()
    seals: tuple[x509.Certificate, ...] = ()
    controllers: dict[x509.Certificate, frozenset[str]] = {}
    stampers: tuple[x509.Certificate, ...] = ()
    persons: tuple[x509.Certificate, ...] = ()
    revoked: dict[str, datetime] = {}
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[Answer, ...] = ()

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Lists and answers."""
        return (*self.lists, *self.answers)

    def revoked_at(self, leaf: x509.Certificate) -> datetime | None:
        """Since when this seal counts no more; ``None`` if it was never revoked."""
        return self.revoked.get(leaf.fingerprint(SHA256()).hex()) if self.revoked else None

    def pins(self, leaf: x509.Certificate) -> bool:
        """Whether exactly this certificate is pinned as a seal."""
        return leaf in self.seals

    def seals_for(self, leaf: x509.Certificate) -> frozenset[str]:
        """The ids of the data controllers that this seal may seal for; none where the list does not say."""
        try:
            return self._whose[self.seals.index(leaf)]  # to compare a few is quicker than to digest one
        except ValueError:
            return frozenset()

    def imitates(self, leaf: x509.Certificate) -> bool:
        """Whether ``leaf`` carries the name of a pinned seal without being one."""
        return not self.pins(leaf) and any(leaf.subject == seal.subject for seal in self.seals)

    def seal_lack(self, leaf: x509.Certificate, moment: datetime) -> Lack:
        """Why no authorities valid at ``moment`` lead from ``leaf`` to a self-signed one; empty where they do."""
        return first_way(self._seal_ways(leaf, moment)).lack

    def seal_way(self, leaf: x509.Certificate, moment: datetime, against: Against = nothing) -> Chain:
        """The certificates from ``leaf`` to that self-signed one, both included; none where there is no way. Where there are several, the first
        that nothing is ``against``."""
        return first_way(self._seal_ways(leaf, moment), against).chain

    def _seal_ways(self, leaf: x509.Certificate, moment: datetime) -> tuple[Way, ...]:
        """Of a pinned seal the ways are remembered with this trust: an archive's records ask for the same few again and again."""
        inside = _inside(leaf, moment)
        key = self._key(leaf, inside)
        if key is None:
            return tuple(ways_of_seal(self.authorities, leaf, inside))
        if key not in self._ways:
            self._ways[key] = tuple(ways_of_seal(self.authorities, leaf, inside))
        return self._ways[key]

    def revocation(
        self, leaf: x509.Certificate, moment: datetime, *, proven: datetime, at: datetime, inside: Sequence[Told] | None = None
    ) -> Objection | None:  # fmt: skip
        """What this trust's lists and answers say against a ``seal_way`` (``revocation.objection``), and those ``inside`` a file, which must say
        that it counts; of several ways one must do. Which of the trust's name one of its certificates is remembered like the ways.
        Raises as that does."""
        held = tuple(made <= at + clock_skew() for made in self._made)
        first = None
        for way, named in self._namings(leaf, moment, held):
            said = earliest(named, proven)
            if said is None and inside is not None:
                said = objection(way, inside, proven=proven, at=at, required=True)
            if said is None:
                return None
            first = first or said
        return first

    def _namings(self, leaf: x509.Certificate, moment: datetime, held: tuple[bool, ...]) -> Named:
        key = (self._key(leaf, moment), held)
        if (known := self._named.get(key)) is not None:
            return known
        told = [one for one, counts in zip(self.told, held, strict=True) if counts]
        found = tuple((way.chain, namings(way.chain, told)) for way in self._seal_ways(leaf, moment) if way.chain)
        if key[0] is not None:
            self._named[key] = found
        return found

    def _key(self, leaf: x509.Certificate, moment: datetime) -> Key | None:
        """Which pinned seal, and where ``moment`` lies among those at which a certificate begins or ceases to hold: between two of
        them time decides nothing about a way. ``None``: no pinned seal; what strangers show is not kept."""
        try:
            return self.seals.index(leaf), bisect_left(self._bounds, moment), bisect_right(self._bounds, moment)
        except ValueError:
            return None

    @cached_property
    def _ways(self) -> dict[Key, tuple[Way, ...]]:
        return {}

    @cached_property
    def _whose(self) -> tuple[frozenset[str], ...]:
        return tuple(self.controllers.get(seal, frozenset()) for seal in self.seals)

    @cached_property
    def _named(self) -> dict[tuple[Key | None, tuple[bool, ...]], Named]:
        return {}

    @cached_property
    def _made(self) -> tuple[datetime, ...]:
        return tuple(made_at(one) for one in self.told)

    @cached_property
    def _bounds(self) -> tuple[datetime, ...]:
        held = (*self.authorities, *self.seals)
        return tuple(sorted(bound for one in held for bound in (one.not_valid_before_utc, one.not_valid_after_utc)))

    def stamps(self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime) -> bool:
        """Whether a trusted authority of timestamps, valid at ``moment``, has issued ``leaf``, itself or through authorities
        ``between`` (RFC 5280; whoever wants to may send those: they are trusted for nothing but the way)."""
        return self.stamps_until(leaf, between, moment) is not None

    def stamps_until(
        self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime
    ) -> datetime | None:
        """As ``stamps``, with the moment when the first certificate on that way ends; ``None``: there is no way."""
        return min((one.not_valid_after_utc for one in self.stamp_way(leaf, between, moment).chain), default=None)

    def stamp_way(
        self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime, against: Against = nothing
    ) -> Way:  # fmt: skip
        """As ``stamps``, with the certificates on that way, ``leaf`` first; where there are several, the first that nothing is ``against``."""
        return find_way("stamp", self.stampers, leaf, between, moment, against)

    def person_way(
        self, leaf: x509.Certificate, between: Sequence[x509.Certificate], moment: datetime, against: Against = nothing
    ) -> Way:  # fmt: skip
        """The same for a person's own signature and the authorities in ``persons/``; ``moment``: when it was set."""
        return find_way("person", self.persons, leaf, between, _inside(leaf, moment), against)

    def person_ways(
        self, leaf: x509.Certificate, between: tuple[x509.Certificate, ...], moment: datetime
    ) -> Iterator[Chain]:
        """The certificates on each such way, ``leaf`` first."""
        found = find_ways("person", self.persons, leaf, between, moment)
        return (way.chain for way in found if way.chain)


def load_trust(folder: Path, own: Path | None = None) -> Trust:
    """The trust of ``folder``, and of what an installation has added itself in ``own`` if that is there. Raises
    ``TillidError`` (``trust.folder``, ``trust.certificate``, ``trust.usage``, ``trust.controller``, ``trust.revoked``, ``trust.list``)."""
    if not folder.is_dir():
        raise TillidError(
            "no such folder",
            code="trust.folder",
            text="Mappen med tillidslisten findes ikke: {folder}",
            folder=str(folder),
        )
    folders = (folder,) if own is None else (folder, own)
    pins = _pins(folders)
    require_seals(pins)
    return _trusted(folders, pins)


def read_trust(*folders: Path) -> Trust:
    """What ``folders`` say together, also where a pinned certificate is no seal's: no record passes by such a one either
    (``seal.usage``). Raises as ``load_trust``."""
    return _trusted(folders, _pins(folders))


def _pins(folders: Sequence[Path]) -> list[Pin]:
    return [pin for place in folders for pin in read_pins(place / "seals")]


def _trusted(folders: Sequence[Path], pins: Sequence[Pin]) -> Trust:
    """``pins`` with all else that ``folders`` say."""

    def listed(name: str) -> tuple[x509.Certificate, ...]:
        paths = (path for place in folders for path in sorted((place / name).glob("*.pem")))
        return tuple(one for path in paths for one in read_certificates(path))

    return Trust(
        authorities=listed("ca"),
        seals=tuple(pin.certificate for pin in pins),
        controllers=_together(pins),
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
    """What ``path`` lists; nothing where there is no such file. Raises ``TillidError`` (``trust.revoked``)."""
    if not path.exists():
        return ()
    return read_file(
        path,
        _revocations,
        code="trust.revoked",
        text="Listen over tilbagekaldte segl ({name}) kan ikke læses. Hent den fra sikkerhedskopien.",
    )


def _revocations(data: bytes) -> tuple[Revocation, ...]:
    found = msgspec.json.decode(data, type=tuple[Revocation, ...])  # its own errors are ValueErrors
    for one in found:
        parse_instant(one.at)
        if one.sha256 != bytes.fromhex(one.sha256).hex() or len(one.sha256) != 64:
            raise ValueError("not the SHA-256 of a certificate")
    return found


def _inside(leaf: x509.Certificate, moment: datetime) -> datetime:
    """``moment``, or the nearest at which ``leaf`` holds: its own time is judged by the verifier, with better reasons."""
    return min(max(moment, leaf.not_valid_before_utc), leaf.not_valid_after_utc)


def _together(pins: Sequence[Pin]) -> dict[x509.Certificate, frozenset[str]]:
    """What all files say of one certificate: an installation may add to what the project's list says of it."""
    found: dict[x509.Certificate, frozenset[str]] = {}
    for pin in pins:
        found[pin.certificate] = found.get(pin.certificate, frozenset()) | pin.controllers
    return found


def _read(folders: Sequence[Path], kind: str, reader: Callable[[bytes], T]) -> Iterator[T]:
    """What the files ``kind/*.kind`` hold."""
    text = "Filen {name} i tillidslisten er ikke en læselig spærreliste."
    for path in (path for folder in folders for path in sorted((folder / kind).glob(f"*.{kind}"))):
        yield read_file(path, reader, code="trust.list", text=text)
