"""Freezing a record at level LT: with all that a stranger needs to judge it when its authorities are gone.

``freeze(record, token, trust, *, at, lists=()) -> bytes`` is what an evidence record (RFC 4998) is made over: the file, whole and
in one spelling; hash those very bytes. ``verify_timed`` judges it as any other file.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.kernel.errors import TillidError
from tillid.signatures.answers import Answer
from tillid.signatures.chains import Chain
from tillid.signatures.long_term_xades import with_long_term
from tillid.signatures.revocation import Objection, Told, newest, objection
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_token import TokenRefused, read_token
from tillid.signatures.trust import Trust
from tillid.signatures.values import key_info


def freeze(record: bytes, token: bytes, trust: Trust, *, at: datetime, lists: Iterable[bytes] = ()) -> bytes:
    """``record`` and its timestamp ``token`` at level LT, with the chains that ``trust`` knows and for each certificate the
    newest list or answer up to ``at`` among the trust's own and ``lists`` (DER). What is made has passed ``verify_timed`` at ``at``.

    Raises ``TillidError`` (``longterm.incomplete``; the detail is the step of the verdict): there is no list yet, it is too old,
    the seal was revoked before the timestamp, or the record does not pass anyway."""
    found = verify_timed(record, trust, at=at, token=token)
    if not found.passed:
        incomplete(found.step)
    try:
        stamp = read_token(token)
        given = [*trust.told, *(x509.load_der_x509_crl(one) for one in lists)]
    except (TokenRefused, ValueError) as error:
        incomplete(str(error))
    shown = key_info(record)
    against = objecting(given, stamp.moment, at)
    ways = (
        trust.seal_way(shown[0], stamp.moment, against),
        trust.stamp_way(stamp.leaf, stamp.certificates, stamp.moment, against).chain,
    )
    missing = {one for way in ways for one in way}.difference(shown, stamp.certificates)
    made = with_news(record, token, missing, ways, given, at)
    found = verify_timed(made, trust, at=at)
    return made if found.passed else incomplete(found.step)


def objecting(told: Sequence[Told], proven: datetime, at: datetime) -> Callable[[Chain], Objection | None]:
    """What ``told`` has against a way that must be frozen: it has to speak of every certificate."""
    return lambda way: objection(way, told, proven=proven, at=at, required=True)


def with_news(
    signed: bytes, token: bytes, missing: Iterable[x509.Certificate], asked: Iterable[Chain], told: Iterable[Told], at: datetime
) -> bytes:  # fmt: skip
    """``signed`` at level LT with the certificates that are ``missing`` in it and its ``token``, and the newest of ``told`` about each certificate of
    the ways ``asked`` about. Raises as ``freeze`` where there is none at all."""
    pairs = [pair for way in asked for pair in itertools.pairwise(way)]
    held = [one for pair in pairs if (one := newest(*pair, told, at)) is not None]
    if not held:
        incomplete("revocation.missing")
    answers = [one for one in held if isinstance(one, Answer)]
    lists = [one for one in held if not isinstance(one, Answer)]
    return with_long_term(signed, token, *([der(one) for one in kind] for kind in (missing, lists, answers)))


def der(one: x509.Certificate | Told) -> bytes:
    """Its bytes."""
    return one.public_bytes(Encoding.DER)


def incomplete(detail: str) -> NoReturn:
    """Raises what ``freeze`` raises."""
    raise TillidError(
        detail,
        code="longterm.incomplete",
        text="Posten kan ikke gøres klar til langtidsbevaring endnu: Der mangler oplysninger om certifikaterne.",
    )
