"""A record together with its evidence: what was judged then is judged as of then (EN 319 102-1 5.6.3).

The seal and the timestamp inside have long run out in 2066; the evidence proves the moment at which the record existed with all
that is in it, and as of that moment it is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import structs

from tillid.kernel.clock import parse_instant
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.verify import verify

# What such a file cannot say by itself; at level LT the lists lie in it.
LEVEL_T_DOES_NOT_PROVE = (
    "Posten blev frosset uden spærrelister (niveau T). Om seglets certifikat var spærret dengang, viser kun de lister, som den, der "
    "kontrollerer, selv har."
)


def verify_evidenced(
    record: bytes,
    data: bytes,
    trust: Trust,
    algorithms: Algorithms,
    *,
    at: datetime,
    verifier: Callable[..., Verdict] = verify,
) -> Verdict:
    """The verdict at ``at`` on the sealed record ``data`` with its evidence ``record`` (``.er``); ``trust`` holds the authorities of
    then too; ``verifier``: of the record alone, called as ``verify`` is. Never raises for anything in either.

    Passed: the evidence holds, and the record passes as of the moment that it proves. What is no record is
    not passed: what anybody could have written would be shown as a consent."""
    proof = verify_evidence(record, data, trust, algorithms, at=at)
    if not proof.passed:
        return proof
    found = verify_timed(data, trust, at=parse_instant(proof.details["proven_at"]), verifier=verifier)
    without = (LEVEL_T_DOES_NOT_PROVE,) if found.details.get("level") == "T" else ()
    limits = dict.fromkeys((*found.does_not_prove, *proof.does_not_prove, *without))
    return structs.replace(found, details=found.details | proof.details, does_not_prove=tuple(limits))
