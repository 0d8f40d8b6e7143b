"""Timestamp authorities of several times, and evidence kept in memory: what the tests of renewal with moved clocks stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.make_devca import key_pem, pem, unsigned
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import OwnAuthority
from tillid.kernel.clock import FixedClock
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.evidence_book import Act
from tillid.signatures.trust import Trust
from tillid.usecases.keep_evidence import Keeping

# As the shipped table, but elliptic curves last: which methods sign timestamps after 2035 nobody knows yet.
ALGORITHMS = Algorithms(
    digests={"sha256": datetime(2046, 1, 1, tzinfo=UTC), "sha512": None}, keys={"ec-256": None, "ec-384": None}
)
# Root and stamping certificate of each generation, and the digest it signs with.
GENERATIONS = {
    1: ((2019, 2040), (2024, 2036), "sha256"),
    2: ((2030, 2050), (2033, 2047), "sha256"),
    3: ((2040, 2080), (2044, 2070), "sha512"),
    4: ((2050, 2090), (2060, 2085), "sha512"),
}


def day(year: int, month: int = 3, date: int = 1) -> datetime:
    return datetime(year, month, date, 12, tzinfo=UTC)


class Made:
    """Root, stamping certificate and key of a generation."""

    def __init__(self, generation: int) -> None:
        root_years, leaf_years, self.digest = GENERATIONS[generation]
        self.root, above = _issued(f"TEST rod {generation}", root_years, self.digest, None)
        self.leaf, self.key = _issued(f"TEST TSA {generation}", leaf_years, self.digest, (self.root, above))
        self.root_key = above

    def authority(self, clock: FixedClock) -> OwnAuthority:
        with TemporaryDirectory() as folder:
            key, chain = Path(folder) / "key.pem", Path(folder) / "chain.pem"
            key.write_bytes(key_pem(self.key))
            chain.write_bytes(pem(self.leaf, self.root))
            return OwnAuthority(key, chain, clock, demo=True, digest=self.digest)


@cache
def made(generation: int) -> Made:
    return Made(generation)


@cache
def everybody() -> Trust:
    """All roots, as whoever verifies in 2066 keeps them."""
    return Trust(stampers=tuple(made(generation).root for generation in GENERATIONS))


def _issued(common: str, years: tuple[int, int], digest: str, above: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None):  # type: ignore[no-untyped-def] # fmt: skip
    curve, method = (ec.SECP384R1(), hashes.SHA512()) if digest == "sha512" else (ec.SECP256R1(), hashes.SHA256())
    key = ec.generate_private_key(curve)
    builder = unsigned(common, key, above or (None, key), years=years, serial=x509.random_serial_number(),
                       usage=("digital_signature",), authority=above is None)  # fmt: skip
    if above is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(above[1] if above else key, method), key


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
        yield

    def enter(self, leaf: bytes, algorithm: str) -> int:
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
        assert act.number == len(self._acts) + 1
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

    def __init__(self, store: Memory | None = None, start: datetime | None = None) -> None:
        self.clock = FixedClock(start or day(2026))
        self.store = store or Memory()

    def keeping(self, generation: int) -> Keeping:
        stamper = Authorities([made(generation).authority(self.clock)], everybody(), self.clock)
        return Keeping(store=self.store, stamper=stamper, trust=everybody(), algorithms=ALGORITHMS, clock=self.clock)

    def at(self, moment: datetime) -> None:
        self.clock.moment = moment


def objects(count: int) -> list[bytes]:
    return [b"record %d" % number for number in range(count)]


__all__ = ["ALGORITHMS", "Memory", "Years", "day", "everybody", "made", "objects"]
