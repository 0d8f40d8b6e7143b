"""Whom a login proved: the parent or the young person of the register, found by CPR number (R-41, R-102, R-105).

The pseudonym of a login is no key: it can change (R-105). The number finds the person and is forgotten; what stays is the evidence.
"""

from __future__ import annotations

import msgspec

from tillid.consents.login import require_assured
from tillid.consents.model import LoginEvidence
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.ports import LedgerView
from tillid.usecases.ports_login import Proven
from tillid.usecases.whose_consent import as_registered


class NotRecognised(TillidError):
    """Proven, and nobody whom this register knows; the same for a child that does not decide itself yet."""

    code = "login.not-recognised"
    text = "Du er logget ind med MitID, men der er ikke noget til dig her. Ring til kommunen, hvis det er forkert."


def evidence_of(proven: Proven) -> LoginEvidence:
    """What stands in records and events of ``proven``: everything but the CPR number is bound by digest."""
    said = msgspec.to_builtins(msgspec.structs.replace(proven, cpr=""))
    return LoginEvidence(
        issuer=proven.issuer,
        subject=proven.subject,
        provider=proven.provider,
        loa=proven.loa,
        auth_time=proven.auth_time,
        evidence_sha256=json_digest(said),
    )


def recognised(house: LedgerView, proven: Proven) -> Identity:
    """Who ``proven`` is here, without a session. Raises ``NotAssured``, and ``NotRecognised`` for everybody else."""
    evidence = require_assured(evidence_of(proven))
    who = as_registered(house, house.people.person_by_cpr(proven.cpr) or "") if proven.cpr else None
    if who is None:
        raise NotRecognised("no such person, or no number")
    return msgspec.structs.replace(who, login=evidence)
