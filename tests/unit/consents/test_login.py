from __future__ import annotations

import msgspec
import pytest

from tests.consent_examples import LOGIN
from tillid.consents.login import NotAssured, is_assured, require_assured
from tillid.kernel.errors import NotFound

ENOUGH = ("Substantial", "High")


@pytest.mark.req("R-105")
@pytest.mark.parametrize("way", ["", "https://data.gov.dk/concept/core/nsis/", "https://data.gov.dk/concept/core/nsis/loa/",
                                 "urn:tillid:test:nsis:"])  # fmt: skip
def test_substantial_and_high_are_enough_however_they_are_written_and_low_is_not(way):
    for level in ("Low", "Substantial", "High"):
        login = msgspec.structs.replace(LOGIN, loa=way + level)
        assert is_assured(login) == (level in ENOUGH)
        if level in ENOUGH:
            assert require_assured(login) == login
        else:
            with pytest.raises(NotAssured):
                require_assured(login)


@pytest.mark.req("R-105")
@pytest.mark.parametrize("said", ["", "3", "substantial", "High ", "urn:tillid:loa:none", "https://example.invalid/Substantial",
                                  "NotSubstantial", "None"])  # fmt: skip
def test_what_is_not_known_is_not_enough(said):
    assert not is_assured(msgspec.structs.replace(LOGIN, loa=said))


@pytest.mark.req("R-105")
def test_no_login_is_not_enough():
    with pytest.raises(NotFound):
        require_assured(None)
