"""From a certificate to one that is trusted (RFC 5280): one search for seals, timestamps and people. Pure: certificates and a moment are given.

All ways are tried, not the first: an authority renews its certificate under the same name and key, is certified by another (cross-certificates),
and somebody can put a certificate into a signature that leads nowhere, or below an authority that was revoked. The search is bounded by the table (``chain_policy``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from msgspec import Struct

from tillid.signatures.chain_policy import Use, chain_policy
from tillid.signatures.chains import Chain, holds
from tillid.signatures.readable import MALFORMED

# Why there is no way: nobody trusted stands above; somebody does and is for something else; somebody does and the chain does not hold.
Lack = Literal["", "missing", "purpose", "refused"]


class Way(Struct, frozen=True):
    """``chain``: the first certificate first, the trusted one last; empty where there is none, and why: of the last chain that was tried.
    ``against``: what whoever asked had against the first that holds, where nothing was found against none."""

    chain: Chain = ()
    lack: Lack = ""
    against: Any = None


Against = Callable[[Chain], Any]  # what speaks against a chain that holds (its revocation), or ``None``


def nothing(_: Chain) -> None:
    """What is against any chain."""


def ways_of_seal(authorities: Sequence[x509.Certificate], leaf: x509.Certificate, inside: datetime) -> Iterator[Way]:
    """The ways from ``leaf`` to a self-signed one of ``authorities`` at the moment ``inside``, as ``find_ways``."""
    roots = [ca for ca in authorities if ca.subject == ca.issuer]
    between = [ca for ca in authorities if ca.subject != ca.issuer]
    return find_ways("seal", roots, leaf, between, inside)


def find_way(
    use: Use, trusted: Sequence[x509.Certificate], leaf: x509.Certificate, between: Sequence[x509.Certificate], at: datetime,
    against: Against = nothing,
) -> Way:  # fmt: skip
    """The first way from ``leaf`` to one of ``trusted`` that holds with authorities that are valid at ``at`` and that nothing is ``against``, or
    why there is none. The leaf's own time is judged by whoever asks. Never raises for anything in a certificate."""
    return first_way(find_ways(use, trusted, leaf, between, at), against)


def first_way(tried: Iterable[Way], against: Against = nothing) -> Way:
    """Of what was ``tried`` the first that nothing is against; else the first that holds, with what is; else why none does."""
    found = Way((), "missing")
    for way in tried:
        if way.chain:
            said = against(way.chain)
            if said is None:
                return way
            found = found if found.chain else Way(way.chain, "", said)
        elif not found.chain:
            found = way
    return found


def find_ways(
    use: Use, trusted: Sequence[x509.Certificate], leaf: x509.Certificate, between: Sequence[x509.Certificate], at: datetime
) -> Iterator[Way]:  # fmt: skip
    """Every chain from ``leaf`` to one of ``trusted``: those that hold, and why the others do not."""
    policy = chain_policy()
    chains = _Search(trusted, between, at).chains((leaf,))
    for chain in itertools.islice(chains, policy.most_ways_tried):
        if not all(policy.is_for(ca, use) for ca in chain[1:]):
            yield Way((), "purpose")
        else:
            yield Way(chain) if holds(chain) else Way((), "refused")


class _Search:
    """All chains of certificates that have issued each other, up to a trusted one."""

    def __init__(
        self, trusted: Sequence[x509.Certificate], between: Sequence[x509.Certificate], at: datetime
    ) -> None:  # fmt: skip
        self._policy = chain_policy()
        self._trusted = set(trusted)
        self._above = [ca for ca in dict.fromkeys((*trusted, *between)) if _may_issue(ca, at)]
        self._left = self._policy.most_issuers_tried

    def chains(self, below: Chain) -> Iterator[Chain]:
        """The complete chains that begin with ``below``."""
        if len(below) > self._policy.most_authorities:
            return
        for ca in self._above:
            # The same authority twice leads nowhere, under another certificate neither (RFC 4158 5.2).
            if ca.subject != below[-1].issuer or any(_same(ca, one) for one in below):
                continue
            if self._issued(below[-1], ca):
                yield from ((*below, ca),) if ca in self._trusted else self.chains((*below, ca))

    def _issued(self, certificate: x509.Certificate, ca: x509.Certificate) -> bool:
        self._left -= 1
        return self._left >= 0 and self._counts(certificate, ca)

    def _counts(self, certificate: x509.Certificate, ca: x509.Certificate) -> bool:
        try:
            if not self._policy.counts(certificate, ca):
                return False
            certificate.verify_directly_issued_by(ca)
        except (InvalidSignature, *MALFORMED):
            return False
        return True


def _same(one: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether both are of one authority: its name and its key."""
    return one.subject == other.subject and one.public_key() == other.public_key()


def _may_issue(authority: x509.Certificate, moment: datetime) -> bool:
    try:
        if not authority.not_valid_before_utc <= moment <= authority.not_valid_after_utc:
            return False
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, *MALFORMED):
        return False
    return constraints.ca and usage.key_cert_sign
