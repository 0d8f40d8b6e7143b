"""Evidence records (RFC 4998) as plain values: written, read again in one spelling, and what a renewal has to cover.

An object's evidence is a list of chains. The first archive timestamp covers the SHA-256 of the object's stored bytes in the tree
of its batch; each further one of a chain covers all tokens before it (a renewal of the timestamp, before a certificate ends);
each further chain covers object and chains by a stronger digest (a renewal of the hash tree, before a digest ends).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tillid.signatures.evidence_asn1 import EvidenceRecord, archive_timestamp, chains_der, evidence_record
from tillid.signatures.evidence_tree import SIZES, Groups, digest
from tillid.signatures.timestamp_token import MAX_BYTES as MAX_TOKEN

# Some kilobytes a renewal: decades of them. Five megabytes of made-up DER would keep a processor busy for seconds.
MAX_RECORD = 1_000_000
MAX_STAMPS = 200


class EvidenceRefused(Exception):
    """``step``: a code of ``evidence_verdict.STEPS``."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class Stamped(msgspec.Struct, frozen=True, kw_only=True):
    """One archive timestamp: ``groups`` is the reduced hash tree (the leaf's group first), ``token`` its DER."""

    algorithm: str
    groups: tuple[tuple[bytes, ...], ...]
    token: bytes


Chains = Sequence[Sequence[Stamped]]


def stamped(groups: Groups, token: bytes, algorithm: str) -> Stamped:
    """An archive timestamp from a path of ``evidence_tree.reduced``."""
    return Stamped(algorithm=algorithm, groups=tuple(tuple(group) for group in groups), token=token)


def written(chains: Chains) -> bytes:
    """The evidence record, DER."""
    return evidence_record(_parts(chains), [one.algorithm for chain in chains for one in chain])


def read(data: bytes) -> tuple[tuple[Stamped, ...], ...]:
    """The chains in ``data``. One spelling: what ``written`` would have written otherwise, or what has fields that it never
    writes (attributes, encryption), is refused, so that no byte of a record is without a meaning. Raises ``EvidenceRefused``."""
    if len(data) > MAX_RECORD:
        raise EvidenceRefused("evidence.unreadable")
    try:
        found = EvidenceRecord.load(data, strict=True)
        chains = tuple(tuple(_stamped(one) for one in chain) for chain in found["archiveTimeStampSequence"])
    except EvidenceRefused:
        raise
    except Exception:  # parsers raise whatever they meet in bytes that are not what they seem
        raise EvidenceRefused("evidence.unreadable") from None
    stamps = [one for chain in chains for one in chain]
    if not chains or not all(chains) or len(stamps) > MAX_STAMPS or not all(map(_sound, stamps)):
        raise EvidenceRefused("evidence.shape")
    if any(one.algorithm != chain[0].algorithm for chain in chains for one in chain):
        raise EvidenceRefused("evidence.shape")
    if _written(chains) != data:
        raise EvidenceRefused("evidence.shape")
    return chains


def tokens_group(tokens: Sequence[bytes], algorithm: str) -> list[bytes]:
    """What a renewal of the timestamp covers (RFC 4998 5.2, first case): the digests of all tokens of the chain, sorted. The
    standard asks for the last alone; a well-known library for all; all is accepted by both."""
    return sorted(digest(algorithm, token) for token in tokens)


def rehashed_leaf(data_digest: bytes, chains: Chains, algorithm: str) -> bytes:
    """What a renewal of the hash tree covers (RFC 4998 5.2, second case, step 4): the digest of the digest of the object and
    that of all its chains so far, one after the other and not sorted. ``data_digest``: by ``algorithm``."""
    return digest(algorithm, data_digest + digest(algorithm, chains_der(_parts(chains))))


def _parts(chains: Chains) -> list[list[bytes]]:
    return [[archive_timestamp(one.groups, one.token, one.algorithm) for one in chain] for chain in chains]


def _written(chains: Chains) -> bytes:
    try:
        return written(chains)
    except Exception:  # a token that is no CMS structure
        raise EvidenceRefused("evidence.unreadable") from None


def _stamped(one: object) -> Stamped:
    """The plain values. Raises ``EvidenceRefused`` for a digest algorithm that is not ours or not said."""
    algorithm = one["digestAlgorithm"].native  # type: ignore[index]
    if algorithm is None or algorithm["algorithm"] not in SIZES:
        raise EvidenceRefused("evidence.shape")
    groups = one["reducedHashtree"].native or []  # type: ignore[index]
    token = one["timeStamp"].dump()  # type: ignore[index]
    return Stamped(algorithm=algorithm["algorithm"], groups=tuple(map(tuple, groups)), token=token)


def _sound(one: Stamped) -> bool:
    """Whether every value is a digest and no group is empty."""
    size = SIZES[one.algorithm]
    grouped = one.groups and all(group and all(len(value) == size for value in group) for group in one.groups)
    return bool(grouped) and len(one.token) <= MAX_TOKEN
