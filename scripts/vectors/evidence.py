"""Vectors of renewed evidence (RFC 4998): what holds in 2066, what does not, and what an attacker would make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

import msgspec
from asn1crypto import cms, core, parser
from cryptography.hazmat.primitives.serialization import Encoding

from scripts.vectors.base import SIGNING
from scripts.vectors.evidence_base import Years, day, objects
from scripts.vectors.evidence_base import made as generation_of
from tillid.signatures.evidence import Stamped, read, rehashed_leaf, tokens_group, written
from tillid.signatures.evidence_asn1 import EvidenceRecord, completed
from tillid.signatures.evidence_tree import digest
from tillid.usecases.keep_evidence import close_batch, evidence_of, renew

OBJECTS = objects(5)
FAR = day(2066)
Chains = Sequence[Sequence[Stamped]]


class EvidenceVector(NamedTuple):
    """``step``: the code of the verdict it must get; ``record``: the ``.er``; ``data``: the object; ``at``: the moment."""

    step: str
    record: bytes
    data: bytes
    at: datetime
    against: str


def sha512_of(old: str, new: str) -> dict[bytes, bytes]:
    """The objects, for a renewal of hash trees."""
    return {digest(old, one): digest(new, one) for one in OBJECTS}


@cache
def kept(*years: int, generation: int = 1, stamps: bool = True) -> Years:
    """Five objects closed in 2026 in two batches, and renewed in those ``years``; from 2044 on by a stronger digest."""
    made = Years()
    for number, data in enumerate(OBJECTS):
        made.store.enter(digest("sha256", data), "sha256")
        if number in (2, 4):
            close_batch(made.keeping(generation, stamps=stamps))
    for year in years:
        made.at(day(year))
        renew(made.keeping(2 if year < 2044 else 3), sha512_of)
    return made


@cache
def whole() -> Years:
    """As it should be: renewed in 2035, the hash tree in 2045."""
    return kept(2035, 2045)


def er(years: Years, place: int = 0) -> bytes:
    """The evidence of an object."""
    return evidence_of(years.store, OBJECTS[place])


@cache
def vectors() -> dict[str, EvidenceVector]:
    """Name → vector."""
    return good() | doubtful() | forged() | misspelled()


def _of_a_record() -> EvidenceVector:
    """A vector of level LT, whose own certificates end in 2064."""
    data = (SIGNING / "vectors" / "valid" / "lt-given.xml").read_bytes()
    years = Years()
    years.store.enter(digest("sha256", data), "sha256")
    close_batch(years.keeping(1))
    for year, generation in ((2035, 2), (2045, 3)):
        years.at(day(year))
        renew(years.keeping(generation), lambda old, new: {digest(old, data): digest(new, data)})
    return EvidenceVector("evidence.ok", evidence_of(years.store, data), data, FAR, "a sealed record at level LT")


def good() -> dict[str, EvidenceVector]:
    """What holds."""
    first, once = kept(), kept(2035)
    made = {
        f"whole-{place}": (whole(), place, FAR, "renewed in time: proven in 2066") for place in range(len(OBJECTS))
    } | {
        "begun": (first, 0, day(2030), "one timestamp"),
        "begun-second-batch": (first, 4, day(2030), "the odd one out of a batch"),
        "renewed-once": (once, 1, day(2045), "the timestamp renewed"),
        "last-day": (first, 0, day(2035, 12, 31), "the certificate holds to its last day"),
    }
    return {
        name: EvidenceVector("evidence.ok", er(years, place), OBJECTS[place], at, against)
        for name, (years, place, at, against) in made.items()
    } | {"sealed-record": _of_a_record()}


def doubtful() -> dict[str, EvidenceVector]:
    """What can no longer be proven."""
    ended = "evidence.expired"
    made = {
        "never-renewed": (ended, er(kept()), FAR, "a certificate that ran out"),
        "renewed-once-only": (ended, er(kept(2035)), FAR, "a renewal that ran out"),
        "day-after": (ended, er(kept()), day(2036, 1, 2), "the day after the certificate"),
        "renewed-late": ("evidence.late", er(kept(2037)), FAR, "a renewal after the certificate ran out"),
        "rehashed-late": (
            "evidence.late-method",
            er(kept(2035, 2046)),
            FAR,
            "a stronger digest after the weaker ended",
        ),
        "method-ended": ("evidence.method", er(kept(2035)), day(2046), "a digest that ended, the certificate goes on"),
        "unknown-authority": ("timestamp.authority", er(kept(generation=9)), day(2030), "a timestamp of anybody"),
        "authority-revoked": ("timestamp.revoked", _revoked(), day(2030), "an authority whose key was stolen"),
        "of-tomorrow": ("timestamp.future", er(kept()), day(2025), "a moment after the one that is judged for"),
        "renewal-of-tomorrow": ("timestamp.future", er(whole()), day(2040), "a renewal after it"),
        "last-renewal-left-out": (ended, written(read(er(whole()))[:1]), FAR, "what is true, but not all"),
    }
    return {name: EvidenceVector(step, record, OBJECTS[0], at, why) for name, (step, record, at, why) in made.items()}


def _revoked() -> bytes:
    """One object, its token with a list on which the authority stands since before the renewal that there is not."""
    years = Years()
    token = years.keeping(1).stamper.stamp(digest("sha256", OBJECTS[0]).hex())
    listed = generation_of(1).revocation_list(generation_of(1).leaf, since=day(2028)).public_bytes(Encoding.DER)
    # Its moment is before the theft, but whoever has the key can write any moment, and nothing covers it.
    token = completed(token, lists=[listed])
    return written([[Stamped(algorithm="sha256", groups=((digest("sha256", OBJECTS[0]),),), token=token)]])


def _with(one: Stamped, place: int, values: tuple[bytes, ...]) -> Stamped:
    return msgspec.structs.replace(one, groups=(*one.groups[:place], values, *one.groups[place + 1 :]))


def forged() -> dict[str, EvidenceVector]:
    """Changes to what is in the chains."""
    chains = read(er(whole()))
    (first, second), (third,) = chains
    other = read(er(whole(), 3))
    link, tree, gone, shape = "evidence.link", "evidence.tree", "evidence.object", "evidence.shape"
    replace = msgspec.structs.replace
    made: dict[str, tuple[str, Chains, str]] = {
        "evidence-of-another": (gone, other, "another object's evidence"),
        "first-chain-of-another": (gone, (other[0], chains[1]), "another object's first chain"),
        "last-chain-of-another": (link, (chains[0], other[1]), "another object's last chain"),
        "token-of-another-batch": (tree, ((replace(first, token=other[0][0].token),),), "the token of another batch"),
        "token-exchanged": (link, ((replace(first, token=other[0][0].token), second), (third,)), "the same, renewed"),
        "first-left-out": (gone, ((second,), (third,)), "a renewal as the beginning"),
        "renewal-left-out": (link, ((first,), (third,)), "a renewal that is covered by the next"),
        "renewal-of-another-batch": (link, ((first, other[0][1]),), "the true renewal of another batch"),
        "renewal-doubled": (link, ((first, second, second), (third,)), "the same renewal twice"),
        "chains-reordered": (gone, ((third,), (first, second)), "chains in another order"),
        "renewals-reordered": (gone, ((second, first), (third,)), "renewals in another order"),
        "leaf-with-company": (gone, ((_with(first, 0, (*first.groups[0], bytes(32))), second), (third,)), "a value beside the object's"),
        "leaf-of-another": (gone, ((_with(first, 0, (bytes(32),)), second), (third,)), "another value in the object's place"),
        "path-changed": (tree, ((_with(first, 1, (bytes(32),)),),), "another way through the tree"),
        "path-cut": (tree, ((replace(first, groups=first.groups[:1]),),), "a way that ends early"),
        "path-longer": (tree, ((replace(first, groups=(*first.groups, (bytes(32),))),),), "a way that goes on"),
        "renewal-without-a-token": (link, ((first, _with(second, 0, (bytes(32),))), (third,)), "a renewal of other tokens"),
        "renewal-with-more": (link, ((first, _with(second, 0, (*second.groups[0], bytes(32)))), (third,)), "a renewal of more than the tokens"),
        "last-path-changed": (tree, (chains[0], (_with(third, 1, (bytes(64),)),)), "another way through the last tree"),
        "rehash-of-nothing": (link, (chains[0], (_with(third, 0, (bytes(64),)),)), "a renewal of another object"),
        "digest-too-short": (shape, (chains[0], (_with(third, 1, (bytes(32),)),)), "a value of another length"),
        "algorithms-mixed": (shape, ((first, replace(second, algorithm="sha512")), (third,)), "two digests in one chain"),
        "chain-empty": (shape, (chains[0], ()), "a chain of nothing"),
        "no-chain": (shape, (), "a record of nothing"),
        "group-empty": (shape, ((_with(first, 1, ()), second), (third,)), "a group of nothing"),
        "renewed-backwards": ("evidence.order", _backwards(), "a renewal of an earlier time"),
        "rehash-sorted": (link, _rehashed_by_the_figure(), "the figure of RFC 4998 section 5.2 instead of its text"),
    }  # fmt: skip
    found = {
        name: EvidenceVector(step, written(some), OBJECTS[0], FAR, why) for name, (step, some, why) in made.items()
    }
    return found | {
        "object-changed": EvidenceVector(gone, er(whole()), OBJECTS[0] + b" ", FAR, "a changed object"),
        "object-empty": EvidenceVector(gone, er(whole()), b"", FAR, "an empty object"),
        "object-is-two-leaves": EvidenceVector(gone, er(whole()), _two_leaves(), FAR, "an inner node as an object"),
        "not-for-timestamps": EvidenceVector(
            "timestamp.usage", er(kept(stamps=False)), OBJECTS[0], day(2030), "a certificate for something else"
        ),
        "token-changed": EvidenceVector(
            "timestamp.signature", _token_changed(first), OBJECTS[0], day(2030), "a changed signature of a timestamp"
        ),
    }


def _two_leaves() -> bytes:
    one, two = sorted(digest("sha256", data) for data in OBJECTS[:2])
    return one + two


def _token_changed(first: Stamped) -> bytes:
    """Another last byte: that of the signature."""
    token = first.token[:-1] + bytes([first.token[-1] ^ 1])
    return written([[msgspec.structs.replace(first, token=token)]])


def _backwards() -> Chains:
    """The tree of the beginning, renewed with a token of 2025."""
    (first,) = read(er(kept()))[0]
    years = Years(day(2025))
    group = tuple(tokens_group([first.token], "sha256"))
    token = years.keeping(1).stamper.stamp(group[0].hex())
    return [[first, Stamped(algorithm="sha256", groups=(group,), token=token)]]


def _rehashed_by_the_figure() -> Chains:
    """A renewal of the hash tree that sorts the two digests before it hashes them."""
    chains = read(er(kept(2035)))
    parts = digest("sha512", OBJECTS[0]), _chains_digest(chains)
    leaf = digest("sha512", b"".join(sorted(parts)))
    if leaf == rehashed_leaf(parts[0], chains, "sha512"):
        leaf = digest("sha512", b"".join(sorted(parts, reverse=True)))
    token = Years(day(2045)).keeping(3).stamper.stamp(leaf.hex(), "sha512")
    return [*chains, [Stamped(algorithm="sha512", groups=((leaf,),), token=token)]]


def _chains_digest(chains: Chains) -> bytes:
    return digest("sha512", EvidenceRecord.load(written(chains))["archiveTimeStampSequence"].dump())


def misspelled() -> dict[str, EvidenceVector]:
    """The same record in other bytes, and what is none."""
    whole_record = er(whole())
    made: dict[str, tuple[str, bytes, str]] = {
        "byte-behind": ("evidence.unreadable", whole_record + b"\0", "bytes behind the record"),
        "cut-off": ("evidence.unreadable", whole_record[:-1], "a record that is cut off"),
        "empty": ("evidence.unreadable", b"", "an empty file"),
        "xml": ("evidence.unreadable", b"<EvidenceRecord/>", "another format (RFC 6283)"),
        "version-2": ("evidence.shape", _changed(lambda one: _set(one, "version", 2)), "an unknown version"),
        "crypto-infos": ("evidence.shape", _changed(_crypto_infos), "fields that mean nothing here"),
        "encryption-info": ("evidence.shape", _encrypted(), "evidence of something encrypted"),
        "algorithms-other": ("evidence.shape", _changed(_other_list), "a list of digests that is not theirs"),
        "indefinite-length": ("evidence.shape", _indefinite(whole_record), "another spelling of a length (BER)"),
        "digest-sha1": ("evidence.shape", _sha1(), "a weak digest"),
    }
    return {name: EvidenceVector(step, data, OBJECTS[0], FAR, why) for name, (step, data, why) in made.items()}


def _changed(change: Callable[[EvidenceRecord], None]) -> bytes:
    record = EvidenceRecord.load(er(whole()))
    change(record)
    return record.dump()


def _set(record: EvidenceRecord, name: str, value: object) -> None:
    record[name] = value


def _crypto_infos(record: EvidenceRecord) -> None:
    record["cryptoInfos"] = [cms.CMSAttribute({"type": "1.3.6.1.4.1.32473.7", "values": [core.OctetString(b"x")]})]


def _encrypted() -> bytes:
    """The library writes no empty optional field, so the field's two bytes are put in by hand."""
    record = EvidenceRecord.load(er(whole()))
    names = ("version", "digestAlgorithms", "archiveTimeStampSequence")
    version, algorithms, chains = (record[name].dump() for name in names)
    return parser.emit(0, 1, 16, version + algorithms + b"\xa1\x00" + chains)


def _other_list(record: EvidenceRecord) -> None:
    record["digestAlgorithms"] = [{"algorithm": "sha512"}]


def _indefinite(record: bytes) -> bytes:
    """The outermost length as BER allows it and DER does not."""
    return b"\x30\x80" + record[2 + (record[1] & 0x7F) :] + b"\0\0"


def _sha1() -> bytes:
    """The whole record, its first digest algorithm named SHA-1."""
    record = EvidenceRecord.load(er(whole()))
    record["archiveTimeStampSequence"][0][0]["digestAlgorithm"] = {"algorithm": "sha1"}
    return record.dump()
