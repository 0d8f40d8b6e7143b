"""How sure a login is of who it is: the level of NSIS that consent, withdrawal by click and reading ask for (R-105).

OIOSAML 3 names the level in the attribute ``LOA``; brokers write the word alone or as an address. A declared test says
its level in words of its own, so that no record of a test can be taken for one of a person whose identity was proven.
"""

from __future__ import annotations

from typing import Literal

from tillid.consents.model import LoginEvidence
from tillid.kernel.errors import NotFound, TillidError

Level = Literal["Low", "Substantial", "High"]
LOA = "https://data.gov.dk/concept/core/nsis/loa"  # OIOSAML 3, the attribute of the assertion
TEST_LEVEL = "urn:tillid:test:nsis:"
_WAYS = ("", "https://data.gov.dk/concept/core/nsis/", f"{LOA}/", TEST_LEVEL)
_ENOUGH: tuple[Level, ...] = ("Substantial", "High")
_KNOWN = frozenset(way + level for way in _WAYS for level in _ENOUGH)


class NotAssured(TillidError):
    """The login is below Substantial, or says no level that is known here."""

    code = "login.not-assured"
    text = (
        "Dit login er ikke sikkert nok til at læse og svare her. Log ind igen med MitID på niveauet »Betydelig«. Vil du trække "
        "et samtykke tilbage, kan du altid ringe til institutionen."
    )


def is_assured(login: LoginEvidence) -> bool:
    """Whether the level is Substantial or High, word for word: what is not known here is not enough."""
    return login.loa in _KNOWN


def require_assured(login: LoginEvidence | None) -> LoginEvidence:
    """``login``; raises ``NotAssured`` when it is not enough, and ``NotFound`` for who has none: staff answer for nobody."""
    if login is None:
        raise NotFound("no login of a person's own")
    if not is_assured(login):
        raise NotAssured("below Substantial")
    return login
