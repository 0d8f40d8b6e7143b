"""The certificates and revocation lists that a record at level LT carries: read, and asked whether they belong to it.

Anybody can add to what no signature covers. What would stand there for nothing is refused, so that a file holds what its level
needs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.signatures.answers import Answer, read_answer, signer_of
from tillid.signatures.long_term_xades import Parts
from tillid.signatures.plain import certificates_in
from tillid.signatures.revocation import CRL, Told, is_list_of
from tillid.signatures.timestamp_token import TokenRefused, read_token
from tillid.signatures.trust import Trust
from tillid.signatures.verify import shown_by


class ValuesRefused(Exception):
    """``step``: a step code of ``verdict.REASONS``."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """``shown``: the certificates of KeyInfo, the seal's first; ``lists``: where any came along (or answers), those that must
    speak of every certificate: what is inside stands alone, what lies beside is read with the trust's own."""

    shown: tuple[x509.Certificate, ...]
    lists: tuple[Told, ...] | None = None


def values_of(held: Parts, trust: Trust, beside: Sequence[bytes] = ()) -> Values:
    """What ``held`` (a record that was verified) and ``beside`` carry. Raises ``ValuesRefused`` for what cannot be read or
    belongs to neither the seal's chain nor the timestamp's."""
    shown = key_info(held.record)
    if not (held.lists or held.answers or beside):
        return Values(shown=shown)
    carried = [_read(x509.load_der_x509_certificate, one, "longterm.certificate") for one in held.certificates]
    anchors = (*trust.authorities, *trust.stampers)
    chain = _chain([*shown, *_of_token(held.token)], carried)
    # A root's own signature is part of its bytes: unasked, they could be changed and the chain would hold.
    if any(one not in anchors and not any(_issued(one, ca) for ca in chain) for one in carried):
        raise ValuesRefused("longterm.certificate")
    inside: list[Told] = [_list(one, chain) for one in held.lists]
    inside += [_answer(one, chain) for one in held.answers]
    outside = [_list(one, (*chain, *anchors)) for one in beside]
    return Values(shown=shown, lists=(*inside, *outside) if inside else (*outside, *trust.told))


def key_info(record: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates that a record shows which ``verify`` has let through, the seal's first. Raises ``ValueError``."""
    shown = shown_by(certificates_in(record))
    if shown is None:
        raise ValueError("no sealed record")
    return shown.certificates


def _of_token(token: bytes | None) -> tuple[x509.Certificate, ...]:
    try:
        return read_token(token).certificates if token else ()
    except TokenRefused:
        return ()  # the timestamp's own verdict says what is wrong


def _chain(known: list[x509.Certificate], carried: list[x509.Certificate]) -> list[x509.Certificate]:
    """``known`` and ``carried``, each of which must be new and the issuer of one that is in it already."""
    waiting = list(carried)
    while waiting:
        above = next((ca for ca in waiting if ca not in known and any(_issued(one, ca) for one in known)), None)
        if above is None:
            raise ValuesRefused("longterm.certificate")
        waiting.remove(above)
        known = [*known, above]
    return known


def _issued(one: x509.Certificate, ca: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(ca)
    except Exception:  # InvalidSignature, or whatever is met in a certificate that is not what it seems
        return False
    return True


def _list(der: bytes, issuers: Sequence[x509.Certificate]) -> CRL:
    found = _read(x509.load_der_x509_crl, der, "longterm.list")
    if not any(is_list_of(found, one) for one in issuers):
        raise ValuesRefused("longterm.list")
    return found


def _answer(der: bytes, chain: Sequence[x509.Certificate]) -> Answer:
    """Of an authority in the chain, about one below it; what lies in it beside must be who signed it, or of the chain."""
    found: Answer = _read(read_answer, der, "longterm.list")
    signers = (signer_of(found, one, ca) for one in chain for ca in chain if one != ca)
    signer = next((one for one in signers if one is not None), None)
    if signer is None or any(one != signer and one not in chain for one in found.certificates):
        raise ValuesRefused("longterm.list")
    return found


def _read(reader: Callable[[bytes], Any], der: bytes, step: str) -> Any:
    """Only the one spelling of what it is: no byte behind it, nothing that is read otherwise than it is written."""
    try:
        found = reader(der)
        same = found.public_bytes(Encoding.DER) == der
    except Exception:  # parsers raise whatever they meet in bytes that are not what they seem
        raise ValuesRefused(step) from None
    if not same:
        raise ValuesRefused(step)
    return found
