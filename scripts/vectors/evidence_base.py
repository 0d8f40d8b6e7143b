"""Timestamp authorities of four times and evidence kept in memory: for the vectors of renewed evidence and the tests of it.

All is a pure function of names: keys are derived from them (published and worthless, like ``signing/devca``), certificates and
tokens are signed without randomness, so that the same files come out of every run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.make_devca import key_pem, pem, unsigned
from scripts.vectors.base import Steady
from tillid.adapters.tsa_own import OwnAuthority
from tillid.kernel.clock import FixedClock
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.evidence_book import Act
from tillid.signatures.timestamp import query
from tillid.signatures.trust import Trust
from tillid.usecases.keep_evidence import Keeping

# As the shipped table, but elliptic curves last: which methods sign timestamps after 2035 nobody knows yet.
ALGORITHMS = Algorithms(
    digests={"sha256": datetime(2046, 1, 1, tzinfo=UTC), "sha512": None}, keys={"ec-256": None, "ec-384": None}
)
# The years of root and stamping certificate of each generation, and the digest it signs with.
GENERATIONS = {
    1: ((2019, 2040), (2024, 2036), "sha256"),
    2: ((2030, 2050), (2033, 2047), "sha256"),
    3: ((2040, 2080), (2044, 2070), "sha512"),
    9: ((2019, 2080), (2024, 2070), "sha256"),  # whom nobody trusts
}


def day(year: int, month: int = 3, date: int = 1) -> datetime:
    """Noon of a day."""
    return datetime(year, month, date, 12, tzinfo=UTC)


class Steadily(OwnAuthority):
    """Says and signs the same of the same."""

    stamps = True

    def info(self, asked: tsp.TimeStampReq) -> dict[str, object]:
        """What the token says, with a serial number that follows from it."""
        told = super().info(asked)
        told["serial_number"] = _number(f"{told['gen_time']} {asked['message_imprint'].dump().hex()}") >> 200
        return told

    def stamp(self, imprint: str, algorithm: str = "sha256") -> bytes:
        """See ``ports.TimeStamper``."""
        answer = self.ask(query(imprint, _number(imprint) >> 200, algorithm=algorithm))
        return tsp.TimeStampResp.load(answer)["time_stamp_token"].dump()


class Made:
    """Root, stamping certificate and key of a generation; ``stamps``: whether the certificate is for timestamps."""

    def __init__(self, generation: int, *, stamps: bool = True) -> None:
        root_years, leaf_years, self.digest = GENERATIONS[generation]
        self.root, self.root_key = _issued(f"TEST rod {generation}", root_years, self.digest)
        self.leaf, self.key = _issued(
            f"TEST TSA {generation} {stamps}", leaf_years, self.digest, (self.root, self.root_key), stamps=stamps
        )

    def revocation_list(
        self, *revoked: x509.Certificate, since: datetime | None = None
    ) -> x509.CertificateRevocationList:
        """The root's list, of the leaf's whole time, with ``revoked`` on it for a stolen key."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(self.leaf.not_valid_before_utc)
            .next_update(self.leaf.not_valid_after_utc)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
            .add_extension(x509.CRLNumber(1 + len(revoked)), critical=False)
        )
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number)
            entry = entry.revocation_date(since or self.leaf.not_valid_before_utc)
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.root_key, _method(self.digest), ecdsa_deterministic=True)

    def authority(self, clock: FixedClock) -> Steadily:
        """The authority at the moment of ``clock``."""
        with TemporaryDirectory() as folder:
            key, chain = Path(folder) / "key.pem", Path(folder) / "chain.pem"
            key.write_bytes(key_pem(self.key))
            chain.write_bytes(pem(self.leaf, self.root))
            made = Steadily(key, chain, clock, demo=True, digest=self.digest)
        made._key = Steady(self.key)  # type: ignore[assignment]
        return made


@cache
def made(generation: int, *, stamps: bool = True) -> Made:
    """One of ``GENERATIONS``."""
    return Made(generation, stamps=stamps)


@cache
def everybody() -> Trust:
    """All roots, as whoever verifies in 2066 keeps them, with the lists of their time."""
    known = [made(generation) for generation in GENERATIONS if generation != 9]
    return Trust(stampers=tuple(one.root for one in known), lists=tuple(one.revocation_list() for one in known))


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest(), "big")


def _issued(common: str, years: tuple[int, int], digest: str, above: Any = None, *, stamps: bool = False) -> Any:
    key = ec.derive_private_key(_number(common) >> 8, ec.SECP384R1() if digest == "sha512" else ec.SECP256R1())
    builder = unsigned(common, key, above or (None, key), years=years, serial=_number(common) >> 136,
                       usage=("digital_signature",), authority=above is None)  # fmt: skip
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(above[1] if above else key, _method(digest), ecdsa_deterministic=True), key


def _method(digest: str) -> hashes.HashAlgorithm:
    return hashes.SHA512() if digest == "sha512" else hashes.SHA256()


class Memory:
    """``EvidenceStore`` without files."""

    def __init__(self) -> None:
        self._digests: dict[str, list[bytes]] = {}
        self._acts: list[Act] = []
        self._noted: list[str] = []
        self._tokens: list[bytes] = []
        self._leaves: list[Sequence[bytes]] = []

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else is there."""
        yield

    def enter(self, leaf: bytes, algorithm: str) -> int:
        """See ``ports_evidence.EvidenceStore``, as all that follows."""
        held = self._digests.setdefault(algorithm, [])
        if leaf not in held:
            held.append(leaf)
        return held.index(leaf)

    def size(self, algorithm: str) -> int:
        return len(self._digests.get(algorithm, ()))

    def between(self, algorithm: str, begin: int, end: int) -> list[bytes]:
        return self._digests[algorithm][begin:end]

    def place(self, algorithm: str, leaf: bytes) -> int | None:
        held = self._digests.get(algorithm, [])
        return held.index(leaf) if leaf in held else None

    def acts(self) -> list[Act]:
        return list(self._acts)

    def token(self, act: Act) -> bytes:
        return self._tokens[act.number - 1]

    def leaves(self, act: Act) -> list[bytes]:
        return list(self._leaves[act.number - 1])

    def add(self, act: Act, token: bytes, leaves: Sequence[bytes]) -> Act:
        self._acts.append(act)
        self._tokens.append(token)
        self._leaves.append(tuple(leaves))
        return act

    def note(self, event_id: str) -> None:
        self._noted.append(event_id)

    def noted(self) -> list[str]:
        return self._noted

    def done(self, event_ids: Sequence[str]) -> None:
        self._noted = [one for one in self._noted if one not in event_ids]

    def problems(self) -> list[str]:
        return []

    def mend(self) -> list[str]:
        return []


class Years:
    """An installation's evidence over decades: a clock, the authority of the time, a store."""

    def __init__(self, start: datetime | None = None) -> None:
        self.clock = FixedClock(start or day(2026))
        self.store = Memory()

    def keeping(self, generation: int, *, stamps: bool = True) -> Keeping:
        """What the acts need, with the authority of that generation."""
        stamper = made(generation, stamps=stamps).authority(self.clock)
        return Keeping(store=self.store, stamper=stamper, trust=everybody(), algorithms=ALGORITHMS, clock=self.clock)

    def at(self, moment: datetime) -> None:
        """Move the clock."""
        self.clock.moment = moment


def objects(count: int) -> list[bytes]:
    """What evidence is made of."""
    return [b"Tillid, object %d\n" % number for number in range(count)]
