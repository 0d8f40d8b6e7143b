"""Whether a chain of certificates holds by all that its certificates say of each other: RFC 5280, section 6.1.

The rules are a library's (``pyhanko-certvalidator``, which our PDF library brings): names, lengths, policies, critical extensions. It is given
one chain and builds none, fetches nothing and judges no revocation; those are ``ways`` and ``revocation``.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers, derive_quals_from_cert
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.validate import async_validate_path

Chain = tuple[x509.Certificate, ...]


@lru_cache(maxsize=256)
def holds(chain: Chain) -> bool:
    """Whether ``chain`` (the first certificate first, the trusted one last) holds at the moments at which all its certificates do. A function
    of the certificates alone; moments are asked about by ``ways``. Never raises for anything in a certificate."""
    try:
        leaf, *between, anchor = (asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in chain)
        path = ValidationPath(CertTrustAnchor(anchor, _bounds(anchor)), interm=reversed(between), leaf=leaf)
        _now(async_validate_path(_context(max(one.not_valid_before_utc for one in chain)), path))
    except Exception:  # one of the library's many errors, or whatever is met in a certificate that is not what it seems
        return False
    return True


def _bounds(anchor: asn1.Certificate) -> TrustQualifiers:
    """Names and length that a trusted authority says of itself bind those below it, too (RFC 5937 3). Not its policies: on the trust list it
    stands for a use, whatever it calls that."""
    found = derive_quals_from_cert(anchor)
    # The library counts a second length, of attribute authorities, and falls over where the first is said and that is not.
    found = replace(found, max_aa_path_length=found.max_path_length)
    if found.standard_parameters is None:
        return found
    named = replace(
        found.standard_parameters, user_initial_policy_set=frozenset(["any_policy"]), initial_explicit_policy=False
    )
    return replace(found, standard_parameters=named)


def _context(moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[],
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=NO_REVOCATION),
    )


def _now(work: Coroutine[Any, Any, Any]) -> None:
    """Runs what the library means for an event loop. It has nothing to wait for here: nothing is fetched."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("waits for something")
