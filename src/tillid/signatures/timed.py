"""The verdict on a record together with its timestamp, beside it or inside it (XAdES-T, EN 319 102-1 5.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import structs

from tillid.kernel.clock import instant, parse_instant
from tillid.signatures.timestamp import CLOCK_SKEW, Stamp, judge
from tillid.signatures.timestamp_xades import imprint_of, taken_apart
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import DOES_NOT_PROVE, TIMESTAMP_DOES_NOT_PROVE, Verdict, verdict
from tillid.signatures.verify import verify

# What a proven moment before it makes good: the seal ran out, or was revoked, afterwards.
ENDED = ("time.expired", "seal.revoked-no-proof")


def verify_timed(
    data: bytes, trust: Trust, *, at: datetime, token: bytes | None = None, verifier: Callable[..., Verdict] = verify
) -> Verdict:
    """The verdict on a record file at ``at``; ``token``: what lay beside it; ``verifier``: of the
    record alone, called as ``verify`` is. Never raises for anything in either.

    Every timestamp that is there must hold: a record with a bad one is not passed. With one that holds, the seal is judged as
    of the proven moment, so that a seal that has run out since is no reason for doubt."""
    record, inside = taken_apart(data)
    found = verifier(record, trust, at=at)
    tokens = [one for one in (inside, token) if one is not None]
    if not tokens or found.signed is None:
        return found
    for one in tokens:
        stamp = judge(one, imprint_of(record), trust, at=at)
        found = _with(found, stamp)
        if found.step in ENDED and stamp.moment is not None:
            proven = verifier(record, trust, at=stamp.moment)
            found = structs.replace(proven, details=found.details, does_not_prove=found.does_not_prove)
        if found.step.startswith("timestamp."):
            return found
    return found


def _with(found: Verdict, stamp: Stamp) -> Verdict:
    """``found`` with what the timestamp adds, or takes away."""
    step = stamp.step
    if stamp.moment is None:
        return verdict(step, **found.details)
    details = found.details | {
        "timestamped_at": instant(stamp.moment),
        "timestamp_authority": stamp.authority,
        "timestamp_policy": stamp.policy,
        "timestamp_serial": stamp.serial,
    }
    if stamp.holds and stamp.moment < parse_instant(found.details["sealed_at"]) - CLOCK_SKEW:
        step = "timestamp.before-seal"
    if step == "ok":
        limits = (*DOES_NOT_PROVE[:-1], TIMESTAMP_DOES_NOT_PROVE)
        return structs.replace(found, details=details, does_not_prove=limits)
    objection = verdict(step, **details)
    # What could not be proven is shown; what was forged is not. A doubt about the seal itself weighs more than one about time.
    if objection.status == "failed":
        return objection
    if found.passed or found.step in ENDED:
        return structs.replace(objection, signed=found.signed)
    return structs.replace(found, details=details)
