"""Which legal basis a transition rests on, and how long a consent may last (R-01, R-19, R-31, R-41)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tillid.consents.model import Basis
from tillid.consents.of_age import of_age_on
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import TillidError

CONSENT_BASES = frozenset({"samtykke_gdpr", "samtykke_sundhed"})
SCHOOL_TRANSITIONS = frozenset({"bh_sk", "sk_sk", "ind_mel"})
MAX_HEALTH_DAYS = 365
TOLD_AHEAD = 90  # days: time for a talk with the young person and one with the parents


class NotByConsent(TillidError):
    """Who is not asked for a consent must not be led to believe it (R-01)."""

    code = "transition.not-by-consent"
    text = (
        "Denne overgang er sat til et andet grundlag end samtykke ({basis}). Forældrene skal orienteres, og det er en leder, "
        "der beslutter at give oplysninger videre."
    )


class BasisNotAllowed(TillidError):
    code = "transition.basis-not-allowed"
    text = "Kommunens indstilling for overgangen passer ikke til formularen. Tal med jeres administrator."


def basis_for(transition: str, definition: FormDefinition, setting: Mapping[str, str]) -> Basis:
    """The one basis of ``transition``: the municipality's setting, which the form version must allow (R-01).

    Health visitors always hand over on consent by sundhedsloven. Raises ``BasisNotAllowed``, or ``NotByConsent`` for
    a basis other than consent.
    """
    code = basis_code(transition, setting)
    if code not in definition.allowed_bases:
        raise BasisNotAllowed(f"{code} for {transition}")
    if code not in CONSENT_BASES:
        raise NotByConsent(f"{code} for {transition}", basis=_label(definition, code))
    return Basis(code=code, provision=_label(definition, code))


def basis_code(transition: str, setting: Mapping[str, str]) -> str:
    """The code of the basis; consent where the municipality has set nothing (R-01)."""
    return "samtykke_sundhed" if transition == "sp_dp" else setting.get(transition, "samtykke_gdpr")


def decided_basis(
    ground: str, provision: str, transition: str, definition: FormDefinition, setting: Mapping[str, str]
) -> Basis:
    """The basis of a leader's decision (design 14): the guideline where the municipality has set it for ``transition``, or the
    ``provision`` of law that the leader names. Raises ``BasisNotAllowed`` where form or setting say otherwise."""
    code = "retningslinje" if ground == "guideline" else "lov"
    if code not in definition.allowed_bases or code == "retningslinje" != basis_code(transition, setting):
        raise BasisNotAllowed(f"{code} for {transition}")
    return Basis(code=code, provision=provision if code == "lov" else _label(definition, code))


def decided_until(start: object, today: date, months: int) -> date:
    """The last day of a leader's decision: as long as a consent could last, and never without an end (R-19)."""
    begins = date.fromisoformat(start) if isinstance(start, str) and start else today
    return _add_months(max(begins, today), months)


def _label(definition: FormDefinition, code: str) -> str:
    choices = {choice.code: choice.label for choice in definition.code_list("hjemmel").choices}
    return choices.get(code, code)


def last_day(start: date | None, today: date, months: int, basis: Basis, born: date) -> date:
    """ "Til og med": ``months`` after the transition, for health consent at most a year from today (R-19). What parents say never runs into
    the day on which the child decides itself; what the child says from that day on, as long as a parent's could (R-41)."""
    wanted = _add_months(max(start or today, today), months)
    if basis.code == "samtykke_sundhed":
        wanted = min(wanted, date.fromordinal(today.toordinal() + MAX_HEALTH_DAYS - 1))
    own = of_age_on(born)
    return wanted if today >= own else min(wanted, own - timedelta(days=1))


def days_to_fifteen(born: date, today: date) -> int | None:
    """Days until the child decides itself and its parents' consents end (R-41): 0 when they have, ``None`` while there is more
    than ``TOLD_AHEAD`` left, and nothing to prepare."""
    left = max(0, (of_age_on(born) - today).days)
    return left if left <= TOLD_AHEAD else None


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def resident_parent_suffices(transition: str, setting: tuple[str, ...]) -> bool:
    """Only where the municipality says so, and never for school or SFO (R-31)."""
    return transition in setting and transition not in SCHOOL_TRANSITIONS
