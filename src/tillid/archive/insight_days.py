"""By which day a case of insight must be answered, how far that day can be moved, and how long a closed case is kept. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from tillid.archive.retention import after, due_day
from tillid.archive.retention_rules import our_rules
from tillid.archive.working_days import after_working_days

Basis = Literal["gdpr", "aktindsigt", "partsindsigt"]
WORKING_DAYS = 7
# GDPR art. 12(3): two further months. The Danish acts name no last day; a year is where a slip of the pen begins.
LONGEST: dict[Basis, str] = {"gdpr": "P3M", "aktindsigt": "P1Y", "partsindsigt": "P1Y"}


class Prolonged(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_prolonged``. ``reason`` and ``told``: why, and how who asks was told of both."""

    until: date
    reason: str
    told: str


class InsightStone(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_forgotten``: all that stays of a case whose period is over. Of nobody: no name, no reason, nothing that was
    found. ``outcome``: how it was closed; ``rule``, ``rules``: by which rule, and the digest of all of them."""

    number: str
    basis: Basis
    outcome: str
    asked_on: date
    closed_on: date
    rule: str
    rules: str


def answer_day(basis: Basis, asked_on: date) -> date:
    """A month after it came (GDPR art. 12(3)), or seven working days (offentlighedsloven § 36, forvaltningsloven § 16). A month
    that ends on a holiday is not made longer here."""
    return after(asked_on, "P1M") if basis == "gdpr" else after_working_days(asked_on, WORKING_DAYS)


def latest_day(basis: Basis, asked_on: date) -> date:
    """The last day it can be prolonged to, counted from when it came. Who asks must be told before ``answer_day`` is over."""
    return after(asked_on, LONGEST[basis])


def forgotten_on(closed_on: date) -> date:
    """The first day on which a case closed then has had its period."""
    day = due_day(our_rules().of_kind("insight"), {"insight_closed": closed_on})
    assert day is not None, "its trigger has happened"
    return day
