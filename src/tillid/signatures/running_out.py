"""What a chain of certificates rests on and how long that lasts: its certificates, its revocation lists, its methods.

Pure: whoever looks gives the chains that are in use now. Only names of authorities and of seals come out, never a person's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID

from tillid.signatures.algorithms import Algorithms
from tillid.signatures.revocation import Told, newest
from tillid.signatures.timestamp_token import Token

LEAF_BEFORE = timedelta(days=60)  # a real authority takes weeks to answer
AUTHORITY_BEFORE = timedelta(days=180)  # what an authority needs to change its own takes longer
# Evidence is renewed a year before its method ends: the stronger one must be there then.
METHOD_BEFORE = timedelta(days=365)
OWN_DIGEST = "sha256"  # of seals and of the log (``signatures/sign.py``, ``merkle.py``)


class RunsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``what`` is about to end (``soon``), has ended (``over``) or is not there (``missing``: an authority that nobody trusts,
    a list, an authority of timestamps (``stamper``) that gives none); ``name``: whose certificate or list it is, for ``digest`` the
    method that Tillid itself seals with."""

    what: Literal["authority", "list", "certificate", "method", "stamper", "digest"]
    state: Literal["missing", "soon", "over"]
    name: str
    until: datetime | None = None


def running_out(
    ways: Iterable[Sequence[x509.Certificate]],
    lists: Sequence[Told],
    algorithms: Algorithms,
    now: datetime,
    *,
    authorities: Iterable[x509.Certificate] = (),
    stamps: Iterable[Token] = (),
    more: Iterable[RunsOut] = (),
) -> tuple[RunsOut, ...]:
    """What has to be looked at in the chains ``ways``, each once, what is over first. Each leads from its leaf to whom the
    verifier trusts; a leaf alone: to nobody. ``authorities``: trusted by themselves, whose own lists nobody asks for;
    ``stamps``: of whose methods more than the certificates say; ``more``: what the caller found."""
    found = {
        one: None
        for way in ways
        for one in (*_certificates(way, now), *_methods(way, algorithms, now), *_lists(way, lists, now))
    }
    for authority in authorities:
        way = (authority,)
        found |= dict.fromkeys((*_certificates(way, now, leaf=False), *_methods(way, algorithms, now)))
    for stamp in stamps:
        ends = algorithms.token_ends(stamp)
        if state := _state(ends, now, METHOD_BEFORE):
            found[RunsOut(what="method", state=state, name=_name(stamp.leaf.subject), until=ends)] = None
    found |= dict.fromkeys(more)
    return tuple(sorted(found, key=lambda one: (one.state == "soon", one.until is not None and one.until)))


def own_methods(algorithms: Algorithms, now: datetime) -> Iterator[RunsOut]:
    """What Tillid itself seals and logs with: only a newer Tillid can use another one."""
    ends = algorithms.digest_ends(OWN_DIGEST)
    if state := _state(ends, now, METHOD_BEFORE):
        yield RunsOut(what="digest", state=state, name=OWN_DIGEST, until=ends)


def _certificates(way: Sequence[x509.Certificate], now: datetime, *, leaf: bool = True) -> Iterator[RunsOut]:
    for place, one in enumerate(way):
        if state := _state(one.not_valid_after_utc, now, LEAF_BEFORE if leaf and not place else AUTHORITY_BEFORE):
            yield RunsOut(what="certificate", state=state, name=_name(one.subject), until=one.not_valid_after_utc)


def _methods(way: Sequence[x509.Certificate], algorithms: Algorithms, now: datetime) -> Iterator[RunsOut]:
    for one in way:
        ends = algorithms.key_ends(one)
        if one.subject != one.issuer:  # a root is trusted by itself, not by its own signature
            signed = one.signature_hash_algorithm
            ends = min(ends, algorithms.digest_ends(signed.name if signed else ""))
        if state := _state(ends, now, METHOD_BEFORE):
            yield RunsOut(what="method", state=state, name=_name(one.subject), until=ends)


def _lists(way: Sequence[x509.Certificate], lists: Sequence[Told], now: datetime) -> Iterator[RunsOut]:
    """Lists live for days and are fetched daily: there is no ``soon``."""
    if len(way) == 1:
        yield RunsOut(what="authority", state="missing", name=_name(way[0].issuer))
    for one, issuer in itertools.pairwise(way):
        found = newest(one, issuer, lists, now)
        if found is None:
            yield RunsOut(what="list", state="missing", name=_name(issuer.subject))
        elif found.next_update_utc is not None and found.next_update_utc < now:
            yield RunsOut(what="list", state="over", name=_name(issuer.subject), until=found.next_update_utc)


def _state(ends: datetime, now: datetime, before: timedelta) -> Literal["soon", "over"] | None:
    if ends <= now:
        return "over"
    return "soon" if ends - now <= before else None


def _name(subject: x509.Name) -> str:
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else subject.rfc4514_string()
