"""A person's own signature for long life (ADR 0079): frozen with its timestamp and what is known of the certificates, as a record is,
and judged as of the moment that renewed evidence proves.

The certificate that it was set with may have lived for minutes; whoever issued it need not be there any more.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from cryptography import x509

from tillid.kernel.clock import parse_instant
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.answers import read_answer
from tillid.signatures.engines import Engine
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.long_term import incomplete, objecting, with_news
from tillid.signatures.long_term_xades import Parts, parts
from tillid.signatures.personal import Expected, enveloped, personal_moment, verify_personal
from tillid.signatures.personal_policy import personal_policy
from tillid.signatures.personal_profile import certificates_in
from tillid.signatures.personal_verdict import personal_verdict
from tillid.signatures.receipt_verify import OwnSigned, frozen_of, with_evidence
from tillid.signatures.revocation import Told
from tillid.signatures.timestamp_token import read_token
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.xml import parse


def freeze_personal(signature: bytes, token: bytes, trust: Trust, *, at: datetime) -> bytes:
    """``signature`` and its timestamp ``token`` at level LT: with the ways that ``trust`` knows from the person's certificate and from the
    timestamp's, and the newest lists of each that is asked about. What is made has passed at ``at``.

    Raises ``TillidError`` (``longterm.incomplete``; the detail is the step of the verdict)."""
    about = enveloped(signature)
    if about is None:
        incomplete("personal.shape")
    found = verify_personal(signature, about, trust, at=at, token=token)
    if not found.passed:
        incomplete(found.step)
    stamp, chain = read_token(token), certificates_in(parse(signature))
    against, asked_about = objecting(trust.told, stamp.moment, at), personal_policy().asked_about
    person = trust.person_way(
        chain[0], chain[1:], personal_moment(signature), lambda way: against(asked_about(way))
    ).chain
    way = trust.stamp_way(stamp.leaf, stamp.certificates, stamp.moment, against).chain
    missing = {*person, *way}.difference(chain, stamp.certificates)
    made = with_news(signature, token, missing, (asked_about(person), way), trust.told, at)
    found = _judged(parts(made), about, trust, at)
    return made if found.passed else incomplete(found.step)


def verify_personal_evidenced(
    evidence: bytes,
    frozen: bytes,
    expected: Expected,
    trust: Trust,
    algorithms: Algorithms,
    *,
    at: datetime,
    second: Engine | None = None,
) -> Verdict:
    """The verdict at ``at`` on the ``frozen`` signature with its evidence (``.er``). Never raises for anything in either.

    Passed: the evidence holds, and the signature passes as of the moment that it proves."""
    proof = verify_evidence(evidence, frozen, trust, algorithms, at=at)
    if not proof.passed:
        return proof
    found = _judged(parts(frozen), expected, trust, parse_instant(proof.details["proven_at"]), second)
    limits = dict.fromkeys((*found.does_not_prove, *proof.does_not_prove))
    return msgspec.structs.replace(found, details=found.details | proof.details, does_not_prove=tuple(limits))


def verify_own(
    own: OwnSigned, expected: Expected, trust: Trust, algorithms: Algorithms, *, at: datetime, second: Engine | None = None
) -> Verdict:  # fmt: skip
    """The verdict on a signature with all that lies beside it. Evidence that is about another one is a forgery. ``second``: another engine."""
    found = verify_personal(own.signature, expected, trust, at=at, token=own.token, second=second)
    if own.frozen is None or own.evidence is None or found.status not in ("passed", "indeterminate"):
        return found
    if not frozen_of(own.frozen, own.signature, own.token):
        return personal_verdict("personal.other-evidence", found.details)
    proof = verify_personal_evidenced(own.evidence, own.frozen, expected, trust, algorithms, at=at, second=second)
    return with_evidence(found, proof)


def verify_frozen_personal(
    data: bytes,
    trust: Trust,
    *,
    at: datetime,
    token: bytes | None = None,
    about: Expected | None = None,
    second: Engine | None = None,
) -> Verdict:
    """The verdict at ``at`` on a file at level B, T or LT: about the record in it, unless ``about`` says what it has to be about. ``token``: the
    timestamp that lies beside a file without one. Never raises for anything in either."""
    held = parts(data)
    about = about or enveloped(held.record)
    if about is None:
        return personal_verdict("personal.shape")
    return _judged(held if held.token else msgspec.structs.replace(held, token=token), about, trust, at, second)


def _judged(held: Parts, expected: Expected, trust: Trust, at: datetime, second: Engine | None = None) -> Verdict:
    try:
        between = [x509.load_der_x509_certificate(one) for one in held.certificates]
        told: list[Told] = [*map(x509.load_der_x509_crl, held.lists), *map(read_answer, held.answers)]
    except Exception:  # parsers raise whatever they meet in bytes that are not what they seem
        return personal_verdict("personal.shape")
    return verify_personal(
        held.record, expected, trust, at=at, token=held.token, between=between, lists=told or None, second=second
    )
