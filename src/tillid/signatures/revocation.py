"""What authorities' revocation lists (RFC 5280 5) and answers (RFC 6960, ``answers``) say about the certificates of a chain. Pure:
lists and moments are given; where lists are spoken of, answers are meant too.

``proven``: the moment when the signature is known to have existed; ``at``: the moment that is judged for. What was revoked
after ``proven`` is no doubt; a list counts for it when its next one was due later (EN 319 102-1 5.2.5, 5.2.6).
A certificate on hold counts as revoked.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
from asn1crypto import core
from cryptography import x509

from tillid.signatures.answers import Answer, keeps, knows, revoked_since, signer_of
from tillid.signatures.chain_policy import chain_policy
from tillid.signatures.times import clock_skew

CRL = x509.CertificateRevocationList
Told = CRL | Answer
State = Literal["revoked", "missing", "old", "bounds"]
_EXPIRED_ON_LIST = "2.5.29.60"  # ExpiredCertsOnCRL (X.509 9.5.2.8): the list keeps certificates that have run out


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against a chain. ``revoked``: since when and why; ``missing``: no list speaks of it; ``old``: the newest
    one was to be followed by another before ``proven``; ``bounds``: made outside the time of its certificates. ``leaf``:
    whether it is about the chain's first certificate."""

    state: State
    leaf: bool
    since: datetime | None = None
    reason: x509.ReasonFlags | None = None

    def means(self, claimed: datetime) -> str:
        """What a revocation means for a signature that itself says ``claimed``: it admits to be later, or could be. The end of a step code."""
        if not self.leaf:
            return "authority-revoked"
        admitted = self.since is not None and self.since <= claimed
        return "revoked" if admitted else "revoked-no-proof"


def objection(
    way: Sequence[x509.Certificate], lists: Iterable[Told], *, proven: datetime, at: datetime, required: bool = False
) -> Objection | None:
    """The first objection to a chain (its root last, which is trusted by itself), or ``None``; a revocation before all others.
    Without ``required`` nothing else is one. Raises whatever the parser meets in lists that are not what they seem."""
    held = [one for one in lists if made_at(one) <= at + clock_skew()]
    found = earliest(namings(way, held), proven)
    if found is not None or not required:
        return found
    for place, (certificate, issuer) in enumerate(itertools.pairwise(way)):
        speaking = [one for one in held if _may_speak(one, certificate) and speaks(one, certificate, issuer)]
        if lack := _lack(certificate, issuer, speaking, proven):
            return msgspec.structs.replace(lack, leaf=place == 0)
    return None


def namings(way: Sequence[x509.Certificate], held: Sequence[Told]) -> tuple[Objection, ...]:
    """For each certificate of a chain that any of ``held`` names, the earliest revocation, the chain's first certificate first.
    Raises as ``objection``. A function of certificates and lists alone, so it can be remembered."""
    found = []
    for place, (certificate, issuer) in enumerate(itertools.pairwise(way)):
        # A list that does not name it need not be checked.
        naming = [one for one in held if _may_speak(one, certificate) and _entry(one, certificate)]
        entries = [_entry(one, certificate) for one in naming if speaks(one, certificate, issuer)]
        if known := sorted((entry for entry in entries if entry is not None), key=lambda pair: pair[0]):
            since, reason = known[0]
            found.append(Objection(state="revoked", leaf=place == 0, since=since, reason=reason))
    return tuple(found)


def earliest(named: Sequence[Objection], proven: datetime) -> Objection | None:
    """The first of ``namings`` that was not after ``proven``."""
    return next((one for one in named if one.since is not None and one.since <= proven), None)


def made_at(one: Told) -> datetime:
    """When the authority said it."""
    return one.this_update_utc if isinstance(one, Answer) else one.last_update_utc  # type: ignore[return-value]


def speaks(one: Told, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``one`` is a list or answer of ``issuer`` that speaks of ``certificate``: whole, direct, with no unknown condition."""
    if isinstance(one, Answer):
        return knows(one) and signer_of(one, certificate, issuer) is not None
    return certificate.issuer == issuer.subject and is_list_of(one, issuer) and _in_scope(one, certificate)


def is_list_of(one: CRL, issuer: x509.Certificate) -> bool:
    """Whether ``issuer`` may sign lists and has signed this one, by a method that counts."""
    try:
        may = issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
        counts = chain_policy().counts(one, issuer)
        return bool(may and counts and one.issuer == issuer.subject and one.is_signature_valid(issuer.public_key()))  # type: ignore[arg-type]
    except Exception:  # no key usage, a key of another kind, or whatever is met in what is not what it seems
        return False


def newest(certificate: x509.Certificate, issuer: x509.Certificate, lists: Iterable[Told], at: datetime) -> Told | None:
    """The newest list or answer of ``issuer`` up to ``at`` that speaks of ``certificate``."""
    found = [one for one in lists if made_at(one) <= at + clock_skew() and speaks(one, certificate, issuer)]
    return max(found, key=made_at, default=None)


def _may_speak(one: Told, certificate: x509.Certificate) -> bool:
    if isinstance(one, Answer):
        return one.serial_number == certificate.serial_number
    return one.issuer == certificate.issuer


def _in_scope(one: CRL, certificate: x509.Certificate) -> bool:
    """RFC 5280 5.2: no delta, no other condition than an issuing distribution point that takes this certificate in."""
    authority = _is_authority(certificate)
    for extension in one.extensions:
        point = extension.value
        if not extension.critical:
            continue
        if not isinstance(point, x509.IssuingDistributionPoint):
            return False
        if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
            return False
        if (point.only_contains_ca_certs and not authority) or (point.only_contains_user_certs and authority):
            return False
        if point.relative_name or (point.full_name and not set(point.full_name) & _addresses(certificate)):
            return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _addresses(certificate: x509.Certificate) -> set[x509.GeneralName]:
    """Where the certificate says that its issuer's list lies."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or ()}


def _entry(one: Told, certificate: x509.Certificate) -> tuple[datetime, x509.ReasonFlags | None] | None:
    """Since when ``one`` says that the certificate is revoked, and why."""
    if isinstance(one, Answer):
        return revoked_since(one)
    entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return None if entry is None else (_since(entry), _reason(entry))


def _since(entry: x509.RevokedCertificate) -> datetime:
    """When it was revoked, or the earlier moment since when the key was no longer safe (RFC 5280 5.3.2)."""
    try:
        unsafe = entry.extensions.get_extension_for_class(x509.InvalidityDate).value.invalidity_date_utc
    except x509.ExtensionNotFound:
        return entry.revocation_date_utc
    return min(unsafe, entry.revocation_date_utc)


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _lack(
    certificate: x509.Certificate, issuer: x509.Certificate, speaking: Sequence[Told], proven: datetime
) -> Objection | None:
    """Why no list says that the certificate was good at ``proven``; ``None`` if one does."""
    if not speaking:
        return Objection(state="missing", leaf=False)
    fresh = [one for one in speaking if _until(one) >= proven]
    if not fresh:
        return Objection(state="old", leaf=False)
    if not any(_inside(one, certificate, issuer) for one in fresh):
        return Objection(state="bounds", leaf=False)
    return None


def _until(one: Told) -> datetime:
    """When a newer one was due. An answer without it was the newest when it was given (RFC 6960 4.2.2.1); a list must say."""
    return one.next_update_utc or (made_at(one) if isinstance(one, Answer) else datetime.min.replace(tzinfo=UTC))


def _inside(one: Told, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the list was made while its issuer's certificate held, and while the certificate would have stood in it."""
    made = made_at(one)
    if not issuer.not_valid_before_utc <= made <= issuer.not_valid_after_utc:
        return False
    return made <= certificate.not_valid_after_utc or _keeps(one, certificate.not_valid_after_utc)


def _keeps(one: Told, ended: datetime) -> bool:
    """Whether the list still names what ran out at ``ended``."""
    if isinstance(one, Answer):
        return keeps(one, ended)
    values = [extension.value for extension in one.extensions if extension.oid.dotted_string == _EXPIRED_ON_LIST]
    since = [core.GeneralizedTime.load(value.value, strict=True).native for value in values]
    return any(moment <= ended for moment in since)
