"""Basis, length and who must answer per transition."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.definitions import our_definitions
from tillid.consents.model import Basis
from tillid.process.transitions import (
    BasisNotAllowed,
    NotByConsent,
    basis_for,
    days_to_fifteen,
    decided_until,
    last_day,
    resident_parent_suffices,
)

GDPR = Basis(code="samtykke_gdpr", provision="x")
HEALTH = Basis(code="samtykke_sundhed", provision="x")
TODAY = date(2026, 11, 25)
SMALL = date(2021, 3, 14)


@pytest.fixture(scope="module")
def form():
    return our_definitions().latest("overgangsbeskrivelse")


@pytest.mark.req("R-01")
def test_exactly_one_basis_which_the_form_allows(form):
    assert basis_for("bh_sk", form, {}).code == "samtykke_gdpr"
    assert basis_for("sp_dp", form, {"sp_dp": "retningslinje"}).code == "samtykke_sundhed", "health visitors: always"
    with pytest.raises(NotByConsent, match=r"transition\.not-by-consent"):
        basis_for("ind_mel", form, {"ind_mel": "retningslinje"})
    with pytest.raises(BasisNotAllowed):
        basis_for("bh_sk", form, {"bh_sk": "fordi_vi_vil"})


@pytest.mark.req("R-19")
def test_a_consent_always_ends_and_a_health_consent_within_a_year():
    assert last_day(date(2027, 8, 1), TODAY, 6, GDPR, SMALL) == date(2028, 2, 1)
    assert last_day(None, TODAY, 6, GDPR, SMALL) == date(2027, 5, 25)
    assert last_day(date(2026, 8, 31), date(2026, 8, 31), 6, GDPR, SMALL) == date(2027, 2, 28)
    assert last_day(date(2027, 8, 1), TODAY, 6, HEALTH, SMALL) == date(2027, 11, 24)
    assert last_day(date(2020, 1, 1), TODAY, 6, GDPR, SMALL) == date(2027, 5, 25), (
        "counted from today, not from a past start"
    )


@pytest.mark.req("R-19")
def test_a_leaders_decision_ends_when_a_consent_would():
    assert decided_until("2027-08-01", TODAY, 6) == last_day(date(2027, 8, 1), TODAY, 6, GDPR, SMALL)
    for start in (None, "", "2020-01-01", 17):
        assert decided_until(start, TODAY, 6) == last_day(None, TODAY, 6, GDPR, SMALL), start


@pytest.mark.req("R-31", "R-30")
def test_one_parent_alone_never_suffices_for_school():
    assert resident_parent_suffices("dp_bh", ("dp_bh",))
    assert not resident_parent_suffices("dp_bh", ())
    for transition in ("bh_sk", "sk_sk", "ind_mel"):
        assert not resident_parent_suffices(transition, ("bh_sk", "sk_sk", "ind_mel"))


@pytest.mark.req("R-41")
def test_parents_are_asked_for_no_day_on_which_the_child_decides_itself():
    assert last_day(None, TODAY, 6, GDPR, date(2012, 3, 1)) == date(2027, 2, 28)
    assert last_day(None, date(2027, 2, 28), 6, GDPR, date(2012, 3, 1)) == date(2027, 2, 28)
    for born in (date(2011, 11, 25), date(2009, 1, 1)):
        assert last_day(None, TODAY, 6, GDPR, born) == date(2027, 5, 25), (
            "the child's own, as long as a parent's could last"
        )


@pytest.mark.req("R-41")
def test_the_team_is_told_a_quarter_of_a_year_before_and_ever_after():
    born = date(2012, 3, 1)
    days = {
        date(2026, 11, 30): None,
        date(2026, 12, 1): 90,
        date(2027, 2, 28): 1,
        date(2027, 3, 1): 0,
        date(2028, 1, 1): 0,
    }
    assert {today: days_to_fifteen(born, today) for today in days} == days
    assert days_to_fifteen(SMALL, TODAY) is None
