"""From a certificate to one that is trusted (RFC 5280). Pure: certificates and a moment are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from tillid.signatures.readable import MALFORMED

MAX_CHAIN = 4


def way_of_seal(
    authorities: Sequence[x509.Certificate], leaf: x509.Certificate, inside: datetime
) -> tuple[x509.Certificate, ...]:
    """The certificates from ``leaf`` to a self-signed one of ``authorities``, both included, at the moment ``inside``; none where there
    is no way."""
    roots = [ca for ca in authorities if ca.subject == ca.issuer]
    between = [ca for ca in authorities if ca.subject != ca.issuer]
    try:
        policy = (
            PolicyBuilder()
            .store(Store(roots))
            .time(inside)
            .max_chain_depth(MAX_CHAIN)
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
        )
        chain = policy.build_client_verifier().verify(leaf, between).chain
        return tuple(chain) if all(_may_name(ca, leaf) for ca in chain[1:]) else ()
    except (VerificationError, ValueError):
        return ()


def way_by(
    trusted: tuple[x509.Certificate, ...], leaf: x509.Certificate, between: tuple[x509.Certificate, ...], at: datetime
) -> tuple[x509.Certificate, ...]:
    """The certificates from ``leaf`` to one of ``trusted``; none where there is no way at ``at``."""
    way = [leaf]
    for below in range(MAX_CHAIN):
        issuer = next((ca for ca in trusted if _issued(way[-1], ca, at, below)), None)
        if issuer is not None:
            return (*way, issuer)
        above = next((ca for ca in between if _issued(way[-1], ca, at, below)), None)
        if above is None:
            return ()
        way.append(above)
    return ()


def _may_name(authority: x509.Certificate, leaf: x509.Certificate) -> bool:
    """Whether the name constraints of ``authority`` allow the subject of ``leaf`` (RFC 5280, 4.2.1.10: a directory name is
    allowed by its beginning). The library looks at alternative names only, and a seal has none."""
    try:
        found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return True

    def within(names: list[x509.GeneralName] | None) -> list[bool]:
        own = leaf.subject.rdns
        bases = [one.value.rdns for one in names or () if isinstance(one, x509.DirectoryName)]
        return [own[: len(base)] == base for base in bases]

    permitted = within(found.permitted_subtrees)
    return (not permitted or any(permitted)) and not any(within(found.excluded_subtrees))


def _issued(certificate: x509.Certificate, authority: x509.Certificate, moment: datetime, below: int = 0) -> bool:
    """Whether ``authority`` may issue and has issued ``certificate``, with ``below`` authorities between it and the leaf."""
    if not authority.not_valid_before_utc <= moment <= authority.not_valid_after_utc:
        return False
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, x509.ExtensionNotFound, *MALFORMED):
        return False
    deep_enough = constraints.path_length is None or constraints.path_length >= below
    return constraints.ca and usage.key_cert_sign and deep_enough
