"""The verdict on a record together with its timestamp and revocation lists, beside it or inside it (XAdES levels T and LT,
EN 319 102-1 5.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import structs

from tillid.kernel.clock import instant, parse_instant
from tillid.signatures.limits import TIMESTAMP_DOES_NOT_PROVE
from tillid.signatures.long_term_xades import Parts, parts
from tillid.signatures.revocation import Objection
from tillid.signatures.times import clock_skew, timestamp_delay
from tillid.signatures.timestamp import Stamp, judge
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import Trust
from tillid.signatures.values import Values, ValuesRefused, values_of
from tillid.signatures.verdict import Verdict, verdict
from tillid.signatures.verify import verify

# What a proven moment before it makes good: the seal ran out, or was revoked, afterwards.
ENDED = ("time.expired", "seal.revoked-no-proof")
# The last sentence of what a verdict does not prove, where a timestamp is there that could not be confirmed.
TIMESTAMP_NOT_CONFIRMED = (
    "Der er et tidsstempel, men denne kontrol kunne ikke bekræfte det. Tidspunktet er derfor kun platformens eget."
)


def verify_timed(
    data: bytes,
    trust: Trust,
    *,
    at: datetime,
    token: bytes | None = None,
    lists: Sequence[bytes] = (),
    verifier: Callable[..., Verdict] = verify,
) -> Verdict:
    """The verdict on a record file at ``at``; ``token`` and ``lists``: a timestamp and revocation lists (DER) that lay beside
    it; ``verifier``: of the record alone, called as ``verify`` is. Never raises for anything in any of them.

    Every timestamp that is there must hold: a record with a bad one is not passed. With one that holds, the seal is judged as
    of the proven moment, so that a seal that has run out or was revoked since is no reason for doubt; one that is much younger
    than the claimed moment leaves that in doubt (``times``). Where lists are beside or inside, they must speak of every certificate
    of the chains; those of the trust only take away."""
    held = parts(data)
    found = _judged(held, trust, at, token, lists, verifier)
    if "level" not in found.details or held.token is None:
        return found
    level = "LT" if held.lists or held.answers else "T"
    return structs.replace(found, details=found.details | {"level": level})


def _judged(
    held: Parts,
    trust: Trust,
    at: datetime,
    token: bytes | None,
    lists: Sequence[bytes],
    verifier: Callable[..., Verdict],
) -> Verdict:
    found = verifier(held.record, trust, at=at)
    if found.signed is None:
        return found
    try:
        values = values_of(held, trust, lists)
    except ValuesRefused as refused:
        return verdict(refused.step, **found.details)
    proven = at
    for one in (one for one in (held.token, token) if one is not None):
        stamp = judge(one, imprint_of(held.record), trust, at=at, lists=values.lists)
        found = _with(found, stamp)
        if found.step in ENDED and stamp.moment is not None:
            again = verifier(held.record, trust, at=stamp.moment)
            found = structs.replace(again, details=found.details, does_not_prove=found.does_not_prove)
        if found.step.startswith(("timestamp.", "revocation.")):
            return found
        if stamp.holds and stamp.moment is not None:
            proven = min(proven, stamp.moment)
    if found.passed:
        found = _revoked(found, values, trust, proven, at)
    if found.passed and "timestamped_at" in found.details:
        found = _in_time(found, proven)
    return found


def _revoked(found: Verdict, values: Values, trust: Trust, proven: datetime, at: datetime) -> Verdict:
    """What the lists say of the seal's chain as of ``proven``."""
    if not trust.told and values.lists is None:
        return found
    sealed_at = parse_instant(found.details["sealed_at"])
    leaf = values.shown[0]
    try:
        against = trust.revocation(leaf, sealed_at, proven=proven, at=at, inside=values.lists)
    except Exception:  # what stands deep inside a list is read here for the first time
        return verdict("longterm.list", **found.details)
    if against is None:
        return found
    doubt = verdict(_step(against, sealed_at), **found.details)
    return doubt if doubt.status == "failed" else structs.replace(doubt, signed=found.signed)


def _in_time(found: Verdict, proven: datetime) -> Verdict:
    """The last question to a seal that passed by its timestamp (EN 319 102-1 5.5.4, time-stamp delay)."""
    if proven - parse_instant(found.details["sealed_at"]) <= timestamp_delay():
        return found
    late = verdict("timestamp.late", **found.details)
    return structs.replace(late, signed=found.signed, does_not_prove=found.does_not_prove)


def _step(against: Objection, sealed_at: datetime) -> str:
    if against.state != "revoked":
        return f"revocation.{against.state}"
    return f"seal.{against.means(sealed_at)}"


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
    # The difference: a claimed moment less five minutes need not be one.
    if stamp.holds and parse_instant(found.details["sealed_at"]) - stamp.moment > clock_skew():
        step = "timestamp.before-seal"
    limits = (*found.does_not_prove[:-1], TIMESTAMP_DOES_NOT_PROVE if step == "ok" else TIMESTAMP_NOT_CONFIRMED)
    if step == "ok":
        return structs.replace(found, details=details, does_not_prove=limits)
    objection = verdict(step, **details)
    # What could not be proven is shown; what was forged is not. A doubt about the seal itself weighs more than one about time.
    if objection.status == "failed":
        return objection
    if found.passed or found.step in ENDED:
        return structs.replace(objection, signed=found.signed, does_not_prove=limits)
    return structs.replace(found, details=details, does_not_prove=limits)
