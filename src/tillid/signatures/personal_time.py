"""Whether the certificate of a person's own signature counted when it was set: its chain, its time, and what is known of its revocation.

A certificate that is short-lived by the policy needs no news of revocation (``personal_policy``); any other, and each authority above either, does.
What is known against one is heard always.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from cryptography import x509

from tillid.signatures.chains import Chain
from tillid.signatures.personal_policy import personal_policy
from tillid.signatures.revocation import Told, objection
from tillid.signatures.times import clock_skew
from tillid.signatures.trust import Trust

# What it means that nobody trusted stands behind a certificate, or somebody who may not (``ways.Lack``).
_LACKS = {"missing": "personal.authority", "purpose": "personal.chain-purpose", "refused": "personal.chain"}


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """The person's certificate with those that came along, the moment that the signature claims, the one at which it is proven to have been
    there, and the one that is judged for. ``lists``: revocation lists that came along."""

    leaf: x509.Certificate
    between: Sequence[x509.Certificate]
    claimed: datetime
    proven: datetime
    at: datetime
    lists: Sequence[Told] | None = None


def time_fault(signed: Signed, trust: Trust) -> str | None:
    """The first objection as a step code."""
    leaf, claimed = signed.leaf, signed.claimed
    if claimed > signed.proven + clock_skew():
        return "personal.future"
    # Differences: a moment less five minutes need not be one.
    if leaf.not_valid_before_utc - claimed > clock_skew() or claimed > leaf.not_valid_after_utc:
        return "personal.outside"
    try:
        way = trust.person_way(leaf, signed.between, claimed, lambda chain: _news_fault(chain, signed, trust))
    except Exception:  # what stands deep inside a list is read here for the first time
        return "personal.list"
    return _LACKS[way.lack] if way.lack else way.against


def _news_fault(way: Chain, signed: Signed, trust: Trust) -> str | None:
    known = (*trust.told, *(signed.lists or ()))
    if against := objection(way, known, proven=signed.proven, at=signed.at):
        return f"personal.{against.means(signed.claimed)}"
    if signed.proven > signed.leaf.not_valid_after_utc:
        return "personal.expired"
    # As with a record: at level LT what is inside must suffice.
    news = trust.told if signed.lists is None else signed.lists
    lack = objection(personal_policy().asked_about(way), news, proven=signed.proven, at=signed.at, required=True)
    return f"personal.revocation-{lack.state}" if lack else None
