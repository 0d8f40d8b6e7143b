"""Evidence that lasts (RFC 4998): batches are closed, timestamps and hash trees renewed before what they rest on ends.

Apart from the database: leaves and tokens are kept in files of their own, and the only call to the world is one timestamp per
act, however many objects it covers. A withdrawal or consent never waits for any of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.answers import Answer
from tillid.signatures.chains import Chain
from tillid.signatures.evidence import written
from tillid.signatures.evidence_asn1 import completed
from tillid.signatures.evidence_book import Act, Book, EvidenceDamaged
from tillid.signatures.evidence_tree import levels
from tillid.signatures.evidence_verify import holds_until
from tillid.signatures.revocation import Objection, newest, objection
from tillid.signatures.timestamp_token import Token, TokenRefused, read_token
from tillid.signatures.trust import Trust
from tillid.usecases.freeze_record import LT
from tillid.usecases.ports import TimeStamper
from tillid.usecases.ports_evidence import Digests, EvidenceState, EvidenceStore

PREFERRED = ("sha256", "sha512")  # the digest of new batches is the first of these that lasts
RENEW_BEFORE = timedelta(days=365)
ALARM_BEFORE = timedelta(days=180)  # half a year of tries has failed
_GAIN = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """What the acts need; ``stamper``: ``None`` where it is only looked at."""

    store: EvidenceStore
    stamper: TimeStamper | None
    trust: Trust
    algorithms: Algorithms
    clock: Clock


def algorithm_of(algorithms: Algorithms, now: datetime) -> str:
    """The digest algorithm of what is new: it must not end soon. Raises ``TillidError`` (``evidence.algorithms``)."""
    for name in PREFERRED:
        if algorithms.digest_ends(name) > now + RENEW_BEFORE:
            return name
    raise TillidError(
        "no digest algorithm lasts",
        code="evidence.algorithms",
        text="Ingen af de metoder, Tillid kan bruge til beviser, gælder længe nok. Opdatér Tillid.",
    )


def close_batch(keeping: Keeping) -> Act | None:
    """Have everything that waits stamped as one batch; ``None`` if nothing waits. Raises ``TillidError`` (``tsa.…``,
    ``evidence.…``); then all waits still."""
    with keeping.store.locked():
        for algorithm in PREFERRED:
            book = Book(keeping.store)
            begin, end = book.closed(algorithm), keeping.store.size(algorithm)
            if begin < end:
                leaves = keeping.store.between(algorithm, begin, end)
                act = Act(number=len(book.acts) + 1, kind="close", algorithm=algorithm, begin=begin, end=end)
                return _kept(keeping, act, leaves, None)
    return None


def renew(keeping: Keeping, digests: Digests | None = None) -> list[Act]:
    """Renew whatever ends within a year: one act over all chains of a digest algorithm whose last token ends, one over all
    objects whose digest algorithm ends. ``digests``: reads the objects for the latter; without it those are left.

    Raises ``TillidError``: ``tsa.…``, ``evidence.…``; ``evidence.no-gain`` when the authority's new timestamp would last no longer
    than the old ones."""
    made = []
    with keeping.store.locked():
        for due in _due(keeping):
            book = Book(keeping.store)
            now, algorithm = keeping.clock.now(), due[0].algorithm
            covers = tuple(act.number for act in due)
            act = Act(number=len(book.acts) + 1, kind="renew", algorithm=algorithm, covers=covers)
            if keeping.algorithms.digest_ends(algorithm) <= now + RENEW_BEFORE:
                if digests is None:
                    continue
                stronger = algorithm_of(keeping.algorithms, now)
                leaves = book.rehash_leaves(covers, stronger, digests(algorithm, stronger).get)
                act = msgspec.structs.replace(act, kind="rehash", algorithm=stronger, end=len(leaves))
            else:
                leaves = book.renewal_leaves(covers, algorithm)
            made.append(_kept(keeping, act, leaves, min(_ends(keeping, book, one) for one in due)))
    return made


def evidence_state(keeping: Keeping, *, read_all: bool = False) -> EvidenceState:
    """How it stands now; ``read_all``: every file is read and compared too."""
    store, now = keeping.store, keeping.clock.now()
    book = Book(store)
    closed = {name: book.closed(name) for name in PREFERRED}
    ends = [_ends(keeping, book, act) for act in book.live()]
    first = min(ends, default=None)
    problems = tuple(store.problems()) if read_all else ()
    alarm = "evidence.copies" if problems else ""
    if first is not None and first <= now + ALARM_BEFORE:
        alarm = "evidence.late" if first <= now else "evidence.due"
    kinds = [act.kind for act in book.acts.values()]
    waiting, noted = sum(store.size(name) - closed[name] for name in PREFERRED), store.noted()
    below = sum(name.endswith(LT) for name in noted)
    alarm = alarm or ("evidence.below" if below else "")
    return EvidenceState(
        objects=sum(closed.values()),
        batches=kinds.count("close"),
        renewals=len(kinds) - kinds.count("close"),
        noted=max(0, len(noted) - below - waiting),  # noted until the batch is closed
        waiting=waiting,
        newest=newest_batch(store),
        holds_until=first,
        alarm=alarm,
        problems=problems,
        below=below,
    )


def newest_batch(store: EvidenceStore) -> datetime | None:
    """When the newest batch was closed."""
    batches = [act for act in store.acts() if act.kind == "close"]
    return _read(store, batches[-1]).moment if batches else None


def record_of(store: EvidenceStore, data: bytes) -> bytes | None:
    """The ``.er`` of an object; ``None``: it is in no batch yet. Raises ``EvidenceDamaged``."""
    chains = Book(store).chains(data)
    return None if chains is None else written(chains)


def evidence_of(store: EvidenceStore, data: bytes) -> bytes:
    """The ``.er`` of an object. Raises ``TillidError`` (``evidence.none``)."""
    record = record_of(store, data)
    if record is None:
        raise TillidError(
            "in no batch",
            code="evidence.none",
            text="Der er intet bevis for den fil endnu. En ny post kommer med, når dagens poster samles.",
        )
    return record


def _due(keeping: Keeping) -> Iterator[list[Act]]:
    """Chains to be renewed, those of one digest algorithm together."""
    book, limit = Book(keeping.store), keeping.clock.now() + RENEW_BEFORE
    for algorithm in PREFERRED:
        live = (act for act in book.live() if act.algorithm == algorithm)
        if due := [act for act in live if _ends(keeping, book, act) <= limit]:
            yield due


def _ends(keeping: Keeping, book: Book, opener: Act) -> datetime:
    """When the last token of a chain ends."""
    return holds_until(_read(keeping.store, book.chain(opener.number)[-1]), keeping.trust, keeping.algorithms)


def _read(store: EvidenceStore, act: Act) -> Token:
    """Raises ``EvidenceDamaged``."""
    try:
        return read_token(store.token(act))
    except TokenRefused:
        raise EvidenceDamaged.unreadable(act) from None


def _kept(keeping: Keeping, act: Act, leaves: Sequence[bytes], than: datetime | None) -> Act:
    """Stamp the tree over ``leaves`` and keep it; ``than``: it must last longer."""
    top = levels(leaves, act.algorithm)[-1][0]
    if keeping.stamper is None:
        raise TillidError("no authority", code="tsa.none", text="Der er ingen udsteder af tidsstempler. Angiv --tsa.")
    token = read_token(keeping.stamper.stamp(top.hex(), act.algorithm))
    if than is not None and holds_until(token, keeping.trust, keeping.algorithms) < than + _GAIN:
        raise TillidError(
            "the new timestamp ends with the old ones",
            code="evidence.no-gain",
            text="Beviserne kan ikke fornyes: Udstederens nye tidsstempel gælder ikke længere end de gamle. "
            "Få et nyt certifikat eller en stærkere metode hos udstederen, eller skift udsteder.",
        )
    return keeping.store.add(act, with_proofs(token, keeping.trust, keeping.clock.now()), leaves)


def with_proofs(token: Token, trust: Trust, at: datetime) -> bytes:
    """The token with the certificates and the newest revocation lists or answers of its way to a trusted authority, where those
    speak of all of them: whoever judges it when they are gone asks for them, and what comes later is covered by nothing."""

    def against(way: Chain) -> Objection | None:
        return objection(way, trust.told, proven=token.moment, at=at, required=True)

    way = trust.stamp_way(token.leaf, token.certificates, token.moment, against).chain
    found = [newest(one, issuer, trust.told, at) for one, issuer in pairwise(way)]
    told = [one for one in found if one is not None]
    if not told or objection(way, told, proven=token.moment, at=at, required=True):
        told = []
    lists = [one.public_bytes(Encoding.DER) for one in told if not isinstance(one, Answer)]
    answers = [one.public_bytes(Encoding.DER) for one in told if isinstance(one, Answer)]
    certificates = [one.public_bytes(Encoding.DER) for one in way]
    return completed(token.der, certificates, lists, answers)
