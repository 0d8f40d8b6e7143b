"""What an evidence record proves of an object at one fixed moment (RFC 4998 section 5.3, EN 319 102-1 5.6).

A token is judged as of the moment of the next one, the last as of ``at``: what held when it was covered need not hold today.
Time and trust enter as values; nothing here asks anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import msgspec
from cryptography import x509

from tillid.kernel.clock import instant
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.answers import read_answer
from tillid.signatures.evidence import EvidenceRefused, Stamped, read, rehashed_leaf, tokens_group
from tillid.signatures.evidence_asn1 import told_in
from tillid.signatures.evidence_tree import digest, top
from tillid.signatures.evidence_verdict import evidence_verdict
from tillid.signatures.revocation import Told
from tillid.signatures.timestamp import judge_read
from tillid.signatures.timestamp_token import Token, TokenRefused, read_token
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict

Chains = tuple[tuple[Stamped, ...], ...]


class _Link(msgspec.Struct, frozen=True):
    """A token, read, with the value it stands over and its digest algorithm."""

    token: Token
    imprint: bytes
    algorithm: str


def verify_evidence(record: bytes, data: bytes, trust: Trust, algorithms: Algorithms, *, at: datetime) -> Verdict:
    """The verdict at ``at`` on ``record`` (the ``.er``) as evidence of ``data``; ``trust``: its ``stampers`` are those that
    are believed, also the authorities of long ago. Never raises for anything in either.

    ``details``: ``proven_at`` (``data`` existed then), ``renewed_at`` (the last of the ``renewals``, oldest first), ``holds_until``, and
    how many timestamps."""
    try:
        chains = read(record)
        links = [_link(one) for chain in chains for one in chain]
        _follow(chains, data)
    except (EvidenceRefused, TokenRefused) as refused:
        return evidence_verdict(refused.step)
    for one in links:
        if (one.token.algorithm, bytes.fromhex(one.token.imprint)) != (one.algorithm, one.imprint):
            return evidence_verdict("evidence.tree")
    if any(later.token.moment < earlier.token.moment for earlier, later in pairwise(links)):
        return evidence_verdict("evidence.order")
    try:
        steps, details = list(_steps(links, trust, algorithms, at)), _details(links, trust, algorithms)
    except Exception:  # a token's revocation lists, and how its certificate is signed, are read here for the first time
        return evidence_verdict("evidence.unreadable")
    verdicts = [evidence_verdict(step) for step in steps]
    # A forgery weighs more than a doubt; of equal ones the earliest token's, since all later ones rest on it.
    worst = next((one for status in ("failed", "indeterminate") for one in verdicts if one.status == status), None)
    found = worst or evidence_verdict("evidence.ok")
    return msgspec.structs.replace(found, details=details)


def holds_until(token: Token, trust: Trust, algorithms: Algorithms) -> datetime:
    """Until when ``token`` proves its moment by itself: what it rests on that ends first. Where its authority is not known, its
    own certificate says."""
    until = trust.stamps_until(token.leaf, token.certificates, token.moment)
    return min(until or token.leaf.not_valid_after_utc, algorithms.token_ends(token))


def _link(one: Stamped) -> _Link:
    return _Link(read_token(one.token), top(one.groups, one.algorithm), one.algorithm)


def _follow(chains: Chains, data: bytes) -> None:
    """Whether the first group of each archive timestamp holds what it must: the object, all earlier tokens of its chain, or
    object and all earlier chains. Raises ``EvidenceRefused``."""
    for number, chain in enumerate(chains):
        algorithm = chain[0].algorithm
        of_data = digest(algorithm, data)
        wanted = rehashed_leaf(of_data, chains[:number], algorithm) if number else of_data
        # The object's own group is the object alone: a value beside it could be anything.
        if chain[0].groups[0] != (wanted,):
            raise EvidenceRefused("evidence.link" if number else "evidence.object")
        for place, one in enumerate(chain[1:], 1):
            covered = tokens_group([earlier.token for earlier in chain[:place]], algorithm)
            if list(one.groups[0]) != covered:
                raise EvidenceRefused("evidence.link")


def _steps(links: list[_Link], trust: Trust, algorithms: Algorithms, at: datetime) -> Iterator[str]:
    """The objections, oldest token first."""
    for place, one in enumerate(links):
        last = place == len(links) - 1
        until = at if last else links[place + 1].token.moment
        stamp = judge_read(
            one.token, one.imprint.hex(), trust, at=until, algorithm=one.algorithm, lists=_lists(one.token)
        )
        if stamp.step == "timestamp.expired":
            yield "evidence.expired" if last else "evidence.late"
        elif not stamp.holds:
            yield stamp.step
        elif algorithms.token_ends(one.token) <= until:
            yield "evidence.method" if last else "evidence.late-method"


def _lists(token: Token) -> list[Told] | None:
    """What lies in the token, if anything does: then all of its certificates must be spoken of."""
    lists, answers = told_in(token.der)
    return [*(x509.load_der_x509_crl(der) for der in lists), *(read_answer(der) for der in answers)] or None


def _details(links: list[_Link], trust: Trust, algorithms: Algorithms) -> dict[str, str]:
    last = links[-1].token
    return {
        "proven_at": instant(links[0].token.moment),
        "renewed_at": instant(last.moment),
        **({"renewals": " ".join(instant(one.token.moment) for one in links[1:])} if links[1:] else {}),
        "holds_until": instant(holds_until(last, trust, algorithms)),
        "timestamps": str(len(links)),
    }
