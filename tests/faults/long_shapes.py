"""What a stranger could make at most to keep a verifier busy: true in every step, and as long as it may be."""

from __future__ import annotations

from scripts.vectors.evidence_base import FixedClock, day, made
from tillid.signatures.evidence import Stamped, rehashed_leaf, stamped, tokens_group, written
from tillid.signatures.evidence_tree import digest, top
from tillid.signatures.receipt import zipped

OBJECT = b"one object"


def hashed_anew(times: int, generation: int = 1) -> bytes:
    """Evidence of ``OBJECT`` whose hash tree is renewed again and again, all on one day, by the authority of ``generation``."""
    authority, chains = made(generation).authority(FixedClock(day(2026))), []
    of_data = digest("sha256", OBJECT)
    for _ in range(times):
        groups = [[rehashed_leaf(of_data, chains, "sha256") if chains else of_data]]
        chains.append([stamped(groups, authority.stamp(top(groups, "sha256").hex()), "sha256")])
    return written(chains)


def stamped_anew(times: int, generation: int = 1) -> bytes:
    """The same, renewed by timestamps in one chain: each covers all that were before."""
    authority, chain = made(generation).authority(FixedClock(day(2026))), list[Stamped]()
    for _ in range(times):
        first = [digest("sha256", OBJECT)] if not chain else tokens_group([one.token for one in chain], "sha256")
        chain.append(stamped([first], authority.stamp(top([first], "sha256").hex()), "sha256"))
    return written([chain])


def many_files(members: dict[str, bytes], most: int, suffix: str = "") -> bytes:
    """A zip as ours are, of ``members`` and as many empty ones as there is room for."""
    count = (most - len(zipped(members))) // 120
    return zipped({**members, **{f"{number:x}{suffix}": b"" for number in range(count)}})
