"""Timestamps by an authority of its own (RFC 3161): the question, the answer, and what a token is worth.

Time enters as values: ``at`` is the moment a token is judged for. Nothing here asks anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tillid.signatures.chains import Chain
from tillid.signatures.revocation import Told, objection
from tillid.signatures.times import clock_skew
from tillid.signatures.timestamp_token import MAX_BYTES, Token, TokenRefused, read_token
from tillid.signatures.trust import Trust

ALGORITHM = "sha256"  # of the imprint, unless the caller wants a stronger one; never what somebody else chose for us
_HARMLESS = (
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.affiliation_changed,
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
)
# What it means that nobody trusted stands behind a token, or somebody who may not (``ways.Lack``).
_LACKS = {"missing": "timestamp.authority", "purpose": "timestamp.chain-purpose", "refused": "timestamp.chain"}
_GRANTED = ("granted", "granted_with_mods")


class _Response(core.Sequence):
    """RFC 3161 2.4.2; the library's own does not know that a refusal comes without a token."""

    _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What a token is worth. ``step``: ``ok`` or a step code of ``verdict.REASONS`` (``timestamp.…``); the rest is empty when
    the token could not be read. ``moment``: what was stamped existed then."""

    step: str
    moment: datetime | None = None
    authority: str = ""
    policy: str = ""
    serial: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything held."""
        return self.step == "ok"


def query(imprint: str, nonce: int, policy: str = "", algorithm: str = ALGORITHM) -> bytes:
    """The request (RFC 3161 2.4.1) for ``imprint``, a digest by ``algorithm`` in hexadecimal; ``policy``: an OID to be asked
    for. The certificate is asked for: a token must be verifiable when the authority is gone."""
    asked: dict[str, object] = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
            "hashed_message": bytes.fromhex(imprint),
        },
        "nonce": nonce,
        "cert_req": True,
    }
    if policy:
        asked["req_policy"] = policy
    return tsp.TimeStampReq(asked).dump()


def answered(
    response: bytes,
    imprint: str,
    nonce: int,
    trust: Trust,
    *,
    at: datetime,
    policies: Sequence[str] = (),
    algorithm: str = ALGORITHM,
) -> Token:
    """The token in an authority's answer to ``query``, worth keeping. Raises ``TokenRefused``."""
    token = read_token(_granted(response))
    if token.nonce != nonce:
        raise TokenRefused("timestamp.nonce")
    if policies and token.policy not in policies:
        raise TokenRefused("timestamp.policy")
    if (step := _worth(token, (algorithm, imprint), trust, at)) != "ok":
        raise TokenRefused(step)
    if token.moment < at - clock_skew():
        raise TokenRefused("timestamp.past")  # a clock that is slow, or an old answer
    return token


def judge(
    der: bytes,
    imprint: str,
    trust: Trust,
    *,
    at: datetime,
    algorithm: str = ALGORITHM,
    lists: Sequence[Told] | None = None,
) -> Stamp:
    """What the token ``der`` is worth at ``at`` for what has the digest ``imprint`` by ``algorithm``. ``lists``: revocation
    lists that came along; given, there must be one for each certificate behind the token. Never raises for anything in ``der``."""
    try:
        token = read_token(der)
    except TokenRefused as refused:
        return Stamp(step=refused.step)
    return judge_read(token, imprint, trust, at=at, algorithm=algorithm, lists=lists)


def judge_read(
    token: Token,
    imprint: str,
    trust: Trust,
    *,
    at: datetime,
    algorithm: str = ALGORITHM,
    lists: Sequence[Told] | None = None,
) -> Stamp:
    """``judge`` of a token that was read: reading is half of the work, and evidence holds hundreds."""
    return Stamp(
        step=_worth(token, (algorithm, imprint), trust, at, lists),
        moment=token.moment,
        authority=token.leaf.subject.rfc4514_string(),
        policy=token.policy,
        serial=f"{token.serial:x}",
    )


def _granted(response: bytes) -> bytes:
    """The token's own bytes in a response (RFC 3161 2.4.2)."""
    if len(response) > MAX_BYTES:
        raise TokenRefused("timestamp.unreadable")
    try:
        answer = _Response.load(response, strict=True)
        if answer["status"]["status"].native not in _GRANTED:
            raise TokenRefused("timestamp.refused")
        return answer["token"].dump()
    except TokenRefused:
        raise
    except Exception:  # as in ``read_token``
        raise TokenRefused("timestamp.unreadable") from None


def _worth(
    token: Token, imprint: tuple[str, str], trust: Trust, at: datetime, lists: Sequence[Told] | None = None
) -> str:
    """The first objection, or ``ok``."""
    try:
        return _objection(token, imprint, trust, at, lists) or "ok"
    except Exception:  # certificates that came with the token are read here for the first time
        return "timestamp.unreadable"


def _objection(
    token: Token, imprint: tuple[str, str], trust: Trust, at: datetime, lists: Sequence[Told] | None
) -> str | None:
    if (token.algorithm, token.imprint) != imprint:
        return "timestamp.imprint"
    if not _may_stamp(token.leaf):
        return "timestamp.usage"
    if token.moment > at + clock_skew():
        return "timestamp.future"
    if not _valid(token.leaf, token.moment):
        return "timestamp.outside"
    ended = not _valid(token.leaf, at) or not trust.stamps(token.leaf, token.certificates, at)

    def against(way: Chain) -> str | None:
        return "timestamp.expired" if ended else _revoked(way, token, trust, at, lists)

    way = trust.stamp_way(token.leaf, token.certificates, token.moment, against)
    return _LACKS[way.lack] if way.lack else way.against


def _revoked(way: Chain, token: Token, trust: Trust, at: datetime, lists: Sequence[Told] | None) -> str | None:
    """RFC 3161 4: what an authority stamped before it was revoked counts still if the list says that the reason is harmless;
    else, whoever has its key can write any moment."""
    known = (*trust.told, *(lists or ()))
    found = objection(way, known, proven=token.moment, at=at)
    if found is None and lists is not None:
        found = objection(way, lists, proven=token.moment, at=at, required=True)
    if found is not None:
        return "timestamp.revoked" if found.state == "revoked" else f"revocation.{found.state}"
    since = objection(way, known, proven=at, at=at)
    return None if since is None or since.reason in _HARMLESS else "timestamp.revoked"


def _may_stamp(leaf: x509.Certificate) -> bool:
    """RFC 3161 2.3: extended key usage is critical and is timeStamping alone."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _valid(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc
